//! An answer as the rules look at it.

use super::deeds::Deed;
use super::pattern::PlainWord;
use super::token::AnswerToken;

/// What was asked before an answer, for judging whether it is one.
#[derive(Debug, Clone, Copy)]
pub struct AnswerContext<'a> {
    /// The interviewer's last line.
    pub question: &'a str,
    /// The role applied for.
    pub role: &'a str,
    /// CV and job description, whose words are on topic.
    pub pasted: &'a str,
}

/// An answer, taken apart.
pub(super) struct ParsedAnswer<'a> {
    pub(super) text: &'a str,
    pub(super) context: AnswerContext<'a>,
    pub(super) tokens: Vec<AnswerToken<'a>>,
    pub(super) plain: Vec<PlainWord>,
    pub(super) deeds: Vec<Deed>,
    /// How many signs of general talk there are.
    pub(super) habits: usize,
    /// True if it gives a date or a length of time.
    pub(super) dated: bool,
    /// True if it gives a reason.
    pub(super) reasons: bool,
    pub(super) has_tool: bool,
    pub(super) has_name: bool,
    /// True if it has a number that counts something.
    pub(super) particular_figures: bool,
}
