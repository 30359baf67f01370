//! Answers that the candidate corrects: what was heard is not always what was said.

use std::ops::Range;

use super::by_words;
use crate::check::question_of;
use crate::heard::{AnswerAnalysis, Particular, ParticularKind};
use crate::listen::{self, AnswerContext};
use crate::message::may_correct;
use crate::reading::AnswerReading;
use crate::{Effect, LinePurpose, Message, Session, Speaker};

impl Session {
    /// Whether this message may be corrected, as [`may_correct`] says.
    pub fn may_correct(&self, seq: u32) -> bool {
        may_correct(&self.transcript, seq)
    }

    /// What is to be read once this answer reads like this: the question it was given to, all that was said to it, and
    /// whether it belongs to an introduction. `None` if there is no such answer.
    pub fn to_read_corrected(&self, seq: u32, text: &str) -> Option<(String, String, bool)> {
        let run = self.answer_range(seq)?;
        let said = &self.transcript[run.clone()];
        let words: Vec<&str> =
            said.iter().map(|m| if m.seq == seq { text } else { m.text.as_str() }).collect();
        Some((self.question_to(run.start).to_owned(), words.join("\n"), self.is_introduction(&run)))
    }

    /// The last message of each answer that nothing is understood of.
    pub fn not_understood(&self) -> Vec<u32> {
        let answers = self.transcript.iter().enumerate().filter(|(_, m)| m.speaker == Speaker::Candidate);
        let next = |at: usize| self.transcript.get(at + 1);
        let ends = answers.filter(|(at, _)| next(*at).is_none_or(|next| next.speaker != Speaker::Candidate));
        ends.filter(|(_, m)| m.reading.is_none()).map(|(_, m)| m.seq).collect()
    }

    /// What is to be read of the answer that ends with this message, as [`Self::to_read_corrected`] says.
    pub fn to_read_again(&self, seq: u32) -> Option<(String, String, bool)> {
        let text = &self.transcript.iter().find(|m| m.seq == seq)?.text;
        self.to_read_corrected(seq, text)
    }

    /// Keeps what is understood of an answer that nothing was understood of.
    pub(super) fn store_late_reading(
        &mut self,
        seq: u32,
        reading: Box<AnswerReading>,
        effects: &mut Vec<Effect>,
    ) {
        if !self.not_understood().contains(&seq) {
            return;
        }
        if let Some(message) = self.transcript.iter_mut().find(|m| m.seq == seq) {
            message.reading = Some(reading);
            effects.push(Effect::Amend(message.clone()));
        }
    }

    /// Puts these words in the place of an answer's.
    pub(super) fn correct(
        &mut self,
        seq: u32,
        text: &str,
        reading: Option<Box<AnswerReading>>,
        effects: &mut Vec<Effect>,
    ) {
        let text = text.trim();
        let run = self.answer_range(seq).filter(|_| self.may_correct(seq) && !text.is_empty());
        let Some(run) = run else { return };
        let was = self.listen_to(&run);
        if !self.amend(&run, seq, text, reading.as_deref(), effects) || self.status.is_completed() {
            return;
        }
        // Whoever mends what was heard is there.
        self.activity(self.modality);
        // It is not to be said that somebody is remembered who was never named.
        let kept = self.keepsake.is_some() && self.keepsake == keepsake(&was);
        if kept {
            self.keepsake = None;
        }
        let waited_for = self.pending.as_ref().map(|pending| pending.turn.clone());
        match waited_for.filter(|turn| self.transcript[run.clone()].iter().any(|m| m.turn == *turn)) {
            // The line that is being written goes by other words.
            Some(turn) => self.respond_to_answer(turn, reading, effects),
            None => self.relearn_from_correction(&run, kept, reading),
        }
    }

    /// Changes the transcript; false if the answer reads like this already.
    fn amend(
        &mut self,
        run: &Range<usize>,
        seq: u32,
        text: &str,
        reading: Option<&AnswerReading>,
        effects: &mut Vec<Effect>,
    ) -> bool {
        let last = run.end - 1;
        for at in run.clone() {
            let message = &mut self.transcript[at];
            if message.seq < seq {
                continue;
            }
            if message.seq == seq {
                if message.text == text {
                    return false;
                }
                let before = std::mem::replace(&mut message.text, text.to_owned());
                // The words at first are kept; put back to them, it was never corrected.
                let original = message.original.take().unwrap_or(before);
                message.original = (original != text).then_some(original);
            }
            // A reading is of all that was said so far: those from here on are of other words.
            message.reading = reading.filter(|_| at == last).cloned().map(Box::new);
            effects.push(Effect::Amend(message.clone()));
        }
        true
    }

    /// What is known of the interview goes by the answers as they read now. `kept`: they held what is kept for the end.
    fn relearn_from_correction(
        &mut self,
        run: &Range<usize>,
        kept: bool,
        reading: Option<Box<AnswerReading>>,
    ) {
        let is = self.listen_to(run);
        let by_words = reading.is_none();
        let introduction = self.is_introduction(run);
        let reading = reading.unwrap_or_else(|| Box::new(by_words::read_by_words(&is, introduction)));
        if kept {
            self.keepsake = keepsake(&is).filter(|_| !reading.is_setback());
        }
        let after = &self.transcript[run.end..];
        let told_on = !after.iter().any(|m| m.why.as_ref().is_some_and(|why| leaves_topic(why.purpose)));
        let latest = !after.iter().any(|m| m.speaker == Speaker::Candidate);
        if told_on && is.kind.is_answer() {
            self.add_to_occasion(&is, &reading);
        }
        if latest && self.heard.is_some() {
            (self.heard, self.reading, self.by_words) = (Some(is), Some(reading), by_words);
        }
    }

    /// The answers around this message that no line of the interviewer's parts, as places in the transcript.
    fn answer_range(&self, seq: u32) -> Option<Range<usize>> {
        let is_answer = |m: &Message| m.speaker == Speaker::Candidate;
        let at = self
            .transcript
            .iter()
            .position(|m| m.seq == seq)
            .filter(|at| is_answer(&self.transcript[*at]))?;
        let start = self.transcript[..at].iter().rposition(|m| !is_answer(m)).map_or(0, |line| line + 1);
        let after = self.transcript[at..].iter().position(|m| !is_answer(m));
        Some(start..after.map_or(self.transcript.len(), |line| at + line))
    }

    fn listen_to(&self, run: &Range<usize>) -> AnswerAnalysis {
        let words: Vec<&str> = self.transcript[run.clone()].iter().map(|m| m.text.as_str()).collect();
        let pasted = format!("{}\n{}", self.profile.cv, self.profile.job_description);
        let question = self.question_to(run.start);
        listen::listen(
            &words.join("\n"),
            AnswerContext { question, role: &self.profile.role, pasted: &pasted },
        )
    }

    /// The question that was open at this place of the transcript.
    fn question_to(&self, at: usize) -> &str {
        let asked = self.transcript[..at].iter().rfind(|m| m.asks_anew());
        asked.map_or("", |line| question_of(&line.text))
    }

    fn is_introduction(&self, run: &Range<usize>) -> bool {
        let stage = &self.transcript[run.start].stage;
        self.plan.stages.iter().any(|known| known.id == *stage && known.kind.introduces())
    }
}

/// True for a line that leaves what is being told for something else.
fn leaves_topic(purpose: LinePurpose) -> bool {
    match purpose {
        LinePurpose::Opening | LinePurpose::Question | LinePurpose::Transition | LinePurpose::Boundary => {
            true
        }
        LinePurpose::Probe
        | LinePurpose::Repeat
        | LinePurpose::Clarify
        | LinePurpose::Redirect
        | LinePurpose::Smaller
        | LinePurpose::Concrete
        | LinePurpose::Care
        | LinePurpose::Wait
        | LinePurpose::Nudge
        | LinePurpose::Offer
        | LinePurpose::Closing => false,
    }
}

/// A deed of fewer words says too little by itself: "tried jokes".
const KEEPSAKE: usize = 4;

/// What of an answer is worth coming back to at the end, in words to the candidate: something they did.
pub(super) fn keepsake(heard: &AnswerAnalysis) -> Option<String> {
    let telling = |found: &&Particular| {
        found.kind == ParticularKind::Deed && found.to_you.split_whitespace().count() >= KEEPSAKE
    };
    heard.particulars.iter().find(telling).map(|found| found.to_you.clone())
}
