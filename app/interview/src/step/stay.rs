//! The story that an introduction ends with: the next part begins with a question on it, where it was left half told.

use super::brief::element_of;
use super::choose::{FollowUpChoice, MOST_WOULD};
use super::open::is_own_deed;
use crate::listen::{NarrativeTense, narrative_tense};
use crate::moves::Move;
use crate::reading::{Ask, OPEN, Probe};
use crate::session::{Decision, Session};
use crate::{LinePurpose, Stage};

/// The topic that asks how something was learnt.
const LEARNT: &str = "learning_path";
/// What of a story nobody walks away from; nor from how it was done, where it stops too early.
const WANTED: [Ask; 2] = [Ask::Result, Ask::OwnPart];

impl Session {
    /// The first line of the next part, if that asks on what was just told. What follows goes on with it as with any story.
    pub(super) fn carry_story_over(&self, leaving: Decision) -> Decision {
        let next = leaving.stage;
        if leaving.purpose != LinePurpose::Transition || !self.can_carry_into(&self.plan.stages[next]) {
            return leaving;
        }
        match self.carry_over_probe(next) {
            Some(probe) => Decision {
                purpose: LinePurpose::Probe,
                topic: self.occasion.topic.clone(),
                missing: element_of(probe),
                probe: Some(probe),
                ..leaving
            },
            None => leaving,
        }
    }

    /// Whether what is told here may be asked on in that stage.
    fn can_carry_into(&self, next: &Stage) -> bool {
        let free = next.ask.is_none() && next.follow_ups.is_empty();
        self.stage().kind.introduces() && next.kind.tells_stories() && free
    }

    /// What anybody would still ask of the story that was just told, by the rules of that stage.
    fn carry_over_probe(&self, next: usize) -> Option<Probe> {
        let reading = self.reading.as_deref().filter(|reading| !reading.wants.is_empty())?;
        let did = self.occasion.deeds > 0 || reading.sentences.iter().any(is_own_deed);
        let happened = narrative_tense(&self.open_answer()) == Some(NarrativeTense::Event);
        if !(did && happened) || self.occasion.cared || self.tells_a_motive() {
            return None;
        }
        let mut there = self.clone();
        there.enter(next);
        let FollowUpChoice::Probe(probe) = there.choose(reading) else { return None };
        let likely = there.likeliest(reading).into_iter().find(|(ask, _)| *ask == probe.ask());
        let most_would = likely.is_some_and(|(_, likely)| likely >= MOST_WOULD);
        let open = there.half_told_probe(reading) == Some(probe);
        let how = probe.ask() == Ask::Detail
            && reading.open >= OPEN
            && !self.tells_of_learning()
            && !self.has_just_asked(Move::How);
        ((WANTED.contains(&probe.ask()) || how) && (most_would || open)).then_some(probe)
    }

    /// Whether the last line of this part was made by this move.
    fn has_just_asked(&self, made: Move) -> bool {
        let last = self.transcript.iter().rev().find_map(|message| message.why.as_ref());
        last.is_some_and(|why| why.made == Some(made))
    }

    /// Whether what is being told is how they learnt something: there an occasion is an example, and no story of its own.
    fn tells_of_learning(&self) -> bool {
        self.occasion.topic.as_deref() == Some(LEARNT)
    }
}
