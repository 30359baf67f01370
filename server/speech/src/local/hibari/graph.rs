//! The network: phonemes in, the parts of a voice out, and how long each phoneme lasts.

use ort::session::Session;
use ort::value::TensorRef;

use super::noise::Noise;
use super::wave::{BINS, HOP, SpectralFrames, Wave};
use crate::SpeechError;
use models::{File, ModelFolder};

/// Inside the graph: how many pairs of frames each phoneme lasts. The model gives it out when it is asked to.
const DURATIONS: &str = "/Cast_32_output_0";
/// Samples of one unit of duration.
const UNIT: usize = 2 * HOP;
/// Every sentence has the same breath, so that the same words give the same samples.
const SEED: u64 = 0x6869_6261_7269;

/// What was made of some phonemes.
pub(super) struct PhonemeAudio {
    /// Samples at [`super::RATE`], mostly from -1 to 1.
    pub(super) samples: Vec<f32>,
    /// How many samples each phoneme lasts, in order; together as many as there are.
    pub(super) lasts: Vec<usize>,
}

/// The network and its arithmetic.
pub(super) struct Graph {
    session: Session,
    wave: Wave,
}

impl Graph {
    /// Loads the network (8 MB) and plans the transforms.
    pub(super) fn open(folder: &ModelFolder) -> Result<Self, SpeechError> {
        let session = models::runtime::session_with(folder, File::HibariVoice, &[DURATIONS])?;
        Ok(Self { session, wave: Wave::new() })
    }

    /// Speaks phonemes, by their numbers and with the silence's number at both ends.
    pub(super) fn make(&mut self, phonemes: &[i64], speed: f32) -> Result<PhonemeAudio, SpeechError> {
        let failed = |error: ort::Error| SpeechError::Failed(format!("the voice: {error}"));
        let speed = [speed];
        let phonemes_tensor = TensorRef::from_array_view(([1, phonemes.len()], phonemes)).map_err(failed)?;
        let speed_tensor = TensorRef::from_array_view(([1], &speed[..])).map_err(failed)?;
        let outputs = self
            .session
            .run(ort::inputs!["ids" => phonemes_tensor, "speed" => speed_tensor])
            .map_err(failed)?;
        let part = |name: &str| -> Result<&[f32], SpeechError> {
            let tensor = outputs.get(name).ok_or_else(|| odd("gives too little"))?;
            Ok(tensor.try_extract_tensor::<f32>().map_err(failed)?.1)
        };
        let parts = SpectralFrames {
            harmonic: part("lh")?,
            theta: part("theta")?,
            noise: part("ln")?,
            free: part("lr")?,
            phi: part("phi")?,
            pitch: part("f0")?,
        };
        let durations = outputs.get(DURATIONS).ok_or_else(|| odd("does not say how long phonemes last"))?;
        let durations = durations.try_extract_tensor::<i64>().map_err(failed)?.1;
        let lasts: Vec<usize> =
            durations.iter().map(|units| usize::try_from(*units).unwrap_or(0) * UNIT).collect();
        let whole = parts.frames() * HOP;
        if !parts.fit() || lasts.len() != phonemes.len() || lasts.iter().sum::<usize>() != whole {
            return Err(odd("gives parts that do not fit together"));
        }
        let mut noise = Noise::new(SEED);
        let samples = self.wave.make(&parts, || noise.next());
        if samples.iter().any(|sample| !sample.is_finite()) {
            return Err(odd("gives samples that are no numbers"));
        }
        Ok(PhonemeAudio { samples, lasts })
    }
}

fn odd(what: &str) -> SpeechError {
    SpeechError::Failed(format!("the voice {what}"))
}

/// Seconds of speech in this many frames would be `frames / 80`; kept honest by the test below.
const _: () = assert!(BINS == 601 && UNIT * 40 == super::RATE as usize);
