//! The agent's port [`agent::Room`], on rooms that were joined: with our own `participant` ([`AgentRoom`]), or, with the
//! feature `livekit-sdk`, with LiveKit's official SDK (`SdkRoom`). Neither side knows of the other: here their types
//! meet.

mod participant;
#[cfg(feature = "livekit-sdk")]
pub mod sdk;

pub use self::participant::AgentRoom;
#[cfg(feature = "livekit-sdk")]
pub use sdk::SdkRoom;
