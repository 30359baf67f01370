//! What the interviewer is told: what was chosen, and that somebody types.

use std::cell::Cell;
use std::time::Duration;

use leptos::prelude::*;
use protocol::signals::{Control, Mode};

use super::module::drive;
use super::phase;
use crate::state::PageState;
use crate::voice::state::VoicePhase;

/// While somebody types it is told this often.
const TYPED: Duration = Duration::from_secs(4);

thread_local! {
    /// That something is typed was told a moment ago.
    static TYPING: Cell<bool> = const { Cell::new(false) };
}

/// An interviewer who has just come knows nothing of what was chosen.
pub(super) fn greet(state: PageState) {
    let (here, push, speed, patience) =
        state.voice.with_untracked(|t| (t.agent.here, t.push, t.speed, t.patience));
    if here {
        let chosen = Control {
            mode: Some(mode(push)),
            speed: Some(factor(speed)),
            patience: Some(factor(patience)),
            ..Control::default()
        };
        control(state, chosen);
    }
}

/// Tells this, while the room is joined.
pub(super) fn control(state: PageState, control: Control) {
    if phase(state) == VoicePhase::On {
        drive(state, async move |voice| voice.tell(control).await);
    }
}

/// Something was typed while the interviewer listens: that is no silence. Told now and then.
pub(crate) fn typing(state: PageState) {
    if phase(state) == VoicePhase::On && !TYPING.replace(true) {
        control(state, Control { typing: Some(true), ..Control::default() });
        set_timeout(|| TYPING.set(false), TYPED);
    }
}

pub(super) fn mode(push: bool) -> Mode {
    if push { Mode::Push } else { Mode::Open }
}

/// Percent as a factor.
pub(super) fn factor(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}
