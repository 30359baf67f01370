//! Somebody whom the candidate says, at the end of an answer, that they spoke to: after "Then I asked the buyer when he set the
//! standard." anybody asks what the buyer said.

use super::introduced::is_name;
use super::named;
use super::word_by_word::{AnswerWord, answer_words, list_contains};
use crate::listen::{is_past, sentences};

/// Somebody who was spoken to, and has not replied in what was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SpokenTo {
    /// As the subject of a question: "the buyer", "your manager", "she", "Yusuf".
    pub(super) who: String,
    /// They were asked, called or talked with, and not told something.
    pub(super) asked: bool,
}

/// Verbs whose object is who is spoken to.
const DIRECT: &str = "asked told rang called phoned emailed texted messaged warned reminded informed confronted challenged approached";
/// Verbs that take "to" or "with" before who is spoken to.
const INDIRECT: &str = "spoke talked wrote explained apologised apologized suggested complained said went";
/// Verbs that take something first: "took it to the manager".
const CARRYING: &str = "took brought explained said showed suggested reported read sent";
/// What is taken to somebody, or said.
const CARRIED: &str = "it that this no sorry everything them";
/// Those of all these after which an answer is waited for, more than what somebody made of it.
const ASKING: &str = "asked approached rang called phoned emailed texted messaged wrote spoke talked";
/// Those after which a name may be a place: "went to Leeds".
const GOING: &str = "went took brought sent";
/// Words between "I" and the verb.
const ADVERBS: &str = "just then also so even actually finally eventually later simply quietly";
/// Words between the verb and "to": "went straight to the manager".
const AWAY: &str = "back straight directly over up in privately quietly";
/// Words that go before somebody who is known to the candidate.
const THEIRS: &str = "my our";
/// Words that go before somebody who is told of.
const TOLD_OF: &str = "the a an this that one";
/// Words that make a noun after them another one's: "the other nurse" is not the nurse.
const ANOTHER: &str = "of other second next new last former";
/// Words after whoever was spoken to that begin what was said or asked, or say when and where.
const WHAT_OR_WHEN: &str = "that to if what why how when where whether which who whom i we not about for and in on at by from after before the again straight then";
/// Somebody else who does something.
const OTHERS: &str = "he she they everyone everybody nobody somebody";
/// Most words between the article and the noun.
const BETWEEN: usize = 2;

/// Whom the last sentence of an answer says that they spoke to, if it does not go on after it.
pub(super) fn addressed(answer: &str) -> Option<SpokenTo> {
    let words = answer_words(answer);
    let sentence = last_sentence(answer, &words);
    (0..sentence.len()).rev().find_map(|verb| {
        if !is_theirs(&sentence[..verb]) {
            return None;
        }
        let said = &sentence[verb].lower;
        let object = object(sentence, verb)?;
        let (who, count) = spoken_to(answer, &sentence[object..], !list_contains(GOING, said))?;
        let last = object + count - 1;
        let ends = !goes_on(&sentence[last], &sentence[last + 1..]);
        ends.then(|| SpokenTo { who, asked: list_contains(ASKING, said) })
    })
}

/// The words of the last sentence.
fn last_sentence<'a>(answer: &str, words: &'a [AnswerWord]) -> &'a [AnswerWord] {
    let begins = sentences(answer).last().map_or(0, |last| last.start);
    &words[words.partition_point(|word| word.start < begins)..]
}

/// Whether a verb after these words is the candidate's: "I asked", "and then asked", "asked" at the beginning.
fn is_theirs(before: &[AnswerWord]) -> bool {
    let Some((last, rest)) = before.split_last() else { return true };
    match last.lower.as_str() {
        "i" | "we" | "i've" | "we've" => true,
        // "I noticed it and told him": nobody else comes in between.
        "and" => {
            let subject = rest.iter().rposition(|word| matches!(word.lower.as_str(), "i" | "we"));
            let other =
                |word: &AnswerWord| list_contains(OTHERS, &word.lower) || named::can_reply(&word.lower);
            subject.is_some_and(|at| !rest[at..].iter().any(other))
        }
        adverb => list_contains(ADVERBS, adverb) && !rest.is_empty() && is_theirs(rest),
    }
}

/// Where the words for whom somebody spoke to begin.
fn object(sentence: &[AnswerWord], verb: usize) -> Option<usize> {
    let low = |at: usize| sentence.get(at).map_or("", |word| word.lower.as_str());
    let stops = |from: usize, to: usize| sentence[from..to].iter().any(|word| word.stop);
    let said = low(verb);
    let mut at = verb + 1;
    if !list_contains(DIRECT, said) {
        let carries = list_contains(CARRYING, said) && list_contains(CARRIED, low(at));
        if !carries && !list_contains(INDIRECT, said) {
            return None;
        }
        at += usize::from(carries);
        at += usize::from(list_contains(AWAY, low(at)));
        // "I wrote the rule with the team": only of talking.
        let with = low(at) == "with" && matches!(said, "spoke" | "talked");
        if low(at) != "to" && !with {
            return None;
        }
        at += 1;
    }
    (at < sentence.len() && !stops(verb, at)).then_some(at)
}

/// Who these words begin with, and how many words say so. A bare name may be a place after some verbs.
fn spoken_to(answer: &str, object: &[AnswerWord], by_name: bool) -> Option<(String, usize)> {
    let first = object.first()?;
    let whole = |word: &AnswerWord, next: Option<&AnswerWord>| {
        word.stop || next.is_none_or(|next| list_contains(WHAT_OR_WHEN, &next.lower))
    };
    let subject = match first.lower.as_str() {
        "him" => Some("he"),
        "her" => Some("she"),
        "them" => Some("they"),
        _ => None,
    };
    if let Some(subject) = subject {
        // "her" may belong to somebody: "I told her manager".
        return whole(first, object.get(1)).then(|| (subject.to_owned(), 1));
    }
    let text = answer.get(first.start..first.end)?;
    if by_name && is_name(text) && whole(first, object.get(1)) {
        return Some((text.to_owned(), 1));
    }
    let article = match first.lower.as_str() {
        whose if list_contains(THEIRS, whose) => "your",
        one if list_contains(TOLD_OF, one) => "the",
        _ => return None,
    };
    let near = object.iter().enumerate().skip(1).take(BETWEEN + 1);
    // "the head of department" is not the department, and "my manager's boss" not one's boss.
    let owner = |word: &AnswerWord| word.lower.ends_with("'s") || word.lower.ends_with("s'");
    let other = |word: &AnswerWord| word.stop || owner(word) || list_contains(ANOTHER, &word.lower);
    let inside = |at: usize| at == 0 || !other(&object[at]);
    let (at, noun) = near
        .take_while(|(at, _)| inside(at - 1))
        .find(|(at, noun)| named::can_reply(&noun.lower) && whole(noun, object.get(at + 1)))?;
    Some((format!("{article} {}", noun.lower), at + 1))
}

/// Whether something else happens in these words after somebody was spoken to: they reply, or the candidate does something
/// more. `last` is the word before them.
fn goes_on(last: &AnswerWord, rest: &[AnswerWord]) -> bool {
    let before = std::iter::once(last).chain(rest);
    before.zip(rest).any(|(before, word)| {
        let joined = before.stop || matches!(before.lower.as_str(), "and" | "but" | "so" | "who" | "then");
        let somebody = list_contains(OTHERS, &word.lower) || matches!(word.lower.as_str(), "i" | "we" | "it");
        word.lower == "who" || joined && (somebody || is_past(&word.lower))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::addressed;

    #[test]
    fn whom_somebody_spoke_to_last_is_known() {
        for (answer, who, asked) in [
            (
                "I plotted ten years of it. Then I asked the buyer when he set the standard.",
                "the buyer",
                true,
            ),
            ("The slab was cracked. I told my site manager.", "your manager", false),
            ("I rang a volunteer from the Samaritans.", "the volunteer", true),
            ("So I went straight to my boss.", "your boss", false),
            ("It was late, so I just said no to them.", "they", false),
            ("I took it to the manager.", "the manager", false),
            ("I wrote down every step and showed it to Kelly.", "Kelly", false),
            ("i told her i could not do it", "she", false),
            ("I noticed it and told him.", "he", false),
            ("So I spoke to the buyer.", "the buyer", true),
            ("asked the driver what happened", "the driver", true),
            ("We explained it to the patients.", "the patients", false),
        ] {
            let found = addressed(answer).map(|one| (one.who, one.asked));
            assert_eq!(found, Some((who.to_owned(), asked)), "{answer}");
        }
    }

    #[test]
    fn who_has_replied_or_was_not_spoken_to_by_them_is_not() {
        for answer in [
            "",
            "I asked the driver, and he said it was fine.",
            "I told her manager.",
            "She told my boss.",
            "I didn't ask the buyer.",
            "The boss came and told the team.",
            "I rang the pharmacist at once, then the doctor, and I stayed with her.",
            "I told the team. It took weeks.",
            "I asked for a day off.",
            "I was told the truth.",
            "I said I could not sign.",
            "I asked the driver who had been there.",
            "I told Monday from Friday.",
            "I went with the team to Leeds.",
            "I took it to the head of department.",
            "So I went to Leeds.",
            "We took it to Leeds.",
            "I reported to the director.",
            "I told my manager's boss.",
            "I told the other nurse.",
            "I waited while my colleague came and told the team.",
        ] {
            assert_eq!(addressed(answer), None, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_asked(text in "\\PC{0,60}", words in "(I|told|the|driver|and|he|to|her|,|\\.| |asked|’s|É|ß|İ){0,20}") {
            let _ = (addressed(&text), addressed(&words));
        }
    }
}
