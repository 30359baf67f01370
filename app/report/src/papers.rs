//! What of the posting and of the CV came up.

use interview::{Message, bank, listen};
use serde::Serialize;

use crate::statement::{Book, Kind};
use crate::told::{Sentence, Told, begins};
use crate::{Quotation, Statement, quote};

/// What came up of the phrases of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// What came up, with the candidate's words: those that name it, or that answer a question on it.
    pub heard: Vec<Statement>,
    /// What did not, in the paper's words.
    pub not_heard: Vec<String>,
}

/// What the posting asks for. `None` if it names nothing.
pub(crate) fn posting(told: &[Told<'_>], posting: &str, role: &str, book: &mut Book<'_>) -> Option<Paper> {
    looked_for(told, &bank::wishes(posting, role), Kind::Posting, "posting", book)
}

/// What the CV names. `None` if it names nothing. Of what did not come up only deeds are worth telling: nobody can bring
/// every place and every tool into a conversation.
pub(crate) fn cv(told: &[Told<'_>], cv: &str, book: &mut Book<'_>) -> Option<Paper> {
    let mut paper = looked_for(told, &bank::named_in_cv(cv), Kind::Cv, "cv", book)?;
    let deeds = bank::deeds_in_cv(cv);
    paper.not_heard.retain(|phrase| deeds.contains(phrase));
    (!paper.heard.is_empty() || !paper.not_heard.is_empty()).then_some(paper)
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
    let said: Vec<Said<'_, '_>> = told.iter().flat_map(Told::sentences).map(Said::of).collect();
    for (n, phrase) in phrases.iter().enumerate() {
        if phrases[..n].contains(phrase) {
            continue;
        }
        match answered(told, phrase).or_else(|| named(&said, phrase)) {
            Some(on) => {
                let statement = Statement::new(kind, format!("{paper}.{n}"), phrase.clone(), on);
                looked.heard.extend(book.enter(statement));
            }
            None => looked.not_heard.push(phrase.clone()),
        }
    }
    Some(looked)
}

struct Said<'t, 'a> {
    sentence: &'t Sentence<'a>,
    stems: Vec<String>,
}

impl<'t, 'a> Said<'t, 'a> {
    fn of(sentence: &'t Sentence<'a>) -> Self {
        let text = sentence.message.text.get(sentence.place.clone()).unwrap_or_default();
        Self { sentence, stems: listen::stems(text) }
    }
}

/// Words of postings and CVs that say little of what they ask for.
const LITTLE: &str = "experience knowledge strong skill ability good excellent proven work working environment standard \
    practice tool method principle technique industry sector setting similar relevant equivalent advantage required \
    essential desirable preferred ideally plus year senior junior lead leading manage managing management handle \
    handling deliver delivering support supporting ensure ensuring run running maintain maintaining prepare preparing \
    plan planning provide providing develop developing use using improve improving help helping make making team \
    people high level day new other both well";

/// The stems of a phrase that say what it asks for.
fn weighty(phrase: &str) -> Vec<String> {
    let all = listen::stems(phrase);
    let little: Vec<String> = listen::stems(LITTLE);
    all.into_iter().filter(|stem| !little.contains(stem)).collect()
}

/// The words that name what a phrase asks for, or one of its alternatives ("rotas or scheduling"), in one sentence: all of
/// two, two of three. One word alone is enough if it is a name ("SQL"), or as good as all that there is.
fn named(said: &[Said<'_, '_>], phrase: &str) -> Option<Quotation> {
    let alone = weighty(phrase).len() == 1 && phrase.split_whitespace().count() <= 3;
    let phrase = phrase.replace('/', " or ");
    phrase.split(" or ").find_map(|part| {
        let wanted = weighty(part);
        let name = |word: &&str| word.chars().filter(|c| c.is_uppercase()).count() >= 2;
        let names: Vec<String> = part.split_whitespace().filter(name).flat_map(listen::stems).collect();
        if let Some(said) = said.iter().find(|said| names.iter().any(|name| said.stems.contains(name))) {
            return quote::whole(said.sentence);
        }
        let enough = match wanted.len() {
            1 if alone => 1,
            0 | 1 => return None,
            2 => 2,
            many => (many * 2).div_ceil(3),
        };
        let there = |stems: &[String]| wanted.iter().filter(|stem| stems.contains(stem)).count();
        let best = said.iter().rev().max_by_key(|said| there(&said.stems))?;
        (there(&best.stems) >= enough).then(|| quote::whole(best.sentence)).flatten()
    })
}

/// The beginning of the answer to a question that named it.
fn answered(told: &[Told<'_>], phrase: &str) -> Option<Quotation> {
    let wanted = weighty(phrase);
    let asks = |line: &Message| {
        let asked = listen::stems(&line.text);
        let there = wanted.iter().filter(|stem| asked.contains(stem)).count();
        begins(line) && !wanted.is_empty() && there * 3 >= wanted.len() * 2
    };
    let told = told.iter().filter(|told| told.named.is_some()).find(|told| asks(told.question))?;
    let mut tells = told.sentences().filter(|sentence| !sentence.idle);
    let first = tells.next()?;
    // One that is short says more with the next.
    let more = if first.words() < 6 {
        tells.next().filter(|next| next.message.seq == first.message.seq)
    } else {
        None
    };
    let end = more.map_or(first.place.end, |more| more.place.end);
    quote::beginning(first.message, first.place.start..end)
}
