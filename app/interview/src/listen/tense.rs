//! Whether an answer tells of what happened or of what is always so: "I left it open" is asked about in another way than
//! "I leave it open".

use super::deeds::deeds;
use super::grammar::{ADVERBS, DETERMINERS, FINITE, PREPOSITIONS};
use super::token::{AnswerToken, AnswerTokenKind, tokens};
use super::words::{STATE_TODAY, is_number_word, is_past};

/// When what an answer tells of takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NarrativeTense {
    /// Once, and it is over.
    Event,
    /// Again and again, to this day.
    Habit,
}

/// Words between "I" and its verb that tell of a habit themselves.
const OFTEN: [&str; 8] =
    ["always", "usually", "normally", "often", "sometimes", "never", "mostly", "generally"];
/// Verbs that are the same in the past: alone they say nothing.
const SAME: [&str; 8] = ["put", "cut", "set", "let", "read", "hit", "shut", "cost"];

/// When what an answer tells of takes place; `None` where its verbs do not say, or say both.
pub fn narrative_tense(answer: &str) -> Option<NarrativeTense> {
    let tokens = without_blanks(answer);
    let events = deeds(&tokens).iter().filter(|deed| !SAME.contains(&tokens[deed.verb].low.as_str())).count();
    let events = events + (0..tokens.len()).filter(|at| is_over(&tokens, *at)).count();
    let habits = (0..tokens.len()).filter(|at| is_habit(&tokens, *at)).count();
    // "He says he wants it by Monday, and I tell him no": one story, told as if it went on.
    let scene = (0..tokens.len()).any(|at| is_scene(&tokens, at));
    match (events, if scene { 0 } else { habits }) {
        (1.., 0) => Some(NarrativeTense::Event),
        (0, 1..) => Some(NarrativeTense::Habit),
        (events, habits) if events >= 2 * habits && events > 0 => Some(NarrativeTense::Event),
        (_, _) => None,
    }
}

/// The tokens of an answer that are no white space.
fn without_blanks(answer: &str) -> Vec<AnswerToken<'_>> {
    tokens(answer).into_iter().filter(|token| !token.text.trim().is_empty()).collect()
}

/// What somebody may have done, or got for a purpose.
const DONE: &[&str] =
    &["it", "that", "this", "one", "the", "a", "all", "both", "them", "my", "our", "two", "three"];
const GOT: &[&str] = &[
    "some",
    "a",
    "an",
    "the",
    "two",
    "three",
    "us",
    "them",
    "him",
    "her",
    "everyone",
    "everybody",
    "people",
];
/// What is given, and not got by anything that one does.
const GIVEN: &[&str] = &[
    "job",
    "role",
    "post",
    "place",
    "offer",
    "call",
    "letter",
    "email",
    "message",
    "phone",
    "text",
    "complaint",
    "flu",
    "cold",
    "feeling",
    "idea",
    "chance",
];

/// Whether an answer tells of something that the speaker did or does.
pub fn tells_a_deed(answer: &str) -> bool {
    let tokens = without_blanks(answer);
    // "I said no" is done by saying it.
    let said = tokens.windows(2).any(|two| {
        matches!(two[0].low.as_str(), "i" | "we")
            && matches!(two[1].low.as_str(), "said" | "refused" | "told")
    });
    // "I did one for each of them", "I got some envelopes"; not "I got the job".
    let did = tokens.windows(4).any(|four| {
        let [who, verb, what, next] = four else { return false };
        let done = match verb.low.as_str() {
            "did" => DONE.contains(&what.low.as_str()),
            "got" => GOT.contains(&what.low.as_str()) && !GIVEN.contains(&next.low.as_str()),
            _ => false,
        };
        matches!(who.low.as_str(), "i" | "we") && done
    });
    let deed = deeds(&tokens).iter().any(|deed| !only_names_somebody(&tokens, deed.verb));
    said || did || deed || (0..tokens.len()).any(|at| is_habit(&tokens, at))
}

/// Whether an answer tells of something that the speaker did, and not only of what "we" did.
pub fn acts_alone(answer: &str) -> bool {
    let tokens = without_blanks(answer);
    deeds(&tokens).iter().any(|deed| !deed.we && !only_names_somebody(&tokens, deed.verb))
}

/// Verbs that only say in what place somebody stands to others.
const STANDS_TO: [&str; 12] = [
    "supervised",
    "managed",
    "mentored",
    "led",
    "ran",
    "met",
    "joined",
    "shared",
    "worked",
    "taught",
    "trained",
    "knew",
];
/// So many words on a "who" says what the trouble was.
const WHO: usize = 12;

/// Whether what is done there only brings somebody on: "I supervised a student who stopped coming".
fn only_names_somebody(tokens: &[AnswerToken<'_>], verb: usize) -> bool {
    let ahead =
        tokens.iter().skip(verb + 1).take(WHO).take_while(|token| token.sentence == tokens[verb].sentence);
    STANDS_TO.contains(&tokens[verb].low.as_str()) && ahead.into_iter().any(|token| token.low == "who")
}

/// Whether the verb of a clause about somebody else, or about a state, is here, and in the past.
fn is_over(tokens: &[AnswerToken<'_>], at: usize) -> bool {
    let low = tokens[at].low.as_str();
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let after = tokens.get(at + 1);
    match low {
        // "We'd a run of cases", "I'd five people ringing": nobody would a run.
        "i'd" | "we'd" | "he'd" | "she'd" | "they'd" => after.is_some_and(|next| {
            next.sort == AnswerTokenKind::Figure
                || is_number_word(&next.low)
                || DETERMINERS.contains(&next.low.as_str()) && next.low != "that"
                || matches!(next.low.as_str(), "no" | "some" | "lots" | "nobody")
        }),
        // "Were they done?" is what is asked again and again.
        "was" | "were" | "wasn't" | "weren't" | "did" | "didn't" => !tokens[at].first,
        _ if SAME.contains(&low) || !is_past(low) => false,
        // "He left", "Blessing cried"; not "the broken one", "they have asked", "Dropped again".
        _ => before.is_some_and(|before| {
            let word = before.low.as_str();
            before.is_word()
                && before.sentence == tokens[at].sentence
                && !matches!(word, "i" | "we")
                && !DETERMINERS.contains(&word)
                && !PREPOSITIONS.contains(&word)
                && !FINITE.contains(&word)
                && !ADVERBS.contains(&word)
                && !matches!(word, "and" | "or" | "not" | "very" | "more" | "get" | "gets" | "got")
                && !word.ends_with("'s")
                && !word.ends_with("'re")
                && !word.ends_with("'ve")
        }),
    }
}

/// Whether "he" or "she" stands here before something said or done today: that happened once.
fn is_scene(tokens: &[AnswerToken<'_>], at: usize) -> bool {
    let says = |verb: &AnswerToken<'_>| {
        let low = verb.low.as_str();
        verb.is_word()
            && low.len() > 3
            && low.ends_with('s')
            && !low.contains('\'')
            && !FINITE.contains(&low)
            && !ADVERBS.contains(&low)
            && !OFTEN.contains(&low)
    };
    matches!(tokens[at].low.as_str(), "he" | "she")
        && tokens.get(at + 1).is_some_and(|verb| verb.sentence == tokens[at].sentence && says(verb))
}

/// Whether "I" or "we" stands here before a deed of today: "I do a list", "we always count them twice".
pub(super) fn is_habit(tokens: &[AnswerToken<'_>], at: usize) -> bool {
    if !matches!(tokens[at].low.as_str(), "i" | "we") {
        return false;
    }
    let mut often = false;
    for verb in tokens.iter().skip(at + 1).take(3) {
        let low = verb.low.as_str();
        if !verb.is_word() || verb.sentence != tokens[at].sentence {
            return false;
        }
        often |= OFTEN.contains(&low);
        if OFTEN.contains(&low) || ADVERBS.contains(&low) || low == "only" {
            continue;
        }
        let after =
            tokens.iter().position(|token| std::ptr::eq(token, verb)).and_then(|at| tokens.get(at + 1));
        let does = low == "do" && after.is_some_and(|next| DETERMINERS.contains(&next.low.as_str()));
        // "I come as a guest" is done; "I come from Cork" is so.
        let comes = low == "come" && after.is_some_and(|next| next.low != "from");
        let deed = does || comes || !FINITE.contains(&low) && !STATE_TODAY.contains(low);
        let today = !is_past(low) && !low.contains('\'') && !PREPOSITIONS.contains(&low);
        // "I put a note on each door" may be either; "I always put" is not.
        return deed && today && low.len() > 1 && (!SAME.contains(&low) || often)
            || often && SAME.contains(&low);
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_happened_is_told_from_what_is_always_so() {
        for (answer, expected) in [
            ("I sleep in the rooms. One each month, different floor.", Some(NarrativeTense::Habit)),
            (
                "I come as a guest. I drop something under the bed. I use the kettle.",
                Some(NarrativeTense::Habit),
            ),
            ("I do a list for the boat. What the vet needs to bring.", Some(NarrativeTense::Habit)),
            ("So I ring round the night before, nine farms, and ask how hot.", Some(NarrativeTense::Habit)),
            ("We always count the till twice before we close.", Some(NarrativeTense::Habit)),
            ("I usually start with the oldest ticket.", Some(NarrativeTense::Habit)),
            (
                "I check the observations every morning. Were they done, what time.",
                Some(NarrativeTense::Habit),
            ),
            ("I got a live lamb out when Inga couldn't come. The boat was off.", Some(NarrativeTense::Event)),
            (
                "Blessing was the worst receptionist I have ever seen. She cried. Every day!",
                Some(NarrativeTense::Event),
            ),
            (
                "I'm not in charge there, so I only stood between and dropped my scanner.",
                Some(NarrativeTense::Event),
            ),
            ("She sold more rooms than the website in December.", Some(NarrativeTense::Event)),
            ("The customer called on a Friday and wanted his money back.", Some(NarrativeTense::Event)),
            ("I poured away the Christmas bock. Two hundred hectolitres.", Some(NarrativeTense::Event)),
            ("We'd a run of salmonella cases, eleven, all over the borough.", Some(NarrativeTense::Event)),
            ("I'd five people on the phone with one list.", Some(NarrativeTense::Event)),
            ("I'd like to run an area one day.", None),
            ("The church hall on Christmas Day. For whoever's left in camp.", None),
            (
                "The mill manager phones me on a Thursday. I tell him three. He says do I know who he is.",
                None,
            ),
            ("I know what it costs, and I think it's worth it.", None),
            ("Kassel, the Sunday, the machine stands, and it's October.", None),
            ("To count, and then to count again while talking.", None),
            ("I come from Cork and I live near the port.", None),
            ("", None),
        ] {
            assert_eq!(narrative_tense(answer), expected, "{answer}");
        }
    }

    #[test]
    fn a_deed_is_told_from_a_state_of_things() {
        for (answer, expected) in [
            ("We throw out mad amounts of slate. So I started a pile.", true),
            ("I do a list for the boat.", true),
            ("They wanted two more beds in the corridor. I said no.", true),
            ("I translated the slip. On my own.", true),
            ("The young fella, Tadhg. Seventeen. On the phone every two minutes, on a roof!", false),
            ("The Märzen was good in one cellar and dull in the other.", false),
            ("There were nine of them, and nobody knew why.", false),
            ("I supervised a master's student, Josh, who stopped coming.", false),
            ("I supervised a student who stopped coming. I went to her room.", true),
        ] {
            assert_eq!(tells_a_deed(answer), expected, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn a_habit_in_the_past_is_an_event(verb in "(start|check|clean|count|call|walk|order)", what in "(the stock|every room|a list|two of them)") {
            prop_assert_eq!(narrative_tense(&format!("I {verb} {what}.")), Some(NarrativeTense::Habit));
            prop_assert_eq!(narrative_tense(&format!("I {verb}ed {what}.")), Some(NarrativeTense::Event));
            prop_assert_eq!(narrative_tense(&format!("We always {verb} {what}.")), Some(NarrativeTense::Habit));
        }
    }
}
