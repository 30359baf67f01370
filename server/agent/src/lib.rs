//! The voice agent's ports. For now its [`Room`]: a small view of a LiveKit room, enough to hear people, speak
//! with an exact account of what was heard, send captions as they come and say in which state the agent is.
//!
//! Who joins the room, and with what token, is the caller's business: a `Room` handed over is already joined.

pub mod room;
#[cfg(feature = "testing")]
pub mod testing;

pub use room::{
    AudioFrame, AudioIn, AudioOut, AudioOutSpec, Cleared, LeaveReason, Member, Playout, Room, RoomError,
    RoomEvent, Sound, TextMessage, TextOptions, TextOut,
};
