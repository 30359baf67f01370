//! How one sample is written.

/// How one sample is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// 8 bits, where 128 is silence.
    Byte,
    /// 16 bits.
    Short,
    /// 16 bits, the high byte first.
    SwappedShort,
    /// 24 bits.
    Medium,
    /// 32 bits.
    Long,
    /// A float of 32 bits.
    Float,
    /// A float of 64 bits.
    Double,
    /// The logarithm of telephones in America and Japan (G.711).
    MuLaw,
    /// The logarithm of telephones elsewhere (G.711).
    ALaw,
}

impl Coding {
    /// Bytes of a sample.
    pub(super) fn width(self) -> usize {
        match self {
            Self::Byte | Self::MuLaw | Self::ALaw => 1,
            Self::Short | Self::SwappedShort => 2,
            Self::Medium => 3,
            Self::Long | Self::Float => 4,
            Self::Double => 8,
        }
    }

    /// A sample of these bytes, from -1 to 1. Bytes of another width are silence.
    pub(super) fn read(self, bytes: &[u8]) -> f32 {
        let sample = match (self, bytes) {
            (Self::Byte, [byte]) => (f32::from(*byte) - 128.0) / 128.0,
            (Self::MuLaw, [byte]) => f32::from(mu_law(*byte)) / 32_768.0,
            (Self::ALaw, [byte]) => f32::from(a_law(*byte)) / 32_768.0,
            (Self::Short, [low, high]) | (Self::SwappedShort, [high, low]) => {
                f32::from(i16::from_le_bytes([*low, *high])) / 32_768.0
            }
            (Self::Medium, [low, middle, high]) => {
                i32::from_le_bytes([0, *low, *middle, *high]) as f32 / 2_147_483_648.0
            }
            (Self::Long, [a, b, c, d]) => i32::from_le_bytes([*a, *b, *c, *d]) as f32 / 2_147_483_648.0,
            (Self::Float, [a, b, c, d]) => f32::from_le_bytes([*a, *b, *c, *d]),
            (Self::Double, [a, b, c, d, e, f, g, h]) => {
                // More than a float can tell is not heard.
                #[expect(clippy::cast_possible_truncation, reason = "a sample")]
                let sample = f64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]) as f32;
                sample
            }
            (_, _) => 0.0,
        };
        if sample.is_nan() { 0.0 } else { sample.clamp(-1.0, 1.0) }
    }
}

fn mu_law(byte: u8) -> i16 {
    let byte = !byte;
    let (exponent, mantissa) = (byte >> 4 & 7, i16::from(byte & 15));
    let size = (((mantissa << 3) + 132) << exponent) - 132;
    if byte & 128 == 0 { size } else { -size }
}

fn a_law(byte: u8) -> i16 {
    let byte = byte ^ 0x55;
    let (exponent, mantissa) = (byte >> 4 & 7, i16::from(byte & 15));
    let size = if exponent == 0 { (mantissa << 4) + 8 } else { ((mantissa << 4) + 264) << (exponent - 1) };
    if byte & 128 == 0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_is_half_in_every_coding() {
        for (coding, bytes) in [
            (Coding::Byte, &[192_u8][..]),
            (Coding::Short, &[0, 64]),
            (Coding::SwappedShort, &[64, 0]),
            (Coding::Medium, &[0, 0, 64]),
            (Coding::Long, &[0, 0, 0, 64]),
            (Coding::Float, &0.5_f32.to_le_bytes()),
            (Coding::Double, &0.5_f64.to_le_bytes()),
        ] {
            assert_eq!((coding.read(bytes), bytes.len()), (0.5, coding.width()), "{coding:?}");
        }
        assert_eq!(Coding::Float.read(&f32::NAN.to_le_bytes()), 0.0);
        assert_eq!(Coding::Float.read(&f32::INFINITY.to_le_bytes()), 1.0);
        assert_eq!(Coding::Double.read(&(-1e300_f64).to_le_bytes()), -1.0);
    }

    /// The ends and the middles of G.711's tables.
    #[test]
    fn telephones_logarithms_are_those_of_g_711() {
        let mu = [(0xff, 0), (0x7f, 0), (0x80, 32_124), (0x00, -32_124), (0xf0, 120), (0x70, -120)];
        assert_eq!(mu.map(|(byte, _)| mu_law(byte)), mu.map(|(_, sample)| sample));
        let a = [(0xd5, 8), (0x55, -8), (0xaa, 32_256), (0x2a, -32_256), (0x80, 5_504), (0x00, -5_504)];
        assert_eq!(a.map(|(byte, _)| a_law(byte)), a.map(|(_, sample)| sample));
    }
}
