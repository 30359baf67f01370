//! Somebody whom the candidate introduces by what they are and their name: "I had a student, Yusuf, and his hands shook."

use super::named;
use super::word_by_word::{AnswerWord, answer_words, list_contains};

/// What people are at work, beside the nouns of `named.toml`.
const ROLES: &str = "trainee intern apprentice manager boss colleague designer engineer developer nurse analyst director head \
    coordinator assistant officer chef waiter porter lad girl guy bloke fella man woman volunteer technician supervisor foreman \
    operator lead adviser advisor teacher student coach mentor partner secretary mechanic electrician cleaner sister deputy \
    junior senior dispatcher sergeant first-year";
/// Classes of `named.toml` that are people.
const PEOPLE: [&str; 4] = ["person", "superior", "colleague", "learner"];
/// Words that introduce somebody.
const ARTICLES: &str = "a an my our the one another";
/// Words after a name that go on with what they tell.
const AFTER: &str = "and who was had";
/// Most words between the article and what somebody is.
const BETWEEN: usize = 3;
/// Capitalised words that are no name.
const NOT_NAMES: &str = "mr mrs ms dr sir god i monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays \
    thursdays fridays saturdays sundays january february march april may june july august september october november december \
    christmas easter ramadan diwali english french german spanish polish year reception";

/// The name of whom an answer introduces; of several the first.
pub(super) fn introduced(answer: &str) -> Option<&str> {
    let words = answer_words(answer);
    (1..words.len()).find_map(|at| {
        let (role, name) = (&words[at - 1], &words[at]);
        let text = answer.get(name.start..name.end)?;
        let between = answer.get(role.end..name.start)?;
        let next = words.get(at + 1);
        let ends = answer.get(name.end..)?.starts_with([',', '.', ';'])
            || next.is_some_and(|next| list_contains(AFTER, &next.lower));
        (between == ", " && is_name(text) && ends && is_role(&role.lower) && has_article(&words[..at - 1]))
            .then_some(text)
    })
}

/// Whether a word is written as a name is, and is no day, month or title.
pub(super) fn is_name(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().skip(1).all(char::is_lowercase)
        && word.chars().count() > 2
        && !list_contains(NOT_NAMES, &word.to_lowercase())
}

fn is_role(noun: &str) -> bool {
    list_contains(ROLES, noun) || named::class_of(noun).is_some_and(|class| PEOPLE.contains(&class))
}

/// Whether an article stands close before what somebody is.
fn has_article(before: &[AnswerWord]) -> bool {
    let near = before.iter().rev().take(BETWEEN + 1).take_while(|word| !word.stop);
    near.into_iter().any(|word| list_contains(ARTICLES, &word.lower))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::introduced;

    #[test]
    fn who_is_introduced_is_known_by_name() {
        for (answer, name) in [
            ("I had a student, Yusuf, and his hands shook.", Some("Yusuf")),
            ("I built it, and a colleague, Dan, did the web page.", Some("Dan")),
            ("It was a Year Four teacher, Nia, who thought of the badge.", Some("Nia")),
            ("I trained up our apprentice, Callum. He was bright.", Some("Callum")),
            ("There was a very nice man, Mr Abbott, on the ward.", None),
            ("I worked for the manager, Tuesdays and Fridays.", None),
            ("I was a teacher, Year Two mostly.", None),
            ("We had a boss, I liked him.", None),
            ("In the theatre, Yusuf was late.", None),
            ("", None),
        ] {
            assert_eq!(introduced(answer), name, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_asked(text in "\\PC{0,60}", words in "(a |student|, |Yusuf|İ|ß|,|\\.| and){0,14}") {
            let _ = (introduced(&text), introduced(&words));
        }
    }
}
