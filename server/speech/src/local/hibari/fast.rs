//! Exponentials, sines and cosines of many numbers: plain arithmetic without branches and calls, so that the compiler
//! makes four or eight at a time of a loop. Together they are right to some 1e-6, far below what is heard.

/// Added and taken away again, it leaves the nearest whole number, which the last bits of the sum hold too.
const WHOLE: f32 = 12_582_912.0;

/// `e` to the power of `x`; as of -87 for less, as of 88 for more; no number of none.
#[inline]
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    // Two to the power of a whole number, and the rest between -ln(2) / 2 and ln(2) / 2, taken off in two parts so that
    // it stays exact.
    let sum = x * std::f32::consts::LOG2_E + WHOLE;
    let whole = sum - WHOLE;
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let power = f32::from_bits((sum.to_bits() << 23).wrapping_add(127 << 23));
    // Its Taylor series.
    let series = 1.0 / 720.0;
    let series = series * rest + 1.0 / 120.0;
    let series = series * rest + 1.0 / 24.0;
    let series = series * rest + 1.0 / 6.0;
    let series = series * rest + 0.5;
    let series = series * rest + 1.0;
    let series = series * rest + 1.0;
    series * power
}

/// The hyperbolic tangent.
#[inline]
pub(super) fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x) + 1.0)
}

/// Sine and cosine of so many half turns (of `PI`): exact for less than some hundred thousand of them.
#[inline]
pub(super) fn sin_cos(half_turns: f32) -> (f32, f32) {
    // Quarter turns, and the rest: at most an eighth of a turn either way.
    let sum = half_turns * 2.0 + WHOLE;
    let quarters = sum.to_bits();
    let rest = (half_turns - (sum - WHOLE) * 0.5) * std::f32::consts::PI;
    let square = rest * rest;
    // Their Taylor series.
    let sin = 1.0 / 362_880.0;
    let sin = sin * square - 1.0 / 5_040.0;
    let sin = sin * square + 1.0 / 120.0;
    let sin = sin * square - 1.0 / 6.0;
    let sin = (sin * square + 1.0) * rest;
    let cos = 1.0 / 40_320.0;
    let cos = cos * square - 1.0 / 720.0;
    let cos = cos * square + 1.0 / 24.0;
    let cos = cos * square - 0.5;
    let cos = cos * square + 1.0;
    // An odd quarter swaps them; the second and third turn the sine round, the first and second the cosine.
    let swap = (quarters & 1).wrapping_neg();
    let (sin, cos) = (sin.to_bits(), cos.to_bits());
    let (one, other) = ((sin & !swap) | (cos & swap), (cos & !swap) | (sin & swap));
    let (below, left) = ((quarters & 2) << 30, ((quarters.wrapping_add(1)) & 2) << 30);
    (f32::from_bits(one ^ below), f32::from_bits(other ^ left))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from `-most` to `most`, evenly.
    fn between(most: f32) -> impl Iterator<Item = f32> {
        (-20_000..=20_000).map(move |at| at as f32 / 20_000.0 * most)
    }

    #[test]
    fn powers_are_right() {
        for x in between(80.0) {
            let (fast, exact) = (f64::from(exp(x)), f64::from(x).exp());
            assert!((fast / exact - 1.0).abs() < 1e-6, "{x}: {fast} for {exact}");
        }
        assert!(exp(-1e9) < 1e-37 && exp(-1e9) >= 0.0 && exp(1e9).is_finite());
        assert!(exp(f32::NAN).is_nan());
    }

    #[test]
    fn tangents_are_right() {
        for x in between(12.0) {
            assert!((f64::from(tanh(x)) - f64::from(x).tanh()).abs() < 1e-6, "{x}");
        }
        assert_eq!((tanh(1e9), tanh(-1e9)), (1.0, -1.0));
        assert!(tanh(f32::NAN).is_nan());
    }

    #[test]
    fn sines_and_cosines_are_right_in_every_quarter() {
        for most in [1.0, 30.0, 600.0] {
            for half_turns in between(most) {
                let (sin, cos) = sin_cos(half_turns);
                let exact = (f64::from(half_turns) * std::f64::consts::PI).sin_cos();
                let (sin, cos) = (f64::from(sin) - exact.0, f64::from(cos) - exact.1);
                assert!(sin.abs() < 1e-6 && cos.abs() < 1e-6, "{half_turns}: {sin} {cos}");
            }
        }
        assert_eq!(sin_cos(0.0), (0.0, 1.0));
        assert!(sin_cos(f32::NAN).0.is_nan());
    }
}
