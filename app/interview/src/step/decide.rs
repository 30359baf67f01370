//! What comes next: deterministic, from counts and from what was heard.

use super::MOST_MESSAGES;
use super::brief::element_of;
use super::choose::FollowUpChoice;
use crate::heard::{AnswerAnalysis, AnswerKind, Feeling};
use crate::listen::{closes, denies, has_nothing_to_tell, plays_down, told_before};
use crate::reading::{AnswerReading, Ask, Part, Probe, Situation};
use crate::session::{Decision, Session};
use crate::stage::MOTIVE;
use crate::{Cover, EndReason, LinePurpose, Stage, Topic};

/// A few words about oneself are an introduction from this many on.
const INTRODUCES: u32 = 12;
/// In so few words nobody tells anything beside that there is nothing.
const DENIED: u32 = 14;
/// A story takes so many answers: what happened, what they did, what came of it, and what they take from it.
const STORY: u32 = 4;
/// Something about themselves takes so many: what it is, and what is behind it.
pub(super) const ABOUT: u32 = 2;

impl Session {
    /// What the next line is for. `counted`: the turn costs one of the stage's turns.
    pub(super) fn decide(&self, kind: AnswerKind, counted: bool) -> Decision {
        if kind == AnswerKind::AsksStop {
            return self.goodbye(EndReason::Asked);
        }
        if self.transcript.len() >= MOST_MESSAGES {
            return self.goodbye(EndReason::Finished);
        }
        let occasion = &self.occasion;
        if counted && self.is_spent() {
            return self.advance();
        }
        // "Let's move on", when asked whether to leave something painful, leaves that and not the part.
        if occasion.asked.last() == Some(&Probe::CloseGently) && kind != AnswerKind::Answer && counted {
            return self.next_topic(LinePurpose::Question);
        }
        if kind == AnswerKind::AsksMoveOn {
            return self.advance();
        }
        // Who has none is asked for something else, and not for less of it.
        let answers = matches!(
            kind,
            AnswerKind::Answer
                | AnswerKind::Vague
                | AnswerKind::Short
                | AnswerKind::DontKnow
                | AnswerKind::OffTopic
                | AnswerKind::AsksWait
        );
        if answers && !self.stage().kind.closes() && self.has_nothing_to_tell(kind) {
            return self.next_topic(LinePurpose::Question);
        }
        // Who says that they told this already is not asked for it in another way.
        if matches!(kind, AnswerKind::DontKnow | AnswerKind::OffTopic | AnswerKind::Short)
            && told_before(&self.open_answer())
        {
            return self.next_topic(LinePurpose::Question);
        }
        // Words alone take a dog or a dinner for something beside the question; a model that has read the answer knows.
        let kind = if kind == AnswerKind::OffTopic && self.is_read() { AnswerKind::Answer } else { kind };
        match kind {
            AnswerKind::AsksRepeat => self.on_current_topic(LinePurpose::Repeat),
            AnswerKind::AsksClarify => self.reword_question(LinePurpose::Clarify),
            AnswerKind::AsksWait => self.on_current_topic(LinePurpose::Wait),
            AnswerKind::DontKnow if !occasion.made_smaller && !self.is_probed() => {
                self.on_current_topic(LinePurpose::Smaller)
            }
            AnswerKind::OffTopic if !occasion.redirected => self.reword_question(LinePurpose::Redirect),
            // What they say of themselves may be short: that is learnt with all the rest.
            AnswerKind::Short | AnswerKind::Vague
                if self
                    .reading
                    .as_deref()
                    .is_some_and(|reading| self.is_model_read_introduction(reading)) =>
            {
                self.after_answer()
            }
            // What something taught them may be said in a few words, and in general.
            AnswerKind::Short | AnswerKind::Vague if self.asked_for_a_view() => self.after_answer(),
            // What was asked for was told in a few words, or there is no more of it.
            AnswerKind::Short if self.is_probed() && self.has_answered() => self.after_answer(),
            // What they say of themselves may be short: it was asked about once, and that is enough.
            AnswerKind::Short | AnswerKind::Vague if self.was_followed_up() => self.after_answer(),
            // Who has just said that they know of none has none, in however many words.
            AnswerKind::Short if !occasion.made_concrete && !occasion.made_smaller => {
                self.reword_question(LinePurpose::Concrete)
            }
            AnswerKind::Trick | AnswerKind::Hostile => self.next_topic(LinePurpose::Boundary),
            AnswerKind::AsksSkip | AnswerKind::DontKnow | AnswerKind::OffTopic | AnswerKind::Short => {
                self.next_topic(LinePurpose::Question)
            }
            AnswerKind::Vague if !occasion.made_concrete && !occasion.covered => {
                self.on_current_topic(LinePurpose::Concrete)
            }
            AnswerKind::Answer | AnswerKind::Vague => self.after_answer(),
            AnswerKind::AsksMoveOn | AnswerKind::AsksStop => self.advance(),
        }
    }

    /// Whether they say that they have nothing to tell: by their words, or as a model reads it where their words deny
    /// something at least.
    fn has_nothing_to_tell(&self, kind: AnswerKind) -> bool {
        let said = self.open_answer();
        // Who does not know gets an easier way in first.
        let blank = kind != AnswerKind::DontKnow
            && self.reading.as_deref().and_then(AnswerReading::situation) == Some(Situation::Blank);
        let few = self.heard.as_ref().is_some_and(|heard| heard.words <= DENIED);
        has_nothing_to_tell(&said) || blank && few && denies(&said)
    }

    /// Whether a model has read what was said.
    fn is_read(&self) -> bool {
        self.reading.as_deref().is_some_and(|reading| !reading.wants.is_empty())
    }

    fn after_answer(&self) -> Decision {
        let stage = self.stage();
        let Some(reading) = &self.reading else { return self.next_topic(LinePurpose::Question) };
        let choice = self.choose(reading);
        // What they say of themselves is followed up once, as long as there is room.
        let room = stage.kind.introduces()
            && self.occasion.asked.is_empty()
            && self.here.turns + ABOUT <= stage.max_turns;
        // A part does not end in the middle of a story, nor without a word after something painful.
        let goes_on = match choice {
            FollowUpChoice::Care(_) => true,
            FollowUpChoice::Move(_) => room,
            FollowUpChoice::Probe(probe) => {
                room || self.must_ask(probe, reading) || self.half_told_probe(reading) == Some(probe)
            }
            FollowUpChoice::Smaller | FollowUpChoice::Redirect | FollowUpChoice::NewTopic => false,
        };
        if self.here.covered >= stage.cover && self.here.turns >= stage.min_turns && !goes_on {
            return self.advance();
        }
        // Why they want it is a topic of its own: what they answer is followed up like any other.
        let own_topic =
            |probe| probe == Probe::Motivation && stage.kind.introduces() && !self.tells_a_motive();
        let ask = |purpose, probe| Decision {
            probe: Some(probe),
            missing: element_of(probe),
            topic: if own_topic(probe) { Some(MOTIVE.to_owned()) } else { self.occasion.topic.clone() },
            ..self.on_current_topic(purpose)
        };
        match choice {
            FollowUpChoice::Care(probe) => ask(LinePurpose::Care, probe),
            FollowUpChoice::Probe(probe) => ask(LinePurpose::Probe, probe),
            FollowUpChoice::Move(next) => Decision {
                probe: Some(next.probe()),
                missing: element_of(next.probe()),
                made: Some(next),
                ..self.on_current_topic(LinePurpose::Probe)
            },
            FollowUpChoice::Smaller if self.is_probed() => self.next_topic(LinePurpose::Question),
            FollowUpChoice::Smaller => self.on_current_topic(LinePurpose::Smaller),
            FollowUpChoice::Redirect => self.reword_question(LinePurpose::Redirect),
            FollowUpChoice::NewTopic => self.next_topic(LinePurpose::Question),
        }
    }

    /// True if what was heard, with what came before it, covers the topic.
    pub(super) fn covers(&self, heard: &AnswerAnalysis, reading: &AnswerReading) -> bool {
        let has = |part| self.occasion.parts.contains(&part);
        match self.stage().kind.traits().covered_by {
            Cover::Answer => heard.words >= INTRODUCES || heard.elements.len() >= 2,
            Cover::Story => {
                let whole = reading.situation() == Some(Situation::CompleteStory);
                let did = has(Part::Action) || has(Part::OwnPart);
                whole || did && has(Part::Result) && (has(Part::Situation) || has(Part::Task))
            }
            Cover::Anything => true,
        }
    }

    /// True once the stage's turns or its time are spent.
    fn is_spent(&self) -> bool {
        self.here.turns >= self.stage().max_turns || self.here.active >= self.stage().budget
    }

    /// The next stage, or the end after the last.
    pub(super) fn advance(&self) -> Decision {
        let next = self.stage + 1;
        match self.plan.stages.get(next) {
            Some(stage) => Decision {
                purpose: LinePurpose::Transition,
                stage: next,
                topic: self.first_topic(stage),
                missing: None,
                probe: None,
                made: None,
                ends: None,
            },
            None => self.goodbye(EndReason::Finished),
        }
    }

    /// The last line.
    pub(super) fn goodbye(&self, reason: EndReason) -> Decision {
        Decision { ends: Some(reason), ..self.on_current_topic(LinePurpose::Closing) }
    }

    /// A new topic of this stage; the next stage when none is left.
    pub(super) fn next_topic(&self, purpose: LinePurpose) -> Decision {
        match self.fresh_topic() {
            Some(topic) if self.has_room() => self.in_current_stage(purpose, Some(topic)),
            Some(_) | None => self.advance(),
        }
    }

    /// Whether a new topic can still be told to its end: what happened, what they did, and what came of it; in an
    /// introduction, what is behind it.
    fn has_room(&self) -> bool {
        let stage = self.stage();
        let enough = self.here.turns >= stage.min_turns;
        let takes = match (stage.kind.tells_stories(), stage.kind.introduces()) {
            (true, _) => STORY,
            (false, true) => ABOUT,
            (false, false) => 0,
        };
        !enough || self.here.turns + takes <= stage.max_turns
    }

    /// A topic not yet asked about, in an order of the session's own, so that two interviews differ; those that stand
    /// first in the plan come early.
    fn fresh_topic(&self) -> Option<Topic> {
        let open: Vec<&Topic> = self.stage().topics.iter().filter(|t| !self.used.contains(t)).collect();
        // Why they apply is what anybody asks next of somebody who has said who they are.
        if self.stage().kind.introduces()
            && let Some(motive) = open.iter().find(|topic| topic.as_str() == MOTIVE)
        {
            return Some((*motive).clone());
        }
        let asked_here = self.stage().topics.len() - open.len();
        let anywhere = self.stage().kind.traits().roams && asked_here >= 2;
        let near = if anywhere { open.len() } else { 3 };
        let turn = self.seed.rotate_left(asked_here as u32 * 7 + 1) % near.min(open.len()).max(1) as u64;
        open.get(turn as usize).map(|t| (*t).clone())
    }

    /// What the first question of a stage is about: one of its first two topics.
    pub(super) fn first_topic(&self, stage: &Stage) -> Option<Topic> {
        let open: Vec<&Topic> = stage.topics.iter().filter(|t| !self.used.contains(t)).take(2).collect();
        let turn = self.seed.rotate_left(17) % open.len().max(1) as u64;
        open.get(turn as usize).map(|t| (*t).clone()).or_else(|| stage.topics.first().cloned())
    }

    /// A line of this stage about a topic.
    pub(super) fn in_current_stage(&self, purpose: LinePurpose, topic: Option<Topic>) -> Decision {
        Decision { purpose, stage: self.stage, topic, missing: None, probe: None, made: None, ends: None }
    }

    /// The open question in other words: of the topic, or of what was last probed for.
    fn reword_question(&self, purpose: LinePurpose) -> Decision {
        let probe = self.open_probe();
        Decision { missing: probe.and_then(element_of), probe, ..self.on_current_topic(purpose) }
    }

    /// What the open question asks for, if it follows up something that was told.
    fn open_probe(&self) -> Option<Probe> {
        let open =
            self.transcript.iter().rev().filter_map(|m| m.why.as_ref()).find(|why| why.purpose.asks_anew());
        let asks_on = |purpose| matches!(purpose, LinePurpose::Probe | LinePurpose::Care);
        open.filter(|why| asks_on(why.purpose)).and_then(|why| why.probe)
    }

    /// Whether what is open asks what they make of what they told.
    fn asked_for_a_view(&self) -> bool {
        self.stage().kind.tells_stories()
            && self.open_probe().is_some_and(|probe| probe.ask() == Ask::Learned)
    }

    /// Whether the part that was asked for is told now, or told out.
    fn has_answered(&self) -> bool {
        let part = match self.open_probe().map(Probe::ask) {
            Some(Ask::Result) => Some(Part::Result),
            Some(Ask::OwnPart) => Some(Part::OwnPart),
            Some(_) | None => None,
        };
        let told = |reading: &AnswerReading| part.is_some_and(|part| reading.tells(part));
        closes(&self.open_answer())
            || self.reading.as_deref().is_some_and(|reading| !reading.wants.is_empty() && told(reading))
    }

    /// Whether this answers a question about what they said of themselves, and is no sign of nerves or of modesty.
    fn was_followed_up(&self) -> bool {
        let nervous = self.heard.as_ref().is_some_and(|heard| heard.feeling == Some(Feeling::Nervous));
        self.stage().kind.introduces()
            && !self.occasion.asked.is_empty()
            && !nervous
            && !plays_down(&self.open_answer())
    }

    /// Whether something told is being followed up: who has no more to say of it is not asked for less.
    fn is_probed(&self) -> bool {
        self.open_probe().is_some()
    }

    /// A line about what is being told.
    pub(super) fn on_current_topic(&self, purpose: LinePurpose) -> Decision {
        self.in_current_stage(purpose, self.occasion.topic.clone())
    }
}
