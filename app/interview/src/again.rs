//! An answer and the question that it answers: what is asked again, and where an interview can go on differently.

use std::borrow::Borrow;

use crate::check::question_of;
use crate::reading::Probe;
use crate::{LinePurpose, Message, Plan, RetakeManner, Session, Speaker};

/// A question and the messages that answer it, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredQuestion {
    /// The line that put the question.
    pub question: u32,
    /// The first message said to it.
    pub first: u32,
    /// The last one, before something else was asked.
    pub last: u32,
}

/// The question that the message of this number answers, with all that was said to it: a question that was repeated or
/// put in other words is the same. `None` if that is no answer to anything.
pub fn answered<M: Borrow<Message>>(messages: &[M], answer: u32) -> Option<AnsweredQuestion> {
    let messages: Vec<&Message> = messages.iter().map(Borrow::borrow).collect();
    let at = messages.iter().position(|m| m.seq == answer && m.speaker == Speaker::Candidate)?;
    let ends =
        |m: &&Message| m.asks_anew() || m.why.as_ref().is_some_and(|why| why.purpose == LinePurpose::Closing);
    let before = messages[..at].iter().rposition(ends).filter(|before| messages[*before].asks_anew())?;
    let said = messages[before + 1..].iter().take_while(|m| !ends(m));
    let mut said = said.filter(|m| m.speaker == Speaker::Candidate).map(|m| m.seq);
    let first = said.next()?;
    Some(AnsweredQuestion { question: messages[before].seq, first, last: said.last().unwrap_or(first) })
}

impl Session {
    /// The plan by which the question is asked again that the message of this number answers, with what was said to it. A
    /// question on something told is asked with the one that it was told to, so that it makes sense alone. What `first` asks for is asked first of what is missing, where the manner asks for that. `None` if that is no answer to
    /// anything.
    pub fn retake(
        &self,
        answer: u32,
        manner: RetakeManner,
        first: Option<Probe>,
    ) -> Option<(AnsweredQuestion, Plan)> {
        let answered = answered(&self.transcript, answer)?;
        let line = self.transcript.iter().find(|m| m.seq == answered.question)?;
        let topic = line.why.as_ref().and_then(|why| why.topic.as_deref());
        let stage =
            self.plan.stages.iter().find(|stage| stage.id == line.stage).or(self.plan.stages.first())?;
        let mut plan = Plan::take(manner, stage, &self.question_alone(line), topic);
        if let (RetakeManner::Strict, Some(first)) = (manner, first) {
            plan.stages.iter_mut().for_each(|stage| stage.ask_first(first));
        }
        Some((answered, plan))
    }

    /// The question of a line as it makes sense to somebody who hears nothing else.
    fn question_alone(&self, line: &Message) -> String {
        let begins = |m: &&Message| {
            m.why.as_ref().is_some_and(|why| match why.purpose {
                LinePurpose::Opening | LinePurpose::Question | LinePurpose::Transition => true,
                LinePurpose::Probe
                | LinePurpose::Smaller
                | LinePurpose::Concrete
                | LinePurpose::Care
                | LinePurpose::Boundary
                | LinePurpose::Repeat
                | LinePurpose::Clarify
                | LinePurpose::Redirect
                | LinePurpose::Wait
                | LinePurpose::Nudge
                | LinePurpose::Offer
                | LinePurpose::Closing => false,
            })
        };
        let told_to = self.transcript.iter().filter(|m| m.seq <= line.seq).rfind(begins);
        match told_to {
            Some(first) if first.seq == line.seq => self.begun_with(first),
            Some(first) => in_context(&self.begun_with(first), &self.question_at(line)),
            None => self.question_at(line),
        }
    }

    /// The question of a line that begins something: in a take that is all that its plan has asked.
    fn begun_with(&self, line: &Message) -> String {
        let stage = self.plan.stages.iter().find(|stage| stage.id == line.stage);
        let given = stage.and_then(|stage| stage.ask.clone()).filter(|ask| ask.starts_with(&line.text));
        given.unwrap_or_else(|| self.question_at(line))
    }

    /// The question of a line, whole even where the line was interrupted.
    pub(crate) fn question_at(&self, line: &Message) -> String {
        let nth = self.transcript.iter().take_while(|m| m.seq < line.seq).filter(|m| m.asks_anew()).count();
        let asked = self.asked.get(nth).map(|asked| asked.text().to_owned());
        asked.unwrap_or_else(|| question_of(&line.text).to_owned())
    }
}

/// What a question on something told begins with when it is asked again, and what parts it from the question before it.
const EARLIER: &str = "Earlier I asked: \u{201c}";
const BACK: &str = "\u{201d} Back to what you told me then: ";

/// A question with the one whose answer it is about.
fn in_context(told_to: &str, question: &str) -> String {
    // That one may have been asked so itself.
    let asked = told_to.strip_prefix(EARLIER).and_then(|rest| rest.rsplit_once(BACK));
    let told_to = asked.map_or(told_to, |(first, _)| first);
    format!("{EARLIER}{told_to}{BACK}{question}")
}
