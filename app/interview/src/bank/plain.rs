//! The shortest questions and words, which come before the lines for a situation: where something plainly stands open, where
//! an answer offers something, asks something back or does not fit an earlier one.

use super::addressed::{SpokenTo, addressed};
use super::compose::AHEAD;
use super::introduced::introduced;
use super::made::made;
use super::scene::{LineFragment, Scene, continues_story};
use super::written::lines;
use crate::heard::AnswerKind;
use crate::listen::{
    AskedBack, FollowUpCue, NarrativeTense, SLIPPED, asks_back, asks_for_a_mistake, conflicts,
    narrative_tense, offer, own_slip, speaks_of_you, takes_back, tells_a_deed,
};
use crate::reading::{OPEN, Probe, Situation};

/// An answer of at most so many words tells little more than a deed.
const FEW: u32 = 24;
/// So many lines lie between two that name the same thing, at least.
const NAMED_APART: usize = 2;

impl Scene<'_> {
    /// Short questions that anybody asks first, whatever was told: where a story stands open, and where something was told in
    /// passing.
    pub(super) fn plain(&self, probe: Probe) -> Option<Vec<LineFragment>> {
        let reading = self.brief.reading.as_deref()?;
        let called_for = || self.called_for(probe);
        if let Some(key) =
            self.said_otherwise(probe).or_else(called_for).or_else(|| self.about_a_motive(probe))
        {
            return Some(self.moment(key));
        }
        // Where words alone were read, nobody knows what stands open.
        if reading.wants.is_empty() {
            return None;
        }
        let acts = tells_a_deed(self.current_answer());
        // "I translated the slip": what they did is told, also where it was about something that went wrong; how is not.
        let trouble = self.tells_trouble();
        let deed = reading.situation() != Some(Situation::HardEvent) && !trouble && acts;
        let wanted = self.brief.recent.last().is_some_and(|last| asks_for_a_mistake(&last.question));
        let short = self.brief.heard.as_ref().is_some_and(|heard| heard.words <= SLIPPED);
        let slip = matches!(probe, Probe::FirstStep | Probe::Detail)
            && (own_slip(self.current_answer()) || wanted && short);
        let few = self.brief.heard.as_ref().is_some_and(|heard| heard.words <= FEW);
        let happens = narrative_tense(self.current_answer()) == Some(NarrativeTense::Event);
        let kind = self.brief.stage.kind;
        // "So how did that turn out?" is too light for what weighs.
        let grave = self.is_grave();
        let key = match (probe, kind.tells_stories()) {
            (Probe::FirstStep, true) if slip => "plain.slip",
            (Probe::FirstStep, true) if deed => "plain.way",
            (Probe::FirstStep, true) if acts => "plain.onward",
            (Probe::FirstStep, true) => "plain.deed",
            // Of trouble alone nobody has told what they did, nor of what others did.
            (Probe::Detail, true) if !acts && (self.is_setback() || trouble || happens) => "plain.deed",
            // "I told a mum that he was lazy": nobody goes about that.
            (Probe::Detail, true) if trouble => "plain.onward",
            (Probe::Detail, true) => "plain.way",
            (Probe::Learned, true) if !self.is_setback() => "plain.learned",
            // What somebody started in a few words is asked for its reason in as few.
            (Probe::Reasoning, true) if deed && happens && few => "plain.why",
            (Probe::Depth, true) => "plain.named",
            // Of what hurts nobody asks what difference it made.
            (Probe::Result, _) if reading.open >= OPEN || grave => "plain.next",
            (Probe::Result, _) => "plain.result",
            _ => return None,
        };
        // Of a slip nobody asks how they went about it, and a story that stands open goes on first.
        let plainly = matches!(key, "plain.way" | "plain.why" | "plain.result" | "plain.named");
        let mut named = if plainly { self.by_name(probe) } else { Vec::new() };
        // Where the story goes on from what was told last; what somebody learnt, or why, is asked of themselves.
        if matches!(key, "plain.next" | "plain.result" | "plain.onward" | "plain.way") {
            named.splice(..0, self.what_they_said());
        }
        let fit = self.fit(probe);
        let fitting = lines()
            .moment(key)
            .iter()
            .filter(|line| line.fits(fit) && !(grave && continues_story(&line.text)));
        let plain = self.shuffled(fitting).into_iter().filter_map(|line| self.filled(&line.text));
        Some(named.into_iter().chain(plain).collect())
    }

    /// Whether what was told is a mistake of theirs or a conflict: something that nobody sets out to do.
    fn tells_trouble(&self) -> bool {
        let sore = [Situation::OwnMistake, Situation::OneSidedConflict];
        let reading = self.brief.reading.as_deref();
        reading.is_some_and(|reading| reading.situations.iter().any(|one| sore.contains(&one.what)))
            || matches!(self.brief.topic.as_deref(), Some("failure" | "conflict"))
    }

    /// Questions about something that they say they made, or somebody whom they introduced, by name; none where a setback
    /// was told, nor where one of the last lines named it.
    pub(super) fn by_name(&self, probe: Probe) -> Vec<LineFragment> {
        let said = self.current_answer();
        if !self.brief.stage.kind.tells_stories() || self.is_grave() || self.is_setback() || own_slip(said) {
            return Vec::new();
        }
        let new = |name: &str| !self.brief.said.iter().take(NAMED_APART).any(|line| line.contains(name));
        let thing = made(said).filter(|thing| new(&thing.name));
        let person = introduced(said).filter(|name| new(name));
        let key = match probe {
            Probe::FirstStep | Probe::Detail => "way",
            Probe::Reasoning => "why",
            Probe::Result => "result",
            Probe::Reaction => "reaction",
            Probe::OtherSide => "other_side",
            Probe::Obstacle | Probe::HardMoment => "hard",
            Probe::Measure => "measure",
            Probe::Depth => "named",
            Probe::OwnPart
            | Probe::Collaboration
            | Probe::Example
            | Probe::Clarify
            | Probe::Context
            | Probe::Task
            | Probe::Scale
            | Probe::Timeline
            | Probe::Alternatives
            | Probe::TradeOff
            | Probe::Priorities
            | Probe::Learned
            | Probe::Differently
            | Probe::Transfer
            | Probe::Motivation
            | Probe::NewTopic
            | Probe::CloseGently => return Vec::new(),
        };
        let frames = |part: &str| lines().moment(&format!("{part}.{key}")).iter().map(|line| &line.text);
        let things = thing.iter().flat_map(|thing| {
            let lines = self.about(frames("made"), &thing.name).into_iter();
            lines.map(|LineFragment { text, frame }| {
                let text = text.replace("{doing}", thing.gerund).replace("{do}", thing.verb);
                LineFragment { text, frame }
            })
        });
        let people = person.iter().flat_map(|name| self.about(frames("introduced"), name));
        things.chain(people).collect()
    }

    /// What somebody said whom they spoke to last; none where that weighs, nor where one of the last lines named them.
    fn what_they_said(&self) -> Vec<LineFragment> {
        if self.surely_weighs() {
            return Vec::new();
        }
        let new = |one: &SpokenTo| {
            let lately = self.brief.said.iter().take(NAMED_APART);
            !lately.into_iter().any(|line| line.contains(&format!(" did {} ", one.who)))
        };
        let Some(SpokenTo { who, asked }) = addressed(self.current_answer()).filter(new) else {
            return Vec::new();
        };
        let lines = lines().moment(if asked { "addressed.asked" } else { "addressed.told" });
        self.about(lines.iter().map(|line| &line.text), &who)
    }

    /// What is asked where they say themselves that there is something to ask about.
    fn called_for(&self, probe: Probe) -> Option<&'static str> {
        if probe != Probe::Depth {
            return None;
        }
        let key = match offer(self.current_answer(), self.brief.stage.kind.tells_stories())? {
            FollowUpCue::Several => "plain.first_of",
            FollowUpCue::More => "plain.invited",
            FollowUpCue::Harm => "plain.harm",
        };
        Some(key)
    }

    /// What is said to a question of theirs in the middle of the interview.
    pub(super) fn reply_to_question(&self) -> Vec<LineFragment> {
        let heard = self.brief.heard.as_ref().is_some_and(|heard| {
            matches!(heard.kind, AnswerKind::Answer | AnswerKind::Short | AnswerKind::Vague)
        });
        match asks_back(self.current_answer()).filter(|_| heard) {
            Some(AskedBack::Fit) => self.moment("asked.fit"),
            Some(AskedBack::Worry) => self.moment("asked.worry"),
            Some(AskedBack::Work) => self.moment("asked.work"),
            None => Vec::new(),
        }
    }

    /// What is asked about what they have just said that they want, or why they apply.
    fn about_a_motive(&self, probe: Probe) -> Option<&'static str> {
        let topic = self.brief.topic.as_ref()?;
        let told = self.brief.so_far.covered.contains(topic)
            && probe == Probe::Motivation
            && self.brief.stage.kind.introduces();
        let key = match (speaks_of_you(self.current_answer()), self.has_said_why()) {
            (true, _) => "plain.seen",
            (false, true) => AHEAD,
            (false, false) => "plain.motive",
        };
        told.then_some(key)
    }

    /// What is asked where an answer does not fit what was said before.
    fn said_otherwise(&self, probe: Probe) -> Option<&'static str> {
        if probe != Probe::Clarify {
            return None;
        }
        let said = self.current_answer();
        if takes_back(said) {
            return Some("plain.otherwise");
        }
        let earlier = self.brief.so_far.answers.iter().map(String::as_str).filter(|answer| *answer != said);
        if conflicts(said, earlier) {
            return Some("plain.differs");
        }
        conflicts(said, [self.brief.profile.cv.as_str()]).then_some("plain.differs_from_cv")
    }
}
