//! What the page of an interview knows and shows while it is open.

use leptos::prelude::*;

use crate::api::{InterviewPage, ReturnedForm};
use crate::view::{ChildView, InterviewView};
#[cfg(feature = "hydrate")]
use crate::voice::state::VoicePageState;

/// An answer that was given and is not in the transcript yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PendingAnswer {
    /// Its turn: the same when it is sent again.
    pub turn: String,
    /// The words.
    pub text: String,
    /// The number of the last message that was shown when it was given.
    pub seen: u32,
    /// The number after which it may stand in the transcript: the same, or 0 where that is not known.
    pub after: u32,
    /// Why it could not be sent; `None` while it is being sent.
    pub failed: Option<String>,
}

/// The page's state: signals, cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct PageState {
    /// The interview as last heard of.
    pub view: RwSignal<InterviewView>,
    /// The turn id of the next form that is sent.
    pub turn: RwSignal<String>,
    /// An answer on its way.
    pub pending: RwSignal<Option<PendingAnswer>>,
    /// The interviewer's words so far, while they come.
    pub partial: RwSignal<Option<String>>,
    /// What to tell the candidate beside the composer.
    pub problem: RwSignal<String>,
    /// A correction that was sent by a plain form and not taken: the number of the answer, the words, and why.
    pub returned: StoredValue<Option<(u32, String, String)>>,
    /// How long the answer being written is, where that matters.
    pub count: RwSignal<String>,
    /// True while the server-sent events are connected (and before they are wanted).
    pub connected: RwSignal<bool>,
    /// True once the page is live: hydrated, with scripts.
    pub live: RwSignal<bool>,
    /// True while a request other than an answer is on its way.
    pub busy: RwSignal<bool>,
    /// What a screen reader is told: the interviewer's newest whole line.
    pub announced: RwSignal<String>,
    /// True if it is a take.
    pub is_take: bool,
    /// Of a fork: the number of the last line that it shares.
    pub forked_at: Option<u32>,
    /// What came of it.
    pub children: StoredValue<Vec<ChildView>>,
    /// What stands under lines, as HTML, by their numbers.
    pub beside: StoredValue<Vec<(u32, String)>>,
    /// Whether people may talk on this server.
    pub offers_voice: bool,
    /// What is known of voice.
    #[cfg(feature = "hydrate")]
    pub voice: RwSignal<VoicePageState>,
    /// True if lines that are added now should come in gently.
    pub reveal: StoredValue<bool>,
}

impl PageState {
    pub(crate) fn new(page: &InterviewPage) -> Self {
        let ReturnedForm { problem, text, corrects, .. } = &page.form;
        let returned = corrects.map(|seq| (seq, text.clone(), problem.clone()));
        let problem = if corrects.is_some() { String::new() } else { problem.clone() };
        Self {
            view: RwSignal::new(page.interview.clone()),
            turn: RwSignal::new(page.turn_id.clone()),
            pending: RwSignal::new(None),
            partial: RwSignal::new(None),
            problem: RwSignal::new(problem),
            returned: StoredValue::new(returned),
            count: RwSignal::new(String::new()),
            connected: RwSignal::new(true),
            live: RwSignal::new(false),
            busy: RwSignal::new(false),
            announced: RwSignal::new(String::new()),
            is_take: page.is_take,
            forked_at: page.forked_at,
            children: StoredValue::new(page.children.clone()),
            beside: StoredValue::new(page.beside.clone()),
            offers_voice: page.voice,
            #[cfg(feature = "hydrate")]
            voice: RwSignal::new(VoicePageState::default()),
            reveal: StoredValue::new(false),
        }
    }

    /// What is known of voice just now.
    #[cfg(feature = "hydrate")]
    pub(crate) fn voice_now(self) -> VoicePageState {
        self.voice.get_untracked()
    }

    /// The number of the last message that is shown; 0 for none.
    pub(crate) fn seen(self) -> u32 {
        self.view.with_untracked(|v| v.messages.last().map_or(0, |m| m.seq))
    }

    /// True while the candidate waits for the interviewer.
    pub(crate) fn waits(self) -> bool {
        self.view.with(|v| v.replying)
            || self.partial.with(Option::is_some)
            || self.busy.get()
            || self.pending.with(|p| p.as_ref().is_some_and(|p| p.failed.is_none()))
    }
}
