//! An interview as it stood at an earlier moment, made again from what was said.

use super::LineAuthorship;
use crate::session::{AwaitedLine, Decision, Session, SilenceResponse, Status};
use crate::{
    FirstTry, LinePurpose, LineRationale, LineSource, Message, Modality, Moment, Speaker, WriterLine,
};

impl Session {
    /// The interview as it stood when the message of this number had been said, to go on from there, typed, at this
    /// moment. `None` unless the message is a line of the interviewer's that can be answered.
    ///
    /// All that the rules keep is made again from the transcript: what was decided is what was said, whoever worded it. A
    /// button leaves no trace there but its line: it counts from then on, and not at all where words overtook it. Nor does
    /// a pause that silence began: its time counts as any other.
    pub fn restore_at(&self, seq: u32, now: impl Into<Moment>) -> Option<Self> {
        let shared = self.transcript.get(..usize::try_from(seq).ok()?)?;
        let closes = |m: &Message| m.why.as_ref().is_some_and(|why| why.purpose == LinePurpose::Closing);
        if shared.last()?.speaker == Speaker::Candidate || shared.iter().any(closes) {
            return None;
        }
        let (plan, profile) = (self.plan.clone(), self.profile.clone());
        let mut past = Self::new(plan, profile, self.settings, self.seed, Vec::new(), shared.first()?.at);
        past.earlier.clone_from(&self.earlier);
        let mut asked = self.asked.iter();
        for message in shared {
            past.pass_time(Moment::from(message.at));
            match message.speaker {
                Speaker::Candidate => past.replay_answer(message),
                Speaker::Interviewer => past.replay_line(message),
            }
            // A line that was interrupted holds only a part of its question.
            if message.asks_anew()
                && let Some(asked) = asked.next()
            {
                past.question = Some(asked.text().to_owned());
                past.asked.pop();
                past.asked.push(asked.clone());
            }
        }
        past.transcript = shared.to_vec();
        let now = now.into();
        (past.now, past.watched, past.quiet_since) = (now.wall, Some(now.into()), now.wall);
        (past.status, past.modality) = (Status::Active, Modality::Text);
        (past.hush, past.patient) = (SilenceResponse::None, false);
        Some(past)
    }

    fn replay_answer(&mut self, message: &Message) {
        self.hear(message.clone(), &mut Vec::new());
        let (_, counted) = self.interpret_answer(message.reading.clone(), &mut Vec::new());
        let ask = self.next_ask();
        // What is said next was decided then; it only has to be known that something was.
        self.pending = Some(AwaitedLine {
            ask,
            attempt: 1,
            rejected: None,
            first_try: FirstTry::default(),
            decision: self.on_current_topic(LinePurpose::Question),
            turn: message.turn.clone(),
            first_words_by: message.at,
            whole_by: message.at,
            counted,
        });
    }

    fn replay_line(&mut self, message: &Message) {
        let nothing = || LineRationale::new(LinePurpose::Question, None);
        let why = message.why.clone().unwrap_or_else(nothing);
        let before = self.pending.take();
        let unasked = matches!(why.purpose, LinePurpose::Nudge | LinePurpose::Offer);
        if unasked || self.status == Status::Ready {
            self.next_ask();
        }
        if self.status == Status::Ready {
            self.wake(&mut Vec::new());
        } else if !unasked && before.as_ref().is_none_or(|before| before.turn != message.turn) {
            // A button: it was pressed, and holds no words.
            self.wake(&mut Vec::new());
            self.next_ask();
            let free = matches!(why.purpose, LinePurpose::Repeat | LinePurpose::Wait);
            if !free && !before.is_some_and(|before| before.counted) {
                self.here.turns += 1;
            }
            (self.heard, self.reading) = (None, None);
        }
        self.modality = message.modality;
        let decision = Decision {
            purpose: why.purpose,
            stage: self.place_of(&message.stage),
            topic: why.topic,
            missing: why.missing,
            probe: why.probe,
            made: why.made,
            ends: None,
        };
        let line = WriterLine { text: message.text.clone(), took_up: why.took_up };
        let wording =
            LineAuthorship { source: message.source.unwrap_or(LineSource::Bank), instead: why.instead };
        self.speak(decision, message.turn.clone(), line, wording, &mut Vec::new());
    }

    fn place_of(&self, stage: &str) -> usize {
        self.plan.stages.iter().position(|known| known.id == stage).unwrap_or(self.stage)
    }
}
