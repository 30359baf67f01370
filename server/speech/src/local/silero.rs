//! Voice activity: Silero. One frame of samples goes in, how likely it holds speech comes out.

use std::sync::{Arc, Mutex, PoisonError};

use ort::session::Session;
use ort::value::TensorRef;

use crate::SpeechError;
use crate::ports::{Abilities, HEARING_RATE, Vad, VadStream};
use models::{File, ModelFolder};

/// Samples of one frame: 32 ms.
pub const FRAME: usize = 512;
/// Samples of the frame before that the model sees again.
const CONTEXT: usize = 64;
const STATE: usize = 2 * 128;

/// What of one person's audio the model remembers.
#[derive(Debug, Clone)]
pub struct SileroState {
    state: [f32; STATE],
    context: [f32; CONTEXT],
}

impl Default for SileroState {
    fn default() -> Self {
        Self { state: [0.0; STATE], context: [0.0; CONTEXT] }
    }
}

/// The model. It holds nothing of any stream, so that one is enough for all.
pub struct Silero {
    session: Session,
}

impl Silero {
    /// Loads the model.
    pub fn load(folder: &ModelFolder) -> Result<Self, SpeechError> {
        Ok(Self { session: models::runtime::session(folder, File::Silero)? })
    }

    /// How likely it is, from 0 to 1, that this frame holds speech. Some 0.15 ms.
    ///
    /// Errors: [`SpeechError::Refused`] where the frame has not exactly [`FRAME`] samples.
    pub fn judge(&mut self, memory: &mut SileroState, frame: &[i16]) -> Result<f32, SpeechError> {
        if frame.len() != FRAME {
            return Err(SpeechError::Refused(format!("a frame to judge has exactly {FRAME} samples")));
        }
        let mut samples = [0.0; CONTEXT + FRAME];
        samples[..CONTEXT].copy_from_slice(&memory.context);
        for (to, from) in samples[CONTEXT..].iter_mut().zip(frame) {
            *to = f32::from(*from) / 32_768.0;
        }
        let rate = [i64::from(HEARING_RATE)];
        let given = self
            .session
            .run(ort::inputs![
                "input" => TensorRef::from_array_view(([1, CONTEXT + FRAME], &samples[..])).map_err(failed)?,
                "state" => TensorRef::from_array_view(([2_usize, 1, 128], &memory.state[..])).map_err(failed)?,
                "sr" => TensorRef::from_array_view((Vec::<i64>::new(), &rate[..])).map_err(failed)?,
            ])
            .map_err(failed)?;
        let (_, likely) = given["output"].try_extract_tensor::<f32>().map_err(failed)?;
        let (_, state) = given["stateN"].try_extract_tensor::<f32>().map_err(failed)?;
        let (Some(likely), Ok(state)) = (likely.first(), <[f32; STATE]>::try_from(state)) else {
            return Err(SpeechError::Failed("Silero answered in another shape".to_owned()));
        };
        memory.state = state;
        memory.context.copy_from_slice(&samples[FRAME..]);
        Ok(likely.clamp(0.0, 1.0))
    }
}

fn failed(error: ort::Error) -> SpeechError {
    SpeechError::Failed(format!("Silero: {error}"))
}

/// Silero as a [`Vad`]: one model behind a lock, used on the thread that asks.
#[derive(Clone)]
pub struct LocalVad {
    model: Arc<Mutex<Silero>>,
}

impl LocalVad {
    /// Loads the model.
    pub fn load(folder: &ModelFolder) -> Result<Self, SpeechError> {
        Ok(Self { model: Arc::new(Mutex::new(Silero::load(folder)?)) })
    }
}

impl Vad for LocalVad {
    fn abilities(&self) -> Abilities {
        Abilities {
            name: "silero".to_owned(),
            remote: false,
            streaming: true,
            interim: false,
            word_times: false,
            languages: Vec::new(),
        }
    }

    fn open(&self) -> Result<Box<dyn VadStream>, SpeechError> {
        Ok(Box::new(LocalVadStream {
            model: Arc::clone(&self.model),
            memory: SileroState::default(),
            quiet: 0,
            since: 0,
        }))
    }
}

/// Frames of clear silence after which the model may forget, and frames between two times that it does. What is not
/// speech, such as music or a long silence, dulls its memory for the speech that follows (so its packagers found);
/// forgetting in a pause costs nothing.
const FORGET_AFTER_QUIET: u32 = 16;
const FORGET_EVERY: u32 = 2 * HEARING_RATE / FRAME as u32;
const CLEARLY_QUIET: f32 = 0.1;

struct LocalVadStream {
    model: Arc<Mutex<Silero>>,
    memory: SileroState,
    /// Frames of clear silence in a row, and frames since it last forgot.
    quiet: u32,
    since: u32,
}

impl VadStream for LocalVadStream {
    fn frame(&self) -> usize {
        FRAME
    }

    fn judge(&mut self, frame: &[i16]) -> Result<f32, SpeechError> {
        // Nothing at all, as from a microphone whose silence is not sent, is silence without asking the model, and the
        // moment to forget.
        if self.quiet >= FORGET_AFTER_QUIET && frame.len() == FRAME && frame.iter().all(|sample| *sample == 0)
        {
            self.reset();
            return Ok(0.0);
        }
        let likely = {
            // It holds nothing that a panic could leave half done.
            let mut model = self.model.lock().unwrap_or_else(PoisonError::into_inner);
            model.judge(&mut self.memory, frame)?
        };
        self.since = self.since.saturating_add(1);
        self.quiet = if likely < CLEARLY_QUIET { self.quiet.saturating_add(1) } else { 0 };
        if self.since >= FORGET_EVERY && self.quiet >= FORGET_AFTER_QUIET {
            self.reset();
        }
        Ok(likely)
    }

    fn reset(&mut self) {
        self.memory = SileroState::default();
        self.since = 0;
    }
}
