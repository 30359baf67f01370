//! The state of a session as a store keeps it: JSON that says in which format it is.
//!
//! A change after which an older program could not read the state, or would misread it (a field that goes or is called
//! something else, a new value of an enum), makes a new format: raise [`FORMAT`], add to [`UPGRADES`] the step that
//! brings the format before up to date, and keep a state of the new format in `tests/it/states/`. A new field with
//! `#[serde(default)]` needs none of that: older programs leave it out, and in older states it has its default.

use interview::Session;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{StorageFault, StoreError};

/// The format in which this program writes.
const FORMAT: u32 = 1;

/// Brings a state to the next format.
type StateUpgrade = fn(&mut Map<String, Value>);

/// The step at place `n` brings a state of format `n` to `n + 1`. States from before formats were numbered are of
/// format 0.
const UPGRADES: [StateUpgrade; FORMAT as usize] = [numbered];

/// The first numbered format is the one before it, with its number.
fn numbered(_: &mut Map<String, Value>) {}

#[derive(Serialize)]
struct StateEnvelope<'a> {
    format: u32,
    #[serde(flatten)]
    session: &'a Session,
}

#[derive(Deserialize)]
struct StateFormatHeader {
    #[serde(default)]
    format: u32,
}

/// Why a state was not read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    /// A newer program wrote it, in this format.
    #[error("it is of format {0}, and this program reads formats up to {FORMAT}")]
    Newer(u32),
    /// It is not what any program wrote. Without the text of the error, which quotes from the state.
    #[error("line {}, column {}", .0.line(), .0.column())]
    Unreadable(#[from] serde_json::Error),
}

impl From<StateError> for StoreError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Newer(_) => Self::Newer(
                "the interview was made by a newer version of InterviewOS: update InterviewOS to go on with it"
                    .to_owned(),
            ),
            StateError::Unreadable(_) => Self::Storage(
                StorageFault::Damaged,
                "the stored state of the interview cannot be read: put a backup in its place".to_owned(),
            ),
        }
    }
}

/// The state as it is stored.
pub(crate) fn write(session: &Session) -> String {
    serde_json::to_string(&StateEnvelope { format: FORMAT, session }).expect("a session is plain data")
}

/// Reads a stored state of this format or an older one.
pub(crate) fn read(state: &str) -> Result<Session, StateError> {
    let StateFormatHeader { format } = serde_json::from_str(state)?;
    if format > FORMAT {
        return Err(StateError::Newer(format));
    }
    if format == FORMAT {
        return Ok(serde_json::from_str(state)?);
    }
    let mut fields: Map<String, Value> = serde_json::from_str(state)?;
    for upgrade in UPGRADES.iter().skip(format as usize) {
        upgrade(&mut fields);
    }
    Ok(serde_json::from_value(Value::Object(fields))?)
}
