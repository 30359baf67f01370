//! What of the posting and of the CV was heard.

use interview::{bank, listen};
use serde::Serialize;

use crate::statement::{Book, Kind};
use crate::told::{Sentence, Told};
use crate::{Statement, quote};

/// What was heard of the phrases of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// What was heard, with the words.
    pub heard: Vec<Statement>,
    /// What was not, in the paper's words.
    pub not_heard: Vec<String>,
}

/// What the posting asks for. `None` if it names nothing.
pub(crate) fn posting(told: &[Told<'_>], posting: &str, book: &mut Book<'_>) -> Option<Paper> {
    looked_for(told, &bank::requirements(posting), Kind::Posting, "posting", book)
}

/// What the CV names. `None` if it names nothing.
pub(crate) fn cv(told: &[Told<'_>], cv: &str, book: &mut Book<'_>) -> Option<Paper> {
    looked_for(told, &bank::named_in_cv(cv), Kind::Cv, "cv", book)
}

fn looked_for(
    told: &[Told<'_>],
    phrases: &[String],
    kind: Kind,
    paper: &str,
    book: &mut Book<'_>,
) -> Option<Paper> {
    if phrases.is_empty() {
        return None;
    }
    let mut looked = Paper { heard: Vec::new(), not_heard: Vec::new() };
    let said: Vec<(&Sentence<'_>, Vec<String>)> = told
        .iter()
        .flat_map(Told::sentences)
        .map(|sentence| {
            let text = sentence.message.text.get(sentence.place.clone()).unwrap_or_default();
            (sentence, listen::stems(text))
        })
        .collect();
    for (n, phrase) in phrases.iter().enumerate() {
        if phrases[..n].contains(phrase) {
            continue;
        }
        let wanted = listen::stems(phrase);
        match said.iter().find(|(_, stems)| holds(stems, &wanted)).and_then(|(s, _)| quote::whole(s)) {
            Some(on) => {
                let statement = Statement::new(kind, format!("{paper}.{n}"), phrase.clone(), on);
                looked.heard.extend(book.enter(statement));
            }
            None => looked.not_heard.push(phrase.clone()),
        }
    }
    Some(looked)
}

/// True if a sentence holds what is wanted: all of one or two words, of more all but one.
fn holds(stems: &[String], wanted: &[String]) -> bool {
    let there = wanted.iter().filter(|stem| stems.contains(stem)).count();
    let enough = if wanted.len() > 2 { wanted.len() - 1 } else { wanted.len() };
    !wanted.is_empty() && there >= enough
}
