//! What of the posting and of the CV came up.

use std::sync::LazyLock;

use interview::{Message, bank, listen};
use serde::Serialize;

use crate::sentence::Sentence;
use crate::statement::{Book, Kind};
use crate::told::{Told, begins};
use crate::{Quotation, Statement, quote};

/// What came up of the phrases of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// What came up, with the candidate's words: those that name it, or that answer a question on it.
    #[serde(rename = "came_up")]
    pub heard: Vec<Statement>,
    /// What no answer names in these words, in the paper's own.
    #[serde(rename = "not_in_these_words")]
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
        match answered(told, phrase).or_else(|| named(&said, phrase, kind)) {
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
        Self { sentence, stems: listen::stems(sentence.text()) }
    }
}

/// Words of postings and CVs that say little of what they ask for.
const LITTLE: &str = "experience knowledge strong skill ability able good excellent proven work working environment standard \
    practice tool method principle technique industry sector setting similar relevant equivalent advantage required \
    essential desirable preferred ideally plus year lead leading manage managing management manager handle handling \
    deliver delivering support supporting ensure ensuring run running maintain maintaining prepare preparing plan \
    planning provide providing develop developing use using improve improving help helping help make making team \
    people high level day new other both well understanding background confident comfortable willing willingness";
/// Words that name half of all work: alone they do not say that something came up.
const COMMON: &str = "customer client school boat technician assistant staff patient child children data system project \
    business company service product quality report process colleague member office site senior junior job role care \
    test testing design user order time record communication communicator relationship problem solution detail \
    student family parent driver driving check write written english number line phone computer software food code move moved \
    level app website shop store hospital hotel review";

static LITTLE_STEMS: LazyLock<Vec<String>> = LazyLock::new(|| listen::stems(LITTLE));
static COMMON_STEMS: LazyLock<Vec<String>> = LazyLock::new(|| listen::stems(COMMON));

/// The stems of a phrase that say what it asks for.
fn weighty(phrase: &str) -> Vec<String> {
    let counts = |stem: &String| stem.chars().any(|c| c.is_ascii_digit());
    listen::stems(phrase).into_iter().filter(|stem| !LITTLE_STEMS.contains(stem) && !counts(stem)).collect()
}

/// A place or a tool: "Orwell Freight Forwarding Ltd".
fn is_name(phrase: &str) -> bool {
    phrase.split_whitespace().all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
}

/// "Statistical process control" is said as "SPC".
fn initials(phrase: &str) -> Option<String> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let letters = words.iter().filter_map(|word| word.chars().next());
    (3..=5).contains(&words.len()).then(|| letters.flat_map(char::to_lowercase).collect())
}

/// Fewer letters than these are no beginning of a longer word.
const BEGINS: usize = 6;

/// The same, or one begins with the other: "Postgres" and "PostgreSQL".
fn same(a: &str, b: &str) -> bool {
    a == b || a.len().min(b.len()) >= BEGINS && (a.starts_with(b) || b.starts_with(a))
}

/// The words that name what a phrase asks for, in one sentence: two of three of its words that say something, or one that
/// is a name ("SQL") or not everybody's ("rotas", "safeguarding"). What a CV names takes more than one.
fn named(said: &[Said<'_, '_>], phrase: &str, kind: Kind) -> Option<Quotation> {
    let wanted = weighty(phrase);
    let rare = |stem: &String| stem.len() >= 4 && !COMMON_STEMS.contains(stem);
    let name = |word: &&str| word.chars().filter(|c| c.is_uppercase()).count() >= 2;
    let names = phrase.split(|c: char| !c.is_alphanumeric()).filter(name).flat_map(listen::stems);
    let enough_alone: Vec<String> =
        names.chain(initials(phrase)).chain(wanted.iter().filter(|stem| rare(stem)).cloned()).collect();
    let holds = |said: &Said<'_, '_>, stem: &String| said.stems.iter().any(|known| same(known, stem));
    let there = |said: &&Said<'_, '_>| wanted.iter().filter(|stem| holds(said, stem)).count();
    let best = said.iter().rev().max_by_key(there)?;
    let most = wanted.len() >= 2 && there(&best) * 3 >= wanted.len() * 2;
    let of_these = |said: &&Said<'_, '_>| enough_alone.iter().filter(|stem| holds(said, stem)).count();
    let alone = || said.iter().rev().max_by_key(of_these).filter(|said| of_these(said) > 0);
    let found = if most { Some(best) } else { alone().filter(|_| kind == Kind::Posting || is_name(phrase)) };
    found.and_then(|said| quote::whole(said.sentence))
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
