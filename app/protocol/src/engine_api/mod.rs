//! The engine API: what goes over `/engine/...` as JSON. The server answers with it and a voice worker asks with it, so each
//! shape stands once, here. The names are those of `/openapi.json`, which the server writes from these types (feature
//! `openapi`). The report's is the crate `report`'s.

pub mod error;
pub mod look_back;
pub mod session;
pub mod turn;
pub mod voice;
