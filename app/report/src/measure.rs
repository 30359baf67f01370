//! What can be counted of answers.

use std::collections::BTreeMap;

use interview::{Millis, Modality, StageKind, StageTraits};
use serde::Serialize;

use crate::told::QuestionThread;
use crate::{Harm, Performance, Quotation, quote, wire};

/// What was counted of the answers to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Measures {
    /// Their words.
    pub words: usize,
    /// How many words such a question usually wants, from and to.
    #[serde(serialize_with = "wire::range")]
    pub wants: (usize, usize),
    /// How long they took to say, in milliseconds, if all of them were spoken and measured.
    pub spoke_ms: Option<Millis>,
    /// How often they say "I", "me", "my".
    pub own: usize,
    /// How often they say "we", "us", "our".
    pub common: usize,
    /// Hedges: "kind of", "I guess", "maybe".
    pub hedges: u32,
    /// Their figures, each with the words around it.
    pub figures: Vec<Quotation>,
    /// What the system did to them.
    pub harms: Vec<Harm>,
}

/// Most figures that are shown of a question.
const MOST_FIGURES: usize = 6;

/// How many words a question usually wants with all that follows it: an introduction takes about two minutes, a story
/// between one and three.
fn usual_word_range(kind: StageKind, lines: usize) -> (usize, usize) {
    let more = lines.saturating_sub(1);
    let StageTraits { words: (least, most), words_each: (least_each, most_each), .. } = kind.traits();
    (least + least_each * more, most + most_each * more)
}

/// Counts.
pub(crate) fn measures(
    thread: &QuestionThread<'_>,
    of: &Performance<'_>,
    harms: &BTreeMap<u32, Vec<Harm>>,
) -> Measures {
    let messages = || thread.answers().flat_map(|run| &run.messages);
    let low: Vec<String> = messages()
        .flat_map(|message| message.text.split(|c: char| !c.is_alphanumeric()))
        .map(str::to_lowercase)
        .collect();
    let count = |words: &[&str]| low.iter().filter(|word| words.contains(&word.as_str())).count();
    let spoke: Option<Millis> = messages().map(|message| speaking_time(of, message)).sum();
    let mut figures: Vec<Quotation> = Vec::new();
    for sentence in thread.sentences() {
        for place in &sentence.figures {
            let known = figures.iter().any(|q| q.seq() == sentence.message.seq && q.place().end >= place.end);
            if !known && figures.len() < MOST_FIGURES {
                figures.extend(quote::around(sentence, place));
            }
        }
    }
    Measures {
        words: thread.words(),
        wants: usual_word_range(thread.kind, thread.answers().count()),
        spoke_ms: spoke.filter(|spoke| *spoke > 0),
        own: count(&["i", "me", "my", "mine", "myself"]),
        common: count(&["we", "us", "our", "ours", "ourselves"]),
        hedges: thread.answers().map(|run| run.heard.hedges).sum(),
        figures,
        harms: thread.harms(harms),
    }
}

/// How long a message took to say, if it was spoken and measured.
pub(crate) fn speaking_time(of: &Performance<'_>, message: &interview::Message) -> Option<Millis> {
    if message.modality != Modality::Voice {
        return None;
    }
    of.spoken.iter().find(|turn| turn.turn == message.turn.0).map(|turn| turn.spoke)
}
