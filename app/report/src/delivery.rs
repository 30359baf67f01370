//! How it was spoken, as far as it was measured.

use std::collections::BTreeMap;

use interview::{Message, Millis, Modality, Speaker};
use serde::Serialize;

use crate::measure::speaking_time;
use crate::statement::{Book, StatementKind};
use crate::{Harm, PauseSummary, Performance, Quotation, Statement, wire};

/// How the spoken answers were spoken. What was typed, and what the system harmed, is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// It, in a sentence or two, with how the longest answer begins.
    pub statement: Statement,
    /// How many answers are counted.
    pub answers: usize,
    /// How many spoken answers are not, and why.
    #[serde(serialize_with = "wire::left_out")]
    pub left_out: Vec<(u32, Harm)>,
    /// Words a minute.
    pub words_a_minute: usize,
    /// The longest answer, in milliseconds.
    pub longest_ms: Millis,
    /// The pauses within the answers; `None` unless they were measured in all of them.
    pub pauses: Option<PauseSummary>,
    /// "Um", "er" and the like, as far as hearing wrote them down.
    pub fillers: usize,
    /// Of a hundred words said in those exchanges, how many were the candidate's.
    pub share: usize,
}

/// Less speech than this says nothing, in milliseconds.
const LEAST: Millis = 20_000;
const FILLERS: [&str; 9] = ["um", "uh", "uhm", "umm", "er", "erm", "hmm", "mm", "ah"];

pub(crate) fn delivery(
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
    book: &mut Book<'_>,
) -> Option<Delivery> {
    let mut left_out = Vec::new();
    let mut counted: Vec<(&Message, Millis)> = Vec::new();
    let spoken = |m: &&Message| m.speaker == Speaker::Candidate && m.modality == Modality::Voice;
    for message in of.messages.iter().filter(spoken) {
        match (harms.get(&message.seq).and_then(|harms| harms.first()), speaking_time(of, message)) {
            (Some(harm), _) => left_out.push((message.seq, *harm)),
            (None, Some(spoke)) if spoke > 0 => counted.push((message, spoke)),
            (None, _) => {}
        }
    }
    let total: Millis = counted.iter().map(|(_, spoke)| spoke).sum();
    if total < LEAST {
        return None;
    }
    let words = |m: &Message| m.text.split_whitespace().count();
    let said: usize = counted.iter().map(|(message, _)| words(message)).sum();
    let asked: usize = counted.iter().flat_map(|(message, _)| said_before(of, message)).map(words).sum();
    let per_minute =
        |words: usize, spoke: Millis| words * 60_000 / usize::try_from(spoke.max(1)).unwrap_or(1);
    let fillers = counted
        .iter()
        .flat_map(|(message, _)| message.text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| FILLERS.contains(&word.to_lowercase().as_str()))
        .count();
    let (longest, longest_ms) =
        counted.iter().copied().max_by_key(|(m, spoke)| (*spoke, std::cmp::Reverse(m.seq)))?;
    let first = interview::listen::sentences(&longest.text).into_iter().next()?;
    let on = Quotation::at(longest, first)?;
    let words_a_minute = per_minute(said, total);
    let fillers_said = match fillers {
        0 => String::new(),
        1 => " One filler was heard.".to_owned(),
        n => format!(" {n} fillers were heard."),
    };
    let pauses = pauses(of, &counted);
    let paused = match pauses {
        None => String::new(),
        Some(PauseSummary { count: 0, .. }) => " No pause was as long as a second.".to_owned(),
        Some(PauseSummary { count: 1, longest }) => {
            format!(" One pause of a second or more: {}.", length(longest))
        }
        Some(PauseSummary { count, longest }) => {
            format!(" {count} pauses of a second or more, the longest {}.", length(longest))
        }
    };
    let text = format!(
        "{words_a_minute} words a minute.{paused}{fillers_said} The longest answer took {}; it begins",
        length(longest_ms)
    );
    Some(Delivery {
        statement: book.accept_unless_struck(Statement::new(
            StatementKind::Delivery,
            "delivery",
            text,
            on,
        ))?,
        answers: counted.len(),
        left_out,
        words_a_minute,
        longest_ms,
        pauses,
        fillers,
        share: said * 100 / (said + asked).max(1),
    })
}

/// What the interviewer said before an answer, since the answer before it.
fn said_before<'a>(of: &Performance<'a>, answer: &Message) -> impl Iterator<Item = &'a Message> {
    let before = of.messages.iter().rev().skip_while(|m| m.seq >= answer.seq);
    before.take_while(|m| m.speaker == Speaker::Interviewer)
}

/// The pauses of all these answers.
fn pauses(of: &Performance<'_>, answers: &[(&Message, Millis)]) -> Option<PauseSummary> {
    answers.iter().try_fold(PauseSummary::default(), |all, (message, _)| {
        let one = of.spoken.iter().find(|turn| turn.turn == message.turn.0)?.pauses?;
        Some(PauseSummary { count: all.count + one.count, longest: all.longest.max(one.longest) })
    })
}

/// "45 s", "2 min 40 s".
pub fn length(ms: Millis) -> String {
    let seconds = (ms + 500) / 1_000;
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s} s"),
        (m, 0) => format!("{m} min"),
        (m, s) => format!("{m} min {s} s"),
    }
}

#[cfg(test)]
mod tests {
    use interview::LinePurpose;

    use super::*;
    use crate::SpokenTurnMetrics;
    use crate::testing::{asked, line, said, with};

    /// What is told of two answers of twenty seconds each, with these pauses.
    fn told(pauses: [Option<(usize, Millis)>; 2], sure: Option<u8>) -> Option<Delivery> {
        let messages =
            [2, 4].map(|seq| Message { modality: Modality::Voice, ..said(seq, "I ran it. It ran well.") });
        let spoken: Vec<SpokenTurnMetrics> = messages
            .iter()
            .zip(pauses)
            .map(|(message, pauses)| SpokenTurnMetrics {
                turn: message.turn.0.clone(),
                spoke: 20_000,
                replied: 900,
                pauses: pauses.map(|(count, longest)| PauseSummary { count, longest }),
                sure,
            })
            .collect();
        with(("", ""), &messages, &spoken, crate::report).delivery
    }

    #[test]
    fn talking_is_shared_only_where_both_talked() {
        let spoke = |seq| SpokenTurnMetrics {
            turn: said(seq, "").turn.0,
            spoke: 30_000,
            replied: 900,
            ..SpokenTurnMetrics::default()
        };
        let answer = |seq| Message { modality: Modality::Voice, ..said(seq, "I ran it, and it ran well.") };
        let talk = vec![asked(1, "What did you run, and how did it go?"), answer(2)];
        let mut mixed = talk.clone();
        mixed.extend([
            asked(3, "And who else was there, of all the people that you had to ask?"),
            said(4, "Ben."),
        ]);
        mixed.push(line(
            5,
            LinePurpose::Closing,
            "Thank you for all of that, and good luck with what comes next.",
        ));
        let share = |messages: &[Message]| {
            with(("", ""), messages, &[spoke(2)], crate::report).delivery.unwrap().share
        };
        assert_eq!((share(&talk), share(&mixed)), (43, 43));
    }

    #[test]
    fn pauses_are_told_as_they_were_measured_and_only_then() {
        let text = |pauses| told(pauses, Some(90)).unwrap().statement.text().to_owned();
        assert!(
            text([Some((2, 1_400)), Some((1, 3_600))])
                .contains(" 3 pauses of a second or more, the longest 4 s.")
        );
        assert!(text([Some((0, 0)), Some((1, 1_200))]).contains(" One pause of a second or more: 1 s."));
        assert!(text([Some((0, 0)), Some((0, 0))]).contains(" No pause was as long as a second."));
        assert!(!text([Some((2, 1_400)), None]).contains("pause"), "not of a part of it");
    }

    #[test]
    fn what_was_heard_badly_is_not_counted() {
        assert_eq!(told([None, None], Some(30)), None);
    }
}
