//! What one thread of the pool has loaded: nothing until it is first needed or asked to.

use super::hibari::Hibari;
use super::moonshine::Moonshine;
use super::smart_turn::SmartTurn;
use crate::SpeechError;
use crate::ports::HEARING_RATE;
use models::ModelFolder;
use models::pool::CancelToken;

/// Which of the models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// Speech to text.
    Moonshine,
    /// End of turn.
    SmartTurn,
    /// The voice.
    Hibari,
}

/// The models of one thread.
pub struct SpeechModels {
    folder: ModelFolder,
    hibari: Option<Hibari>,
    moonshine: Option<Moonshine>,
    smart_turn: Option<SmartTurn>,
}

impl SpeechModels {
    /// Nothing loaded yet.
    pub fn new(folder: ModelFolder) -> Self {
        Self { folder, hibari: None, moonshine: None, smart_turn: None }
    }

    /// Where the models are.
    pub fn folder(&self) -> &ModelFolder {
        &self.folder
    }

    /// The voice.
    pub fn hibari(&mut self) -> Result<&mut Hibari, SpeechError> {
        loaded(&mut self.hibari, &self.folder, Hibari::open)
    }

    /// Speech to text.
    pub fn moonshine(&mut self) -> Result<&mut Moonshine, SpeechError> {
        loaded(&mut self.moonshine, &self.folder, Moonshine::load)
    }

    /// Loads a model and uses it once, so that it is as quick for the first who needs it as for the next. Some
    /// hundred milliseconds; nothing is done once it is not wanted any more.
    pub fn warm(&mut self, model: Model, wanted: &CancelToken) -> Result<(), SpeechError> {
        wanted.check()?;
        // Nobody hears it; what the first use takes does not depend on what is said.
        let quiet = [0; HEARING_RATE as usize];
        match model {
            Model::Moonshine => self.moonshine()?.read(&quiet, "", wanted).map(drop),
            Model::SmartTurn => self.smart_turn()?.judge(&quiet).map(drop),
            Model::Hibari => self.hibari()?.say("let us begin.", 1.0, wanted).map(drop),
        }
    }

    /// End of turn.
    pub fn smart_turn(&mut self) -> Result<&mut SmartTurn, SpeechError> {
        loaded(&mut self.smart_turn, &self.folder, SmartTurn::load)
    }
}

/// The model, loaded first if it is not there yet.
fn loaded<'a, M>(
    model: &'a mut Option<M>,
    folder: &ModelFolder,
    load: impl FnOnce(&ModelFolder) -> Result<M, SpeechError>,
) -> Result<&'a mut M, SpeechError> {
    match model {
        Some(model) => Ok(model),
        None => Ok(model.insert(load(folder)?)),
    }
}
