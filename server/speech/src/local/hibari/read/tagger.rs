//! Parts of speech, by an averaged perceptron: "I read it" and "to read it" sound different.
//!
//! The weights are Hibari's (Apache-2.0), trained on the tags of spaCy's small model; tags are Penn Treebank's.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::dictionary::Pairs;

/// The weights as the file has them.
#[derive(Deserialize)]
pub(super) struct TaggerWeights {
    tags: Vec<String>,
    tagdict: Pairs<String>,
    vocab: Vec<String>,
    weights: Pairs<Pairs<f64>>,
}

/// Tells the parts of speech of words in their context.
pub(super) struct Tagger {
    /// Sorted.
    tags: Vec<String>,
    /// Words that are nearly always one thing: tag by word, sorted by word.
    fixed: Vec<(Box<str>, u8)>,
    /// Words that the weights know.
    known: BTreeSet<Box<str>>,
    /// Features, sorted; each has its weights up to where `ends` says.
    features: Vec<(Box<str>, u32)>,
    /// Tag, and tenths of a point for it.
    points: Vec<(u8, i16)>,
}

impl Tagger {
    pub(super) fn new(file: TaggerWeights) -> Self {
        let mut tags = file.tags;
        tags.sort();
        tags.truncate(256);
        let number =
            |tag: &str| tags.binary_search_by(|known| known.as_str().cmp(tag)).ok().map(|at| at as u8);
        let mut fixed: Vec<(Box<str>, u8)> =
            file.tagdict.0.into_iter().filter_map(|(word, tag)| Some((word.into(), number(&tag)?))).collect();
        fixed.sort();
        let mut weights = file.weights.0;
        weights.sort_by(|one, other| one.0.cmp(&other.0));
        let (mut features, mut points) = (Vec::with_capacity(weights.len()), Vec::new());
        for (feature, Pairs(weights)) in weights {
            for (tag, weight) in weights {
                if let Some(tag) = number(&tag) {
                    points.push((tag, (weight * 10.0).round() as i16));
                }
            }
            features.push((feature.into(), points.len() as u32));
        }
        points.shrink_to_fit();
        let known = file.vocab.into_iter().map(String::into_boxed_str).collect();
        Self { tags, fixed, known, features, points }
    }

    /// The part of speech of each word; punctuation counts as words.
    pub(super) fn tag<'a>(&'a self, words: &[&str]) -> Vec<&'a str> {
        let context: Vec<String> = ["-START2-", "-START-"]
            .map(str::to_owned)
            .into_iter()
            .chain(words.iter().map(|word| self.plain(word)))
            .chain(["-END-", "-END2-"].map(str::to_owned))
            .collect();
        let (mut before, mut last) = ("-START2-", "-START-");
        let mut tags = Vec::with_capacity(words.len());
        for (at, word) in words.iter().enumerate() {
            let fixed = self.fixed.binary_search_by(|(known, _)| known.as_ref().cmp(word));
            let tag = match fixed {
                Ok(found) => self.tags[usize::from(self.fixed[found].1)].as_str(),
                Err(_) => self.predict(&features(at, word, &context, last, before)),
            };
            tags.push(tag);
            (before, last) = (last, tag);
        }
        tags
    }

    fn predict(&self, features: &[String]) -> &str {
        let mut scores = vec![0_i32; self.tags.len()];
        let mut any = false;
        for feature in features {
            if let Ok(found) = self.features.binary_search_by(|(known, _)| known.as_ref().cmp(feature)) {
                let start = found.checked_sub(1).map_or(0, |before| self.features[before].1);
                for (tag, tenths) in &self.points[start as usize..self.features[found].1 as usize] {
                    scores[usize::from(*tag)] += i32::from(*tenths);
                    any = true;
                }
            }
        }
        // Where two have the same score, the last in the alphabet: the tags are sorted.
        let best = scores.iter().enumerate().max_by_key(|(_, score)| **score);
        best.filter(|_| any).map_or("NN", |(tag, _)| &self.tags[tag])
    }

    /// A word as the features have it: rare words by their shape.
    fn plain(&self, word: &str) -> String {
        let digit = |letter: char| letter.is_ascii_digit();
        let plain = if word.contains('-') && !word.starts_with('-') {
            "!HYPHEN".to_owned()
        } else if word.len() == 4 && word.chars().all(digit) {
            "!YEAR".to_owned()
        } else if word.starts_with(digit) {
            "!DIGITS".to_owned()
        } else {
            word.to_lowercase()
        };
        if self.known.contains(plain.as_str()) { plain } else { format!("<{}>", shape(word)) }
    }
}

/// What a word looks like.
fn shape(word: &str) -> String {
    let mut letters = word.chars();
    if !word.is_empty() && word.chars().all(char::is_alphabetic) {
        let shape = if word.chars().all(char::is_lowercase) {
            "x"
        } else if word.chars().all(char::is_uppercase) {
            if word.chars().nth(1).is_some() { "XX" } else { "X1" }
        } else if letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase) {
            "Xx"
        } else {
            "xX"
        };
        return shape.to_owned();
    }
    if !word.is_empty() && word.chars().all(|letter| letter.is_ascii_digit()) {
        return "d".to_owned();
    }
    let letter = |letter: char| match letter {
        _ if letter.is_ascii_digit() => 'd',
        _ if letter.is_alphabetic() => 'x',
        _ => letter,
    };
    word.chars().take(4).map(letter).collect()
}

/// The last three letters.
fn ending(word: &str) -> &str {
    word.char_indices().rev().nth(2).map_or(word, |(at, _)| &word[at..])
}

fn features(at: usize, word: &str, context: &[String], last: &str, before: &str) -> [String; 15] {
    let near = |offset: usize| context[at + offset].as_str();
    let first: String = word.chars().take(1).collect();
    [
        "b".to_owned(),
        format!("s3={}", ending(word)),
        format!("p1={first}"),
        format!("w={}", near(2)),
        format!("sh={}", shape(word)),
        if at == 0 { "i0" } else { "i+" }.to_owned(),
        format!("t-1={last}"),
        format!("t-2={before}"),
        format!("t-12={last},{before}"),
        format!("w-1={}", near(1)),
        format!("s3-1={}", ending(near(1))),
        format!("w-2={}", near(0)),
        format!("w+1={}", near(3)),
        format!("s3+1={}", ending(near(3))),
        format!("w+2={}", near(4)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_and_endings() {
        let words = ["read", "API", "I", "Anna", "iOS", "42", "K8s", "it's", "—"];
        let shapes = ["x", "XX", "X1", "Xx", "xX", "d", "xdx", "xx'x", "—"];
        assert_eq!(words.map(shape), shapes);
        assert_eq!(ending("reading"), "ing");
        assert_eq!(ending("I"), "I");
    }

    #[test]
    fn the_context_decides() {
        let tagger = Tagger::new(
            serde_json::from_str(
                r#"{"tags": ["VB", "NN", "TO"], "tagdict": {"to": "TO"}, "vocab": ["object"],
                "weights": {"t-1=TO": {"VB": 2.5}, "w=object": {"NN": 1.0, "VB": 0.5}}}"#,
            )
            .unwrap(),
        );
        assert_eq!(tagger.tag(&["object", "to", "object"]), ["NN", "TO", "VB"]);
        assert_eq!(tagger.tag(&["unheard"]), ["NN"]);
        assert!(tagger.tag(&[]).is_empty());
    }
}
