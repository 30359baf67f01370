//! The voice agent: turn-taking between a room and an interview. It decides nothing about the interview; it hears,
//! knows when somebody has finished, and says what comes back, and it is thin enough to be replaced at any moment.
//!
//! - [`room`]: the port to the room; [`interview`]: the port to the interview; hearing and speaking are `speech`'s;
//! - `protocol::signals`: what the agent and a candidate's client tell each other beside audio;
//! - [`attend()`]: all of it together, from joining to leaving.
//!
//! Who joins the room, and with what token, is the caller's business: a `Room` handed over is already joined.

mod agent;
mod attend;
mod clerk;
pub mod interview;
mod mouth;
mod parts;
pub mod room;
mod teller;
#[cfg(feature = "testing")]
pub mod testing;
mod turn;

pub use attend::attend;
pub use parts::{AgentOutcome, AgentParts, Options};
pub use room::{
    AudioFrame, AudioIn, AudioOut, AudioOutSpec, ClearedAudio, FrameOrigin, LeaveReason, Member, Playout,
    Room, RoomError, RoomEvent, TextMessage, TextOptions, TextOut,
};
