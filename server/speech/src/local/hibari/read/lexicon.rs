//! How a word sounds: by the dictionaries, by what it is in its sentence, and by its ending.
//!
//! The rules are misaki's for American English (Apache-2.0), which is what the voice learnt to read.

use std::borrow::Cow;

use super::dictionary::{Dictionary, Pronunciation};
use super::names;
use super::stress::{PRIMARY, SECONDARY, Stress, stressed};

/// What comes after a word.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ahead {
    /// Whether it begins with a vowel; `None`: a pause, or the end.
    pub(super) vowel: Option<bool>,
    /// Whether it is "to".
    pub(super) to: bool,
}

/// A word to be looked up.
#[derive(Clone, Copy)]
struct LexiconQuery<'a> {
    tag: &'a str,
    stress: Option<Stress>,
    /// `None`: looked up without a context.
    ahead: Option<Ahead>,
}

/// The sounds of a word with this tag and what comes after it; `None` if no rule has it.
pub(super) fn sounds(dictionary: &Dictionary, word: &str, tag: &str, ahead: Ahead) -> Option<String> {
    let word = word.replace(['‘', '’'], "'");
    let stress = match &word {
        _ if word == word.to_lowercase() => None,
        _ if word == word.to_uppercase() => Some(Stress::Strong),
        _ => Some(Stress::Some),
    };
    if let Some(sounds) = names::sounds(&word) {
        return Some(sounds);
    }
    LexiconLookup(dictionary).word(&word, LexiconQuery { tag, stress, ahead: Some(ahead) })
}

struct LexiconLookup<'a>(&'a Dictionary);

impl LexiconLookup<'_> {
    fn word(&self, word: &str, asked: LexiconQuery<'_>) -> Option<String> {
        if let Some(sounds) = self.special(word, asked) {
            return Some(sounds);
        }
        let small = word.to_lowercase();
        let shouted = word == word.to_uppercase();
        let tail = |word: &str| word.chars().skip(1).collect::<String>();
        let as_small = word.chars().nth(1).is_some()
            && word.replace('\'', "").chars().all(char::is_alphabetic)
            && word != small
            && (asked.tag != "NNP" || word.chars().count() > 7)
            && !self.listed(word)
            && (shouted || tail(word) == tail(word).to_lowercase())
            && (self.listed(&small) || self.ending(&small, asked, asked.stress).is_some());
        let word = if as_small { small.as_str() } else { word };
        if self.known(word) {
            return self.lookup(word, asked);
        }
        if let Some(stem) =
            word.strip_suffix("s'").map(|stem| format!("{stem}'s")).filter(|stem| self.known(stem))
        {
            return self.lookup(&stem, asked);
        }
        if let Some(stem) = word.strip_suffix('\'').filter(|stem| self.known(stem)) {
            return self.lookup(stem, asked);
        }
        self.ending(word, asked, asked.stress.or(Some(Stress::Some)))
    }

    /// A word with the ending of a plural, of the past or of going on; `going` is the stress of the last.
    fn ending(&self, word: &str, asked: LexiconQuery<'_>, going: Option<Stress>) -> Option<String> {
        self.plural(word, asked)
            .or_else(|| self.past(word, asked))
            .or_else(|| self.going(word, LexiconQuery { stress: going, ..asked }))
    }

    fn gold(&self, word: &str) -> Option<String> {
        match self.0.gold.get(word)? {
            Pronunciation::One(sounds) => Some(sounds.to_owned()),
            Pronunciation::ByTag(tags) => tags.get("DEFAULT").cloned().flatten(),
        }
    }

    fn listed(&self, word: &str) -> bool {
        self.0.gold.get(word).is_some() || self.0.silver.get(word).is_some()
    }

    /// Whether a lookup gives something.
    fn known(&self, word: &str) -> bool {
        if symbol(word).is_some() || self.listed(word) {
            return true;
        }
        let plain = word.chars().all(|letter| letter.is_ascii_alphabetic()) && !word.is_empty();
        if !plain || word.len() == 1 {
            return plain;
        }
        let (shouted, tail) = (word == word.to_uppercase(), &word[1..]);
        shouted && self.0.gold.get(&word.to_lowercase()).is_some() || tail == tail.to_uppercase()
    }

    /// Letter by letter.
    fn spelt(&self, word: &str) -> Option<String> {
        let letters = word.chars().filter(|letter| letter.is_alphabetic());
        let letters: Vec<String> =
            letters.map(|letter| self.gold(&letter.to_uppercase().to_string())).collect::<Option<_>>()?;
        let sounds = stressed(&letters.concat(), Some(Stress::Lesser));
        Some(match sounds.rsplit_once(SECONDARY) {
            Some((before, after)) => format!("{before}{PRIMARY}{after}"),
            None => sounds,
        })
    }

    fn lookup(&self, word: &str, asked: LexiconQuery<'_>) -> Option<String> {
        let mut word = Cow::Borrowed(word);
        let mut name = false;
        if word == word.to_uppercase() && self.0.gold.get(&word).is_none() {
            word = Cow::Owned(word.to_lowercase());
            name = asked.tag == "NNP";
        }
        let mut found = self.0.gold.get(&word);
        if found.is_none() && !name {
            found = self.0.silver.get(&word);
        }
        let sounds = match found {
            None => None,
            Some(Pronunciation::One(sounds)) => Some(sounds.to_owned()),
            Some(Pronunciation::ByTag(tags)) => {
                let at_pause = asked.ahead.is_some_and(|ahead| ahead.vowel.is_none());
                let tag = match asked.tag {
                    _ if at_pause && tags.contains_key("None") => "None",
                    tag if tags.contains_key(tag) => tag,
                    tag => parent(tag),
                };
                tags.get(tag).or_else(|| tags.get("DEFAULT")).cloned().flatten()
            }
        };
        match sounds {
            Some(sounds) if !name || sounds.contains(PRIMARY) => Some(stressed(&sounds, asked.stress)),
            Some(_) | None => self.spelt(&word),
        }
    }

    /// Little words whose sounds hang on what they do.
    fn special(&self, word: &str, asked: LexiconQuery<'_>) -> Option<String> {
        let ahead = asked.ahead.unwrap_or_default();
        let (tag, noun) = (asked.tag, asked.tag.starts_with("NN"));
        let own = |sounds: &str| Some(sounds.to_owned());
        match word {
            "a" | "A" => own(if tag == "DT" { "ɐ" } else { "ˈA" }),
            "am" | "Am" | "AM" if noun => self.spelt(word),
            "am" if ahead.vowel.is_some() => own("ɐm"),
            "am" | "Am" | "AM" => self.gold("am"),
            "AN" if noun => self.spelt(word),
            "an" | "An" | "AN" => own("ɐn"),
            "I" if tag == "PRP" => own("ˌI"),
            "by" | "By" | "BY" if parent(tag) == "ADV" => own("bˈI"),
            "to" | "To" => self.to(ahead),
            "TO" if matches!(tag, "TO" | "IN") => self.to(ahead),
            "in" | "In" => own(if ahead.vowel.is_none() || tag != "IN" { "ˈɪn" } else { "ɪn" }),
            "IN" if tag != "NNP" => own(if ahead.vowel.is_none() || tag != "IN" { "ˈɪn" } else { "ɪn" }),
            "the" | "The" => own(the(ahead)),
            "THE" if tag == "DT" => own(the(ahead)),
            "used" | "Used" | "USED" => match self.0.gold.get("used")? {
                Pronunciation::One(sounds) => own(sounds),
                Pronunciation::ByTag(tags) => {
                    let past = matches!(tag, "VBD" | "JJ") && ahead.to;
                    tags.get(if past { "VBD" } else { "DEFAULT" }).cloned().flatten()
                }
            },
            _ if symbol(word).is_some() => {
                self.lookup(symbol(word)?, LexiconQuery { tag: "", stress: None, ..asked })
            }
            _ if tag == "IN" && matches!(word.to_ascii_lowercase().as_str(), "vs" | "vs.") => {
                self.lookup("versus", LexiconQuery { tag: "", stress: None, ..asked })
            }
            _ if initials(word) => self.spelt(word),
            _ => None,
        }
    }

    fn to(&self, ahead: Ahead) -> Option<String> {
        match ahead.vowel {
            None => self.gold("to"),
            Some(false) => Some("tə".to_owned()),
            Some(true) => Some("tʊ".to_owned()),
        }
    }

    fn plural(&self, word: &str, asked: LexiconQuery<'_>) -> Option<String> {
        let count = word.chars().count();
        let whole = word.strip_suffix('s').filter(|_| count >= 3)?;
        let stem = if !word.ends_with("ss") && self.known(whole) {
            whole.to_owned()
        } else if let Some(stem) = word
            .strip_suffix("'s")
            .or_else(|| word.strip_suffix("es").filter(|_| count > 4 && !word.ends_with("ies")))
            .filter(|stem| self.known(stem))
        {
            stem.to_owned()
        } else {
            let stem = word.strip_suffix("ies").filter(|_| count > 4)?;
            Some(format!("{stem}y")).filter(|stem| self.known(stem))?
        };
        let mut sounds = self.lookup(&stem, asked)?;
        sounds.push_str(match sounds.chars().last()? {
            'p' | 't' | 'k' | 'f' | 'θ' => "s",
            's' | 'z' | 'ʃ' | 'ʒ' | 'ʧ' | 'ʤ' => "ᵻz",
            _ => "z",
        });
        Some(sounds)
    }

    fn past(&self, word: &str, asked: LexiconQuery<'_>) -> Option<String> {
        let count = word.chars().count();
        let whole = word.strip_suffix('d').filter(|_| count >= 4)?;
        let stem = if !word.ends_with("dd") && self.known(whole) {
            whole
        } else {
            let stem = word.strip_suffix("ed").filter(|_| count > 4 && !word.ends_with("eed"))?;
            Some(stem).filter(|stem| self.known(stem))?
        };
        let mut sounds = self.lookup(stem, asked)?;
        let mut backwards = sounds.chars().rev();
        match (backwards.next()?, backwards.next()) {
            ('p' | 'k' | 'f' | 'θ' | 'ʃ' | 's' | 'ʧ', _) => sounds.push('t'),
            ('d', _) => sounds.push_str("ᵻd"),
            ('t', None) => sounds.push_str("ɪd"),
            ('t', Some(before)) if flaps(before) => {
                sounds.pop();
                sounds.push_str("ɾᵻd");
            }
            ('t', Some(_)) => sounds.push_str("ᵻd"),
            _ => sounds.push('d'),
        }
        Some(sounds)
    }

    fn going(&self, word: &str, asked: LexiconQuery<'_>) -> Option<String> {
        let count = word.chars().count();
        let whole = word.strip_suffix("ing").filter(|_| count >= 5)?;
        let with_e = format!("{whole}e");
        let stem = if count > 5 && self.known(whole) {
            whole
        } else if self.known(&with_e) {
            &with_e
        } else {
            let mut backwards = whole.chars().rev();
            let (last, before) = (backwards.next()?, backwards.next()?);
            let doubled = last == before && "bcdgklmnprstvxz".contains(last) || (before, last) == ('c', 'k');
            let stem = &whole[..whole.len() - last.len_utf8()];
            Some(stem).filter(|stem| count > 5 && doubled && self.known(stem))?
        };
        let mut sounds = self.lookup(stem, asked)?;
        let mut backwards = sounds.chars().rev();
        if let (Some('t'), Some(before)) = (backwards.next(), backwards.next())
            && flaps(before)
        {
            sounds.pop();
            sounds.push('ɾ');
        }
        sounds.push_str("ɪŋ");
        Some(sounds)
    }
}

fn the(ahead: Ahead) -> &'static str {
    if ahead.vowel == Some(true) { "ði" } else { "ðə" }
}

/// Whether a t after this sound is tapped.
fn flaps(sound: char) -> bool {
    "AIOWYiuæɑəɛɪɹʊʌ".contains(sound)
}

/// The word for a symbol.
fn symbol(symbol: &str) -> Option<&'static str> {
    match symbol {
        "%" => Some("percent"),
        "&" => Some("and"),
        "+" => Some("plus"),
        "@" => Some("at"),
        _ => None,
    }
}

/// Whether a word is letters with dots between them.
fn initials(word: &str) -> bool {
    let inner = word.trim_matches('.');
    inner.contains('.')
        && word.chars().all(|letter| letter == '.' || letter.is_alphabetic())
        && word.split('.').all(|part| part.chars().count() < 3)
}

/// The part of speech that a tag is a kind of.
fn parent(tag: &str) -> &str {
    match tag {
        _ if tag.starts_with("VB") => "VERB",
        _ if tag.starts_with("NN") => "NOUN",
        _ if tag.starts_with("ADV") || tag.starts_with("RB") => "ADV",
        _ if tag.starts_with("ADJ") || tag.starts_with("JJ") => "ADJ",
        _ => tag,
    }
}
