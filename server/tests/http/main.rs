//! The server through real HTTP, on free ports, with data folders of its own.
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]
#![allow(missing_docs)]

mod again;
mod certificate;
mod contract;
mod crawl;
mod disk;
mod engine_sound;
mod events;
mod export;
#[cfg(target_os = "linux")]
mod flood;
mod forms;
mod house;
mod interviews_page;
mod judged;
mod killed;
mod killed_beside;
mod lifecycle;
mod limits;
mod logs;
mod markup;
mod metrics;
mod newer;
mod notes_page;
mod openapi;
mod operate;
mod privacy;
mod program;
mod provider;
mod rates;
mod retention;
mod rooms;
mod safe;
mod share;
mod sound;
mod visitors;
mod voice;
