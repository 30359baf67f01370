//! What stands beside an interview, as it is stored: links by which others read it, and their comments.

use interview::UnixMillis;
use serde::Serialize;

use crate::SessionId;

/// A link by which somebody else reads an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingLink {
    /// The interview.
    pub session: SessionId,
    /// SHA-256 of the secret in its address, as hexadecimal digits. The secret itself is kept nowhere.
    pub digest: String,
    /// When it was made.
    pub made_at: UnixMillis,
    /// From then on it opens nothing.
    pub expires_at: UnixMillis,
    /// Whether the reader is shown the candidate's name.
    pub name: bool,
    /// Whether the reader is shown the CV, the job description and contact details.
    pub papers: bool,
}

/// What a reader has written in the margin of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Its name, made by whoever sends it: sent twice, it is kept once.
    pub id: String,
    /// The number of the message that it stands beside; 0: it is on the whole interview.
    pub line: u32,
    /// Who wrote it, in their own words; may be empty.
    pub author: String,
    /// The words.
    pub text: String,
    /// When it was written.
    pub at: UnixMillis,
}
