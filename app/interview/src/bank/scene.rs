//! What is known at the moment of one line: the brief, read for composing, and the choice among candidates.

use std::cell::Cell;

use super::data::{Bank, bank};
use super::families::{self, FieldQuestions};
use super::role::{RoleWords, role_words, spoken_name};
use super::standing::EmploymentHistory;
use crate::check::question_of;
use crate::fingerprint::Fingerprint;
use crate::heard::{AnswerKind, Feeling};
use crate::listen::{
    Hook, asks_the_interviewer, declines, has_nothing_to_tell, hook, loss, mentions_harm, plays_down,
    tells_of_injury, told_before,
};
use crate::reading::{Situation, Tone, WEIGHS};
use crate::{
    Brief, EarlierQuestion, FirstTry, InterviewHistory, LinePurpose, Profile, Seniority, UnixMillis,
    WriterLine, check_line,
};

/// How a question begins that goes on with what was told.
const GOING_ON: [&str; 3] = ["Go on", "And ", "So "];
/// So many answers back something that weighs is still in the room.
const LATELY: usize = 3;

/// Words that may become part of a line.
#[derive(Debug, Clone)]
pub(super) struct LineFragment {
    /// The words themselves.
    pub(super) text: String,
    /// The frame they were made from.
    pub(super) frame: &'static str,
}

impl LineFragment {
    /// Words of the bank as they are.
    pub(super) fn plain(frame: &'static str) -> Self {
        Self { text: frame.to_owned(), frame }
    }

    /// Nothing: a line that begins with its question.
    pub(super) fn none() -> Self {
        Self { text: String::new(), frame: "" }
    }
}

/// A brief, read for composing.
pub(super) struct Scene<'a> {
    /// The brief itself.
    pub(super) brief: &'a Brief,
    /// The texts.
    pub(super) bank: &'static Bank,
    /// The field of work of the role, if that is sure and they have worked in it.
    pub(super) field: Option<&'static FieldQuestions>,
    /// What is known of the jobs that they have and had.
    pub(super) standing: EmploymentHistory,
    /// The role as it is said; `None` when its words cannot be.
    pub(super) role: Option<RoleWords>,
    /// The first name, if it can be said.
    pub(super) name: Option<&'a str>,
    /// The brief without what makes checking slow: what was asked is compared here, by fingerprints made once.
    light: Brief,
    avoid: Vec<EarlierQuestion>,
    openings: Vec<Vec<String>>,
    salt: Cell<u64>,
}

impl<'a> Scene<'a> {
    /// Reads a brief.
    pub(super) fn of(brief: &'a Brief) -> Self {
        let avoid = if brief.purpose.asks_anew() {
            let open = brief.question.as_deref().map(EarlierQuestion::from);
            brief.avoid.iter().cloned().chain(open).collect()
        } else {
            Vec::new()
        };
        let standing =
            EmploymentHistory::of(&brief.profile, &brief.so_far.answers, year(brief.first_words_by));
        Self {
            brief,
            bank: bank(),
            field: families::of_role(&brief.profile.role)
                .map(|(_, field)| field)
                .filter(|field| standing.knows(field)),
            standing,
            role: role_words(&brief.profile.role),
            name: spoken_name(brief.profile.first_name()),
            light: light(brief),
            avoid,
            openings: brief.said.iter().map(|line| opening(line)).collect(),
            salt: Cell::new(0),
        }
    }

    /// True for someone before the first job.
    pub(super) fn student(&self) -> bool {
        self.brief.profile.seniority == Seniority::Student
    }

    /// True for someone who sounds nervous and was not calmed just now.
    pub(super) fn nervous(&self) -> bool {
        let calming = self.bank.words("nervous", "lead");
        let calmed =
            self.brief.said.iter().any(|line| calming.iter().any(|lead| line.contains(lead.as_str())));
        !calmed && self.brief.heard.as_ref().and_then(|heard| heard.feeling) == Some(Feeling::Nervous)
    }

    /// The words that are answered now; empty where nothing was said, but a button pressed.
    pub(super) fn current_answer(&self) -> &str {
        let said = self.brief.heard.as_ref().and(self.brief.recent.last());
        said.map_or("", |last| last.answer.as_str())
    }

    /// True for someone who would rather not answer, or not say more, or has nothing to say.
    pub(super) fn declined(&self) -> bool {
        let passes = |kind: AnswerKind| matches!(kind, AnswerKind::AsksSkip | AnswerKind::DontKnow);
        self.brief.heard.as_ref().is_some_and(|heard| passes(heard.kind)) || declines(self.current_answer())
    }

    /// True for someone who says that there is nothing to tell.
    pub(super) fn has_nothing_to_tell(&self) -> bool {
        has_nothing_to_tell(self.current_answer())
    }

    /// A word of having heard; none where something weighs, now or just before: there it sounds cold.
    pub(super) fn plain_acks(&self) -> Vec<LineFragment> {
        if self.is_grave() { Vec::new() } else { self.moment("ack.plain") }
    }

    /// Whether what was told last, or just before, is a setback, a loss or a harm.
    pub(super) fn is_grave(&self) -> bool {
        let heavy = [Situation::HardEvent, Situation::EmotionShown, Situation::OwnMistake];
        let reads_so = self.brief.reading.as_deref().is_some_and(|reading| {
            reading.sentences.iter().any(|sentence| sentence.tone == Tone::Setback)
                || reading.situations.iter().any(|situation| heavy.contains(&situation.what))
        });
        let lately = self.brief.recent.iter().rev().take(LATELY);
        let of_failure = self.brief.topic.as_deref() == Some("failure");
        reads_so
            || of_failure
            || lately.into_iter().any(|one| loss(&one.answer).is_some() || tells_of_injury(&one.answer))
    }

    /// True where what was told last surely weighs: it was read so without doubt, or words say so.
    pub(super) fn surely_weighs(&self) -> bool {
        let said = self.current_answer();
        let read = self.brief.reading.as_deref().is_some_and(|reading| {
            reading.situations.iter().any(|one| one.what == Situation::HardEvent && one.likely >= WEIGHS)
        });
        let felt = self.brief.heard.as_ref().is_some_and(|heard| heard.feeling == Some(Feeling::Painful));
        read || felt || loss(said).is_some() || tells_of_injury(said)
    }

    /// True for someone who was asked for what they had told already.
    pub(super) fn reminded(&self) -> bool {
        told_before(self.current_answer())
    }

    /// True once somebody's injury or death was told of: nobody asks then for an accident, or for one more mistake.
    pub(super) fn told_of_harm(&self) -> bool {
        self.brief.so_far.answers.iter().any(|answer| tells_of_injury(answer) || loss(answer).is_some())
    }

    /// True for someone who asks the interviewer something at the end.
    pub(super) fn asked_back(&self) -> bool {
        let answers = |kind: AnswerKind| {
            matches!(kind, AnswerKind::Answer | AnswerKind::Short | AnswerKind::Vague | AnswerKind::OffTopic)
        };
        self.brief.stage.kind.closes()
            && self.brief.heard.as_ref().is_some_and(|heard| answers(heard.kind))
            && asks_the_interviewer(self.current_answer())
    }

    /// True for someone who has just said something with weight, or something that weighs.
    pub(super) fn said_what_weighs(&self) -> bool {
        let said = self.current_answer();
        hook(said) == Some(Hook::Weight) || mentions_harm(said) || self.surely_weighs()
    }

    /// True for someone who says that what they have to tell is nothing.
    pub(super) fn plays_down(&self) -> bool {
        plays_down(self.current_answer())
    }

    /// The next number of this line's own sequence, below `below`.
    pub(super) fn roll(&self, below: usize) -> usize {
        self.salt.set(self.salt.get() + 1);
        let ask = u64::from(self.brief.ask.0) * 8 + u64::from(self.brief.attempt);
        let mixed = mix(self.brief.seed ^ mix(ask ^ mix(self.salt.get())));
        // Any remainder of so small a number is even enough.
        (mixed % below.max(1) as u64) as usize
    }

    /// The items in an order of this line's own.
    pub(super) fn shuffled<T>(&self, items: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut items: Vec<T> = items.into_iter().collect();
        for last in (1..items.len()).rev() {
            items.swap(last, self.roll(last + 1));
        }
        items
    }

    /// The lines of one moment as pieces, in an order of this line's own.
    pub(super) fn words(&self, part: &str, key: &str) -> Vec<LineFragment> {
        self.shuffled(self.bank.words(part, key)).into_iter().filter_map(|frame| self.filled(frame)).collect()
    }

    /// A frame of the bank with name and role put in; `None` when one is wanted that cannot be said.
    pub(super) fn filled(&self, frame: &'static str) -> Option<LineFragment> {
        let mut text = frame.to_owned();
        for (key, value) in [
            ("{name}", self.name),
            ("{role}", self.role.as_ref().map(|r| r.plain.as_str())),
            ("{a_role}", self.role.as_ref().map(|r| r.with_article.as_str())),
        ] {
            if text.contains(key) {
                text = text.replace(key, value?);
            }
        }
        Some(LineFragment { text, frame })
    }

    /// The first of the asks, with the first of the leads, that is new, fits, and does not begin or run like
    /// anything said lately. When only the beginning is stale, a few words go before it.
    pub(super) fn assemble(&self, leads: &[LineFragment], asks: &[LineFragment]) -> Option<WriterLine> {
        let worn = |piece: &LineFragment| self.brief.said.iter().any(|line| matches_frame(line, piece.frame));
        let (new, used): (Vec<&LineFragment>, Vec<&LineFragment>) = asks.iter().partition(|ask| !worn(ask));
        // Where only the beginning is stale, a word goes before it that fits what the line is for.
        let told = matches!(
            self.brief.purpose,
            LinePurpose::Probe
                | LinePurpose::Care
                | LinePurpose::Concrete
                | LinePurpose::Smaller
                | LinePurpose::Clarify
        );
        let spare = if self.brief.leaving.is_some() {
            leads.to_vec()
        } else if told {
            self.plain_acks()
        } else {
            self.words("transition", "within")
        };
        let fresh_lead = |leads: &'_ [LineFragment], ask: &LineFragment| -> Option<LineFragment> {
            // "Go on" and "And then?" say themselves that one has heard.
            let bare = told && continues_story(&ask.text);
            let mut leads = leads.iter().filter(|lead| !bare || lead.text.is_empty());
            leads.find(|lead| !worn(lead) && self.fresh(&joined(lead, ask))).cloned()
        };
        for (asks, leads) in [(&new, leads), (&used, leads), (&new, &spare), (&used, &spare)] {
            for ask in asks {
                // What was asked before costs most to find out, so it is looked at last.
                let made = fresh_lead(leads, ask).map(|lead| line(&lead, ask));
                if let Some(made) = made.filter(|made| self.fits(&made.text)) {
                    return Some(made);
                }
            }
        }
        new.iter().chain(&used).find(|ask| self.fits(&ask.text)).map(|ask| line(&LineFragment::none(), ask))
    }

    /// True when the words begin like nothing said lately.
    pub(super) fn fresh(&self, text: &str) -> bool {
        !self.openings.contains(&opening(text))
    }

    /// True when a line is fit, and its question was not asked before.
    fn fits(&self, text: &str) -> bool {
        if check_line(&self.light, text).is_err() {
            return false;
        }
        let asked = Fingerprint::of(question_of(text));
        !self.avoid.iter().any(|earlier| earlier.collides(&asked))
    }
}

fn joined(lead: &LineFragment, ask: &LineFragment) -> String {
    if lead.text.is_empty() { ask.text.clone() } else { format!("{} {}", lead.text, ask.text) }
}

fn line(lead: &LineFragment, ask: &LineFragment) -> WriterLine {
    WriterLine { text: joined(lead, ask), took_up: None }
}

/// Whether a question goes on with what was told, by how it begins.
pub(super) fn continues_story(ask: &str) -> bool {
    GOING_ON.iter().any(|begins| ask.starts_with(begins))
}

/// The year of a moment, which may be wrong on its first and its last day.
fn year(at: UnixMillis) -> u32 {
    const YEAR: i64 = 31_556_952_000;
    u32::try_from(1970 + at.div_euclid(YEAR)).unwrap_or_default()
}

fn light(brief: &Brief) -> Brief {
    let profile = &brief.profile;
    let (name, role, seniority) = (profile.name.clone(), profile.role.clone(), profile.seniority);
    Brief {
        avoid: Vec::new(),
        said: Vec::new(),
        recent: Vec::new(),
        heard: None,
        question: None,
        keepsake: None,
        reading: None,
        rejected: None,
        first_try: FirstTry::default(),
        filler: None,
        so_far: InterviewHistory::default(),
        leaving: brief.leaving.clone(),
        topic: brief.topic.clone(),
        stage: brief.stage.clone(),
        turn: brief.turn.clone(),
        profile: Profile { name, role, seniority, cv: String::new(), job_description: String::new() },
        ..*brief
    }
}

/// The first three words of a line, without marks.
fn opening(text: &str) -> Vec<String> {
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split_whitespace().map(bare).filter(|w| !w.is_empty()).take(3).collect()
}

/// A small mix function (the finaliser of SplitMix64): near numbers give far ones.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// True when a line was made from this frame: its fixed parts stand in the line, in order.
pub(super) fn matches_frame(line: &str, frame: &str) -> bool {
    let mut rest = line;
    let mut weight = 0;
    for piece in frame.split(['{', '}']).step_by(2).filter(|piece| piece.len() > 1) {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        weight += piece.len();
    }
    weight > 4
}

#[cfg(test)]
mod tests {
    use super::matches_frame;

    #[test]
    fn a_frame_is_known_again() {
        let frame = "When {x}, what did you do first?";
        assert!(matches_frame("When the vendor pulled out, what did you do first?", frame));
        assert!(!matches_frame("When did you last do it?", frame));
        assert!(matches_frame("I see. How big was it?", "I see."));
    }
}
