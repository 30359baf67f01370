//! Sends answers and requests. Words are kept in the browser until the server has them.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use interview::{MAX_ANSWER, Speaker};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{dom, follow};
use crate::AppError;
use crate::api;
use crate::intake;
use crate::state::{PageState, PendingAnswer};
use crate::view::InterviewView;
use crate::voice::state::VoicePhase;

/// So long a reply may take until it is said that there is none. What was sent may still arrive; sent again, it is the
/// same turn.
const NO_REPLY: Duration = Duration::from_secs(10);
const NO_REPLY_WORDS: &str = "The server has not replied for 10 seconds.";

/// What is said of a draft whose question has been answered or skipped since, in another tab or by voice.
const MOVED_ON: &str =
    "You started writing this before the question above came up. To send it anyway, press Answer twice.";

thread_local! {
    /// The last message that was shown when what stands in the composer was begun; none while that is empty.
    static BEGUN: Cell<Option<u32>> = const { Cell::new(None) };
}

/// The words in the composer changed.
pub(crate) fn edited(state: PageState) {
    if let Some(field) = dom::composer() {
        dom::fit(&field);
        let text = field.value();
        BEGUN.set((!text.is_empty()).then(|| BEGUN.get().unwrap_or(state.seen())));
        dom::keep("draft", &id(state), &text);
        state.count.set(intake::counted(intake::count(&text), MAX_ANSWER));
    }
    crate::voice::typing(state);
}

/// What is to be said if what stands in the composer was begun for a question that is not open any more.
pub(super) fn moved_on(state: PageState) -> &'static str {
    let begun = BEGUN.get().unwrap_or(u32::MAX);
    let on = |v: &InterviewView| {
        v.messages.iter().any(|m| m.seq > begun && (m.skips || m.speaker == Speaker::Candidate))
    };
    if state.view.with_untracked(on) { MOVED_ON } else { "" }
}

/// Gives what stands in the composer as the answer.
pub(crate) fn answer(state: PageState) {
    let Some(field) = dom::composer() else { return };
    let text = field.value();
    if state.waits() {
        return dom::focus_composer();
    }
    if text.trim().is_empty() {
        state.problem.set("Write an answer, or skip.".to_owned());
        return dom::focus_composer();
    }
    if intake::count(&text) > MAX_ANSWER {
        // How much is too much is said already.
        return dom::focus_composer();
    }
    if state.pending.with_untracked(Option::is_some) {
        // One that could not be sent comes first; the new words stay where they are.
        return retry(state);
    }
    let seen = state.seen();
    if !moved_on(state).is_empty() {
        // What was meant for another question is no answer to this one by one press of a key.
        BEGUN.set(Some(seen));
        state.problem.set(MOVED_ON.to_owned());
        return dom::focus_composer();
    }
    BEGUN.set(None);
    let turn = dom::fresh_turn();
    let id = id(state);
    dom::keep("sent", &id, &format!("{turn} {seen}\n{text}"));
    dom::keep("draft", &id, "");
    dom::compose("");
    state.problem.set(String::new());
    state.count.set(String::new());
    state.pending.set(Some(PendingAnswer { turn, text, seen, after: seen, failed: None }));
    dom::to_the_end();
    send(state);
}

/// Sends an answer again that could not be sent, as the same turn.
pub(crate) fn retry(state: PageState) {
    if state.pending.with_untracked(|p| p.as_ref().is_some_and(|p| p.failed.is_some())) {
        state.pending.update(|p| {
            if let Some(p) = p {
                p.failed = None;
            }
        });
        send(state);
    }
}

fn send(state: PageState) {
    let Some(pending) = state.pending.get_untracked() else { return };
    let (id, since) = (id(state), version(state));
    miss(state, pending.turn.clone());
    spawn_local(async move {
        let (turn, text) = (pending.turn.clone(), pending.text.clone());
        let sent = api::answer(id.clone(), turn, text, since, Some(pending.seen)).await;
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
                | AppError::Newer
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
                // It will not be taken like this: the words go back to where they can be mended, below the question
                // that is open now.
                if error == AppError::Stale {
                    let _ = follow::fetch_update(state).await;
                }
                let rest = dom::composer().map(|field| field.value()).unwrap_or_default();
                let text = if rest.is_empty() { pending.text } else { format!("{}\n{rest}", pending.text) };
                acknowledged(state);
                dom::compose(&text);
                dom::keep("draft", &id, &text);
                // That it goes by another question is said.
                BEGUN.set(Some(state.seen()));
                state.problem.set(error.to_string());
                dom::to_the_end();
                dom::focus_composer();
            }
        }
    });
}

/// Says that an answer was not sent if nothing came of it for long. While the interviewer replies, it has arrived.
fn miss(state: PageState, turn: String) {
    let late = move || {
        let replying =
            state.view.with_untracked(|v| v.replying) || state.partial.with_untracked(Option::is_some);
        state.pending.update(|p| {
            if let Some(p) = p.as_mut().filter(|p| p.turn == turn && p.failed.is_none() && !replying) {
                p.failed = Some(NO_REPLY_WORDS.to_owned());
            }
        });
    };
    set_timeout(late, NO_REPLY);
}

/// The answer on its way needs no keeping any more.
pub(super) fn acknowledged(state: PageState) {
    state.pending.set(None);
    dom::keep("sent", &id(state), "");
}

/// After a reload: sends again what was on its way, and puts the draft back.
pub(super) fn restore(state: PageState) {
    let id = id(state);
    if let Some(draft) = dom::kept("draft", &id)
        && dom::composer().is_some_and(|field| field.value().is_empty())
    {
        dom::compose(&draft);
        BEGUN.set(Some(state.seen()));
        // From now on it is this tab's.
        dom::keep("draft", &id, &draft);
    }
    if let Some(sent) = dom::kept("sent", &id)
        && let Some((head, text)) = sent.split_once('\n')
        && let Some((turn, seen)) = head.split_once(' ')
    {
        dom::keep("sent", &id, &sent);
        let (turn, text, seen) = (turn.to_owned(), text.to_owned(), seen.parse().unwrap_or(0));
        // Everything said may be after it: the server tells whether it has it.
        state.pending.set(Some(PendingAnswer { turn, text, seen, after: 0, failed: None }));
        send(state);
    }
}

thread_local! {
    /// The last request that may not have arrived: what, as which turn, at which version.
    static ASKED: RefCell<Option<(&'static str, String, u64)>> = const { RefCell::new(None) };
}

/// Asks for something, as the same turn if it is asked for again because it may not have arrived.
pub(crate) fn ask(state: PageState, request: &'static str) {
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
    let asked = turn.clone();
    let late = move || {
        let open = ASKED.with_borrow(|now| now.as_ref().is_some_and(|(_, turn, _)| *turn == asked));
        if open && state.busy.get_untracked() && !state.view.with_untracked(|v| v.replying) {
            state.busy.set(false);
            state.problem.set(format!("{NO_REPLY_WORDS} Try again."));
        }
    };
    set_timeout(late, NO_REPLY);
    spawn_local(async move {
        let done = if request == "finish" {
            api::finish(id, turn, version).await
        } else {
            api::ask(id, turn, request.to_owned(), String::new(), version, Some(state.seen())).await
        };
        state.busy.set(false);
        match done {
            Ok(update) => {
                ASKED.set(None);
                state.problem.set(String::new());
                follow::take(state, update);
                // The goodbye of one who talks is heard to its end first.
                match request {
                    "finish" if state.voice_now().phase == VoicePhase::Off => go_to_notes(state),
                    "finish" => state.voice.update(|t| t.finished = true),
                    _ => {}
                }
            }
            Err(error) => {
                if error == AppError::Stale {
                    ASKED.set(None);
                    let _ = follow::fetch_update(state).await;
                }
                state.problem.set(error.to_string());
            }
        }
        if !dom::in_the_strip() {
            dom::focus_composer();
        }
    });
}

/// Ends the interview.
pub(crate) fn finish(state: PageState) {
    ask(state, "finish");
}

/// Leaves the page for the notes.
pub(crate) fn go_to_notes(state: PageState) {
    let _ = window().location().assign(&crate::pages::notes_of(&id(state)));
}

fn id(state: PageState) -> String {
    state.view.with_untracked(|v| v.id.clone())
}

fn version(state: PageState) -> u64 {
    state.view.with_untracked(|v| v.version)
}
