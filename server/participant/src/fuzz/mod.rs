//! What hostile input is tried on. A target takes any bytes, does with them what a participant does with what comes
//! from the room, and panics if it would stop working. `make fuzz` runs the targets of this list by coverage
//! (`server/fuzz`), and `cargo test` runs the same ones on bent samples ([`Target::samples`]).

mod heard;
mod said;
mod stay;
#[cfg(test)]
mod tests;

/// One kind of input.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, which is that of its file in `server/fuzz/targets`, without `participant_`.
    pub name: &'static str,
    /// Takes the input; a panic is a find.
    pub run: fn(&[u8]),
    /// Inputs of an honest server, to begin from.
    pub samples: fn() -> Vec<Vec<u8>>,
}

/// What the server says by signalling, message by message.
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

/// Cuts an input into pieces: each has two bytes of length before it; the last may be cut short.
fn pieces(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (piece, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)).min(rest.len()));
        bytes = rest;
        Some(piece)
    })
}

/// An input that begins with this byte and goes on with these pieces.
fn glued<P: AsRef<[u8]>>(kind: u8, pieces: impl IntoIterator<Item = P>) -> Vec<u8> {
    let mut bytes = vec![kind];
    for piece in pieces {
        let piece = piece.as_ref();
        bytes.extend(u16::try_from(piece.len()).expect("a sample is short").to_be_bytes());
        bytes.extend(piece);
    }
    bytes
}
