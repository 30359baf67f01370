//! Text and byte streams: assembled from packets, and cut into packets. Pure.
//!
//! The first version of LiveKit's data streams (header, numbered chunks, trailer), which every SDK speaks with a
//! peer that does not announce a later one.

use std::collections::{BTreeMap, HashMap};

use livekit_protocol::data_stream as wire;

/// How many streams may be open; more are refused.
const MOST_OPEN: usize = 256;
/// The longest text, in bytes; a longer one is broken off.
const MOST_TEXT: usize = 1_000_000;
/// The longest byte stream, in bytes; a longer one is broken off.
const MOST_BYTES: usize = 64_000_000;
/// The size of an outgoing chunk, in bytes, as in LiveKit's SDKs.
pub const CHUNK: usize = 15_000;

/// A stream's description, from its header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamInfo {
    /// Its id.
    pub id: String,
    /// Its topic.
    pub topic: String,
    /// Who sent it.
    pub from: String,
    /// Its attributes.
    pub attributes: BTreeMap<String, String>,
    /// When it was opened, in milliseconds since 1970, by the sender's clock.
    pub timestamp_ms: i64,
    /// How many bytes it will have, if its sender knew.
    pub total_length: Option<u64>,
    /// Its file information, if it is a byte stream.
    pub file: Option<FileInfo>,
}

/// File information of a byte stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileInfo {
    /// Its name; may be empty.
    pub name: String,
    /// Its MIME type; may be empty.
    pub mime_type: String,
}

/// What a packet changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamEvent {
    /// A stream has opened.
    Opened(StreamInfo),
    /// More of a stream: whole characters if it is a text.
    More(String, Vec<u8>),
    /// A stream ended: with the attributes of its trailer, or why it is incomplete.
    Closed(String, Result<BTreeMap<String, String>, DataStreamError>),
}

/// Why a stream is incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DataStreamError {
    /// A piece of it is missing.
    #[error("a piece of the stream is missing")]
    Missing,
    /// It exceeds the limit.
    #[error("the stream is too long")]
    TooLong,
    /// It is not UTF-8.
    #[error("the text is not UTF-8")]
    NotText,
    /// Its sender aborted it or left.
    #[error("the sender broke it off")]
    GivenUp,
    /// Its reader was too slow.
    #[error("it came faster than it was read")]
    Unread,
}

struct IncomingStream {
    from: String,
    text: bool,
    next: u64,
    bytes: usize,
    announced: Option<u64>,
    /// The beginning of a character that the next chunk completes.
    rest: Vec<u8>,
}

/// The incoming streams.
#[derive(Default)]
pub struct IncomingStreams {
    open: BTreeMap<String, IncomingStream>,
}

fn sorted(attributes: &HashMap<String, String>) -> BTreeMap<String, String> {
    attributes.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

impl IncomingStreams {
    /// Handles a header. Repeated ones, and more than 256 open streams, are ignored.
    pub fn header(&mut self, from: &str, header: wire::Header) -> Vec<StreamEvent> {
        let file = match header.content_header {
            Some(wire::header::ContentHeader::TextHeader(_)) => None,
            Some(wire::header::ContentHeader::ByteHeader(bytes)) => {
                Some(FileInfo { name: bytes.name, mime_type: header.mime_type })
            }
            None => return Vec::new(),
        };
        let plain =
            header.inline_content.is_none() && header.compression == wire::CompressionType::None as i32;
        if !plain || self.open.len() >= MOST_OPEN || self.open.contains_key(&header.stream_id) {
            return Vec::new();
        }
        let info = StreamInfo {
            id: header.stream_id.clone(),
            topic: header.topic,
            from: from.to_owned(),
            attributes: sorted(&header.attributes),
            timestamp_ms: header.timestamp,
            total_length: header.total_length,
            file,
        };
        let open = IncomingStream {
            from: from.to_owned(),
            text: info.file.is_none(),
            next: 0,
            bytes: 0,
            announced: header.total_length,
            rest: Vec::new(),
        };
        self.open.insert(header.stream_id, open);
        vec![StreamEvent::Opened(info)]
    }

    /// Handles a chunk.
    pub fn chunk(&mut self, from: &str, chunk: wire::Chunk) -> Vec<StreamEvent> {
        let Some(open) = self.open.get_mut(&chunk.stream_id).filter(|open| open.from == from) else {
            return Vec::new();
        };
        // Sent again, as after a resume.
        if chunk.chunk_index < open.next {
            return Vec::new();
        }
        let id = chunk.stream_id;
        if chunk.chunk_index > open.next {
            return self.break_off(&id, DataStreamError::Missing);
        }
        open.next += 1;
        open.bytes += chunk.content.len();
        if open.bytes > if open.text { MOST_TEXT } else { MOST_BYTES } {
            return self.break_off(&id, DataStreamError::TooLong);
        }
        let more = if open.text {
            open.rest.extend(chunk.content);
            let Some(whole) = whole_characters(&mut open.rest) else {
                return self.break_off(&id, DataStreamError::NotText);
            };
            whole
        } else {
            chunk.content
        };
        if more.is_empty() { Vec::new() } else { vec![StreamEvent::More(id, more)] }
    }

    /// The end of one.
    pub fn trailer(&mut self, from: &str, trailer: wire::Trailer) -> Vec<StreamEvent> {
        let id = trailer.stream_id;
        if self.open.get(&id).is_none_or(|open| open.from != from) {
            return Vec::new();
        }
        let open = self.open.remove(&id).expect("looked at just now");
        let end = if !trailer.reason.is_empty() {
            Err(DataStreamError::GivenUp)
        } else if !open.rest.is_empty() {
            Err(DataStreamError::NotText)
        } else if open.announced.is_some_and(|bytes| bytes != open.bytes as u64) {
            Err(DataStreamError::Missing)
        } else {
            Ok(sorted(&trailer.attributes))
        };
        vec![StreamEvent::Closed(id, end)]
    }

    /// Breaks off the streams of a participant that left.
    pub fn left(&mut self, identity: &str) -> Vec<StreamEvent> {
        let theirs = self.open.iter().filter(|(_, open)| open.from == identity);
        let ids: Vec<String> = theirs.map(|(id, _)| id.clone()).collect();
        ids.iter().flat_map(|id| self.break_off(id, DataStreamError::GivenUp)).collect()
    }

    /// Forgets a stream that nobody reads any more.
    pub fn forget(&mut self, id: &str) {
        self.open.remove(id);
    }

    fn break_off(&mut self, id: &str, why: DataStreamError) -> Vec<StreamEvent> {
        self.open.remove(id);
        vec![StreamEvent::Closed(id.to_owned(), Err(why))]
    }
}

/// Takes the whole characters from the front. `None` if the bytes cannot be UTF-8.
fn whole_characters(bytes: &mut Vec<u8>) -> Option<Vec<u8>> {
    let good = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return None,
    };
    let rest = bytes.split_off(good);
    Some(std::mem::replace(bytes, rest))
}

/// The packet that opens a stream.
pub fn header(info: &StreamInfo) -> wire::Header {
    use wire::header::ContentHeader;
    let (mime_type, content) = match &info.file {
        None => ("text/plain", ContentHeader::TextHeader(wire::TextHeader::default())),
        Some(file) => {
            (file.mime_type.as_str(), ContentHeader::ByteHeader(wire::ByteHeader { name: file.name.clone() }))
        }
    };
    wire::Header {
        stream_id: info.id.clone(),
        timestamp: info.timestamp_ms,
        topic: info.topic.clone(),
        mime_type: mime_type.to_owned(),
        total_length: info.total_length,
        attributes: info.attributes.clone().into_iter().collect(),
        content_header: Some(content),
        ..Default::default()
    }
}

/// Cuts a text, between characters, into pieces that fit into one packet.
pub fn cut(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let (piece, rest) = text.split_at(text.floor_char_boundary(CHUNK));
        pieces.push(piece);
        text = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn info() -> StreamInfo {
        StreamInfo { id: "s".to_owned(), topic: "t".to_owned(), from: "ada".to_owned(), ..Default::default() }
    }

    fn chunk(index: u64, content: &[u8]) -> wire::Chunk {
        let content = content.to_vec();
        wire::Chunk { stream_id: "s".to_owned(), chunk_index: index, content, ..Default::default() }
    }

    fn trailer() -> wire::Trailer {
        wire::Trailer { stream_id: "s".to_owned(), ..Default::default() }
    }

    fn opened() -> IncomingStreams {
        let mut incoming = IncomingStreams::default();
        assert_eq!(incoming.header("ada", header(&info())), [StreamEvent::Opened(info())]);
        incoming
    }

    proptest! {
        /// A text cut anywhere, within characters too, comes out as it went in.
        #[test]
        fn a_text_in_pieces_is_whole_again(text in "\\PC{0,200}", size in 1_usize..9) {
            let mut incoming = opened();
            let mut whole = String::new();
            for (index, piece) in text.as_bytes().chunks(size).enumerate() {
                for event in incoming.chunk("ada", chunk(index as u64, piece)) {
                    let StreamEvent::More(_, more) = event else { panic!("{event:?}") };
                    whole += std::str::from_utf8(&more).expect("whole characters");
                }
            }
            let end = incoming.trailer("ada", trailer());
            prop_assert_eq!(end, [StreamEvent::Closed("s".to_owned(), Ok(BTreeMap::new()))]);
            prop_assert_eq!(whole, text);
        }
    }

    #[test]
    fn a_missing_piece_breaks_it_and_a_repeated_one_does_not() {
        let mut incoming = opened();
        assert_eq!(incoming.chunk("ada", chunk(0, b"a")).len(), 1);
        assert_eq!(incoming.chunk("ada", chunk(0, b"a")), []);
        assert_eq!(incoming.chunk("bob", chunk(1, b"x")), [], "only its sender adds to it");
        let broken = incoming.chunk("ada", chunk(2, b"c"));
        assert_eq!(broken, [StreamEvent::Closed("s".to_owned(), Err(DataStreamError::Missing))]);
        assert_eq!(incoming.trailer("ada", trailer()), []);
    }

    #[test]
    fn too_long_not_text_cut_short_and_left_behind() {
        let mut incoming = opened();
        let closed = |why| [StreamEvent::Closed("s".to_owned(), Err(why))];
        assert_eq!(
            incoming.chunk("ada", chunk(0, &vec![b'a'; MOST_TEXT + 1])),
            closed(DataStreamError::TooLong)
        );
        let mut incoming = opened();
        assert_eq!(incoming.chunk("ada", chunk(0, &[0xff])), closed(DataStreamError::NotText));
        let mut incoming = opened();
        assert_eq!(incoming.left("ada"), closed(DataStreamError::GivenUp));
        let mut incoming = IncomingStreams::default();
        incoming.header("ada", header(&StreamInfo { total_length: Some(5), ..info() }));
        incoming.chunk("ada", chunk(0, b"four"));
        assert_eq!(incoming.trailer("ada", trailer()), closed(DataStreamError::Missing));
    }

    #[test]
    fn bytes_are_given_as_they_are_and_may_be_longer_than_a_text() {
        let file = Some(FileInfo { name: "cv.pdf".to_owned(), mime_type: "application/pdf".to_owned() });
        let pdf = StreamInfo { file, total_length: Some(1_500_001), ..info() };
        let mut incoming = IncomingStreams::default();
        assert_eq!(incoming.header("ada", header(&pdf)), [StreamEvent::Opened(pdf)]);
        for (index, piece) in [vec![0xff], vec![7; 1_500_000]].into_iter().enumerate() {
            let more = incoming.chunk("ada", chunk(index as u64, &piece));
            assert_eq!(more, [StreamEvent::More("s".to_owned(), piece)]);
        }
        let end = incoming.trailer("ada", trailer());
        assert_eq!(end, [StreamEvent::Closed("s".to_owned(), Ok(BTreeMap::new()))]);
        incoming.header("ada", header(&StreamInfo { file: Some(FileInfo::default()), ..info() }));
        let quarter = vec![0; MOST_BYTES / 4];
        let events: Vec<StreamEvent> =
            (0..5).flat_map(|n| incoming.chunk("ada", chunk(n, &quarter))).collect();
        assert_eq!(events.last(), Some(&StreamEvent::Closed("s".to_owned(), Err(DataStreamError::TooLong))));
    }

    #[test]
    fn only_so_many_are_open_at_once() {
        let mut incoming = IncomingStreams::default();
        let opened = (0..1_000).filter(|n| {
            let info = StreamInfo { id: n.to_string(), ..info() };
            !incoming.header("ada", header(&info)).is_empty()
        });
        assert_eq!(opened.count(), MOST_OPEN);
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let text = "ä".repeat(CHUNK);
        let pieces = cut(&text);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces.concat(), text);
        assert!(cut("").is_empty());
    }
}
