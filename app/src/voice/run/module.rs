//! The voice module: loaded once, and asked for things.

use std::cell::RefCell;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::JsValue;

use super::heard::handle_voice_event;
use crate::state::PageState;
use crate::voice::bridge;
use crate::voice::kept::{self, VoiceSettingKey};
use crate::voice::state::VoiceStopReason;

thread_local! {
    /// The module, once it is loaded.
    static VOICE: RefCell<Option<bridge::Voice>> = const { RefCell::new(None) };
}

/// The module; loaded now if it was not.
pub(super) async fn module(state: PageState) -> Result<bridge::Voice, VoiceStopReason> {
    if let Some(voice) = loaded() {
        return Ok(voice);
    }
    let meta = document()
        .query_selector("meta[name=interviewos-voice]")
        .ok()
        .flatten()
        .ok_or(VoiceStopReason::Failed)?;
    let address = meta.get_attribute("content").ok_or(VoiceStopReason::Failed)?;
    let voice = bridge::voice(&address, move |event| handle_voice_event(state, event)).await?;
    // Whoever asked twice at once shares one.
    Ok(VOICE.with_borrow_mut(|kept| kept.get_or_insert(voice).clone()))
}

/// The module, if it is loaded.
pub(super) fn loaded() -> Option<bridge::Voice> {
    VOICE.with_borrow(Clone::clone)
}

/// Does something with the module, if it is loaded; what fails is said where it matters.
pub(super) fn drive(
    state: PageState,
    ask: impl AsyncFnOnce(&bridge::Voice) -> Result<(), JsValue> + 'static,
) {
    let Some(voice) = loaded() else { return };
    spawn_local(async move {
        if let Err(fault) = ask(&voice).await
            && bridge::why(&fault) == VoiceStopReason::NoMicrophone
        {
            state.voice.update(|t| t.faults.unplugged = true);
        }
    });
}

/// Where the interviewer's voice goes, and how loud.
pub(super) fn sound(state: PageState) {
    if let Some(voice) = loaded() {
        voice.set(state.voice.with_untracked(|t| t.volume), &kept::choice(VoiceSettingKey::Speaker));
    }
}

/// Whether the microphone may be used without the browser asking.
pub(super) async fn permitted(voice: &bridge::Voice) -> bool {
    voice.permitted().await.is_ok_and(|yes| yes.is_truthy())
}
