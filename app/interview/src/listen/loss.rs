//! Whether somebody's death is told of, in plain words: of a person it is a death, of a battery or a tree it is not.

use super::token::bare_words;

/// Somebody of the candidate's own: a relative, a friend, somebody they worked beside.
const CLOSE: &[&str] = &[
    "mother",
    "father",
    "mum",
    "mom",
    "dad",
    "parents",
    "brother",
    "sister",
    "son",
    "daughter",
    "husband",
    "wife",
    "partner",
    "friend",
    "mate",
    "colleague",
    "coworker",
    "teammate",
    "grandmother",
    "grandfather",
    "grandma",
    "grandpa",
    "gran",
    "nan",
    "uncle",
    "aunt",
    "cousin",
    "fiancé",
    "fiancée",
];
/// Anybody else.
const SOMEBODY: &[&str] = &[
    "he",
    "she",
    "they",
    "who",
    "somebody",
    "someone",
    "patient",
    "patients",
    "resident",
    "residents",
    "man",
    "woman",
    "boy",
    "girl",
    "child",
    "baby",
    "pupil",
    "student",
    "neighbour",
    "neighbor",
    "boss",
    "client",
    "guest",
    "customer",
    "passenger",
    "driver",
    "drivers",
    "soldier",
    "soldiers",
    "worker",
    "workers",
    "men",
    "women",
    "children",
    "passengers",
    "lad",
    "lads",
    "people",
];
/// Who is named after somebody of the candidate's own is who "he" or "she" stands for.
const STRANGER: &[&str] = &[
    "man", "woman", "boss", "mr", "mrs", "ms", "dr", "called", "patient", "client", "customer", "teacher",
    "owner", "chef", "landlord",
];
/// Before these a relative is nobody of the candidate's own.
const OTHERS: &[&str] = &["her", "his", "their", "whose"];
/// What somebody does to themselves.
const SELF: &[&str] = &["himself", "herself", "themselves", "themself"];
/// And how that is told.
const KILLED: &[&str] = &["killed", "hanged", "shot", "drowned"];
/// How people are watched who may do it.
const WATCH: &[&str] =
    &["on a watch", "hourly checks", "constant watch", "constant observation", "self harm"];
/// Within so many words before it.
const WATCHED: usize = 60;
/// "I worked for him until he died" tells of the work.
const UNTIL: &[&str] = &["until", "till"];
/// So many words before "died" may say who.
const BEFORE: usize = 4;
/// So many words before that may say that it was somebody close, whom "he" or "she" then stands for.
const NEAR: usize = 24;

/// Who died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Somebody of the candidate's own.
    Close,
    /// Somebody else, such as a patient.
    Other,
}

/// The death that is told of, if one is.
pub fn loss(answer: &str) -> Option<Loss> {
    let words = bare_words(answer);
    let mut found = None;
    for (at, word) in words.iter().enumerate() {
        let before = |many: usize| &words[at.saturating_sub(many)..at];
        let told = is_death(&words, at) || is_done_to_oneself(&words, at);
        if !told || before(BEFORE).iter().any(|word| UNTIL.contains(&word.as_str())) {
            continue;
        }
        let own =
            word.starts_with("miscarr") && before(BEFORE).iter().any(|word| word == "i" || word == "my");
        let own =
            own || before(1).iter().any(|who| CLOSE.iter().any(|close| who.strip_suffix('s') == Some(close)));
        let close = own || CLOSE.contains(&word.as_str()) || own_person(before(NEAR));
        found = match (found, close) {
            (Some(Loss::Close), _) | (_, true) => Some(Loss::Close),
            (_, false) => Some(Loss::Other),
        };
    }
    found
}

/// Words after "funeral" that make it somebody's work.
const TRADE: [&str; 12] = [
    "director",
    "directors",
    "service",
    "services",
    "home",
    "homes",
    "plan",
    "plans",
    "parlour",
    "firm",
    "firms",
    "flowers",
];

/// Whether the word there tells of a person's death.
fn is_death(words: &[String], at: usize) -> bool {
    let before = |many: usize| &words[at.saturating_sub(many)..at];
    let after = |many: usize| words.get(at + many).map_or("", String::as_str);
    let last = before(1).first().map_or("", String::as_str);
    let named = |who: &[&str]| before(BEFORE).iter().any(|word| who.contains(&word.as_str()));
    // "Her husband had died", said by a customer, is their grief: the work went on with it.
    let theirs = before(BEFORE)
        .windows(2)
        .any(|pair| OTHERS.contains(&pair[0].as_str()) && CLOSE.contains(&pair[1].as_str()));
    // "It was his wife's name. She'd died": so is that of whoever "she" stands for.
    let stands_for = before(2).iter().any(|word| matches!(word.as_str(), "he" | "she" | "they"));
    let last_named = before(NEAR).windows(2).rfind(|pair| CLOSE.contains(&pair[1].as_str()));
    let theirs = theirs || stands_for && last_named.is_some_and(|pair| OTHERS.contains(&pair[0].as_str()));
    let somebody = (named(SOMEBODY) || named(CLOSE)) && !theirs;
    match words[at].as_str() {
        "suicide" | "stillborn" | "miscarried" => true,
        // And not the trade.
        "funeral" => !TRADE.contains(&after(1)),
        // And not one of justice.
        "miscarriage" => after(1) != "of",
        "died" => somebody,
        "away" => last == "passed" && somebody,
        "dead" => {
            let whom = matches!(last, "him" | "her" | "them") || named(SOMEBODY);
            whom && named(&["found", "find"])
        }
        "death" => matches!(last, "her" | "his" | "their") || last == "s" && named(CLOSE),
        // "I lost my mother", not "I lost my mother's keys".
        word if CLOSE.contains(&word) => {
            let own = last == "my" && words.get(at.wrapping_sub(2)).is_some_and(|word| word == "lost");
            own && after(1) != "s"
        }
        _ => false,
    }
}

/// Whether the word there tells that somebody took their own life, in the words in which it is told.
fn is_done_to_oneself(words: &[String], at: usize) -> bool {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let (last, next, then) = (word(at.wrapping_sub(1)), word(at + 1), word(at + 2));
    match word(at) {
        // "He killed himself", not "he killed himself laughing".
        killed if KILLED.contains(&killed) => {
            SELF.contains(&next) && !matches!(then, "laughing" | "getting" | "trying" | "with")
        }
        "took" | "taken" | "take" | "ended" => {
            matches!(next, "his" | "her" | "their")
                && (then == "life" || then == "own" && word(at + 3) == "life")
        }
        // Of somebody who was watched so that they would not, "he did it" says enough.
        "did" => {
            let watched = words[at.saturating_sub(WATCHED)..at].join(" ");
            matches!(last, "he" | "she" | "they")
                && next == "it"
                && WATCH.iter().any(|phrase| watched.contains(phrase))
        }
        _ => false,
    }
}

/// Whether somebody close is named as the candidate's own, and nobody after them: "my friend Tomasz", not "a mother of
/// three".
fn own_person(words: &[String]) -> bool {
    let own = words
        .windows(2)
        .rposition(|pair| matches!(pair[0].as_str(), "my" | "our") && CLOSE.contains(&pair[1].as_str()));
    own.is_some_and(|at| !words[at + 2..].iter().any(|word| STRANGER.contains(&word.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_death_is_told_from_other_ends_and_one_of_their_own_from_others() {
        for (answer, expected) in [
            ("In 2021 my friend Tomasz fell from one. He died. I was on the level below.", Some(Loss::Close)),
            ("I lost my mother that spring and took three months off.", Some(Loss::Close)),
            ("After my dad's funeral I went back to the ward.", Some(Loss::Close)),
            ("All the funeral directors hand it out now.", None),
            ("i was at my dads funeral so my teammate dealt with it", Some(Loss::Close)),
            ("My father passed away in the middle of it.", Some(Loss::Close)),
            ("One patient, a mother of three, died on my shift.", Some(Loss::Other)),
            ("A resident died at night and I told the family.", Some(Loss::Other)),
            (
                "My nan had a stall, and later a man called Beddoes taught me. He died in the spring.",
                Some(Loss::Other),
            ),
            (
                "My nan had a stall, and then I worked for a lovely man called Mr. Beddoes until he died.",
                None,
            ),
            (
                "He was on a watch, hourly checks. I took him off it. He did it on the Saturday night.",
                Some(Loss::Other),
            ),
            ("Then one of the lads on the team killed himself.", Some(Loss::Other)),
            ("She took her own life in the spring.", Some(Loss::Other)),
            ("I found him dead when I came in on the Sunday.", Some(Loss::Other)),
            ("My brother took his own life that year.", Some(Loss::Close)),
            ("I had a miscarriage and took a month off.", Some(Loss::Close)),
            ("It was a miscarriage of justice and I said so.", None),
            ("She wanted to cancel because her husband had died. I sorted it.", None),
            ("It was his wife's name. She'd died and every letter still came to Mrs.", None),
            ("My wife was ill that year. She died in the spring.", Some(Loss::Close)),
            ("I asked him to write the tests and he did it on the Saturday.", None),
            ("I kept a watch on the build, and he did it again.", None),
            ("He killed himself laughing when he saw the invoice.", None),
            ("She took her time and her own keys.", None),
            ("We found the line dead at six.", None),
            ("Two of the drivers died at once, and I stopped the others.", Some(Loss::Other)),
            ("The battery died and the pager with it.", None),
            ("The old oak died.", None),
            ("I lost my mother's keys.", None),
            ("The idea died in committee.", None),
        ] {
            assert_eq!(loss(answer), expected, "{answer}");
        }
    }
}
