//! Drives the rules of an interview against two ports: a [`Store`] that keeps it and a [`Writer`] that words it.
//! A third port, [`Observer`], is told what happens; a fourth, [`SoundStore`], keeps the sound of answers where that is wanted.
//!
//! One turn of one session runs at a time; many sessions run at once. A turn is durable before it is answered.

mod again;
mod api;
mod beside;
mod cell;
mod clock;
mod compared;
mod correct;
mod delete;
mod digest;
mod engine;
mod error;
mod ids;
mod inner;
mod judging;
mod late;
mod live;
mod look_back;
mod margin;
mod observer;
mod origin;
mod pace;
mod person;
mod ports;
mod script;
mod share;
mod sound;
mod standing;
mod state;
mod turns;
mod wake;
mod words;
mod writer;

#[cfg(feature = "testing")]
pub mod testing;

pub use api::{
    Export, Live, NewSession, Owner, Proposal, SessionId, Snapshot, Summary, Turn, TurnKind, TurnReply,
};
pub use clock::{Clock, SystemClock, WatchedClock};
pub use compared::{Compared, ComparedTake};
pub use engine::Engine;
pub use error::EngineError;
pub use judging::Judging;
pub use margin::{Comment, ReadingLink};
pub use observer::{Observer, TurnObservation, TurnTrigger, Unobserved};
pub use origin::{Origin, OriginKind};
pub use person::SettledClash;
pub use ports::{
    Answer, Helpers, InterviewSession, Judge, JudgeRequest, LineWordStream, Opinion, Reader, ReaderFailure,
    SessionCommit, SessionEvent, StorageFault, Store, StoreError, StoredSession, TurnRecord, Writer,
    WriterError,
};
pub use report::{Judgeable, TokenUsage};
pub use share::{LINK_DAYS, NewReadingLink, ReadersCopy, ReadersLine, Remark};
pub use sound::{AnswerSoundInfo, Recording, SoundStore};
pub use writer::BuiltIn;
