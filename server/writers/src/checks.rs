//! What the guard asks of a line beyond the rules of the interview.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use interview::{Brief, Line, Purpose, Unfit, check_line, heard::Kind};

use crate::phrases as p;
use crate::{Reason, prompts};

/// Longest question, in words.
const LONGEST_QUESTION: usize = 45;
/// So many words of a prompt in a row are a piece of it.
const PIECE: usize = 7;

/// Whether a whole line may be said.
pub(crate) fn whole(brief: &Brief, text: &str) -> Result<(), Reason> {
    // What a model can do least about comes first, what it can mend comes last.
    some(brief, text)?;
    let words = words(text);
    let foreign = |words: &[String]| {
        let found = count(words, p::FOREIGN);
        found > 0 && found >= count(words, p::ENGLISH)
    };
    let english = words.len() < 4 || count(&words, p::ENGLISH) > 0;
    if !english || sentences(text).any(|s| foreign(&self::words(s))) {
        return Err(Reason::Language);
    }
    check_line(brief, text)?;
    let end = text.trim_end_matches(['"', '”', '’', '\'', ')', ' ']);
    if !end.ends_with(['.', '!', '?', '…']) {
        return Err(Reason::Unfinished);
    }
    let line = Line { text: text.to_owned(), took_up: None };
    if line.question().split_whitespace().count() > LONGEST_QUESTION {
        return Err(Reason::TooLong);
    }
    let repeat = brief.purpose == Purpose::Repeat;
    if !repeat && brief.said.iter().any(|said| self::words(said) == words) {
        return Err(Reason::SaidBefore);
    }
    Ok(())
}

/// Whether the beginning of a line, whole sentences of it, may be said before the rest is there: it is fit and asks
/// nothing, so that whatever follows can still make it a line.
pub(crate) fn may_go(brief: &Brief, text: &str) -> bool {
    let words = words(text);
    let plain = count(&words, p::ENGLISH) > 0 && count(&words, p::FOREIGN) == 0;
    let mut asking = brief.clone();
    asking.purpose = Purpose::Clarify;
    plain && some(brief, text).is_ok() && check_line(&asking, text) == Err(Unfit::NoQuestion)
}

/// What no part of a line may hold.
pub(crate) fn some(brief: &Brief, text: &str) -> Result<(), Reason> {
    script(brief, text)?;
    markup(text)?;
    let words = words(text);
    if leaked(&words) {
        return Err(Reason::Leak);
    }
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| holds(&words, phrase));
    if has(p::META) || spoken_of(brief, &words) {
        return Err(Reason::Meta);
    }
    if has(p::PROMISE) {
        return Err(Reason::Promise);
    }
    if has(p::VERDICT) || sentences(text).any(judges) {
        return Err(Reason::Verdict);
    }
    if has(p::PRIVATE) {
        return Err(Reason::Private);
    }
    let ends = brief.purpose != Purpose::Closing && has(p::ENDS);
    let leaves = brief.purpose != Purpose::Transition && has(p::LEAVES);
    if ends || leaves { Err(Reason::Stage) } else { Ok(()) }
}

/// Letters of other scripts are fit only in words of the candidate's own (a name, a place).
fn script(brief: &Brief, text: &str) -> Result<(), Reason> {
    if text.chars().any(|c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())) {
        return Err(Reason::Language);
    }
    let latin = |c: char| !c.is_alphabetic() || c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c);
    let own = |word: &str| theirs(brief).any(|text| text.contains(word));
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.chars().all(latin));
    if words.all(own) { Ok(()) } else { Err(Reason::Language) }
}

fn markup(text: &str) -> Result<(), Reason> {
    let signs = text.contains(['<', '>', '[', ']', '{', '}', '|', '\\', '_']);
    let listed = sentences(text).any(|s| s.starts_with("- ") || s.starts_with("• "));
    if signs || listed || text.contains("://") || text.contains("```") { Err(Reason::Markup) } else { Ok(()) }
}

/// Everything the candidate gave or said, as far as it is at hand.
fn theirs(brief: &Brief) -> impl Iterator<Item = &str> {
    let profile = &brief.profile;
    [&profile.name, &profile.role, &profile.cv, &profile.job_description]
        .into_iter()
        .chain(brief.recent.iter().map(|exchange| &exchange.answer))
        .chain(brief.keepsake.iter())
        .map(String::as_str)
}

fn spoken_of(brief: &Brief, line: &[String]) -> bool {
    let trick = brief.purpose == Purpose::Boundary
        || brief.heard.as_ref().is_some_and(|heard| heard.kind == Kind::Trick);
    p::META_UNLESS_THEIRS
        .iter()
        .filter(|phrase| holds(line, phrase))
        .any(|phrase| trick || !theirs(brief).any(|text| holds(&words(text), phrase)))
}

fn leaked(line: &[String]) -> bool {
    static PIECES: LazyLock<BTreeSet<Vec<String>>> = LazyLock::new(|| {
        let texts = prompts::files().map(words).collect::<Vec<_>>();
        texts.iter().flat_map(|words| words.windows(PIECE)).map(<[String]>::to_vec).collect()
    });
    line.windows(PIECE).any(|piece| PIECES.contains(piece))
}

/// Whether a sentence praises or condemns.
fn judges(sentence: &str) -> bool {
    let asks = sentence.trim_end_matches(['"', '”', ')']).ends_with('?');
    let words = words(sentence);
    let judging = |i: usize| words.get(i).is_some_and(|w| p::JUDGING.contains(&w.as_str()));
    let adverb = |w: &String| p::ADVERBS.contains(&w.as_str());
    let skip = |from: usize| from + words[from.min(words.len())..].iter().take_while(|w| adverb(w)).count();
    // "Great.", "Very good, Maria.", "Excellent, and ..."
    let first = skip(0);
    let alone = words.len() <= first + 2;
    let set_off = || {
        let rest = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
        let cut = rest.find([',', '!', ';', '—', '–']).map_or("", |at| &rest[..at]);
        !cut.is_empty() && self::words(cut).len() == first + 1
    };
    if judging(first) && !asks && (alone || set_off()) {
        return true;
    }
    let word = |i: usize| words.get(i).map_or("", String::as_str);
    (0..words.len()).any(|i| {
        // "That is really impressive", "sounds great", "what a story"; asked, it is about something else.
        let from = match (word(i), word(i + 1)) {
            ("that's" | "sounds", _) | ("what", "a" | "an") => Some(i + 1),
            ("that" | "this", "is" | "was" | "sounds") => Some(i + 2),
            _ => None,
        };
        let verdict = !asks && from.is_some_and(|from| judging(skip(from)));
        let named = judging(i) && p::JUDGED.contains(&word(i + 1));
        verdict || (named && (!asks || matches!(word(i + 1), "answer" | "response" | "question")))
    })
}

/// The words of a text in lower case, with straight apostrophes.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.replace('’', "'")
        .split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(|w| w.trim_matches('\'').to_lowercase())
        .filter(|w| !w.is_empty())
        .collect()
}

fn holds(line: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    line.windows(phrase.len()).any(|piece| piece.iter().zip(&phrase).all(|(a, b)| a == b))
}

fn count(words: &[String], of: &[&str]) -> usize {
    words.iter().filter(|w| of.contains(&w.as_str())).count()
}

/// Roughly the sentences: pieces that end in a full stop, a question or an exclamation mark.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '!', '?', '…', '\n']).map(str::trim).filter(|s| !s.is_empty())
}
