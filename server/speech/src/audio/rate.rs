//! From one sample rate to another.

use rubato::audioadapter::Adapter as _;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

/// Samples that are worked on at once.
const CHUNK: usize = 1024;

/// Mono audio at another rate: as long as before, without what the new rate cannot hold. Both rates are in samples a
/// second and not 0.
pub fn at_rate(pcm: &[i16], from: u32, to: u32) -> Vec<i16> {
    if from == to || pcm.is_empty() {
        return pcm.to_vec();
    }
    let scale = f32::from(i16::MAX);
    let input: Vec<f32> = pcm.iter().map(|sample| f32::from(*sample) / scale).collect();
    let (from, to) = (usize::try_from(from).expect("fits"), usize::try_from(to).expect("fits"));
    let mut resampler = Fft::<f32>::new(from, to, CHUNK, 1, FixedSync::Both).expect("rates that are not 0");
    let input = InterleavedSlice::new(&input, 1, pcm.len()).expect("one channel of this length");
    let output = resampler.process_all(&input, pcm.len(), None).expect("all of the input is there");
    (0..output.frames())
        .map(|at| output.read_sample(0, at).expect("within what was made"))
        .map(|sample| (sample * scale).round().clamp(-scale, scale) as i16)
        .collect()
}

/// The same for audio that comes in pieces, as floats.
pub(super) struct Converter {
    resampler: Fft<f32>,
    /// What waits for more to be worked on with.
    waiting: Vec<f32>,
    /// The resampler's delay, which is left out.
    late: usize,
    from: u32,
    to: u32,
    /// Samples in and out so far.
    taken: u64,
    given: u64,
}

impl std::fmt::Debug for Converter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Converter").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

impl Converter {
    /// Both rates are in samples a second and not 0.
    pub(super) fn new(from: u32, to: u32) -> Self {
        let (input, output) = (usize::try_from(from).expect("fits"), usize::try_from(to).expect("fits"));
        let resampler =
            Fft::<f32>::new(input, output, CHUNK, 1, FixedSync::Both).expect("rates that are not 0");
        let late = resampler.output_delay();
        Self { resampler, waiting: Vec::new(), late, from, to, taken: 0, given: 0 }
    }

    /// More audio; what there is of it at the new rate by now.
    pub(super) fn push(&mut self, samples: &[f32]) -> Vec<f32> {
        self.taken += samples.len() as u64;
        self.waiting.extend_from_slice(samples);
        let mut output = Vec::new();
        let mut at = 0;
        while let Some(input) = self.waiting.get(at..at + self.resampler.input_frames_next()) {
            at += input.len();
            let input = InterleavedSlice::new(input, 1, input.len()).expect("one channel of this length");
            let made = self.resampler.process(&input, None).expect("as much as it asks for");
            let skipped = self.late.min(made.frames());
            self.late -= skipped;
            let sample = |at| made.read_sample(0, at).expect("within what was made");
            output.extend((skipped..made.frames()).map(sample));
        }
        self.waiting.drain(..at);
        self.given += output.len() as u64;
        output
    }

    /// There is no more: what is left of it.
    pub(super) fn finish(&mut self) -> Vec<f32> {
        let whole = (self.taken * u64::from(self.to)).div_ceil(u64::from(self.from));
        let left = usize::try_from(whole.saturating_sub(self.given)).unwrap_or(0);
        let mut output = Vec::new();
        while output.len() < left {
            output.extend(self.push(&vec![0.0; self.resampler.input_frames_next()]));
        }
        output.truncate(left);
        output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(hertz: f32, rate: u32, samples: usize) -> Vec<i16> {
        let turn = std::f32::consts::TAU * hertz / rate as f32;
        (0..samples).map(|at| ((at as f32 * turn).sin() * 16_000.0) as i16).collect()
    }

    fn rms(pcm: &[i16]) -> f32 {
        (pcm.iter().map(|sample| f32::from(*sample).powi(2)).sum::<f32>() / pcm.len() as f32).sqrt()
    }

    #[test]
    fn a_tone_stays_the_tone_it_is_at_any_rate() {
        for (from, to) in
            [(48_000, 16_000), (44_100, 16_000), (24_000, 16_000), (8_000, 16_000), (16_000, 48_000)]
        {
            let heard = at_rate(&tone(440.0, from, from as usize), from, to);
            assert_eq!(heard.len(), to as usize, "{from} to {to}");
            let same = tone(440.0, to, to as usize);
            // The ends ring; in between it is the same tone, in step to half a sample of the new rate.
            let half_a_sample = 16_000.0 / 2_f32.sqrt() * std::f32::consts::PI * 440.0 / to as f32;
            let inner = to as usize / 10..to as usize * 9 / 10;
            let off: Vec<i16> = heard[inner.clone()].iter().zip(&same[inner]).map(|(a, b)| a - b).collect();
            assert!(rms(&off) < half_a_sample, "{from} to {to}: {}", rms(&off));
        }
    }

    #[test]
    fn pieces_become_what_the_whole_does() {
        for (from, to) in [(48_000, 24_000), (44_100, 24_000), (8_000, 24_000), (22_050, 24_000)] {
            let whole = tone(440.0, from, 10_007);
            let floats: Vec<f32> = whole.iter().map(|sample| f32::from(*sample) / 32_767.0).collect();
            let mut converter = Converter::new(from, to);
            let mut pieces: Vec<f32> = floats.chunks(613).flat_map(|piece| converter.push(piece)).collect();
            pieces.extend(converter.finish());
            let pieces: Vec<i16> = pieces.iter().map(|sample| (sample * 32_767.0).round() as i16).collect();
            assert_eq!(pieces, at_rate(&whole, from, to), "{from} to {to}");
        }
        assert!(Converter::new(8_000, 24_000).finish().is_empty());
    }

    #[test]
    fn what_the_new_rate_cannot_hold_is_left_out() {
        let heard = at_rate(&tone(12_000.0, 48_000, 48_000), 48_000, 16_000);
        assert!(rms(&heard[1_600..14_400]) < 30.0, "{}", rms(&heard));
        assert!(at_rate(&[], 48_000, 16_000).is_empty());
        assert_eq!(at_rate(&[7, -7], 16_000, 16_000), [7, -7]);
    }
}
