//! The engine on virtual time, with a store in memory; and once more on SQLite.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod again;
mod beside;
mod delete;
mod failing;
mod format;
mod heard;
mod house;
mod judging;
mod late;
mod look_back;
mod model;
mod observer;
mod propose;
mod restart;
mod share;
mod sound;
mod sqlite;
mod turns;
mod wake;
