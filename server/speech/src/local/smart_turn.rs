//! End of turn: Smart Turn v3.2. The last eight seconds go in, how likely it is that somebody has finished comes out.

use ort::session::Session;
use ort::value::TensorRef;

use super::mel::{BANDS, FRAMES, Mel, SAMPLES};
use crate::SpeechError;
use models::{File, ModelFolder};

/// The model, for one thread.
pub struct SmartTurn {
    session: Session,
    mel: Mel,
}

impl SmartTurn {
    /// The most audio that counts, in samples: the end of what is longer.
    pub const LONGEST: usize = SAMPLES;

    /// Loads the model.
    pub fn load(folder: &ModelFolder) -> Result<Self, SpeechError> {
        Ok(Self { session: models::runtime::session(folder, File::SmartTurn)?, mel: Mel::new() })
    }

    /// How likely it is, from 0 to 1, that whoever speaks here has finished. The audio ends in the pause after it.
    pub fn judge(&mut self, pcm: &[i16]) -> Result<f32, SpeechError> {
        let features = self.mel.features(pcm);
        let given = self
            .session
            .run(ort::inputs![
                "input_features" => TensorRef::from_array_view(([1, BANDS, FRAMES], &*features)).map_err(failed)?,
            ])
            .map_err(failed)?;
        // Called "logits", they are probabilities.
        let (_, likely) = given["logits"].try_extract_tensor::<f32>().map_err(failed)?;
        match likely.first() {
            Some(likely) if likely.is_finite() => Ok(likely.clamp(0.0, 1.0)),
            Some(_) | None => Err(SpeechError::Failed("Smart Turn gave no probability".to_owned())),
        }
    }
}

fn failed(error: ort::Error) -> SpeechError {
    SpeechError::Failed(format!("Smart Turn: {error}"))
}
