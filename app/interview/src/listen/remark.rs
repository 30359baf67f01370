//! What is said about the conversation itself, beside an answer or instead of one.

use std::sync::LazyLock;

use super::pattern::{Phrases, words_of};
use super::token;

pub(super) static REMARKS: LazyLock<Phrases> =
    LazyLock::new(|| Phrases::read(include_str!("lists/remarks.txt")));

/// Words that may stand before the beginning of a clause, so that it is said and not only told of.
const BEFORE: [&str; 12] = [
    "but", "and", "so", "well", "honestly", "sorry", "no", "think", "actually", "really", "though", "because",
];
/// An answer of more words than this tells something new, whatever it begins with.
const REMINDS: usize = 40;

/// In an answer of no more words than this the wish not to say more may stand anywhere: "I'd rather leave that. It's family."
const SAYS_NO: usize = 14;

/// Whether an answer ends with the wish not to say more about it, politely or not: "I'd rather not go into that."
pub fn declines(answer: &str) -> bool {
    let tokens = token::tokens(answer);
    let words = super::pattern::plain_words(&tokens);
    let Some(last) = words.last().map(|word| word.sentence) else { return false };
    let begins = |at: usize| {
        let before = at.checked_sub(1).map(|before| &words[before]);
        let same = before.filter(|before| before.sentence == words[at].sentence);
        let pause = words[at].token.checked_sub(1).is_some_and(|mark| tokens[mark].is_mark());
        pause || same.is_none_or(|before| BEFORE.contains(&before.word.as_str()))
    };
    let mut hits = REMARKS.find(&words).into_iter().filter(|hit| hit.section == "declines");
    let ends = |at: usize| words[at].sentence == last || words.len() <= SAYS_NO;
    hits.any(|hit| ends(hit.from) && begins(hit.from))
}

/// Whether a short answer begins with the reminder that this was told already: "As I said, ...".
pub fn told_before(answer: &str) -> bool {
    let words = words_of(answer);
    let Some(first) = words.first().map(|word| word.sentence) else { return false };
    let mut hits = REMARKS.find(&words).into_iter().filter(|hit| hit.section == "told");
    words.len() < REMINDS && hits.any(|hit| words[hit.from].sentence == first)
}

/// Whether an answer denies anything: "not", "no", "never", "haven't".
pub fn denies(answer: &str) -> bool {
    let tokens = token::tokens(answer);
    let no = ["not", "no", "none", "nothing", "never", "nope", "nah", "nobody"];
    super::pattern::plain_words(&tokens).iter().any(|word| no.contains(&word.word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_at_the_end_of_an_answer_is_told_from_one_that_is_part_of_a_story() {
        for (answer, expected) in [
            (
                "I've told you about the one that happened! I'd rather not go into any others, if you don't mind.",
                true,
            ),
            ("We had to close the ward. Honestly, I'd rather not say more about it.", true),
            ("It was a hard year for us, and I don't really want to talk about it.", true),
            ("He left in the end. Let's leave it there.", true),
            ("There's a bit of a confidentiality thing there, so I'd leave it at that.", true),
            ("I've said about all I can on that.", true),
            ("There was a complaint and I answered it. I'm not comfortable discussing the details.", true),
            ("I'd rather leave that one. It's family.", true),
            ("id rather not talk about that", true),
            ("She told me she'd rather not discuss it, so I rang the family myself.", false),
            ("I'd rather not say no to a customer. So I rang the depot and found one.", false),
            ("I told him I'd rather not answer that before the audit.", false),
            ("I don't want to go back to the plant.", false),
            ("", false),
        ] {
            assert_eq!(declines(answer), expected, "{answer}");
        }
    }

    #[test]
    fn denying_is_told_by_its_words() {
        assert!(denies("I can't say I have.") && denies("Never.") && denies("not really"));
        assert!(!denies("I noticed a note on the door."));
    }

    #[test]
    fn a_reminder_is_told_from_what_was_told_to_others() {
        let long =
            "As I said, I lead the team, and ".to_owned() + &"we moved another hall that year ".repeat(8);
        for (answer, expected) in [
            ("As I said, he left the trade about a month after.", true),
            ("Like I already mentioned, it went well.", true),
            ("Well, I've just told you about the one that wasn't close!", true),
            ("We've just done that one, really. I can't think of another.", true),
            ("You already asked me that.", true),
            ("No, I've told you everything I can remember.", true),
            ("I already told the client that we'd be late, and he agreed.", false),
            ("We just had a fire in the bakery and I called the brigade.", false),
            ("I rang him first. As I said to my manager, it was the right thing.", false),
            (&long, false),
            ("", false),
        ] {
            assert_eq!(told_before(answer), expected, "{answer}");
        }
    }
}
