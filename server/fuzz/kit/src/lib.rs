//! What the fuzz targets of all crates have in common: what a target is, inputs in pieces, and inputs that were bent a
//! little for property tests (feature `bending`).

#[cfg(feature = "bending")]
mod bending;

#[cfg(feature = "bending")]
pub use bending::input;

/// One kind of input.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: that of its file in `server/fuzz/targets`, without the crate's.
    pub name: &'static str,
    /// Takes the input; a panic is a find.
    pub run: fn(&[u8]),
    /// Inputs of honest company, to begin from.
    pub samples: fn() -> Vec<Vec<u8>>,
}

impl Target {
    /// Runs every sample.
    ///
    /// # Panics
    /// If there is none, or one is a find.
    pub fn try_samples(&self) {
        let samples = (self.samples)();
        assert!(!samples.is_empty(), "{} has no samples", self.name);
        samples.iter().for_each(|sample| (self.run)(sample));
    }
}

/// Cuts an input into pieces: each has two bytes of length before it; the last may be cut short.
pub fn pieces(mut bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (piece, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)).min(rest.len()));
        bytes = rest;
        Some(piece)
    })
}

/// An input that begins with this byte and goes on with these pieces.
///
/// # Panics
/// If a piece is longer than 65 535 bytes.
pub fn glued<P: AsRef<[u8]>>(kind: u8, pieces: impl IntoIterator<Item = P>) -> Vec<u8> {
    let mut bytes = vec![kind];
    for piece in pieces {
        let piece = piece.as_ref();
        bytes.extend(u16::try_from(piece.len()).expect("a sample is short").to_be_bytes());
        bytes.extend(piece);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_glued_comes_apart() {
        let glued = glued(7, [&b"one"[..], b"", b"three"]);
        let (kind, rest) = glued.split_first().unwrap();
        assert_eq!((*kind, pieces(rest).collect::<Vec<_>>()), (7, vec![&b"one"[..], b"", b"three"]));
        assert_eq!(pieces(&rest[..rest.len() - 2]).last(), Some(&b"thr"[..]));
        assert_eq!(pieces(&[0]).count(), 0, "half a length is none");
    }
}
