//! What comes next: deterministic, from counts and from what was heard.

use super::MOST_MESSAGES;
use crate::heard::{Element, Feeling, Heard, Kind};
use crate::session::{Decision, Occasion, Session};
use crate::{EndReason, Purpose, StageKind, Topic};

/// A few words about oneself are an introduction from this many on.
const INTRODUCES: u32 = 12;
/// What is probed for, in this order of worth.
const WORTH: [Element; 7] = [
    Element::Action,
    Element::Result,
    Element::Reasoning,
    Element::Obstacle,
    Element::Role,
    Element::Reflection,
    Element::Situation,
];
/// What is asked about in an introduction, which is no story with a result.
const ABOUT_ONESELF: [Element; 3] = [Element::Reasoning, Element::Reflection, Element::Situation];

impl Session {
    /// What the next line is for. `counted`: the turn costs one of the stage's turns.
    pub(super) fn decide(&self, kind: Kind, counted: bool) -> Decision {
        if kind == Kind::AsksStop {
            return self.goodbye(EndReason::Asked);
        }
        if self.transcript.len() >= MOST_MESSAGES {
            return self.goodbye(EndReason::Finished);
        }
        if kind == Kind::AsksMoveOn || (counted && self.is_spent()) {
            return self.advance();
        }
        let occasion = &self.occasion;
        match kind {
            Kind::AsksRepeat => self.same(Purpose::Repeat),
            Kind::AsksClarify => self.again(Purpose::Clarify),
            Kind::AsksWait => self.same(Purpose::Wait),
            Kind::DontKnow if !occasion.made_smaller => self.same(Purpose::Smaller),
            Kind::OffTopic if !occasion.redirected => self.again(Purpose::Redirect),
            Kind::Short if !occasion.made_concrete => self.same(Purpose::Concrete),
            Kind::Trick | Kind::Hostile => self.next_topic(Purpose::Boundary),
            Kind::AsksSkip | Kind::DontKnow | Kind::OffTopic | Kind::Short => {
                self.next_topic(Purpose::Question)
            }
            Kind::Vague if !occasion.made_concrete && !occasion.covered => self.same(Purpose::Concrete),
            Kind::Answer | Kind::Vague => self.after_answer(),
            Kind::AsksMoveOn | Kind::AsksStop => self.advance(),
        }
    }

    fn after_answer(&self) -> Decision {
        let stage = self.stage();
        if self.here.covered >= stage.cover && self.here.turns >= stage.min_turns {
            return self.advance();
        }
        let heard = self.heard.as_ref();
        if heard.is_some_and(|h| h.feeling == Some(Feeling::Painful)) {
            return self.next_topic(Purpose::Care);
        }
        match self.probe() {
            Some(missing) => Decision { missing: Some(missing), ..self.same(Purpose::Probe) },
            None => self.next_topic(Purpose::Question),
        }
    }

    /// What to probe for, if another probe is worth it.
    fn probe(&self) -> Option<Element> {
        let stage = self.stage();
        let Occasion { elements, probed, covered, .. } = &self.occasion;
        let taken_up = self.heard.as_ref().is_some_and(|h| !h.particulars.is_empty());
        let order: &[Element] = match stage.kind {
            StageKind::Experience => &WORTH,
            StageKind::Introduction if taken_up => &ABOUT_ONESELF,
            StageKind::Introduction | StageKind::Closing => return None,
        };
        // A full answer is dug into once at most: digging further wears people out.
        let most = if *covered { stage.max_probes.min(1) } else { stage.max_probes };
        if probed.len() >= most as usize {
            return None;
        }
        order.iter().copied().find(|e| !elements.contains(e) && !probed.contains(e))
    }

    /// True if what was heard, with what came before it, covers the topic.
    pub(super) fn covers(&self, heard: &Heard) -> bool {
        let has = |element| self.occasion.elements.contains(&element);
        match self.stage().kind {
            StageKind::Introduction => heard.words >= INTRODUCES || heard.elements.len() >= 2,
            StageKind::Experience => {
                let setting = has(Element::Situation) || has(Element::Task) || has(Element::Obstacle);
                has(Element::Action) && has(Element::Result) && setting
            }
            StageKind::Closing => true,
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
                purpose: Purpose::Transition,
                stage: next,
                topic: stage.topics.iter().find(|t| !self.used.contains(t)).or(stage.topics.first()).cloned(),
                missing: None,
                ends: None,
            },
            None => self.goodbye(EndReason::Finished),
        }
    }

    /// The last line.
    pub(super) fn goodbye(&self, reason: EndReason) -> Decision {
        Decision { ends: Some(reason), ..self.same(Purpose::Closing) }
    }

    /// A new topic of this stage; the next stage when none is left.
    pub(super) fn next_topic(&self, purpose: Purpose) -> Decision {
        match self.fresh_topic() {
            Some(topic) => self.here(purpose, Some(topic)),
            None => self.advance(),
        }
    }

    /// A topic not yet asked about: the stage's first ones in their order, the others in an order of the session's
    /// own, so that two interviews differ.
    fn fresh_topic(&self) -> Option<Topic> {
        let open: Vec<&Topic> = self.stage().topics.iter().filter(|t| !self.used.contains(t)).collect();
        let asked_here = self.stage().topics.len() - open.len();
        if asked_here < 2 || self.stage().kind != StageKind::Experience {
            return open.first().map(|t| (*t).clone());
        }
        let turn = self.seed.rotate_left(asked_here as u32 * 7) % open.len().max(1) as u64;
        open.get(turn as usize).map(|t| (*t).clone())
    }

    /// A line of this stage about a topic.
    pub(super) fn here(&self, purpose: Purpose, topic: Option<Topic>) -> Decision {
        Decision { purpose, stage: self.stage, topic, missing: None, ends: None }
    }

    /// The open question in other words: of the topic, or of what was last probed for.
    fn again(&self, purpose: Purpose) -> Decision {
        let open =
            self.transcript.iter().rev().filter_map(|m| m.why.as_ref()).find(|why| why.purpose.asks_anew());
        let missing = open.filter(|why| why.purpose == Purpose::Probe).and_then(|why| why.missing);
        Decision { missing, ..self.same(purpose) }
    }

    /// A line about what is being told.
    pub(super) fn same(&self, purpose: Purpose) -> Decision {
        self.here(purpose, self.occasion.topic.clone())
    }
}
