//! Language models as writers, against servers of their own on the loopback that speak the real streaming formats
//! byte by byte and misbehave on demand.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod breaker;
mod brief;
mod holes;
mod house;
mod judge;
mod line_guard;
mod lines;
mod private;
mod prompts;
mod providers;
mod reach;
mod real;
mod scripted;
mod server;
mod states;
mod whole;
mod wire;
