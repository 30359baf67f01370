//! Audio in and out, driven by injected time, without I/O.

pub mod delay;
pub mod frame;
pub mod jitter;
pub mod outbox;
pub mod receiver;
pub mod stretch;
pub mod voice;

#[cfg(test)]
mod network_tests;
