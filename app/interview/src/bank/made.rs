//! Something that the candidate says they made, in words that a line may name it by: "I made a small card with drawings for
//! ..." is "the card". Only what is introduced with "a" is taken, up to a word that ends a noun phrase in English.

use super::word_by_word::{AnswerWord, answer_words, list_contains};

/// Something made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MadeThing {
    /// Its name to the candidate: "the breakfast club".
    pub(super) name: String,
    /// What they did with it, as "to ...": "start".
    pub(super) verb: &'static str,
    /// The same as a gerund: "starting".
    pub(super) gerund: &'static str,
}

/// Verbs of making: past, bare form, gerund.
const VERBS: [(&str, &str, &str); 13] = [
    ("made", "make", "making"),
    ("built", "build", "building"),
    ("wrote", "write", "writing"),
    ("designed", "design", "designing"),
    ("created", "create", "creating"),
    ("started", "start", "starting"),
    ("launched", "launch", "launching"),
    ("organised", "organise", "organising"),
    ("organized", "organize", "organizing"),
    ("developed", "develop", "developing"),
    ("introduced", "introduce", "introducing"),
    ("painted", "paint", "painting"),
    ("invented", "invent", "inventing"),
];
/// Words before which a noun phrase ends.
const ENDS: &str = "about across after afterwards alongside also and are around as at away back because before behind \
    between but by called down each every for from had has have he how i if in inside into is it just next \
    not now of off on or out over per saying she showing so still than that then there they this through to \
    today together under until up using was we were what when where which while who with without you";
/// Nouns that such verbs do not make: "made a mistake", "started a job".
const NOT_MADE: &str = "apprenticeship argument beginning bet bit blog business call career case certificate change choice claim \
    coffee comment company complaint conversation couple course cup day deal decision degree difference \
    dinner diploma discovery effort enemy error family fight fire firm friend fuss guess habit half handful \
    impression internship job joke living load loss lot masters meal mess mistake module month move name \
    note number offer pair petition phd placement point position profit promise qualification quarter range \
    resolution role row rule scene series set shift sound stand start statement study suggestion tea thing \
    training trip visit war way week year";
/// What is made by writing it.
const TEXTS: &str = "app article blog book booklet bot brief card checklist email guide handbook leaflet letter list manual \
    memo menu newsletter page pamphlet paper plan play playbook plugin policy post poster postmortem \
    procedure program programme proposal protocol recipe report review rota runbook schedule script sheet \
    song sop spreadsheet standard summary table template test tool workbook";
/// Words at the beginning of a phrase that say little of the thing.
const LIGHT: &str =
    "basic big good kind little new nice plain proper quick really short simple small sort tiny very whole";
/// Words between "I" and the verb.
const ADVERBS: &str = "just then also so even once actually finally";
/// Most words of a name, without its article.
const LONGEST: usize = 3;

/// What an answer says was made; the first, where there are several.
pub(super) fn made(answer: &str) -> Option<MadeThing> {
    let words = answer_words(answer);
    (0..words.len()).find_map(|verb| {
        let (_, bare, gerund) = VERBS.iter().find(|(past, ..)| *past == words[verb].lower)?;
        let article = words.get(verb + 1)?;
        let introduces = matches!(article.lower.as_str(), "a" | "an") && !article.stop && !words[verb].stop;
        if !introduces || !is_theirs(&words[..verb]) {
            return None;
        }
        let rest = &words[verb + 2..];
        let light = rest.iter().take_while(|word| list_contains(LIGHT, &word.lower)).count();
        let rest = &rest[light..];
        let phrase = &rest[..phrase_length(rest)?];
        let (first, last) = (phrase.first()?, phrase.last()?);
        let odd = |word: &AnswerWord| word.lower.contains(|c: char| c.is_ascii_digit() || c == '\'');
        let fits = last.lower.len() > 2
            && !list_contains(NOT_MADE, &last.lower)
            && (last.lower.len() <= 5 || !["ly", "ed"].iter().any(|end| last.lower.ends_with(end)))
            && !phrase.iter().any(odd)
            && (words[verb].lower != "wrote" || list_contains(TEXTS, &last.lower));
        let name = answer.get(first.start..last.end)?;
        fits.then(|| MadeThing { name: format!("the {name}"), verb: bare, gerund })
    })
}

/// How many words the noun phrase has that these begin with, if it is clear where it ends.
fn phrase_length(words: &[AnswerWord]) -> Option<usize> {
    let ends =
        |at: usize| words[at].stop || words.get(at + 1).is_none_or(|next| list_contains(ENDS, &next.lower));
    let whole = words.iter().take(LONGEST).take_while(|word| !list_contains(ENDS, &word.lower)).count();
    (0..whole).find(|at| ends(*at)).map(|last| last + 1)
}

/// Whether a verb after these words is the candidate's: "I made", "and then made", "made" at the beginning.
fn is_theirs(before: &[AnswerWord]) -> bool {
    let Some((last, rest)) = before.split_last() else { return true };
    if last.stop {
        return true;
    }
    match last.lower.as_str() {
        "i" | "we" | "i've" | "we've" | "and" => true,
        adverb => list_contains(ADVERBS, adverb) && is_theirs(rest),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::made;

    #[test]
    fn what_was_made_is_named() {
        for (answer, name) in [
            ("I made a small card with drawings for women who don't speak English.", "the card"),
            ("built a veg bed behind the bins", "the veg bed"),
            ("Nobody asked, so I started a breakfast club for the ones who came late.", "the breakfast club"),
            ("So I wrote a one-page handover sheet, because things got lost.", "the one-page handover sheet"),
            ("I've built a small Kafka set-up at home.", "the Kafka set-up"),
            ("I noticed it, and then made a count every Sunday.", "the count"),
            ("I built a training board out of a scrapped bus.", "the training board"),
        ] {
            assert_eq!(made(answer).map(|thing| thing.name).as_deref(), Some(name), "{answer}");
        }
        let thing = made("I started a repair night for bikes.").unwrap();
        assert_eq!((thing.verb, thing.gerund), ("start", "starting"));
    }

    #[test]
    fn what_is_no_thing_or_not_theirs_is_not() {
        for answer in [
            "",
            "I made a mistake.",
            "I made a couple of calls.",
            "I started a new job in June.",
            "I wrote a cake down for the wrong week.",
            "She made a plan and I followed it.",
            "I made it myself.",
            "I made the workout screen usable.",
            "They had made a garden.",
            "I made a",
            "I made a small",
            "I built a 12 metre wall.",
        ] {
            assert_eq!(made(answer), None, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_asked(text in "\\PC{0,60}", words in "(I|made|a|small|card|built|,|\\.| |wrote|’s|É|ß|İ){0,20}") {
            let _ = (made(&text), made(&words));
        }
    }
}
