//! Readers of incoming streams.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;

use crate::room::streams::{DataStreamError, StreamInfo};

/// Pieces of a stream that may wait for its reader.
const MOST_PIECES: usize = 512;
/// Bytes of all streams of a room that may wait for their readers.
const MOST_WAITING: usize = 16_000_000;

/// A piece of a stream, or its end.
#[derive(Debug)]
enum StreamPiece {
    More(Vec<u8>, UnreadBytes),
    End(Result<BTreeMap<String, String>, DataStreamError>),
}

/// Bytes that are counted while they wait.
#[derive(Debug)]
struct UnreadBytes(Arc<AtomicUsize>, usize);

impl Drop for UnreadBytes {
    fn drop(&mut self) {
        self.0.fetch_sub(self.1, Ordering::Relaxed);
    }
}

/// The readers of a room's streams, by the stream's id.
#[derive(Default)]
pub(crate) struct Readers {
    open: BTreeMap<String, mpsc::Sender<StreamPiece>>,
    waiting: Arc<AtomicUsize>,
}

impl Readers {
    /// A reader for a stream that opens.
    pub fn open(&mut self, info: StreamInfo) -> StreamReader {
        // The last place is the end's.
        let (sender, pieces) = mpsc::channel(MOST_PIECES + 1);
        self.open.insert(info.id.clone(), sender);
        StreamReader { info, pieces }
    }

    /// Gives a reader more bytes. False if it, or all readers together, are too far behind, or if nobody reads it any
    /// more.
    pub fn more(&self, id: &str, bytes: Vec<u8>) -> bool {
        let Some(reader) = self.open.get(id) else { return false };
        let len = bytes.len();
        let waiting = UnreadBytes(Arc::clone(&self.waiting), len);
        let before = self.waiting.fetch_add(len, Ordering::Relaxed);
        before + len <= MOST_WAITING
            && reader.capacity() > 1
            && reader.try_send(StreamPiece::More(bytes, waiting)).is_ok()
    }

    /// Ends a stream.
    pub fn end(&mut self, id: &str, end: Result<BTreeMap<String, String>, DataStreamError>) {
        if let Some(reader) = self.open.remove(id) {
            // The reader may be gone.
            let _unread = reader.try_send(StreamPiece::End(end));
        }
    }
}

/// What both kinds of readers share.
#[derive(Debug)]
pub(crate) struct StreamReader {
    info: StreamInfo,
    pieces: mpsc::Receiver<StreamPiece>,
}

impl StreamReader {
    async fn next(&mut self) -> Option<Result<Vec<u8>, DataStreamError>> {
        match self.pieces.recv().await {
            Some(StreamPiece::More(bytes, counted)) => {
                drop(counted);
                Some(Ok(bytes))
            }
            Some(StreamPiece::End(Ok(attributes))) => {
                self.info.attributes.extend(attributes);
                None
            }
            Some(StreamPiece::End(Err(why))) => Some(Err(why)),
            None => None,
        }
    }
}

/// Reads a text stream as it comes.
#[derive(Debug)]
pub struct TextStreamReader(pub(crate) StreamReader);

impl TextStreamReader {
    /// The stream's description. Attributes from its trailer are added once it has ended.
    pub fn info(&self) -> &StreamInfo {
        &self.0.info
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<String, DataStreamError>> {
        let piece = self.0.next().await?;
        Some(piece.and_then(|bytes| String::from_utf8(bytes).map_err(|_| DataStreamError::NotText)))
    }

    /// All of it.
    pub async fn read_all(&mut self) -> Result<String, DataStreamError> {
        let mut text = String::new();
        while let Some(piece) = self.next().await {
            text += &piece?;
        }
        Ok(text)
    }
}

/// Reads a byte stream as it comes.
#[derive(Debug)]
pub struct ByteStreamReader(pub(crate) StreamReader);

impl ByteStreamReader {
    /// The stream's description. Attributes from its trailer are added once it has ended.
    pub fn info(&self) -> &StreamInfo {
        &self.0.info
    }

    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<Vec<u8>, DataStreamError>> {
        self.0.next().await
    }

    /// All of it.
    pub async fn read_all(&mut self) -> Result<Vec<u8>, DataStreamError> {
        let mut all = Vec::new();
        while let Some(piece) = self.next().await {
            all.extend(piece?);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(id: &str) -> StreamInfo {
        StreamInfo { id: id.to_owned(), ..StreamInfo::default() }
    }

    #[tokio::test]
    async fn what_waits_is_bounded_and_room_comes_back_as_it_is_read_or_thrown_away() {
        let mut readers = Readers::default();
        let mut first = ByteStreamReader(readers.open(info("1")));
        let second = readers.open(info("2"));
        assert!(readers.more("1", vec![0; 9_000_000]) && readers.more("2", vec![0; 7_000_000]));
        assert!(!readers.more("1", vec![0; 1]), "16 MB wait already");
        drop(second);
        assert!(readers.more("1", vec![0; 7_000_000]));
        assert!(!readers.more("2", Vec::new()), "nobody reads it");
        assert_eq!(first.next().await.unwrap().unwrap().len(), 9_000_000);
        assert!(readers.more("1", vec![0; 9_000_000]));
        readers.end("1", Err(DataStreamError::GivenUp));
        assert_eq!(first.read_all().await, Err(DataStreamError::GivenUp));
        assert_eq!(readers.waiting.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn many_small_pieces_are_bounded_too_and_the_end_still_fits() {
        let mut readers = Readers::default();
        let mut slow = TextStreamReader(readers.open(info("1")));
        assert_eq!((0..1_000).filter(|_| readers.more("1", b"x".to_vec())).count(), MOST_PIECES);
        readers.end("1", Err(DataStreamError::Unread));
        assert_eq!(slow.read_all().await, Err(DataStreamError::Unread));
    }
}
