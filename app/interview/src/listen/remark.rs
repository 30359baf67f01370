//! What is said about the conversation itself, beside an answer or instead of one.

use std::sync::LazyLock;

use super::pattern::{Phrases, is_told_of};
use super::token;

static REMARKS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/remarks.txt")));

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
    let words = super::words_of(answer);
    let Some(first) = words.first().map(|word| word.sentence) else { return false };
    let mut hits = REMARKS.find(&words).into_iter().filter(|hit| hit.section == "told");
    words.len() < REMINDS && hits.any(|hit| words[hit.from].sentence == first)
}

/// An answer of more words than this has something after all, whatever it says first.
const HAS_NONE: usize = 28;
/// So many words may stand beside "No.", which else begins an answer.
const BESIDE_NO: usize = 16;
/// Looking for an example in vain is no deed, nor is what was not done: "I don't think I've done that".
const SEARCHES: [&str; 10] =
    ["looked", "searched", "tried", "thought", "went", "prepared", "wrote", "hoped", "expected", "done"];

/// So many words may stand after "Nothing.".
const AFTER_NONE: usize = 3;

/// Whether an answer says that there is nothing to tell: "Nothing's surfacing.", "This I don't have."
pub fn has_none(answer: &str) -> bool {
    let tokens = token::tokens(answer);
    let words = super::pattern::plain_words(&tokens);
    if words.len() > HAS_NONE {
        return false;
    }
    let acts = super::deeds::deeds(&tokens);
    if acts.iter().any(|deed| !SEARCHES.contains(&tokens[deed.verb].low.as_str())) {
        return false;
    }
    let mut hits = REMARKS.find(&words).into_iter().filter(|hit| !is_told_of(&words, &tokens, hit.from));
    hits.any(|hit| match hit.section {
        // "Nothing. She put it in the bag." tells of something.
        "none" => hit.to - hit.from > 1 || hit.to == words.len() || words.len() - hit.to <= AFTER_NONE,
        // "No." may begin a story as well as end one; alone at the beginning of a few words it denies.
        "no" => hit.from == 0 && words.len() <= BESIDE_NO && words[hit.to - 1].last,
        _ => false,
    })
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
    fn having_none_is_told_from_having_little() {
        for (answer, expected) in [
            ("I'd want to sit with that one. Nothing's surfacing.", true),
            ("Honestly, no. I could synthesize something but it'd be fake.", true),
            ("Let me search. No. Null result. Which is also a result.", true),
            ("No. I am looking and there is nothing on the track.", true),
            ("This I don't have. Some people would make one up for you.", true),
            ("I looked for one last night and there's nothing.", true),
            ("No, I don't have an example of that.", true),
            ("Nothing like that has happened to me.", true),
            ("I'd only be making something up.", true),
            ("None, I'm afraid.", true),
            ("havent really had that yet", true),
            ("I don't think I've got a good one for that. Sorry.", true),
            ("I don't remember something like this.", true),
            ("No, this didn't happen to me.", true),
            ("I don't think I've done that yet, sorry.", true),
            ("never, i was the junior", true),
            ("not got one for that", true),
            ("drawing a blank on that sorry", true),
            ("there isnt one", true),
            ("theres no story. i just dont talk much", true),
            ("Can't say I have, no.", true),
            ("Not one I can bring to mind.", true),
            ("I'm afraid I haven't a good case for that.", true),
            ("Not that I can recall. I'd rather not stretch one.", true),
            ("I'm sorry, I haven't one that fits.", true),
            ("I haven't a good word to say for that boiler, and I rang the makers every week.", false),
            ("I can't say I have a degree, but I ran the ward for nine years.", false),
            ("thats all of it i think, not much of a story", true),
            ("Nah you're grand, there's no more in it.", true),
            ("We didn't really have anything like that, no.", true),
            ("Speed. No. Feeding. I'm all right when I'm feeding people.", false),
            ("Heights? No. I dunno. Getting fellas to do things without them noticing.", false),
            ("Nothing came. I stopped, I reported it myself.", false),
            ("There was nothing on the screen, so I rang the depot.", false),
            ("I had nothing to lose, so I told him.", false),
            ("I'd have to get used to talking in meetings.", false),
            ("Nothing. She put it in the bag with the blanket.", false),
            ("To ask what the difficulty is, before proving that there is none.", false),
            (
                "I don't remember her name, but she came every Friday and I gave her the end of the loaf.",
                false,
            ),
            ("I went back. On the ninth of January. That's it.", false),
            ("No. He said no, and I went to the owner and got the key from him, and that was that.", false),
            ("", false),
        ] {
            assert_eq!(has_none(answer), expected, "{answer}");
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
