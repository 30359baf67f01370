//! From words to sounds: text in, the phonemes that the voice knows out, each with the word it belongs to.
//!
//! Text is cut into pieces ([`split`]), which get their part of speech ([`tagger`]) and their sounds from the
//! dictionaries by rules ([`lexicon`]), from a list of our own ([`names`]) or from a network ([`spelling`]). It is a port
//! of what Hibari's package does (`g2p/`, after misaki; both Apache-2.0), without numbers and symbols: those have become
//! words before.

mod dictionary;
mod lexicon;
mod names;
mod spelling;
mod split;
mod stress;
mod tagger;

use std::sync::Arc;

use self::dictionary::Dictionary;
use self::lexicon::Ahead;
use self::spelling::Spelling;
use self::stress::{PRIMARY, Stress, stressed};
use crate::SpeechError;
use models::ModelFolder;

/// Reads words aloud, so to say.
pub(super) struct Phonemiser {
    dictionary: Arc<Dictionary>,
    spelling: Spelling,
}

/// How a text sounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PhonemeSequence {
    /// The sounds in the voice's alphabet, with punctuation and with spaces between words.
    pub(super) sounds: Vec<char>,
    /// For each sound, which word it belongs to, counted as [`str::split_whitespace`] counts them. The space after a
    /// word is the word's.
    pub(super) words: Vec<usize>,
}

/// Part of a piece of a word.
struct TaggedSubword<'a> {
    text: String,
    tag: &'a str,
    /// `None`: not known yet.
    sounds: Option<String>,
    /// Whether white space follows.
    space: bool,
    /// Whether a space is said before it.
    apart: bool,
    /// Which word of the text it is in.
    word: usize,
}

impl Phonemiser {
    /// Opens the dictionaries, which all threads share, and this thread's network.
    pub(super) fn open(folder: &ModelFolder) -> Result<Self, SpeechError> {
        Ok(Self { dictionary: Dictionary::of(folder)?, spelling: Spelling::open(folder)? })
    }

    /// How this text sounds.
    pub(super) fn read(&mut self, text: &str) -> Result<PhonemeSequence, SpeechError> {
        let dictionary = Arc::clone(&self.dictionary);
        let mut groups = grouped(parts(&dictionary, text));
        let mut ahead = Ahead::default();
        for group in groups.iter_mut().rev() {
            ahead = self.fill(&dictionary, group, ahead)?;
        }
        Ok(joined(&groups))
    }

    /// Finds the sounds of the parts of one group, last first, and says what the group before it sees ahead.
    fn fill(
        &mut self,
        dictionary: &Dictionary,
        group: &mut [TaggedSubword<'_>],
        mut ahead: Ahead,
    ) -> Result<Ahead, SpeechError> {
        if let [part] = group {
            if part.sounds.is_none() {
                part.sounds = lexicon::sounds(dictionary, &part.text, part.tag, ahead);
            }
            if part.sounds.is_none() {
                part.sounds = Some(self.unlisted(&part.text, ahead)?);
            }
            return Ok(seen(ahead, part.sounds.as_deref().unwrap_or_default(), &part.text, part.tag));
        }
        // The longest run of parts that the dictionary has, from the end.
        let (mut left, mut right) = (0, group.len());
        while left < right {
            let (text, tag) = merged(&group[left..right]);
            let open = group[left..right].iter().all(|part| part.sounds.is_none());
            let sounds = open.then(|| lexicon::sounds(dictionary, &text, tag, ahead)).flatten();
            if let Some(sounds) = sounds {
                ahead = seen(ahead, &sounds, &text, tag);
                for part in &mut group[left + 1..right] {
                    part.sounds = Some(String::new());
                }
                group[left].sounds = Some(sounds);
                (left, right) = (0, left);
            } else if left + 1 < right {
                left += 1;
            } else {
                right -= 1;
                if group[right].sounds.is_none() {
                    if !group[right].text.chars().all(is_junk) {
                        let (text, _) = merged(group);
                        let sounds = self.unlisted(&text, ahead)?;
                        for part in group.iter_mut() {
                            part.sounds = Some(String::new());
                        }
                        group[0].sounds = Some(sounds);
                        return Ok(ahead);
                    }
                    // "Plan B." ends with a pause.
                    let last = right + 1 == group.len() && group[right].text == ".";
                    group[right].sounds = Some(if last { ".".to_owned() } else { String::new() });
                }
                left = 0;
            }
        }
        settle(group);
        Ok(ahead)
    }

    /// What no dictionary has: letters by their spelling, digits one by one.
    fn unlisted(&mut self, text: &str, ahead: Ahead) -> Result<String, SpeechError> {
        let mut all: Vec<String> = Vec::new();
        let mut letters = String::new();
        for letter in text.chars().chain([' ']) {
            if letter.is_alphabetic() || (matches!(letter, '\'' | '’') && !letters.is_empty()) {
                letters.push(letter);
                continue;
            }
            if !letters.is_empty() {
                all.push(self.spelling.sounds(&std::mem::take(&mut letters))?);
            }
            let word = letter.to_digit(10).and_then(|digit| DIGITS.get(digit as usize)).copied();
            all.extend(word.and_then(|word| lexicon::sounds(&self.dictionary, word, "CD", ahead)));
        }
        all.retain(|sounds| !sounds.is_empty());
        Ok(all.join(" "))
    }
}

const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// Marks inside words that are not said.
fn is_junk(letter: char) -> bool {
    "',-._‘’/".contains(letter)
}

/// Tags of punctuation.
const MARKS: [&str; 11] = [".", ",", "-LRB-", "-RRB-", "``", "\"\"", "''", ":", "$", "#", "NFP"];
/// Punctuation that the voice knows.
const SAID_MARKS: &str = ";:,.!?—…\"“”";

/// What a mark sounds like; `None` if the part is none. `first`: it begins its word.
fn mark(text: &str, tag: &str, first: bool) -> Option<String> {
    // The tagger knows only some quotes.
    if matches!(text, "\"" | "“" | "”" | "„" | "«" | "»") {
        return Some(if first { "“" } else { "”" }.to_owned());
    }
    if tag == ":" && matches!(text, "-" | "–") {
        return Some("—".to_owned());
    }
    if !MARKS.contains(&tag) || text.chars().all(|letter| letter.is_ascii_alphabetic()) {
        return None;
    }
    Some(match tag {
        "-LRB-" => "(".to_owned(),
        "-RRB-" => ")".to_owned(),
        "``" => "“".to_owned(),
        "\"\"" | "''" => "”".to_owned(),
        _ => text.chars().filter(|letter| SAID_MARKS.contains(*letter)).collect(),
    })
}

/// The words, numbered; single capitals in a row ("A P I") become one word with dots ("A.P.I"), which is spelt out as one
/// word is and has no article in it. The row is the first one's.
fn with_initials(text: &str) -> Vec<(usize, String)> {
    let mut words: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, word) in text.split_whitespace().enumerate() {
        let mut letters = word.chars();
        let capital = letters.next().is_some_and(|letter| letter.is_ascii_uppercase());
        let rest = letters.as_str();
        match words.last_mut() {
            Some((_, row)) if open && capital && !rest.starts_with(char::is_alphanumeric) => {
                row.push('.');
                row.push_str(word);
            }
            Some(_) | None => words.push((at, word.to_owned())),
        }
        open = capital && rest.is_empty();
    }
    words
}

/// The text in parts, with their tags.
fn parts<'a>(dictionary: &'a Dictionary, text: &str) -> Vec<TaggedSubword<'a>> {
    let mut pieces: Vec<(usize, String, bool)> = Vec::new();
    for (word, text) in with_initials(text) {
        pieces.extend(split::pieces(&text).into_iter().map(|piece| (word, piece, false)));
        if let Some((_, _, space)) = pieces.last_mut() {
            *space = true;
        }
    }
    if let Some((_, _, space)) = pieces.last_mut() {
        *space = false;
    }
    let texts: Vec<&str> = pieces.iter().map(|(_, piece, _)| piece.as_str()).collect();
    let tags = dictionary.tagger.tag(&texts);
    let mut parts = Vec::new();
    let mut before = None;
    for ((word, piece, space), tag) in pieces.iter().zip(tags) {
        let first = before.replace(word) != Some(word);
        parts.extend(split::parts(piece).into_iter().map(|text| {
            let sounds = mark(&text, tag, first);
            TaggedSubword { text, tag, sounds, space: false, apart: false, word: *word }
        }));
        if let Some(part) = parts.last_mut() {
            part.space = *space;
        }
    }
    parts
}

/// Parts that are looked up together: those with no space between them, but for marks.
fn grouped(parts: Vec<TaggedSubword<'_>>) -> Vec<Vec<TaggedSubword<'_>>> {
    let mut groups: Vec<Vec<TaggedSubword<'_>>> = Vec::new();
    // Whether the next part still belongs to the last group.
    let mut open = false;
    for part in parts {
        let (mark, space) = (part.sounds.is_some(), part.space);
        match groups.last_mut() {
            Some(group) if open && !mark => group.push(part),
            Some(_) | None => groups.push(vec![part]),
        }
        open = !mark && !space;
    }
    groups
}

/// Parts as one: their text, and the tag of the one that is written largest.
fn merged<'a>(parts: &[TaggedSubword<'a>]) -> (String, &'a str) {
    let mut text = String::new();
    let (mut tag, mut largest) = ("", 0);
    for part in parts {
        text.push_str(&part.text);
        let size = part.text.chars().map(|letter| if letter.is_uppercase() { 2 } else { 1 }).sum();
        if size > largest {
            (tag, largest) = (part.tag, size);
        }
    }
    (text, tag)
}

/// What the word before sees ahead.
fn seen(ahead: Ahead, sounds: &str, text: &str, tag: &str) -> Ahead {
    let to = matches!(text, "to" | "To") || (text == "TO" && matches!(tag, "TO" | "IN"));
    Ahead { vowel: stress::begins_with_vowel(sounds, ahead.vowel), to }
}

/// Marks that are left in a group become silent, its parts are said apart or together, and together they have no
/// more stress than one word has.
fn settle(group: &mut [TaggedSubword<'_>]) {
    let kind = |letter: char| match letter {
        _ if letter.is_alphabetic() => 0,
        _ if letter.is_ascii_digit() => 1,
        _ => 2,
    };
    let mut kinds: Vec<u8> = group
        .iter()
        .flat_map(|part| part.text.chars())
        .filter(|letter| !is_junk(*letter))
        .map(kind)
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let apart = kinds.len() > 1 || group.iter().any(|part| part.text.contains('/'));
    for part in group.iter_mut().skip(1) {
        part.apart = apart;
    }
    if apart {
        return;
    }
    let mut said: Vec<(bool, usize, usize)> = Vec::new();
    for (at, part) in group.iter().enumerate() {
        if let Some(sounds) = part.sounds.as_deref().filter(|sounds| !sounds.is_empty()) {
            said.push((sounds.contains(PRIMARY), stress::weight(sounds), at));
        }
    }
    let lessen = |part: &mut TaggedSubword<'_>| {
        part.sounds = part.sounds.take().map(|sounds| stressed(&sounds, Some(Stress::Less)));
    };
    match said[..] {
        [(_, _, first), (_, _, second)] if group[first].text.chars().count() == 1 => {
            lessen(&mut group[second]);
        }
        _ => {
            let stresses = said.iter().filter(|(primary, _, _)| *primary).count();
            if said.len() >= 2 && stresses > said.len().div_ceil(2) {
                said.sort_unstable();
                for (_, _, at) in &said[..said.len() / 2] {
                    lessen(&mut group[*at]);
                }
            }
        }
    }
}

/// The sounds of all groups, in order.
fn joined(groups: &[Vec<TaggedSubword<'_>>]) -> PhonemeSequence {
    let mut reading = PhonemeSequence::default();
    for group in groups {
        let start = reading.sounds.len();
        for part in group {
            let sounds = part.sounds.as_deref().unwrap_or_default();
            let spaced = reading.sounds.len() > start && reading.sounds.last() != Some(&' ');
            let space = if part.apart && spaced && !sounds.is_empty() { " " } else { "" };
            let after = if part.space { " " } else { "" };
            for sound in space.chars().chain(sounds.chars()).chain(after.chars()) {
                reading.sounds.push(match sound {
                    'ɾ' => 'T',
                    'ʔ' => 't',
                    sound => sound,
                });
                reading.words.push(part.word);
            }
        }
    }
    while reading.sounds.last() == Some(&' ') {
        reading.sounds.pop();
        reading.words.pop();
    }
    let blank = reading.sounds.iter().take_while(|sound| **sound == ' ').count();
    reading.sounds.drain(..blank);
    reading.words.drain(..blank);
    reading
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
