//! The rules of an interview.
//!
//! A deterministic state machine without I/O: it reads no clock, rolls no dice and never waits. The same
//! plan, profile, seed and history of events give the same interview, word for word, on a server and in a
//! browser.
//!
//! # The contract of the loop that drives it
//! 1. Hold one [`Session`] and give it one event at a time: [`Session::step`] with the [`Moment`] it happened.
//!    Only observed time is charged: whatever waits is put off by a jump of the clock, a sleep or a restart.
//! 2. Perform the [`Effect`]s that come back, in order, before the next event. `Ask` hands a [`Brief`] to a
//!    writer; what becomes of it comes back as [`Event::Line`] or [`Event::WriterFailed`]. `Cancel` means
//!    that nobody waits for that ask any more. The other effects say what changed, to store and to show.
//! 3. When nothing happens before [`Session::next_deadline`], give [`Event::Tick`]. Until the interview is
//!    completed there is always a deadline or an ask under way, so it cannot stall.
//! 4. A session that was written down (serde) and read again goes on as if nothing had been.
#![warn(clippy::disallowed_methods)]

mod again;
mod asked;
pub mod bank;
mod brief;
mod check;
mod event;
pub mod fingerprint;
pub mod heard;
pub mod listen;
pub mod manner;
mod message;
mod moment;
pub mod pace;
mod plan;
mod profile;
pub mod reading;
mod session;
mod stage;
mod step;

pub use again::{Answered, answered};
pub use asked::Asked;
pub use brief::{AskId, Brief, Exchange, FirstTry, Line, Purpose, SoFar, StageBrief, Topic};
pub use check::{Unfit, check_line};
pub use event::{Effect, EndReason, Event, Request, WriterFailure};
pub use message::{MAX_ANSWER, Message, Modality, Source, Speaker, TurnId, Why, may_correct, skips};
pub use moment::Moment;
pub use plan::{Manner, Plan, PlanError, Silence, Stage};
pub use profile::{MAX_PASTED, Profile, ProfileError, RoleFamily, Seniority};
pub use session::{Progress, Session, Settings, Status};
pub use stage::StageKind;

/// A moment: milliseconds since the Unix epoch.
pub type UnixMillis = i64;
/// A length of time in milliseconds.
pub type Millis = i64;
