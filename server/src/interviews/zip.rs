//! An interview as a zip: to read, complete, and with the sound of its answers. It is made as it is sent: however much sound
//! there is, little of it is in memory.

use std::io::{self, BufWriter, Write};
use std::ops::Range;

use axum::body::{Body, Bytes};
use engine::{Engine, EngineError, Export, SessionId};
use futures::stream;
use interview::UnixMillis;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::times::rfc3339;
use crate::transcript::{self, Extent, TranscriptFormat};

/// Bytes that are sent at once, and how many such pieces may wait.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 4;

/// The body of the zip, of so much of it.
pub(super) fn body(engine: Engine, export: Export, extent: Extent) -> Body {
    let (pieces, sent) = mpsc::channel(WAITING);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let out = BufWriter::with_capacity(PIECE, Pieces(pieces.clone()));
        let id = export.snapshot.id;
        let sound = |seq| runtime.block_on(sound_of(&engine, id, seq));
        if let Err(error) = write(out, (&export, extent), sound) {
            // What came of it is no whole zip, and whoever reads it is told.
            let _gone = pieces.blocking_send(Err(error));
        }
    });
    Body::from_stream(stream::unfold(sent, |mut sent| async move { Some((sent.recv().await?, sent)) }))
}

/// The sound of an answer; nothing if it was deleted meanwhile.
async fn sound_of(engine: &Engine, id: SessionId, seq: u32) -> io::Result<Option<Vec<u8>>> {
    match engine.sound(id, seq).await {
        Ok(sound) => Ok(Some(sound)),
        Err(EngineError::NotFound) => Ok(None),
        Err(error) => Err(io::Error::other(error.code())),
    }
}

fn write(
    out: impl Write,
    (export, extent): (&Export, Extent),
    sound: impl Fn(u32) -> io::Result<Option<Vec<u8>>>,
) -> io::Result<()> {
    let mut zip = ZipWriter::new_stream(out);
    // Words are few beside sound, which is as small as it gets.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(moment(export.snapshot.ended_at.unwrap_or(export.snapshot.created_at)));
    for format in [TranscriptFormat::Md, TranscriptFormat::Json] {
        zip.start_file(transcript::file_name(export, format), options)?;
        zip.write_all(transcript::write(export, format, extent).as_bytes())?;
    }
    for seq in extent.sounds(export) {
        if let Some(sound) = sound(seq)? {
            zip.start_file(transcript::sound_file(seq), options)?;
            zip.write_all(&sound)?;
        }
    }
    zip.finish()?.flush()
}

/// A moment as zips have it: UTC, as the export tells all times; the least there is where a zip can tell none.
fn moment(at: UnixMillis) -> DateTime {
    let text = rfc3339(at);
    let part = |range: Range<usize>| text.get(range).and_then(|digits| digits.parse::<u8>().ok());
    let year = text.get(..4).and_then(|digits| digits.parse::<u16>().ok());
    let parts = [5..7, 8..10, 11..13, 14..16, 17..19].map(part);
    let (Some(year), [Some(month), Some(day), Some(hour), Some(minute), Some(second)]) = (year, parts) else {
        return DateTime::default();
    };
    DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}

/// Sends what is written.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
