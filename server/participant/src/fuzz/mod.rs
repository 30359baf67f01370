//! Fuzz targets. Each takes any bytes, treats them as a participant treats input from the room, and panics if the
//! participant would stop working. `make fuzz` runs the targets of this list guided by coverage (`server/fuzz`), and
//! `cargo test` runs them on mutated samples ([`Target::samples`]).

mod heard;
mod said;
mod stay;
#[cfg(test)]
mod tests;

use fuzz_kit::Target;

/// Signalling messages of the server.
pub const SIGNAL: Target = Target { name: "signal", run: said::signal, samples: said::signal_samples };
/// An answer, offers, and candidates, as bare text.
pub const SDP: Target = Target { name: "sdp", run: said::sdp, samples: said::sdp_samples };
/// Data packets: messages, text streams, calls.
pub const DATA: Target = Target { name: "data", run: said::data, samples: said::data_samples };
/// Datagrams, into the transports.
pub const DATAGRAMS: Target =
    Target { name: "datagrams", run: heard::datagrams, samples: heard::datagram_samples };
/// Opus packets with any numbers and times, through the jitter buffer and the decoder.
pub const AUDIO: Target = Target { name: "audio", run: heard::audio, samples: heard::audio_samples };

/// All of them.
pub const TARGETS: [Target; 5] = [SIGNAL, SDP, DATA, DATAGRAMS, AUDIO];
