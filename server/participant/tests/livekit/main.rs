//! The participant in rooms of the embedded server, or of a real LiveKit server, which `LIVEKIT_SERVER_BIN` names.
//! Real sockets on the loopback and real time.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]
#![expect(clippy::wildcard_enum_match_arm, reason = "a test waits for one event over all others")]

mod admin;
mod audio;
mod company;
mod guest;
mod messages;
mod network;
mod stay;
mod support;
