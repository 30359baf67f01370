//! What a good listener comes back to: something hinted at, something said with weight, a slip of their own, what they
//! play down, what they take back.

use std::sync::LazyLock;

use super::deeds::deeds;
use super::pattern::{Phrases, PlainWord, words_of};
use super::token::{AnswerToken, bare_words, tokens};

pub(super) static HOOKS: LazyLock<Phrases> = LazyLock::new(|| Phrases::read(include_str!("lists/hooks.txt")));

/// Among so many of the last sentences is what is said last.
const LAST: usize = 2;
/// An answer of more words than this tells more than a slip.
const SLIP: usize = 30;
/// A slip told in more words than this says itself how it came about.
pub(crate) const SLIPPED: u32 = 24;
/// Who may have done it.
const DOERS: [&str; 12] = ["i", "we", "my", "he", "she", "they", "it", "you", "who", "his", "her", "their"];
/// An answer of more words than this plays nothing down.
const MODEST: usize = 16;

/// What an answer leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hook {
    /// Something that happened is hinted at: "The foreman is sick since August, so I do his papers."
    Hint,
    /// Something is said with weight: "I'm not running away from it. I want that said."
    Weight,
}

/// What the end of an answer leaves open, or what it found hard to say.
pub fn hook(answer: &str) -> Option<Hook> {
    let words = words_of(answer);
    let last = words.last()?.sentence;
    let hits: Vec<&str> = HOOKS
        .find(&words)
        .into_iter()
        .filter(|hit| hit.section == "shy" || words[hit.from].sentence + LAST > last)
        .map(|hit| hit.section)
        .collect();
    if hits.iter().any(|hit| matches!(*hit, "weight" | "shy")) {
        return Some(Hook::Weight);
    }
    hits.contains(&"hint").then_some(Hook::Hint)
}

/// Whether a short answer tells of a slip of the speaker's own: "I built it in the wrong place."
pub fn own_slip(answer: &str) -> bool {
    words_of(answer).len() <= SLIP && begins_with_slip(answer)
}

/// Whether an answer, however long, begins with a slip of the speaker's own.
pub fn begins_with_slip(answer: &str) -> bool {
    let words = words_of(answer);
    // Who is named last before it did it: "They sent the wrong valve, so I drove" is no slip of the speaker's.
    let own = |from: usize, to: usize| {
        let before = words[..to].iter().rev().filter(|word| word.sentence == words[from].sentence);
        let mut doers = before.map(|word| word.word.as_str()).filter(|word| DOERS.contains(word));
        doers.next().is_some_and(|doer| matches!(doer, "i" | "we" | "my"))
            || words[from..to].iter().any(|word| matches!(word.word.as_str(), "i" | "my"))
    };
    let first = words.first().map_or(0, |word| word.sentence);
    HOOKS.find(&words).iter().any(|hit| {
        let at = words[hit.from].sentence;
        hit.section == "slip" && at < first + LAST && own(hit.from, hit.to)
    })
}

/// Whether a short answer says that what it tells of is nothing: "It's not really work."
pub fn plays_down(answer: &str) -> bool {
    let words = words_of(answer);
    words.len() <= MODEST && says(&words, "modest")
}

/// Whether a short answer says that there is no more to what is being told: "That's it really. He went."
pub fn closes(answer: &str) -> bool {
    let words = words_of(answer);
    words.len() <= MODEST && says(&words, "closed")
}

/// Whether an answer tells of the place that they apply to: "Your houses, I look at them.", "My nan's with you."
pub fn speaks_of_you(answer: &str) -> bool {
    super::sentences(answer).into_iter().any(|at| {
        let words = bare_words(&answer[at]);
        let at = |nth: usize| words.get(nth).map_or("", String::as_str);
        let theirs = words.iter().any(|word| matches!(word.as_str(), "your" | "yours"));
        let with =
            words.windows(2).any(|two| matches!(two[0].as_str(), "with" | "from" | "by") && two[1] == "you");
        let has = at(0) == "you"
            && matches!(at(1), "make" | "have" | "had" | "ve" | "run" | "build" | "sell" | "do")
            && !matches!(at(2), "to");
        theirs || with || has
    })
}

/// Whether an answer says that something said before was otherwise: "That's wrong, earlier I said four."
pub fn takes_back(answer: &str) -> bool {
    says(&words_of(answer), "otherwise")
}

pub(super) fn says(words: &[PlainWord], section: &str) -> bool {
    HOOKS.find(words).iter().any(|hit| hit.section == section)
}

/// How many words the sentences have in which the speaker does something, alone or with others, then or always.
pub fn words_of_deeds(answer: &str) -> usize {
    let tokens: Vec<AnswerToken<'_>> =
        tokens(answer).into_iter().filter(|t| !t.text.trim().is_empty()).collect();
    let mut sentences: Vec<usize> = deeds(&tokens).iter().map(|deed| tokens[deed.verb].sentence).collect();
    sentences.extend(
        (0..tokens.len()).filter(|at| super::tense::is_habit(&tokens, *at)).map(|at| tokens[at].sentence),
    );
    tokens.iter().filter(|token| token.is_word() && sentences.contains(&token.sentence)).count()
}

/// Whether an answer tells how things are since then: "Now there's one page in front.", "I don't touch it now."
pub fn tells_a_change(answer: &str) -> bool {
    super::sentences(answer).into_iter().any(|at| {
        let words = bare_words(&answer[at]);
        let first = words.first().map_or("", String::as_str);
        let second = words.get(1).map_or("", String::as_str);
        let today = |word: &str| {
            matches!(word, "i" | "we" | "there" | "it" | "she" | "he" | "they" | "every" | "the")
        };
        let ends = words.last().is_some_and(|last| last == "now");
        let since = words.windows(2).any(|two| two[0] == "since" && two[1] == "then");
        let own = words.iter().any(|word| matches!(word.as_str(), "i" | "we"));
        let past = words.iter().any(|word| matches!(word.as_str(), "was" | "were" | "had" | "did"));
        first == "now" && today(second) && !past || (ends || since) && own && !past
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_open_at_the_end_of_an_answer_is_heard() {
        let table = [
            (
                "Gang of four. The foreman is sick since August so I do his papers, but for the same money.",
                Some(Hook::Hint),
            ),
            ("I was head until this July, when I left. I expect we'll come to that.", Some(Hook::Hint)),
            ("Head chef the last five, that ended in April.", Some(Hook::Hint)),
            ("I had nineteen years in the office. And then they cut the hours.", Some(Hook::Hint)),
            ("My manager has been off sick since June, so I do her rota.", Some(Hook::Hint)),
            ("I managed a canteen for two hundred people by accident.", Some(Hook::Hint)),
            ("I run the shift without the title.", Some(Hook::Hint)),
            (
                "I do accounts and payroll. The rest is a long story, it's a long story really.",
                Some(Hook::Hint),
            ),
            ("Because of what happened in February, partly.", Some(Hook::Hint)),
            ("It worked, until it didn't.", Some(Hook::Hint)),
            ("I'm not running away from 14. I want that said.", Some(Hook::Weight)),
            ("Or not wanting to be the boy who was picked last. Let's say winning.", Some(Hook::Weight)),
            ("I'm running the second crew now but nobody's ever said it.", Some(Hook::Weight)),
            ("It was never about the money for me.", Some(Hook::Weight)),
            ("I won't lie, I was relieved.", Some(Hook::Weight)),
            ("I still think about that boy.", Some(Hook::Weight)),
            (
                "I don't know if I should say this. We had to leave our house. A man from there helped. So I know it.",
                Some(Hook::Weight),
            ),
            (
                "I don't usually talk about it. I was ill for a year. Then I came back. I went on nights.",
                Some(Hook::Weight),
            ),
            (
                "It's a bit personal, but I stopped drinking. I work better now. I sleep. I'm on time.",
                Some(Hook::Weight),
            ),
            ("I promised myself I'd never do that to a trainee.", Some(Hook::Weight)),
            ("I've been a nurse for ten years and I like the work.", None),
            ("I want to be a foreman one day.", None),
            ("We sell pumps to breweries in the north.", None),
            ("They cut the hours. Then I moved to Leeds. I work in a depot there. It's a good place.", None),
            ("", None),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| hook(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn a_slip_of_their_own_is_told_from_one_of_others() {
        let table = [
            ("I build a garage in the wrong place. One metre. Complete, with the roof plate.", true),
            ("I sent the letter to the wrong customer.", true),
            ("I forgot the second signature.", true),
            ("We delivered to the wrong address. My fault.", true),
            ("I deleted a table by mistake, on a Friday.", true),
            ("I got it wrong with a new starter.", true),
            ("I should have rung her first.", true),
            ("2015. I named the wrong brother.", true),
            ("We loaded the wrong pallet onto the early lorry.", true),
            ("They'd sent the wrong valve, so I drove to Leeds for another.", false),
            ("The supplier sent the wrong valve and I drove to Leeds.", false),
            ("Something was wrong with the boiler and I found it.", false),
            ("The driver went to the wrong address and rang me from a field.", false),
            ("He forgot the keys, so I drove over.", false),
            (
                "Watch backs. You've got to press it and it pings. I lost one, it went down the floorboards.",
                false,
            ),
            ("I built a list of sham addresses. Nobody asked.", false),
            ("", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| own_slip(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn the_end_of_a_tale_is_heard() {
        let table = [
            ("That's it really. He went.", true),
            ("Er, no, that's it. Sorry.", true),
            ("He paid, and that was that.", false),
            ("I rang him. And that was that.", true),
            ("That's all.", true),
            (
                "That's it for the first part, and then we had to take the whole roof off and call the engineer in.",
                false,
            ),
            ("He rang me on Monday.", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| closes(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn who_plays_something_down_is_heard() {
        let table = [
            ("It's not really work.", true),
            ("It's nothing special.", true),
            ("I don't know if that counts.", true),
            ("Not sure that counts.", true),
            ("It's just a Saturday job.", true),
            ("It was hard work and I liked it.", false),
            ("The lift did not work.", false),
            ("I count the till.", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| plays_down(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn what_was_seen_of_the_place_is_told_from_what_is_wanted() {
        let table = [
            ("Your houses, I look at them. The corners are good.", true),
            ("My nan's with you. She's got the book.", true),
            ("You've got a fantastic product.", true),
            ("You make the valve that was in our machine!", true),
            ("I came over on your boat in May.", true),
            ("I want to cook for somebody who's hungry.", false),
            ("You're only ever there for the roof.", false),
            ("If I'm wrong you get the wrong yogurt.", false),
            ("You've to get two buses.", false),
            ("I'd like to lead people who could also leave.", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| speaks_of_you(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn what_is_taken_back_is_heard() {
        let table = [
            ("That's wrong, earlier I said four, it was three.", true),
            ("Earlier I said two years. It was more like one.", true),
            ("I know I said six people before, but two of them were agency.", true),
            ("What I said before isn't quite right.", true),
            ("Let me correct that.", true),
            ("I have to take that back.", true),
            ("I'm contradicting myself, I know.", true),
            ("I said no to him before the audit.", false),
            ("They told me it was wrong, so I mended it.", false),
            ("He said I was wrong and I checked.", false),
            ("I corrected the invoice the same day.", false),
            ("", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| takes_back(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn how_things_are_since_then_is_heard() {
        let table = [
            ("Now there's one page in front. What happened, how much, how sure.", true),
            ("I don't touch a rep's number now.", true),
            ("Since then I always ring first.", true),
            ("Now we count twice.", true),
            ("Now that was a long day.", false),
            ("I rang him and he came.", false),
            ("Now and then it rains.", false),
        ];
        let missed: Vec<&str> = table
            .into_iter()
            .filter(|(answer, expected)| tells_a_change(answer) != *expected)
            .map(|(answer, _)| answer)
            .collect();
        assert_eq!(missed, [""; 0]);
    }

    #[test]
    fn what_was_done_is_measured_in_words() {
        for (answer, many) in [
            (
                "You can't lay under three degrees. So we make a tent, with the plastic and the heater from the canteen, and we work from noon.",
                true,
            ),
            ("I stop.", false),
            (
                "The foundation is turning. The eye says no, and the level and the string say that it is good.",
                false,
            ),
            ("I rang nine farms the night before, asked each how hot it was and wrote it on the list.", true),
        ] {
            assert_eq!(words_of_deeds(answer) >= 14, many, "{answer}");
        }
    }
}
