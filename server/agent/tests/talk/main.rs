//! Whole conversations on virtual time: an agent between a person, who speaks word by word, and an interview.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod beginnings;
mod interruptions;
mod leaving;
mod recorded;
mod stage;
mod trouble;
mod turns;
mod unbelieved;
mod unbroken;
