//! Keeps interviews in SQLite, and the sound of answers in files beside it.
//!
//! One task writes. It groups everything that waits into one transaction, so that simultaneous commits share an fsync.
//! A small pool reads. Write-ahead log, `synchronous=FULL`: what was acknowledged is on the disk.

mod backup;
mod check;
mod disk;
mod error;
mod inspect;
mod log;
mod margin;
mod open;
mod read;
mod read_only;
mod rows;
mod search;
mod sounds;
mod sqlite;
mod statements;
mod sums;
mod write;

pub use backup::{Backup, BackupError, backup};
pub use disk::network_disk;
pub use inspect::{Inspection, Interviews, Schema, inspect};
pub use open::{FILE_NAME, OpenError};
pub use sounds::ogg::{NotOggOpus, OggOpus, OggPackets};
pub use sounds::{FileSounds, MOST_OF_ANSWER, SOUND_FOLDER};
pub use sqlite::SqliteStore;
