//! Follows the interview by server-sent events, and takes what changed.

use std::cell::RefCell;
use std::time::Duration;

use interview::Speaker;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{Event, EventSource, MessageEvent};

use super::{dom, send};
use crate::AppError;
use crate::api;
use crate::state::PageState;
use crate::view::{self, MessageView, ReplyInProgress};

/// How long to wait before a stream that was refused is asked for again; and if it was refused again.
const AGAIN: [Duration; 2] = [Duration::from_secs(3), Duration::from_secs(10)];

/// What is said when there is nothing to follow any more.
const GONE: &str = "This interview cannot be followed any more; it may have been deleted. \
    What you were writing is kept: load the page again to see.";

thread_local! {
    /// The stream that is open.
    static OPEN: RefCell<Option<EventSource>> = const { RefCell::new(None) };
}

/// Follows the interview for as long as the page is in sight: browsers open few connections to one address, and a tab
/// that nobody looks at shall not keep those from others. It catches up once it is looked at.
pub(super) fn begin(state: PageState) {
    dom::listen("visibilitychange", move |_| {
        if document().hidden() {
            close();
        } else {
            connect(state, 0);
        }
    });
    // A stream may outlive a network that is gone for a moment.
    dom::listen("online", move |_| send::retry(state));
    connect(state, 0);
}

fn close() {
    if let Some(source) = OPEN.take() {
        source.close();
    }
}

/// Opens the stream. The browser itself opens it again where a connection is lost; where the server refuses
/// (because there is no place, say), this does, and asks for what changed until there is one. `refused`: how
/// often in a row it was.
fn connect(state: PageState, refused: usize) {
    close();
    let (id, over) = state.view.with_untracked(|v| (v.id.clone(), v.status.is_completed()));
    if over || document().hidden() {
        return;
    }
    let Ok(source) = EventSource::new(&format!("/interview/{id}/events")) else { return };
    OPEN.set(Some(source.clone()));
    listen(&source, "open", move |_, _| {
        state.connected.set(true);
        send::retry(state);
    });
    listen(&source, "update", move |source, event| {
        if let Some(update) = data::<view::Update>(&event) {
            take(state, update);
        }
        if state.view.with_untracked(|v| v.status.is_completed()) {
            source.close();
        }
    });
    listen(&source, "partial", move |_, event| {
        if let Some(partial) = data::<ReplyInProgress>(&event) {
            let near = dom::near_the_end();
            state.partial.set(Some(partial.text));
            if near {
                dom::to_the_end();
            }
        }
    });
    listen(&source, "error", move |source, _| {
        state.connected.set(false);
        if source.ready_state() == EventSource::CLOSED {
            spawn_local(async move { catch_up(state, refused).await });
        }
    });
}

/// Takes what changed, whatever becomes of the stream.
pub(super) async fn fetch_update(state: PageState) -> Result<(), AppError> {
    let (id, since) = state.view.with_untracked(|v| (v.id.clone(), v.version));
    take(state, api::catch_up(id, since).await?);
    Ok(())
}

/// Takes what changed without a stream, and looks later whether there is one.
async fn catch_up(state: PageState, refused: usize) {
    match fetch_update(state).await {
        Ok(()) => {
            state.connected.set(true);
            send::retry(state);
        }
        Err(AppError::NotFound) => return state.problem.set(GONE.to_owned()),
        // It may pass.
        Err(_) => {}
    }
    if !state.view.with_untracked(|v| v.status.is_completed()) {
        set_timeout(move || connect(state, refused + 1), AGAIN[refused.min(1)]);
    }
}

/// Listens for as long as the page is open.
fn listen(source: &EventSource, name: &str, mut heard: impl FnMut(&EventSource, Event) + 'static) {
    let target = source.clone();
    let closure = Closure::<dyn FnMut(Event)>::new(move |event| heard(&target, event));
    let _ = source.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
    closure.forget();
}

fn data<T: DeserializeOwned>(event: &Event) -> Option<T> {
    let text = event.dyn_ref::<MessageEvent>()?.data().as_string()?;
    serde_json::from_str(&text).ok()
}

/// Takes what changed, wherever it was heard.
pub(super) fn take(state: PageState, update: view::Update) {
    let near = dom::near_the_end();
    let (known, last) = state.view.with_untracked(|v| (v.version, v.messages.last().map_or(0, |m| m.seq)));
    if update.version < known {
        return;
    }
    let given = state.pending.get_untracked().is_some_and(|pending| {
        let said = |m: &MessageView| {
            m.speaker == Speaker::Candidate && m.seq > pending.after && m.text.trim() == pending.text.trim()
        };
        update.messages.iter().any(said)
    });
    let line = update.messages.iter().rfind(|m| m.speaker == Speaker::Interviewer && m.seq > last);
    let line = line.map(|m| m.text.clone());
    state.reveal.set_value(state.partial.with_untracked(Option::is_none));
    let replying = update.replying;
    if update.messages.iter().any(|m| m.speaker == Speaker::Candidate && m.seq > last) {
        state.voice.update(|t| t.captions.mark_transcribed());
    }
    if update.version > known {
        state.view.update(|v| {
            v.apply(update);
        });
    }
    if given {
        send::acknowledged(state);
    }
    if !replying || line.is_some() {
        state.partial.set(None);
    }
    if let Some(line) = line {
        // What is heard need not be read out.
        if !state.voice.with_untracked(crate::voice::state::VoicePageState::is_interviewer_audible) {
            state.announced.set(format!("Interviewer: {line}"));
        }
        state.problem.set(send::moved_on(state).to_owned());
        if near {
            dom::to_the_end();
        }
    }
}
