//! The room without its network: who is there, texts, calls, and how to come back. Pure.

pub mod comeback;
pub mod members;
pub mod reliable;
pub mod rpc;
pub mod streams;
