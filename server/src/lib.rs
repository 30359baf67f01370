//! The server: wires the page, the engine and the store, and answers HTTP.
//!
//! A request goes through [`request_guard`] to its endpoint, one file each: the engine API ([`engine_api`]), an
//! interview's live changes and files ([`interviews`]), the pages and server functions of `app` ([`pages`]),
//! the files a browser loads ([`files`]), the health of it all ([`health`]) and what is counted ([`metrics`]). The
//! rooms that voice takes place in ([`livekit`]) have routes and rights of their own; [`voice`] is the interviewer in
//! them, [`worker`] the same as a process of its own.

pub mod cli;
pub mod data;
pub mod doctor;
pub mod engine_api;
pub mod files;
pub mod health;
pub mod ids;
pub mod interviews;
pub mod listen;
pub mod livekit;
mod local_models;
pub mod logs;
pub mod metrics;
pub mod open_files;
pub mod pages;
mod reading;
pub mod request_guard;
pub mod retention;
pub mod router;
pub mod secrets;
mod sentence;
pub mod server;
pub mod settings;
pub mod site;
pub mod speech;
pub mod stall;
pub mod storage;
pub mod times;
pub mod tls;
pub mod transcript;
mod variables;
pub mod voice;
pub mod wired;
pub mod worker;
pub mod writer;

pub use server::{Server, ServerStartError};
pub use settings::ServerSettings;
