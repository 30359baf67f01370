//! What to say next while somebody introduces themselves: the likeliest move that is right here.

use super::choose::{FollowUpChoice, HARDLY, MOST_WOULD};
use crate::moves::{Move, likeliest};
use crate::reading::{AnswerReading, Part, Tone};
use crate::session::Session;

/// The topic that asks for the way here.
const ORIGIN: &str = "origin";
/// So often the same move is made in one part.
const MOST_ALIKE: usize = 2;

impl Session {
    /// True for an introduction that a model has read: then what to say next was learnt.
    pub(super) fn is_model_read_introduction(&self, reading: &AnswerReading) -> bool {
        let stage = self.stage();
        stage.kind.introduces() && stage.follow_ups.is_empty() && !reading.wants.is_empty()
    }

    /// What a good interviewer would say next, as far as it is right here.
    pub(super) fn introduce(&self, reading: &AnswerReading) -> FollowUpChoice {
        let occasion = &self.occasion;
        let most = self.stage().max_probes as usize;
        // Who has just said who they are is asked why they apply, unless most would stay with something in it.
        let opening = self.here.turns <= 1 && occasion.asked.is_empty();
        for (next, likely) in likeliest(&self.standing(reading), &self.open_answer()) {
            if next == Move::Gently && self.says_little(reading) && !occasion.made_smaller {
                return FollowUpChoice::Smaller;
            }
            // One question more than usual is asked where most would ask it.
            let room = if likely >= MOST_WOULD { most + 1 } else { most };
            let hardly = likely < HARDLY || opening && likely < MOST_WOULD;
            if next == Move::NewTopic || hardly || occasion.asked.len() >= room {
                break;
            }
            if self.may_make(next, reading) {
                return FollowUpChoice::Move(next);
            }
        }
        FollowUpChoice::NewTopic
    }

    /// Whether a move asks for something that is missing, was not made too often, and is kind.
    fn may_make(&self, next: Move, reading: &AnswerReading) -> bool {
        let stage = &self.stage().id;
        let here = self.transcript.iter().filter(|message| &message.stage == stage);
        let before: Vec<Move> = here.filter_map(|message| message.why.as_ref()?.made).collect();
        let unfit = match next {
            Move::Then => self.has_told_part(reading, Part::Result),
            Move::Part => self.has_told_part(reading, Part::OwnPart),
            Move::Gently | Move::NewTopic => true,
            // Who says why they apply is asked about that, and not for an example of it.
            Move::Case | Move::Day | Move::Proud | Move::Road => self.tells_a_motive(),
            // A life is not "done": who tells theirs is asked about something in it.
            Move::How => self.tells_a_motive() || self.occasion.topic.as_deref() == Some(ORIGIN),
            Move::Pick if !lists(&self.open_answer()) => true,
            // "What do you like about it?" is no answer to a bad year.
            Move::Draw | Move::Pick => {
                self.tells_a_motive() || reading.sentences.iter().any(|one| one.tone == Tone::Setback)
            }
            Move::Story | Move::More | Move::Change | Move::Behind | Move::Hard | Move::Learned => false,
        };
        // Most topics can be followed up, and none twice.
        let spent = before.len() >= (self.stage().max_turns / 2) as usize;
        let alike = before.iter().filter(|made| **made == next).count();
        !unfit
            && !spent
            && alike < MOST_ALIKE
            && before.last() != Some(&next)
            && !self.occasion.asked.contains(&next.probe())
            && !self.is_tactless(next.probe(), reading)
    }
}

/// Whether an answer names more than one thing, of which one could be picked.
fn lists(answer: &str) -> bool {
    let sentences = answer.split(['.', '!', '?', ';']).filter(|sentence| !sentence.trim().is_empty());
    answer.contains(',') || answer.contains(" and ") || sentences.count() > 2
}
