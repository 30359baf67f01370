//! Fuzz targets. Each takes any bytes, treats them as the server treats outside input, and panics if another
//! participant would be harmed. `make fuzz` runs the targets of this list guided by coverage (`server/fuzz`), and
//! `cargo test` runs them on mutated samples ([`Target::samples`]).

mod datagrams;
mod entrance;
mod hall;
mod messages;
#[cfg(test)]
mod tests;
mod twirp;

use fuzz_kit::Target;

/// The query of a connection, with its join request: base64, gzip and protobuf.
pub const JOIN: Target = Target { name: "join", run: entrance::join, samples: entrance::join_samples };
/// Access tokens, by header and by query, and what they claim.
pub const TOKEN: Target = Target { name: "token", run: entrance::token, samples: entrance::token_samples };
/// Signalling requests, one after the other, of one participant of two.
pub const SIGNAL: Target =
    Target { name: "signal", run: messages::signal, samples: messages::signal_samples };
/// Two offers, an answer and candidates, as bare text.
pub const SDP: Target = Target { name: "sdp", run: messages::sdp, samples: messages::sdp_samples };
/// Data packets of one participant of three.
pub const DATA: Target = Target { name: "data", run: messages::data, samples: messages::data_samples };
/// Datagrams, through the switch and into a participant's transports.
pub const DATAGRAMS: Target =
    Target { name: "datagrams", run: datagrams::datagrams, samples: datagrams::samples };
/// Calls of the server API.
pub const TWIRP: Target = Target { name: "twirp", run: twirp::call, samples: twirp::samples };

/// All of them.
pub const TARGETS: [Target; 7] = [JOIN, TOKEN, SIGNAL, SDP, DATA, DATAGRAMS, TWIRP];
