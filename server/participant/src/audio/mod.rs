//! Audio in and out, without I/O and without a clock: whoever drives it says what time it is.

pub mod delay;
pub mod jitter;
pub mod outbox;
pub mod receiver;
pub mod stretch;
pub mod voice;

#[cfg(test)]
mod network_tests;
