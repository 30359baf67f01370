//! What an answer adds to the occasion being told.

use super::SURE;
use super::open::{FAILURE, is_own_deed};
use super::right::MOTIVES;
use crate::StageKind;
use crate::reading::{Part, Reading, Role, SentenceReading, Situation, THERE};
use crate::session::Session;

impl Session {
    /// Adds what an answer held to the occasion.
    pub(super) fn take_in_reading(&mut self, reading: &Reading) {
        for part in Part::ALL.iter().copied().filter(|part| self.told(reading, *part)).collect::<Vec<_>>() {
            if !self.occasion.parts.contains(&part) {
                self.occasion.parts.push(part);
            }
        }
        self.occasion.parts.sort_unstable();
        let deeds = reading.sentences.iter().filter(|sentence| is_own_deed(sentence)).count();
        self.occasion.deeds = self.occasion.deeds.saturating_add(u32::try_from(deeds).unwrap_or(u32::MAX));
        // Why they want it is asked once, in whatever words.
        let wants = |sentence: &SentenceReading| {
            sentence.roles.iter().any(|role| role.what == Role::Motivation && role.likely >= THERE)
        };
        if self.stage().kind == StageKind::Introduction && reading.sentences.iter().any(wants) {
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
