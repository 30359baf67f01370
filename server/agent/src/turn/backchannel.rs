//! What people say while they listen: "mhm", "right", "okay". It asks for nothing, and nobody should stop for it.

use super::{TurnHypothesis, words};

/// Sounds of somebody who listens or thinks: no answer to anything.
const SOUNDS: &[&str] = &[
    "m", "mhm", "mmhm", "mmhmm", "mm", "mmm", "hm", "hmm", "hmmm", "huh", "uh", "uhh", "uhhuh", "um", "umm",
    "er", "erm", "ah", "ahh", "aha", "oh", "ooh", "eh",
];
/// Words of somebody who listens. After a question these may be an answer,
const ANSWERS: &[&str] = &[
    "yeah",
    "yep",
    "yup",
    "yes",
    "ya",
    "right",
    "okay",
    "ok",
    "sure",
    "true",
    "exactly",
    "absolutely",
    "definitely",
    "totally",
];
/// and these are none.
const REMARKS: &[&str] = &[
    "k",
    "indeed",
    "great",
    "nice",
    "good",
    "cool",
    "fine",
    "wow",
    "really",
    "alright",
    "interesting",
    "agreed",
];
/// The same in several words.
const PHRASES: &[&[&str]] = &[
    &["i", "see"],
    &["got", "it"],
    &["all", "right"],
    &["of", "course"],
    &["makes", "sense"],
    &["that", "makes", "sense"],
    &["i", "understand"],
    &["fair", "enough"],
    &["sounds", "good"],
    &["oh", "wow"],
];
/// Words that interrupt by themselves. Any other single word, said while another speaks, is more likely a hum that was
/// misheard ("Mum." for "mhm") than somebody who wants the floor.
const CALLS: &[&str] = &[
    "stop", "wait", "sorry", "no", "pause", "excuse", "pardon", "hello", "hey", "actually", "what", "hold",
    "repeat", "listen", "question", "why",
];
/// No backchannel is longer, in words.
const LONGEST: usize = 6;
/// So many words at most are made of a hum ("The hunter."), and that with less certainty than this. Measured on hums of
/// several voices: the local model is 0.3 to 0.5 sure of such words, and 0.5 to 0.9 of what people do say.
const FEW: usize = 4;
const SURE: f32 = 0.5;

/// Whether this is nothing but sounds of listening or thinking, or nothing at all.
pub fn is_only_fillers(text: &str) -> bool {
    words(text).all(|word| SOUNDS.contains(&word.as_str()))
}

/// Whether this, said while another speaks, only says that they listen.
pub fn is_backchannel(text: &str) -> bool {
    let said: Vec<String> = words(text).collect();
    let mut real = said.iter().filter(|word| !SOUNDS.contains(&word.as_str()));
    if let (Some(word), None) = (real.next(), real.next()) {
        return !is_interrupting_word(word);
    }
    said.len() <= LONGEST && is_listening_only(&said)
}

/// Whether this, said while another speaks, may be a hum that was misheard: a few words of which nobody is sure.
pub fn may_be_misheard(heard: TurnHypothesis<'_>) -> bool {
    let said: Vec<String> = words(heard.text).collect();
    let unsure = heard.sure.is_some_and(|sure| sure < SURE);
    unsure && said.len() <= FEW && !said.iter().any(|word| is_interrupting_word(word))
}

/// Whether this word interrupts by itself.
fn is_interrupting_word(word: &str) -> bool {
    CALLS.contains(&word)
}

/// Whether this, though it may only say that they listen, may as well be an answer.
pub fn may_answer(text: &str) -> bool {
    // "Of course".
    words(text).any(|word| ANSWERS.contains(&word.as_str()) || word == "course")
}

/// All words of listening.
fn listening() -> impl Iterator<Item = &'static str> {
    [SOUNDS, ANSWERS, REMARKS].into_iter().flatten().copied()
}

/// Whether all of it is words of listening.
fn is_listening_only(said: &[String]) -> bool {
    let mut rest = said;
    while let [word, later @ ..] = rest {
        let phrase =
            PHRASES.iter().find(|phrase| rest.len() >= phrase.len() && rest[..phrase.len()] == ***phrase);
        rest = match phrase {
            Some(phrase) => &rest[phrase.len()..],
            None if listening().any(|known| known == word) => later,
            None => return false,
        };
    }
    true
}

/// Whether more may make a backchannel of this: the beginning of a word or phrase of listening.
pub fn may_become_backchannel(text: &str) -> bool {
    let said: Vec<String> = words(text).collect();
    let Some((last, before)) = said.split_last() else { return true };
    let begins = |whole: &str| whole.starts_with(last.as_str());
    let word = is_listening_only(before) && (listening().any(begins));
    let phrase = PHRASES.iter().any(|phrase| {
        phrase.len() >= said.len()
            && phrase[..said.len() - 1].iter().eq(before.iter())
            && begins(phrase[said.len() - 1])
    });
    word || phrase
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listening_is_told_from_speaking() {
        for listening in [
            "Mhm.",
            "Mm-hmm.",
            "Uh-huh",
            "Right.",
            "Okay.",
            "Yeah, yeah.",
            "Right, right, okay.",
            "I see.",
            "Oh, I see.",
            "Got it",
            "Of course.",
            "That makes sense.",
            "",
            " ... ",
            "All right",
            "OK, sure.",
            // A hum, misheard.
            "Mum.",
            "But, huh?",
            "Home",
        ] {
            assert!(is_backchannel(listening), "{listening}");
        }
        for speaking in [
            "Sorry",
            "Wait",
            "Stop.",
            "No.",
            "Hold on.",
            "Actually",
            "Right, but I did it myself",
            "Can you repeat that?",
            "Okay so the first thing",
            "Can you",
            "yes yes yes yes yes yes yes",
        ] {
            assert!(!is_backchannel(speaking), "{speaking}");
        }
    }

    #[test]
    fn sounds_are_no_answers_and_short_answers_are() {
        for sound in ["Um...", "Hmm.", "uh, um", "Mhm", ""] {
            assert!(is_only_fillers(sound), "{sound}");
        }
        for answer in ["Yes.", "No", "Okay", "Um, no", "Seven"] {
            assert!(!is_only_fillers(answer), "{answer}");
        }
    }

    #[test]
    fn a_hum_that_was_misheard_is_told_by_its_uncertainty() {
        let misheard = |text, sure| may_be_misheard(TurnHypothesis { text, sure });
        assert!(misheard("The hunter.", Some(0.34)) && misheard("It's a", Some(0.48)));
        assert!(!misheard("The hunter.", Some(0.8)) && !misheard("The hunter.", None));
        assert!(!misheard("Sorry, could I", Some(0.39)), "it asks for the floor");
        assert!(!misheard("That was before I joined", Some(0.4)), "no hum is that long");
    }

    #[test]
    fn half_a_word_of_listening_is_waited_for() {
        for half in ["", "Oka", "Ye", "I", "Got", "Right, y", "That", "that makes"] {
            assert!(may_become_backchannel(half), "{half}");
        }
        for real in ["Sorry", "Wait", "I was", "Can", "Right, but"] {
            assert!(!may_become_backchannel(real), "{real}");
        }
    }
}
