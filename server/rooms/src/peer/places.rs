//! Assigns tracks to media sections, where the client makes all offers.
//!
//! A browser fires `track` only when a section begins to send, so a section that carried a track must be inactive for
//! one answer before it carries another. The server cannot add sections: it asks the client to offer more, one request
//! at a time.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::room::ForwardedTrack;
use crate::sdp::{MediaSectionKind, Section, SectionAnswer};

/// A request that stays unanswered for this long is repeated.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, PartialEq, Eq)]
enum SectionUse {
    /// Free. `used` if it carried a track before; the next one then needs a new SSRC.
    Free { used: bool },
    /// Carries this track (its sid).
    Taken(String),
    /// Its track is gone, and the client does not know yet.
    Stale,
}

/// A track that an offer gave a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlacedTrack {
    pub mid: String,
    pub track: String,
    /// Whether the section needs a new SSRC.
    pub fresh: bool,
}

/// The sections of one client.
#[derive(Debug, Default)]
pub(super) struct SectionAssignments {
    places: BTreeMap<String, SectionUse>,
    wanted: BTreeMap<String, ForwardedTrack>,
    /// Tracks without a section, in the order in which they asked for one.
    waiting: Vec<String>,
    asked: Option<Instant>,
    offered: bool,
}

impl SectionAssignments {
    pub fn want(&mut self, wire: ForwardedTrack) {
        if !self.wanted.contains_key(&wire.track) {
            self.waiting.push(wire.track.clone());
            self.wanted.insert(wire.track.clone(), wire);
        }
    }

    pub fn unwant(&mut self, track: &str) {
        self.wanted.remove(track);
        self.waiting.retain(|waiting| waiting != track);
        for place in self.places.values_mut() {
            if *place == SectionUse::Taken(track.to_owned()) {
                *place = SectionUse::Stale;
            }
        }
    }

    /// Handles an offer: waiting tracks get its free sections.
    pub fn offer(&mut self, sections: &[Section]) -> Vec<PlacedTrack> {
        (self.asked, self.offered) = (None, true);
        let spare = |section: &&Section| section.kind == MediaSectionKind::Audio && section.spare;
        let mut placed = Vec::new();
        // A section that is no longer offered for receiving loses its track; the track waits again.
        let gone: Vec<String> = self
            .places
            .keys()
            .filter(|mid| !sections.iter().filter(spare).any(|section| section.mid == **mid))
            .cloned()
            .collect();
        for mid in gone {
            if let Some(SectionUse::Taken(track)) = self.places.remove(&mid) {
                self.waiting.push(track);
            }
        }
        for section in sections.iter().filter(spare) {
            let place = self.places.entry(section.mid.clone()).or_insert(SectionUse::Free { used: false });
            match place {
                SectionUse::Stale => *place = SectionUse::Free { used: true },
                SectionUse::Free { used } if !self.waiting.is_empty() => {
                    let track = self.waiting.remove(0);
                    placed.push(PlacedTrack { mid: section.mid.clone(), track: track.clone(), fresh: *used });
                    *place = SectionUse::Taken(track);
                }
                SectionUse::Free { .. } | SectionUse::Taken(_) => {}
            }
        }
        placed
    }

    /// What the answer writes for a section.
    pub fn section_answer(&self, mid: &str) -> SectionAnswer {
        match self.places.get(mid) {
            None => SectionAnswer::AsItIs,
            Some(SectionUse::Taken(track)) => match self.wanted.get(track) {
                Some(wire) => SectionAnswer::Sends { stream: wire.stream.clone(), track: wire.track.clone() },
                None => SectionAnswer::Idle,
            },
            Some(SectionUse::Free { .. } | SectionUse::Stale) => SectionAnswer::Idle,
        }
    }

    /// The map from section to track that clients need with every answer.
    pub fn tracks(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places.iter().filter_map(|(mid, place)| match place {
            SectionUse::Taken(track) => Some((mid.as_str(), track.as_str())),
            SectionUse::Free { .. } | SectionUse::Stale => None,
        })
    }

    /// How many more sections to ask the client for. 0 asks only for a new offer; `None` asks for nothing.
    pub fn question(&mut self, now: Instant) -> Option<u32> {
        let stale = self.places.values().any(|place| *place == SectionUse::Stale);
        let impatient = self.asked.is_none_or(|asked| now >= asked + PATIENCE);
        if !self.offered || !impatient || (self.waiting.is_empty() && !stale) {
            return None;
        }
        self.asked = Some(now);
        let free = self.places.values().filter(|place| matches!(place, SectionUse::Free { .. })).count();
        Some(u32::try_from(self.waiting.len().saturating_sub(free)).unwrap_or(u32::MAX))
    }

    /// When the request may be repeated.
    pub fn deadline(&self) -> Option<Instant> {
        self.asked.map(|asked| asked + PATIENCE)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "an anchor for virtual time")]
    fn start() -> Instant {
        Instant::now()
    }

    fn wire(track: &str) -> ForwardedTrack {
        ForwardedTrack { track: track.into(), stream: format!("PA|{track}") }
    }

    fn spare(count: usize) -> Vec<Section> {
        let section = |mid: usize| Section {
            mid: mid.to_string(),
            kind: MediaSectionKind::Audio,
            sends: false,
            spare: true,
            track: None,
        };
        (0..count).map(section).collect()
    }

    #[test]
    fn a_track_that_is_there_has_its_place_in_the_first_answer() {
        let mut places = SectionAssignments::default();
        places.want(wire("a"));
        assert_eq!(places.question(start()), None, "the first offer comes by itself");
        let placed = places.offer(&spare(3));
        assert_eq!(placed, [PlacedTrack { mid: "0".into(), track: "a".into(), fresh: false }]);
        assert_eq!(
            places.section_answer("0"),
            SectionAnswer::Sends { stream: "PA|a".into(), track: "a".into() }
        );
        assert_eq!(
            (places.section_answer("1"), places.section_answer("9")),
            (SectionAnswer::Idle, SectionAnswer::AsItIs)
        );
        assert_eq!(places.question(start()), None);
    }

    #[test]
    fn one_question_at_a_time_and_again_when_nobody_answers() {
        let now = start();
        let mut places = SectionAssignments::default();
        places.offer(&spare(1));
        places.want(wire("a"));
        places.want(wire("b"));
        assert_eq!(places.question(now), Some(1), "one is free, one is missing");
        assert_eq!(places.question(now), None);
        assert_eq!(places.question(now + PATIENCE), Some(1));
        assert_eq!(places.offer(&spare(2)).len(), 2);
        assert_eq!(places.question(now + PATIENCE), None);
    }

    #[test]
    fn a_section_rests_for_one_answer_between_two_tracks() {
        let now = start();
        let mut places = SectionAssignments::default();
        places.want(wire("a"));
        places.offer(&spare(1));
        places.unwant("a");
        places.want(wire("b"));
        assert_eq!(places.question(now), Some(1), "the one section is not free yet");
        assert_eq!(places.offer(&spare(1)), [], "the client did not add one");
        assert_eq!(places.section_answer("0"), SectionAnswer::Idle);
        assert_eq!(places.question(now), Some(0), "now it is");
        assert_eq!(
            places.offer(&spare(1)),
            [PlacedTrack { mid: "0".into(), track: "b".into(), fresh: true }]
        );
    }

    #[test]
    fn a_section_that_the_client_takes_away_gives_its_track_back() {
        let mut places = SectionAssignments::default();
        places.want(wire("a"));
        places.offer(&spare(1));
        places.offer(&[]);
        assert_eq!(places.section_answer("0"), SectionAnswer::AsItIs);
        assert_eq!(places.question(start()), Some(1));
    }

    proptest! {
        /// However tracks come and go, a client that does what it is asked carries each exactly once in the end.
        #[test]
        fn everything_wanted_finds_its_place(steps in prop::collection::vec((0_usize..6, any::<bool>()), 0..40)) {
            let (mut places, mut sections, mut now) = (SectionAssignments::default(), 0, start());
            places.offer(&spare(sections));
            let mut wanted = std::collections::BTreeSet::new();
            for (track, want) in steps {
                let name = track.to_string();
                if want { places.want(wire(&name)); wanted.insert(name); } else { places.unwant(&name); wanted.remove(&name); }
                now += PATIENCE;
                if track % 2 == 0 && let Some(more) = places.question(now) {
                    sections += more as usize;
                    places.offer(&spare(sections));
                }
            }
            for _ in 0..4 {
                now += PATIENCE;
                if let Some(more) = places.question(now) {
                    sections += more as usize;
                    places.offer(&spare(sections));
                }
            }
            let carried: Vec<_> = places.tracks().map(|(_, track)| track.to_owned()).collect();
            let distinct: std::collections::BTreeSet<_> = carried.iter().cloned().collect();
            prop_assert_eq!(carried.len(), distinct.len());
            prop_assert_eq!(distinct, wanted);
        }
    }
}
