//! Outgoing streams: texts as they come, and bytes.

use std::collections::BTreeMap;

use crate::events::{FileInfo, StreamInfo};
use crate::local::{LocalParticipant, new_id};
use crate::options::RoomClientError;
use crate::room::streams::{CHUNK, cut};
use crate::session::{SessionCommand, StreamTo};

#[expect(clippy::disallowed_methods, reason = "streams carry the time of the clock on the wall")]
fn wall_clock_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl LocalParticipant {
    /// Opens a text stream to everybody, or to those named. In our own name if `on_behalf_of` is empty.
    pub async fn stream_text(
        &self,
        topic: &str,
        attributes: BTreeMap<String, String>,
        to: Vec<String>,
        on_behalf_of: &str,
    ) -> Result<TextStreamWriter, RoomClientError> {
        let info = StreamInfo { topic: topic.to_owned(), attributes, ..StreamInfo::default() };
        Ok(TextStreamWriter(self.open(info, to, on_behalf_of).await?))
    }

    /// Sends a whole text to everybody.
    pub async fn send_text(&self, topic: &str, text: &str) -> Result<(), RoomClientError> {
        let total_length = Some(text.len() as u64);
        let info = StreamInfo { topic: topic.to_owned(), total_length, ..StreamInfo::default() };
        let mut stream = TextStreamWriter(self.open(info, Vec::new(), "").await?);
        stream.write(text).await?;
        stream.close(BTreeMap::new()).await
    }

    /// Opens a byte stream to everybody, or to those named. `total_length`: how many bytes it will have, if known;
    /// readers consider it broken if it has another length.
    pub async fn stream_bytes(
        &self,
        topic: &str,
        attributes: BTreeMap<String, String>,
        to: Vec<String>,
        file: FileInfo,
        total_length: Option<u64>,
    ) -> Result<ByteStreamWriter, RoomClientError> {
        let (topic, file) = (topic.to_owned(), Some(file));
        let info = StreamInfo { topic, attributes, total_length, file, ..StreamInfo::default() };
        Ok(ByteStreamWriter(self.open(info, to, "").await?))
    }

    async fn open(
        &self,
        info: StreamInfo,
        to: Vec<String>,
        on_behalf_of: &str,
    ) -> Result<StreamWriter, RoomClientError> {
        let stream = StreamTo { id: new_id(), on_behalf_of: on_behalf_of.to_owned(), to };
        let (id, from) = (stream.id.clone(), self.identity.clone());
        let info = Box::new(StreamInfo { id, from, timestamp_ms: wall_clock_ms(), ..info });
        let opened = stream.clone();
        self.ask(|done| SessionCommand::OpenStream(info, opened, done)).await??;
        Ok(StreamWriter { local: self.clone(), stream, next: 0 })
    }
}

/// What both kinds of writers share.
struct StreamWriter {
    local: LocalParticipant,
    stream: StreamTo,
    next: u64,
}

impl StreamWriter {
    async fn write(&mut self, piece: &[u8]) -> Result<(), RoomClientError> {
        let (stream, index, piece) = (self.stream.clone(), self.next, piece.to_vec());
        self.next += 1;
        self.local.ask(|done| SessionCommand::Chunk(stream, index, piece, done)).await?
    }

    async fn close(self, attributes: BTreeMap<String, String>) -> Result<(), RoomClientError> {
        self.local.ask(|done| SessionCommand::CloseStream(self.stream, attributes, done)).await?
    }
}

/// A text stream being sent.
pub struct TextStreamWriter(StreamWriter);

impl TextStreamWriter {
    /// The id of the stream.
    pub fn id(&self) -> &str {
        &self.0.stream.id
    }

    /// Sends more of it. Waits while too much is queued.
    pub async fn write(&mut self, text: &str) -> Result<(), RoomClientError> {
        for piece in cut(text) {
            self.0.write(piece.as_bytes()).await?;
        }
        Ok(())
    }

    /// Ends it. Attributes given here override those of its header.
    pub async fn close(self, attributes: BTreeMap<String, String>) -> Result<(), RoomClientError> {
        self.0.close(attributes).await
    }
}

/// A byte stream being sent.
pub struct ByteStreamWriter(StreamWriter);

impl ByteStreamWriter {
    /// The id of the stream.
    pub fn id(&self) -> &str {
        &self.0.stream.id
    }

    /// Sends more of it. Waits while too much is queued.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), RoomClientError> {
        for piece in bytes.chunks(CHUNK) {
            self.0.write(piece).await?;
        }
        Ok(())
    }

    /// Ends it. Attributes given here override those of its header.
    pub async fn close(self, attributes: BTreeMap<String, String>) -> Result<(), RoomClientError> {
        self.0.close(attributes).await
    }
}
