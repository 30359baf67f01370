//! What the guard asks of a line beyond the rules of the interview.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use interview::manner::{self, LineFaultKind};
use interview::{Brief, LineDefect, LinePurpose, WriterLine, check_line, heard::AnswerKind};

use crate::phrases as p;
use crate::{LineRefusal, Reason, prompts};

/// Longest question, in words.
const LONGEST_QUESTION: usize = 45;
/// So many words of a prompt in a row are a piece of it.
const PIECE: usize = 7;

/// Whether a whole line may be said. `private`: how likely a model takes it to ask about something private, in
/// thousandths; `None` where none has read it. So for all of these.
pub(crate) fn check_whole_line(brief: &Brief, text: &str, private: Option<u16>) -> Result<(), LineRefusal> {
    // What a model can do least about comes first, what it can mend comes last.
    script(brief, text)?;
    let words = words(text);
    let foreign = |words: &[String]| {
        let found = count(words, p::FOREIGN);
        let english = count(words, p::ENGLISH);
        // One word may be a name, or English too.
        (found >= 2 && found >= english) || (found == 1 && english == 0 && words.len() <= 4)
    };
    let english = words.len() < 4 || count(&words, p::ENGLISH) > 0;
    if !english {
        return Err(Reason::Language.into());
    }
    if let Some(sentence) = sentences(text).find(|s| foreign(&self::words(s))) {
        return Err(LineRefusal::of(Reason::Language, sentence));
    }
    check_any_part(brief, text, private)?;
    check_line(brief, text).map_err(|unfit| LineRefusal::by_rules(unfit, brief, text))?;
    let end = text.trim_end_matches(['"', '”', '’', '\'', ')', ' ']);
    if !end.ends_with(['.', '!', '?', '…']) {
        return Err(LineRefusal::of(Reason::Unfinished, sentences(text).last().unwrap_or_default()));
    }
    let line = WriterLine { text: text.to_owned(), took_up: None };
    if line.question().split_whitespace().count() > LONGEST_QUESTION {
        return Err(LineRefusal::of(Reason::TooLong, line.question()));
    }
    let repeat = brief.purpose == LinePurpose::Repeat;
    if !repeat && brief.said.iter().any(|said| self::words(said) == words) {
        return Err(Reason::SaidBefore.into());
    }
    Ok(())
}

/// Whether the beginning of a line, whole sentences of it, may be said before the rest is there: it is fit, asks nothing
/// and leads to nothing new, so that whatever follows can still make it a line.
pub(crate) fn may_release_beginning(brief: &Brief, text: &str, private: Option<u16>) -> bool {
    let words = words(text);
    let plain = count(&words, p::ENGLISH) > 0 && count(&words, p::FOREIGN) == 0;
    let mut asking = brief.clone();
    asking.purpose = LinePurpose::Clarify;
    let begins = plain && manner::may_begin(brief, text);
    begins
        && check_any_part(brief, text, private).is_ok()
        && check_line(&asking, text) == Err(LineDefect::NoQuestion)
}

/// What no part of a line may hold.
pub(crate) fn check_any_part(brief: &Brief, text: &str, private: Option<u16>) -> Result<(), LineRefusal> {
    script(brief, text)?;
    markup(text)?;
    let words = words(text);
    if let Some(piece) = leaked_prompt_words(&words) {
        return Err(LineRefusal::of(Reason::Leak, &piece));
    }
    let met = |phrases: &[&'static str]| phrases.iter().copied().find(|phrase| holds(&words, phrase));
    if let Some(phrase) = met(p::META).or_else(|| spoken_of(brief, &words)) {
        return Err(LineRefusal::of(Reason::Meta, phrase));
    }
    if let Some(slip) = manner::find_fault(brief, text, private) {
        let reason = match slip.kind {
            LineFaultKind::Private => Reason::Private,
            LineFaultKind::NotToThem | LineFaultKind::Leak => Reason::Meta,
            LineFaultKind::Advice => Reason::Advice,
            LineFaultKind::Rating => Reason::Verdict,
            LineFaultKind::Sarcasm => Reason::Sarcasm,
            LineFaultKind::Blame => Reason::Blame,
            LineFaultKind::Leading => Reason::Leading,
            LineFaultKind::Promise => Reason::Promise,
            LineFaultKind::Stage => Reason::Stage,
            LineFaultKind::Unsaid => Reason::Unsaid,
            LineFaultKind::Echo => Reason::Echo,
        };
        return Err(LineRefusal::of(reason, &slip.words));
    }
    if let Some(phrase) = met(p::VERDICT) {
        return Err(LineRefusal::of(Reason::Verdict, phrase));
    }
    match sentences(text).find(|sentence| judges(sentence)) {
        Some(sentence) => Err(LineRefusal::of(Reason::Verdict, sentence)),
        None => Ok(()),
    }
}

/// Letters of other scripts are fit only in words of the candidate's own (a name, a place).
fn script(brief: &Brief, text: &str) -> Result<(), LineRefusal> {
    if text.chars().any(|c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())) {
        return Err(Reason::Language.into());
    }
    let latin = |c: char| !c.is_alphabetic() || c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c);
    let own = |word: &str| candidate_texts(brief).any(|text| text.contains(word));
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.chars().all(latin));
    words.find(|word| !own(word)).map_or(Ok(()), |word| Err(LineRefusal::of(Reason::Language, word)))
}

fn markup(text: &str) -> Result<(), LineRefusal> {
    let sign = |word: &&str| {
        word.contains(['<', '>', '[', ']', '{', '}', '|', '\\', '_'])
            || word.contains("://")
            || word.contains("```")
    };
    let marked = text.split_whitespace().find(sign);
    let listed = || sentences(text).find(|s| s.starts_with("- ") || s.starts_with("• "));
    marked.or_else(listed).map_or(Ok(()), |words| Err(LineRefusal::of(Reason::Markup, words)))
}

/// Everything the candidate gave or said, as far as it is at hand.
fn candidate_texts(brief: &Brief) -> impl Iterator<Item = &str> {
    let profile = &brief.profile;
    [&profile.name, &profile.role, &profile.cv, &profile.job_description]
        .into_iter()
        .chain(brief.recent.iter().map(|exchange| &exchange.answer))
        .chain(brief.so_far.answers.iter())
        .chain(brief.keepsake.iter())
        .map(String::as_str)
}

fn spoken_of(brief: &Brief, line: &[String]) -> Option<&'static str> {
    let trick = brief.purpose == LinePurpose::Boundary
        || brief.heard.as_ref().is_some_and(|heard| heard.kind == AnswerKind::Trick);
    p::META_UNLESS_THEIRS
        .iter()
        .copied()
        .filter(|phrase| holds(line, phrase))
        .find(|phrase| trick || !candidate_texts(brief).any(|text| holds(&words(text), phrase)))
}

fn leaked_prompt_words(line: &[String]) -> Option<String> {
    static PIECES: LazyLock<BTreeSet<Vec<String>>> = LazyLock::new(|| {
        // What stands in quotation marks is how lines may sound.
        let told = |file: &'static str| file.split('"').step_by(2);
        let texts = prompts::files().flat_map(told).map(words).collect::<Vec<_>>();
        texts.iter().flat_map(|words| words.windows(PIECE)).map(<[String]>::to_vec).collect()
    });
    line.windows(PIECE).find(|piece| PIECES.contains(*piece)).map(|piece| piece.join(" "))
}

/// Whether a sentence praises or condemns.
pub(crate) fn judges(sentence: &str) -> bool {
    let asks = sentence.trim_end_matches(['"', '”', ')']).ends_with('?');
    let words = words(sentence);
    if greets(&words) {
        return false;
    }
    // "That is a great deal to carry" says how much.
    let amount =
        |i: usize| words.get(i).is_some_and(|w| matches!(w.as_str(), "deal" | "many" | "while" | "number"));
    let judging = |i: usize| words.get(i).is_some_and(|w| p::JUDGING.contains(&w.as_str())) && !amount(i + 1);
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
            ("that's" | "sounds", _) => Some(i + 1),
            // Exclaimed, not "what a good handover looks like".
            ("what", "a" | "an") if i == 0 && words.len() <= 6 => Some(i + 1),
            ("that" | "this", "is" | "was" | "sounds") => Some(i + 2),
            _ => None,
        };
        let verdict = !asks && from.is_some_and(|from| judging(skip(from)));
        let named = judging(i) && p::JUDGED.contains(&word(i + 1));
        verdict || (named && (!asks || matches!(word(i + 1), "answer" | "response" | "question")))
    })
}

/// "Good morning.", "Nice to meet you.": no judgement.
fn greets(words: &[String]) -> bool {
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let day = matches!(at(1), "morning" | "afternoon" | "evening" | "day");
    let meeting = at(1) == "to" && matches!(at(2), "meet" | "see" | "have" | "hear");
    (at(0) == "good" && day) || (matches!(at(0), "good" | "nice" | "great" | "lovely") && meeting)
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
