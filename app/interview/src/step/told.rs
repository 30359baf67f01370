//! What an answer adds to the occasion being told.

use super::SURE;
use super::open::{FAILURE, is_own_deed};
use super::right::MOTIVES;
use crate::listen::{own_slip, wants_the_work};
use crate::reading::{AnswerReading, Part, Role, SentenceReading, Situation, THERE};
use crate::session::Session;

impl Session {
    /// Adds what an answer held to the occasion.
    pub(super) fn add_reading_to_occasion(&mut self, reading: &AnswerReading) {
        for part in
            Part::ALL.iter().copied().filter(|part| self.has_told_part(reading, *part)).collect::<Vec<_>>()
        {
            if !self.occasion.parts.contains(&part) {
                self.occasion.parts.push(part);
            }
        }
        self.occasion.parts.sort_unstable();
        let answer = self.open_answer();
        let mut deeds = (0_u32, 0_u32);
        for sentence in reading.sentences.iter().filter(|sentence| is_own_deed(sentence)) {
            let text = answer.get(sentence.start as usize..sentence.end as usize).unwrap_or_default();
            let words = u32::try_from(text.split_whitespace().count()).unwrap_or(u32::MAX);
            deeds = (deeds.0.saturating_add(1), deeds.1.saturating_add(words));
        }
        self.occasion.deeds = self.occasion.deeds.saturating_add(deeds.0);
        self.occasion.deed_words = self.occasion.deed_words.saturating_add(deeds.1);
        self.occasion.setback |= reading.is_setback();
        self.occasion.slip |= own_slip(&answer);
        // Why they want it is asked once, in whatever words. What they like is no answer to it yet.
        let wants = |sentence: &SentenceReading| {
            let text = answer.get(sentence.start as usize..sentence.end as usize).unwrap_or_default();
            sentence.roles.iter().any(|role| role.what == Role::Motivation && role.likely >= THERE)
                && wants_the_work(text)
        };
        if self.stage().kind.introduces() && reading.sentences.iter().any(wants) {
            for topic in MOTIVES {
                if !self.used.iter().any(|used| used == topic) {
                    self.used.push((*topic).to_owned());
                }
            }
        }
        // A story told early is not asked for again.
        let told = reading.situations.first().filter(|first| first.likely >= SURE).map(|first| first.what);
        let topic = match told {
            Some(Situation::OwnMistake) => Some(FAILURE),
            Some(Situation::OneSidedConflict) => Some("conflict"),
            Some(_) | None => None,
        };
        if let Some(topic) = topic.filter(|topic| !self.used.iter().any(|used| used == topic)) {
            self.used.push(topic.to_owned());
        }
    }
}
