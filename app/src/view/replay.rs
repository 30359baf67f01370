//! An interview as it is played once more: what was said, when in the play, and which silences are shortened.

use std::collections::BTreeMap;

use engine::{Export, OriginKind, SessionEvent};
use interview::{Message, Millis, Modality, Speaker, skips_previous_question};

use super::acts::Acts;
use super::make::level;
use super::title_of;

/// A longer silence is played as short as [`SHORT`].
pub(crate) const LONG: Millis = 3_000;
const SHORT: Millis = 1_500;
/// How long a word of the interviewer's takes: said aloud, and read.
const SAID: Millis = 380;
const READ: Millis = 240;
/// A line of the interviewer's takes at most so long.
const LONGEST_LINE: Millis = 20_000;

/// What the page shows on which an interview is played.
pub(crate) struct ReplayView {
    /// The interview's id.
    pub id: String,
    /// Role and level.
    pub title: String,
    /// True once the interview is over.
    pub over: bool,
    /// True if it is a take.
    pub is_take: bool,
    /// The lines.
    pub lines: Vec<ReplayLine>,
    /// How long it is played, in milliseconds.
    pub length: Millis,
}

/// A line, and when it is played.
#[derive(Debug, PartialEq)]
pub(crate) struct ReplayLine {
    /// The number of the part that begins with it, from 1, and its title.
    pub act: Option<(usize, String)>,
    /// Whether the line before it was skipped.
    pub after_skip: bool,
    /// What happened before it that nobody said.
    pub before: Vec<String>,
    /// Its number.
    pub seq: u32,
    /// True for the interviewer's.
    pub asks: bool,
    /// Who says it.
    pub who: String,
    /// The words.
    pub text: String,
    /// True if it was cut to what was heard of it.
    pub cut: bool,
    /// True if the words are not those that were said: the candidate has corrected them.
    pub corrected: bool,
    /// From when to when it is played, in milliseconds from the beginning.
    pub from: Millis,
    /// See `from`.
    pub to: Millis,
    /// Whether its sound was kept.
    pub heard: bool,
}

/// Makes the view.
pub(crate) fn replay(export: &Export) -> ReplayView {
    let snapshot = &export.snapshot;
    let said: Vec<&Message> = snapshot.messages.iter().map(|(message, _)| message).collect();
    let spoke = spoke(&export.events);
    let mut acts = Acts::new(&snapshot.plan.stages);
    let mut clock = ReplayClock::default();
    let fork = snapshot.origin.as_ref().filter(|origin| origin.kind == OriginKind::Fork);
    let branches_at = fork.and_then(|origin| said.iter().find(|message| message.seq > origin.seq));
    let lines = said.iter().enumerate().map(|(at, message)| {
        let asks = message.speaker == Speaker::Interviewer;
        let (began, lasts) = match message.speaker {
            Speaker::Interviewer => (message.at, saying(message)),
            // Where it is not known how long somebody spoke, and of what was typed, there is the time to read it.
            Speaker::Candidate => match spoke.get(message.turn.0.as_str()) {
                Some(spoke) => (message.at.saturating_sub(*spoke), *spoke),
                None => (message.at, saying(message)),
            },
        };
        let (from, silence) = clock.begins(began);
        let to = clock.lasts(lasts);
        let mut before = Vec::new();
        let branches = branches_at.is_some_and(|first| first.seq == message.seq);
        before.extend(branches.then(|| "(This interview branches off here.)".to_owned()));
        before.extend(silence.map(|silence| shortened(silence, message)));
        ReplayLine {
            act: acts.begins(&message.stage),
            after_skip: skips_previous_question(&said, at),
            before,
            seq: message.seq,
            asks,
            who: if asks { "Interviewer".to_owned() } else { snapshot.profile.first_name().to_owned() },
            text: message.text.clone(),
            cut: message.cut,
            corrected: message.original.is_some(),
            from,
            to,
            heard: export.sounds.iter().any(|sound| sound.seq == message.seq),
        }
    });
    let lines = lines.collect();
    ReplayView {
        id: snapshot.id.to_string(),
        title: title_of(&snapshot.profile.role, level(snapshot.profile.seniority)),
        over: snapshot.status.is_completed(),
        is_take: snapshot.origin.as_ref().is_some_and(|origin| origin.kind == OriginKind::Take),
        lines,
        length: clock.played,
    }
}

/// The time that is played, beside the time that it was.
#[derive(Default)]
struct ReplayClock {
    played: Millis,
    /// When what was played last was over; nothing was played yet if there is none.
    over: Option<Millis>,
}

impl ReplayClock {
    /// Something begins that began at this moment: when it is played, and how long the silence before it was, if that is
    /// shortened.
    fn begins(&mut self, began: Millis) -> (Millis, Option<Millis>) {
        let silence = self.over.map_or(0, |over| began.saturating_sub(over).max(0));
        let long = silence > LONG;
        self.played += if long { SHORT } else { silence };
        // Whoever interrupts begins before the line is over, and is heard after it.
        self.over = Some(self.over.map_or(began, |over| over.max(began)));
        (self.played, long.then_some(silence))
    }

    /// It lasts so long: until when it is played.
    fn lasts(&mut self, lasts: Millis) -> Millis {
        self.played += lasts;
        self.over = self.over.map(|over| over.saturating_add(lasts));
        self.played
    }
}

/// How long the candidate spoke in each turn, as it was kept.
fn spoke(events: &[SessionEvent]) -> BTreeMap<&str, Millis> {
    let turns = events.iter().filter(|event| event.kind == "voice_turn");
    let spoke =
        turns.filter_map(|event| Some((event.data["turn"].as_str()?, event.data["spoke_ms"].as_i64()?)));
    spoke.filter(|(_, spoke)| *spoke > 0).collect()
}

/// How long it takes to say or to read a line; never nothing, so that each has a moment of its own.
fn saying(message: &Message) -> Millis {
    let words = Millis::try_from(message.text.split_whitespace().count()).unwrap_or(Millis::MAX);
    let each = match message.modality {
        Modality::Voice => SAID,
        Modality::Text => READ,
    };
    words.max(1).saturating_mul(each).min(LONGEST_LINE)
}

/// What is said of a silence that is shortened.
fn shortened(silence: Millis, before: &Message) -> String {
    let what = match (before.speaker, before.modality) {
        (Speaker::Candidate, Modality::Text) => "Thinking and typing",
        (Speaker::Candidate, Modality::Voice) | (Speaker::Interviewer, _) => "A silence",
    };
    format!("({what}, {}, shortened.)", long(silence))
}

/// "40 seconds", "3 minutes", "2 hours".
fn long(silence: Millis) -> String {
    let seconds = (silence + 500) / 1_000;
    let (n, unit) = match seconds {
        0..90 => (seconds, "second"),
        90..5_400 => ((seconds + 30) / 60, "minute"),
        5_400..129_600 => ((seconds + 1_800) / 3_600, "hour"),
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    if n == 1 { format!("one {unit}") } else { format!("{n} {unit}s") }
}

#[cfg(test)]
mod tests {
    use interview::{LineSource, TurnId};

    use super::*;

    fn message(speaker: Speaker, modality: Modality, words: usize) -> Message {
        Message {
            seq: 1,
            speaker,
            stage: "a".to_owned(),
            modality,
            text: "word ".repeat(words),
            at: 0,
            turn: TurnId("t".to_owned()),
            source: Some(LineSource::Bank),
            why: None,
            cut: false,
            reading: None,
            original: None,
        }
    }

    #[test]
    fn short_silences_are_played_and_long_ones_shortened_and_said() {
        let mut clock = ReplayClock::default();
        assert_eq!(clock.begins(50_000), (0, None), "nothing was before the first line");
        assert_eq!(clock.lasts(2_000), 2_000);
        assert_eq!(clock.begins(54_500), (4_500, None));
        assert_eq!(clock.lasts(1_000), 5_500);
        assert_eq!(clock.begins(95_500), (7_000, Some(40_000)));
        assert_eq!(clock.lasts(0), 7_000);
        // It began while the one before was still being said.
        clock.lasts(5_000);
        assert_eq!(clock.begins(96_000), (12_000, None));
        // A clock that was put back takes nothing away.
        assert_eq!(clock.begins(10), (12_000, None));
    }

    #[test]
    fn silences_are_told_in_words() {
        let typed = message(Speaker::Candidate, Modality::Text, 1);
        assert_eq!(shortened(40_200, &typed), "(Thinking and typing, 40 seconds, shortened.)");
        let asked = message(Speaker::Interviewer, Modality::Text, 1);
        assert_eq!(shortened(180_000, &asked), "(A silence, 3 minutes, shortened.)");
        assert_eq!((long(3_600_000 * 2), long(86_400_000 * 3)), ("2 hours".to_owned(), "3 days".to_owned()));
        assert_eq!(
            (long(1_000), long(89_400), long(90_000)),
            ("one second".into(), "89 seconds".into(), "2 minutes".into())
        );
    }

    #[test]
    fn lines_that_are_spoken_take_longer_than_those_that_are_read_and_none_is_endless() {
        let takes = |modality, words| saying(&message(Speaker::Interviewer, modality, words));
        assert!(takes(Modality::Voice, 10) > takes(Modality::Text, 10));
        assert!(takes(Modality::Text, 0) > 0);
        assert_eq!(takes(Modality::Voice, 10_000), LONGEST_LINE);
    }

    #[test]
    fn what_was_spoken_how_long_is_read_from_what_was_kept() {
        let event = |kind: &str, data| SessionEvent { at: 0, kind: kind.to_owned(), data };
        let events = [
            event("voice_turn", serde_json::json!({"turn": "a", "spoke_ms": 4_200})),
            event("voice_turn", serde_json::json!({"turn": "b"})),
            event("voice_turn", serde_json::json!({"turn": "c", "spoke_ms": -5})),
            event("voice_left", serde_json::json!({"turn": "d", "spoke_ms": 1})),
        ];
        assert_eq!(spoke(&events).into_iter().collect::<Vec<_>>(), [("a", 4_200)]);
    }
}
