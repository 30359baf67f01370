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
//!
//! # Example
//! The first question of an interview; `examples/interview.rs` holds a whole one.
//! ```
//! use interview::{Effect, Event, LineSource, Modality, Plan, Profile, Seniority, Session, TurnId, WriterTimeouts, bank};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let plan = Plan::named("standard").ok_or("there is no such plan")?;
//! let profile = Profile::new("Ada", "Nurse", Seniority::Mid, "", "")?;
//! let mut session = Session::new(plan, profile, WriterTimeouts::default(), 7, Vec::new(), 0);
//! let start = Event::Start { turn: TurnId("1".into()), modality: Modality::Text };
//! for effect in session.step(start, 0) {
//!     if let Effect::Ask(brief) = effect {
//!         let line = bank::compose(&brief).ok_or("there is no line for it")?;
//!         session.step(
//!             Event::Line { ask: brief.ask, text: line.text, took_up: line.took_up, source: LineSource::Bank },
//!             40,
//!         );
//!     }
//! }
//! assert!(session.transcript()[0].text.contains("Ada"));
//! # Ok(())
//! # }
//! ```
#![warn(clippy::disallowed_methods)]

mod again;
mod asked;
pub mod bank;
mod brief;
mod check;
pub mod contact;
mod event;
pub mod fingerprint;
pub mod heard;
pub mod learnt;
pub mod listen;
pub mod manner;
mod message;
mod moment;
pub mod moves;
pub mod next;
pub mod pace;
mod plan;
mod profile;
mod purpose;
pub mod reading;
mod session;
mod stage;
mod step;

pub use again::{AnsweredQuestion, answered};
pub use asked::EarlierQuestion;
pub use bank::family::RoleFamily;
pub use brief::{AskId, Brief, Exchange, FirstTry, InterviewHistory, StageBrief, Topic, WriterLine};
pub use check::{LineDefect, check_line, unfit_words};
pub use event::{Effect, Event, Request};
pub use message::{
    LineRationale, LineSource, MAX_ANSWER, MAX_AUTHOR, MAX_COMMENT, Message, Modality, Speaker, TurnId,
    WriterFailure, may_correct, skips_previous_question,
};
pub use moment::{Millis, Moment, UnixMillis};
pub use plan::{Plan, PlanError, RetakeManner, SilenceThresholds, Stage, stage_title};
pub use profile::{MAX_PASTED, Profile, ProfileError, Seniority};
pub use purpose::LinePurpose;
pub use session::{EndReason, InterviewProgress, Session, Status, WriterTimeouts};
pub use stage::{Cover, StageKind, StageTraits};
