//! The room without its network: members, streams, calls, reconnecting. Pure.

pub mod comeback;
pub mod members;
pub mod reliable;
pub mod rpc;
pub mod streams;
