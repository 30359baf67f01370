//! An interview as it stood at an earlier moment, made again from what was said.

use super::Wording;
use crate::session::{Decision, Hush, Pending, Session, Status};
use crate::{FirstTry, Line, Message, Modality, Moment, Purpose, Source, Speaker, Why};

impl Session {
    /// The interview as it stood when the message of this number had been said, to go on from there, typed, at this
    /// moment. `None` unless the message is a line of the interviewer's that can be answered.
    ///
    /// All that the rules keep is made again from the transcript: what was decided is what was said, whoever worded it. A
    /// button leaves no trace there but its line: it counts from then on, and not at all where words overtook it. Nor does
    /// a pause that silence began: its time counts as any other.
    pub fn at(&self, seq: u32, now: impl Into<Moment>) -> Option<Self> {
        let shared = self.transcript.get(..usize::try_from(seq).ok()?)?;
        let closes = |m: &Message| m.why.as_ref().is_some_and(|why| why.purpose == Purpose::Closing);
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
                Speaker::Candidate => past.hear_again(message),
                Speaker::Interviewer => past.say_again(message),
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
        (past.hush, past.patient) = (Hush::None, false);
        Some(past)
    }

    fn hear_again(&mut self, message: &Message) {
        self.hear(message.clone(), &mut Vec::new());
        let (_, counted) = self.understand(message.reading.clone(), &mut Vec::new());
        let ask = self.next_ask();
        // What is said next was decided then; it only has to be known that something was.
        self.pending = Some(Pending {
            ask,
            attempt: 1,
            rejected: None,
            first_try: FirstTry::default(),
            decision: self.same(Purpose::Question),
            turn: message.turn.clone(),
            first_words_by: message.at,
            whole_by: message.at,
            counted,
        });
    }

    fn say_again(&mut self, message: &Message) {
        let nothing = || Why::new(Purpose::Question, None);
        let why = message.why.clone().unwrap_or_else(nothing);
        let before = self.pending.take();
        let unasked = matches!(why.purpose, Purpose::Nudge | Purpose::Offer);
        if unasked || self.status == Status::Ready {
            self.next_ask();
        }
        if self.status == Status::Ready {
            self.wake(&mut Vec::new());
        } else if !unasked && before.as_ref().is_none_or(|before| before.turn != message.turn) {
            // A button: it was pressed, and holds no words.
            self.wake(&mut Vec::new());
            self.next_ask();
            let free = matches!(why.purpose, Purpose::Repeat | Purpose::Wait);
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
        let line = Line { text: message.text.clone(), took_up: why.took_up };
        let wording = Wording { source: message.source.unwrap_or(Source::Bank), instead: why.instead };
        self.speak(decision, message.turn.clone(), line, wording, &mut Vec::new());
    }

    fn place_of(&self, stage: &str) -> usize {
        self.plan.stages.iter().position(|known| known.id == stage).unwrap_or(self.stage)
    }
}
