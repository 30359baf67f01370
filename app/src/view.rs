//! What the page shows: plain data, made on the server, carried as JSON.
//!
//! The page asks for an [`InterviewView`] once and then follows it: each server-sent event `update` carries an
//! [`Update`], each `partial` a [`ReplyInProgress`].

#[cfg(feature = "ssr")]
mod acts;
#[cfg(feature = "ssr")]
mod asides;
#[cfg(feature = "ssr")]
mod due;
#[cfg(feature = "ssr")]
mod interviews;
#[cfg(feature = "ssr")]
mod ledger;
#[cfg(feature = "ssr")]
mod make;
#[cfg(feature = "ssr")]
mod notes;
#[cfg(feature = "ssr")]
mod replay;
#[cfg(feature = "ssr")]
mod share;
#[cfg(feature = "ssr")]
mod takes;
mod times;
#[cfg(feature = "ssr")]
mod told;
#[cfg(feature = "ssr")]
mod why;

use interview::{LineSource, Modality, Speaker, Status};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
pub(crate) use due::DueView;
#[cfg(feature = "ssr")]
pub(crate) use interviews::{CourseView, InterviewRow, InterviewsView, LONGEST_LABEL, OverView, interviews};
#[cfg(feature = "ssr")]
pub(crate) use ledger::{ClaimView, LedgerView, QuestionView, SaidView};
#[cfg(feature = "ssr")]
pub(crate) use notes::{NotesView, moment, notes, posting_of};
#[cfg(feature = "ssr")]
pub(crate) use takes::{SideView, TakesView, child, name_of, origin, take_name, takes};
pub use times::{Civil, clock_of, date_of, day_of};
#[cfg(feature = "ssr")]
pub(crate) use told::InterviewListData;
#[cfg(feature = "ssr")]
pub use why::explain_line as why_told;

#[cfg(feature = "ssr")]
pub use make::{interview, summary, update_since};
#[cfg(feature = "ssr")]
pub(crate) use replay::{ReplayLine, ReplayView, replay};
#[cfg(feature = "ssr")]
pub(crate) use share::{
    CommentView, LinkView, PlayLine, PlayView, ReadView, ShareView, comment_view, read, sharing,
};

/// About a server, for the pages that say so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Ended interviews are deleted after this many days; 0: never.
    pub keep_days: u32,
    /// The language model that words the questions; `None`: the built-in interviewer does.
    pub model: Option<ModelView>,
    /// True if people can talk here as well as type.
    #[serde(default)]
    pub voice: bool,
    /// Where this machine is too slow at speech to talk well: how many seconds a reply takes at least.
    #[serde(default)]
    pub slow_s: Option<u32>,
    /// A model's server that runs on this machine and is not used: what it is called, and its models.
    #[serde(default)]
    pub offer: Option<ModelServerOffer>,
}

/// A model's server that was found on this machine, and is used only if somebody says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelServerOffer {
    /// What it is called: "Ollama".
    pub server: String,
    /// The models that it has, at least one, as it names them.
    pub models: Vec<String>,
}

impl ModelServerOffer {
    /// The sentence that says so.
    pub fn in_words(&self) -> String {
        const NAMED: usize = 3;
        let few: Vec<String> =
            self.models.iter().take(NAMED).map(|model| format!("--model {model}")).collect();
        let more = self.models.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" (it has {more} more)") } else { String::new() };
        format!(
            "{} is running on this machine. To have its model word the questions, restart InterviewOS with {}{more}.",
            self.server,
            few.join(" or ")
        )
    }
}

impl About {
    /// What is to be known before a question is answered: that the model does not word it, that talking is slow.
    pub fn note(&self) -> Option<String> {
        let unused = self.model.as_ref().and_then(ModelView::not_used);
        let notes: Vec<String> = unused.into_iter().chain(self.slow_note()).collect();
        Some(notes.join(" ")).filter(|note| !note.is_empty())
    }

    /// That people who talk wait for replies, to be read before they do.
    pub fn slow_note(&self) -> Option<String> {
        let seconds = self.slow_s?;
        let seconds = if seconds == 1 { "a second".to_owned() } else { format!("{seconds} seconds") };
        Some(format!(
            "Slow on this machine: a spoken reply takes about {seconds}. Typing is answered at once."
        ))
    }
}

/// What a browser joins the room of an interview with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceTicket {
    /// The address of the LiveKit server: `ws://...` or `wss://...`.
    pub server_url: String,
    /// Opens the room, for minutes. Secret.
    pub token: String,
    /// The room.
    pub room: String,
    /// The candidate in it. Whoever joins with it takes the place of an earlier one.
    pub identity: String,
}

impl std::fmt::Debug for VoiceTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VoiceTicket").field("room", &self.room).finish_non_exhaustive()
    }
}

/// A language model, and where what a person says goes with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelView {
    /// Its name.
    pub name: String,
    /// Who runs it, or on which machine.
    pub at: String,
    /// True if that is the machine that runs the page.
    pub here: bool,
    /// Why it is not used at present, as a code.
    #[serde(default)]
    pub trouble: Option<String>,
}

impl ModelView {
    /// That it is not used at present, and why, if so.
    pub fn not_used(&self) -> Option<String> {
        let why = self.trouble_in_words()?;
        Some(format!(
            "The language model {} is not used at present: it {why}. Questions come from the built-in interviewer.",
            self.name
        ))
    }

    /// Why it is not used at present, with the code, after "it".
    fn trouble_in_words(&self) -> Option<String> {
        let code = self.trouble.as_deref()?;
        let status = code.strip_prefix("http_").and_then(|status| status.parse::<u16>().ok());
        let words = match (code, status) {
            (_, Some(401 | 403)) => "refuses the key",
            (_, Some(404 | 405)) => "was not found, so its name or address may be wrong",
            (_, Some(429)) => "has had too many requests",
            (_, Some(400..=499)) => "rejects the requests",
            (_, Some(_)) | ("provider_error", _) => "has an error on its side",
            ("unreachable", _) => "cannot be reached",
            ("late" | "timeout" | "stalled", _) => "is too slow",
            ("html", _) => "answers with a web page, so another program is at its address",
            ("bad_configuration", _) => "has an address, name or key that is not valid",
            (unfit, _) if unfit.starts_with("unfit") => "writes lines that an interviewer should not say",
            _ => "gives no usable reply",
        };
        Some(format!("{words} ({code})"))
    }
}

/// An interview as its page shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InterviewView {
    /// Its id, as in the address.
    pub id: String,
    /// Counts its changes, from 1; a larger one is newer.
    pub version: u64,
    /// Where it stands.
    pub status: Status,
    /// The candidate's name, as it stands in the margin.
    pub name: String,
    /// The role applied for.
    pub role: String,
    /// The level, as people write it: "senior".
    pub seniority: String,
    /// The title of the plan.
    pub plan_title: String,
    /// The stages, in order.
    pub stages: Vec<StageView>,
    /// The current stage, from 0.
    pub stage: usize,
    /// How much is done, 0 to 1.
    pub done: f32,
    /// About how much time is left, in milliseconds.
    pub left_ms: i64,
    /// How many questions were put.
    #[serde(default)]
    pub asked: u32,
    /// About how many there will be.
    #[serde(default)]
    pub about: u32,
    /// Everything said so far, in order.
    pub messages: Vec<MessageView>,
    /// True while a reply is being written.
    pub replying: bool,
    /// True if anything of it was spoken.
    pub spoken: bool,
    /// When it was created, in milliseconds since the Unix epoch.
    pub created_at: i64,
    /// The date of that in the server's time zone: "22 November 2026".
    #[serde(default)]
    pub date: String,
    /// When it ended, in milliseconds since the Unix epoch.
    pub ended_at: Option<i64>,
}

/// A stage: a chapter of the transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageView {
    /// Its id, which messages carry.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// One thing said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// Its number, from 1 without gaps.
    pub seq: u32,
    /// Who said it.
    pub speaker: Speaker,
    /// The id of the stage it was said in.
    pub stage: String,
    /// The words.
    pub text: String,
    /// When, in milliseconds since the Unix epoch.
    pub at: i64,
    /// When, as a clock in the server's time zone shows it: "10:02".
    pub clock: String,
    /// How it was said.
    pub modality: Modality,
    /// Where an interviewer's words come from.
    pub source: Option<LineSource>,
    /// Why it was asked, in a sentence for the candidate.
    pub why: Option<String>,
    /// True if the words were cut to what was heard of them.
    pub cut: bool,
    /// True if the question before it was skipped.
    #[serde(default)]
    pub skips: bool,
    /// True if it goes on from what was answered: a typed answer before it is corrected no more.
    #[serde(default)]
    pub asks_on: bool,
    /// The words at first, where the candidate has corrected them.
    #[serde(default)]
    pub original: Option<String>,
    /// The number of the line whose question it answers, if it is an answer: the question can be asked again.
    #[serde(default)]
    pub answers: Option<u32>,
    /// The version of the interview that last changed it.
    pub version: u64,
}

/// What changed since a version: the data of the server-sent event `update`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Update {
    /// The version it leads to.
    pub version: u64,
    /// Where the interview stands now.
    pub status: Status,
    /// The current stage, from 0.
    pub stage: usize,
    /// How much is done, 0 to 1.
    pub done: f32,
    /// About how much time is left, in milliseconds.
    pub left_ms: i64,
    /// How many questions were put.
    #[serde(default)]
    pub asked: u32,
    /// About how many there will be.
    #[serde(default)]
    pub about: u32,
    /// True while a reply is being written.
    pub replying: bool,
    /// True if anything of it was spoken.
    pub spoken: bool,
    /// When it ended, in milliseconds since the Unix epoch.
    pub ended_at: Option<i64>,
    /// The messages that are new or changed, in order.
    pub messages: Vec<MessageView>,
}

/// A reply that is being written: the data of the server-sent event `partial`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyInProgress {
    /// The turn that it answers.
    pub turn: String,
    /// The words so far.
    pub text: String,
}

/// What an interview came from, as its page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginView {
    /// True for a fork; else it is a take.
    pub fork: bool,
    /// The interview that it came from; `None` if that was deleted.
    pub parent: Option<String>,
    /// The number of the line there: the question of a take, the last line that a fork shares.
    pub seq: u32,
    /// "Past experience, question 3", of a take whose interview is there.
    pub scene: String,
    /// "Second take"
    pub title: String,
    /// The first take, line by line.
    pub first: Vec<(Speaker, String)>,
}

/// A take or a fork of an interview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildView {
    /// Its id.
    pub id: String,
    /// True for a fork; else it is a take.
    pub fork: bool,
    /// The number of the line that it came from, as in [`OriginView::seq`].
    pub seq: u32,
    /// "second take", "alternative"
    pub name: String,
}

impl ChildView {
    /// True if it came of the answer of this number to the question of that one.
    pub fn is_of(&self, answer: u32, question: u32) -> bool {
        if self.fork { self.seq + 1 == answer } else { self.seq == question }
    }
}

/// A line in the list of interviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SummaryView {
    /// Its id, as in the address.
    pub id: String,
    /// Role and level: "Backend engineer, senior".
    pub title: String,
    /// When it was begun, in milliseconds since the Unix epoch.
    pub at: i64,
    /// The same in words, in the server's time zone: "Today 10:02".
    pub day: String,
    /// How far it came: "part 2 of 3".
    pub note: String,
    /// True while it can go on.
    pub open: bool,
}

/// A plan to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanView {
    /// Its id.
    pub id: String,
    /// Its title and how long it takes: "Full interview, 20 minutes".
    pub label: String,
}

impl InterviewView {
    /// True if the candidate may correct the message at this place, as far as is known here: as
    /// [`interview::may_correct`].
    pub fn may_correct(&self, at: usize) -> bool {
        let Some((answer, after)) = self.messages.get(at..).and_then(<[_]>::split_first) else {
            return false;
        };
        let open = match answer.modality {
            Modality::Voice => true,
            Modality::Text => !after.iter().any(|m| m.asks_on),
        };
        answer.speaker == Speaker::Candidate && open
    }

    /// Takes what changed. False, and nothing happens, if it is older than what is known.
    pub fn apply(&mut self, update: Update) -> bool {
        if update.version < self.version {
            return false;
        }
        self.version = update.version;
        self.status = update.status;
        self.stage = update.stage;
        self.done = update.done;
        self.left_ms = update.left_ms;
        (self.asked, self.about) = (update.asked, update.about);
        self.replying = update.replying;
        self.spoken = update.spoken;
        self.ended_at = update.ended_at;
        for message in update.messages {
            match self.messages.iter_mut().find(|m| m.seq == message.seq) {
                Some(known) => *known = message,
                None => self.messages.push(message),
            }
        }
        true
    }
}

/// "Backend engineer, senior"; the middle level says nothing and is left out, and so is one that the role names itself.
pub fn title_of(role: &str, seniority: &str) -> String {
    let named = role.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(seniority));
    if seniority.is_empty() || named { role.to_owned() } else { format!("{role}, {seniority}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_the_role_names_is_not_said_twice() {
        assert_eq!(title_of("Backend engineer", "senior"), "Backend engineer, senior");
        assert_eq!(title_of("Senior product analyst, fintech", "senior"), "Senior product analyst, fintech");
        assert_eq!(title_of("Leadership coach", "lead"), "Leadership coach, lead");
        assert_eq!(title_of("Nurse", ""), "Nurse");
    }
}
