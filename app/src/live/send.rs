//! Sends answers and requests. Words are kept in the browser until the server has them.

use std::cell::RefCell;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{dom, follow};
use crate::AppError;
use crate::api;
use crate::state::{Pending, State};

/// The words in the composer changed.
pub(crate) fn edited(state: State) {
    if let Some(field) = dom::composer() {
        dom::fit(&field);
        dom::keep("draft", &id(state), &field.value());
    }
    crate::voice::typing(state);
}

/// Gives what stands in the composer as the answer.
pub(crate) fn answer(state: State) {
    let Some(field) = dom::composer() else { return };
    let text = field.value();
    if text.trim().is_empty() || state.waits() {
        return dom::focus_composer();
    }
    if state.pending.with_untracked(Option::is_some) {
        // One that could not be sent comes first; the new words stay where they are.
        return retry(state);
    }
    let after = state.view.with_untracked(|v| v.messages.last().map_or(0, |m| m.seq));
    let turn = dom::fresh_turn();
    let id = id(state);
    dom::keep("sent", &id, &format!("{turn}\n{text}"));
    dom::keep("draft", &id, "");
    dom::compose("");
    state.problem.set(String::new());
    state.pending.set(Some(Pending { turn, text, after, failed: None }));
    dom::to_the_end();
    send(state);
}

/// Sends an answer again that could not be sent, as the same turn.
pub(crate) fn retry(state: State) {
    if state.pending.with_untracked(|p| p.as_ref().is_some_and(|p| p.failed.is_some())) {
        state.pending.update(|p| {
            if let Some(p) = p {
                p.failed = None;
            }
        });
        send(state);
    }
}

fn send(state: State) {
    let Some(pending) = state.pending.get_untracked() else { return };
    let (id, since) = (id(state), version(state));
    spawn_local(async move {
        let sent = api::answer(id.clone(), pending.turn.clone(), pending.text.clone(), since).await;
        // It may have been acknowledged by the stream meanwhile.
        let waited_for = state.pending.with_untracked(|p| p.as_ref().is_some_and(|p| p.turn == pending.turn));
        match sent {
            Ok(update) => {
                follow::take(state, update);
                if waited_for {
                    acknowledged(state);
                }
            }
            Err(error) if !waited_for => state.problem.set(error.to_string()),
            Err(
                error @ (AppError::Unreachable
                | AppError::Busy
                | AppError::TooOften { .. }
                | AppError::DiskFull
                | AppError::ReadOnly
                | AppError::Damaged
                | AppError::Failed),
            ) => {
                state.pending.update(|p| {
                    if let Some(p) = p {
                        p.failed = Some(error.to_string());
                    }
                });
                // The server said when; if it was sent meanwhile, nothing is sent then.
                if let AppError::TooOften { seconds } = error {
                    set_timeout(move || retry(state), Duration::from_secs(seconds));
                }
            }
            Err(error) => {
                // It will not be taken like this: the words go back to where they can be mended.
                let rest = dom::composer().map(|field| field.value()).unwrap_or_default();
                let text = if rest.is_empty() { pending.text } else { format!("{}\n{rest}", pending.text) };
                acknowledged(state);
                dom::compose(&text);
                dom::keep("draft", &id, &text);
                state.problem.set(error.to_string());
            }
        }
    });
}

/// The answer on its way needs no keeping any more.
pub(super) fn acknowledged(state: State) {
    state.pending.set(None);
    dom::keep("sent", &id(state), "");
}

/// After a reload: sends again what was on its way, and puts the draft back.
pub(super) fn restore(state: State) {
    let id = id(state);
    if let Some(draft) = dom::kept("draft", &id)
        && dom::composer().is_some_and(|field| field.value().is_empty())
    {
        dom::compose(&draft);
    }
    if let Some(sent) = dom::kept("sent", &id)
        && let Some((turn, text)) = sent.split_once('\n')
    {
        let (turn, text) = (turn.to_owned(), text.to_owned());
        // Everything said may be after it: the server tells whether it has it.
        state.pending.set(Some(Pending { turn, text, after: 0, failed: None }));
        send(state);
    }
}

thread_local! {
    /// The last request that may not have arrived: what, as which turn, at which version.
    static ASKED: RefCell<Option<(&'static str, String, u64)>> = const { RefCell::new(None) };
}

/// Asks for something, as the same turn if it is asked for again because it may not have arrived.
pub(crate) fn ask(state: State, request: &'static str) {
    if state.waits() {
        return;
    }
    let version = version(state);
    let turn = ASKED.with_borrow(|asked| match asked {
        Some((what, turn, then)) if *what == request && *then == version => turn.clone(),
        Some(_) | None => dom::fresh_turn(),
    });
    ASKED.set(Some((request, turn.clone(), version)));
    state.busy.set(true);
    state.problem.set(String::new());
    let id = id(state);
    spawn_local(async move {
        let done = if request == "finish" {
            api::finish(id, turn, version).await
        } else {
            api::ask(id, turn, request.to_owned(), String::new(), version).await
        };
        state.busy.set(false);
        match done {
            Ok(update) => {
                ASKED.set(None);
                follow::take(state, update);
                // The goodbye of one who talks is heard to its end first.
                if request == "finish" && state.voice_now().phase == crate::voice::state::Phase::Off {
                    let _ = window().location().assign(&crate::pages::notes_of(&self::id(state)));
                }
            }
            Err(error) => state.problem.set(error.to_string()),
        }
        if !dom::in_the_strip() {
            dom::focus_composer();
        }
    });
}

/// Ends the interview.
pub(crate) fn finish(state: State) {
    ask(state, "finish");
}

fn id(state: State) -> String {
    state.view.with_untracked(|v| v.id.clone())
}

fn version(state: State) -> u64 {
    state.view.with_untracked(|v| v.version)
}
