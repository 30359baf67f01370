//! Whether an answer says that there is nothing to tell: "Nothing's surfacing.", "We did not have such a case."

use super::deeds::deeds;
use super::pattern::{PlainWord, is_in_narrated_clause, plain_words};
use super::remark::REMARKS;
use super::token::{self, AnswerToken};
use super::words::{COURTESY, LEAD_INS, NONE, STOP};

/// An answer of more words than this has something after all, whatever it says first.
const HAS_NONE: usize = 28;
/// One that ends in having none may have so many: they think aloud.
const THINKS_ALOUD: usize = 45;
/// So many words with content may stand before that they have none.
const BESIDE: usize = 3;
/// So many words may stand beside "No.", which else begins an answer.
const BESIDE_NO: usize = 16;
/// So many words may stand after "Nothing.".
const AFTER_NONE: usize = 3;
/// Looking for an example in vain is no deed, nor is what was not done: "I don't think I've done that".
const SEARCHES: [&str; 11] = [
    "looked", "searched", "tried", "thought", "went", "prayed", "prepared", "wrote", "hoped", "expected",
    "done",
];

/// Whether an answer says that there is nothing to tell: "Nothing's surfacing.", "This I don't have."
pub fn has_nothing_to_tell(answer: &str) -> bool {
    let tokens = token::tokens(answer);
    let words = plain_words(&tokens);
    if words.len() > THINKS_ALOUD {
        return false;
    }
    if deeds(&tokens).iter().any(|deed| !SEARCHES.contains(&tokens[deed.verb].low.as_str())) {
        return false;
    }
    let short = words.len() <= HAS_NONE;
    let clauses = clauses(&words, &tokens);
    let empty = |plain: &&PlainWord| is_empty(&plain.word) || STOP.contains(plain.word.as_str());
    let told = words.iter().filter(|plain| !empty(plain)).count();
    // "The clients wanted a date, and I hadn't one" tells of something before.
    let is_lead_in = |clause: &[PlainWord]| {
        clause.len() <= 2
            && clause.iter().all(|plain| is_empty(&plain.word) || LEAD_INS.contains(plain.word.as_str()))
    };
    let begins = clauses.iter().position(|clause| !is_lead_in(clause));
    if clauses.iter().enumerate().any(|(at, clause)| {
        only_denies(clause) && told <= BESIDE && begins == Some(at)
            || lacks(clause) && (told <= BESIDE || short && begins == Some(at))
    }) {
        return true;
    }
    let mut hits =
        REMARKS.find(&words).into_iter().filter(|hit| !is_in_narrated_clause(&words, &tokens, hit.from));
    hits.any(|hit| match hit.section {
        // They say outright that they have none, and nothing that they did is told beside it.
        "absent" => true,
        _ if !short => false,
        // "Nothing. She put it in the bag." tells of something.
        "none" => hit.to - hit.from > 1 || hit.to == words.len() || words.len() - hit.to <= AFTER_NONE,
        // "No." may begin a story as well as end one; alone at the beginning of a few words it denies.
        "no" => hit.from == 0 && words.len() <= BESIDE_NO && words[hit.to - 1].last,
        _ => false,
    })
}

/// Words that begin another clause of the same sentence.
const JOINS: [&str; 7] = ["but", "so", "and", "or", "because", "although", "though"];

/// The clauses of an answer, as far as marks and the words between them tell.
fn clauses<'a>(words: &'a [PlainWord], tokens: &[AnswerToken<'_>]) -> Vec<&'a [PlainWord]> {
    let marked = |word: &PlainWord| word.token.checked_sub(1).is_some_and(|before| tokens[before].is_mark());
    let apart = |one: &PlainWord, next: &PlainWord| {
        one.sentence != next.sentence || marked(next) || JOINS.contains(&next.word.as_str())
    };
    words.chunk_by(|one, next| !apart(one, next)).collect()
}

/// Whether a clause denies and nothing else: "I don't think I have".
fn only_denies(clause: &[PlainWord]) -> bool {
    let alone = ["i", "we", "have", "not", "never", "do", "think", "believe", "really", "no", "yet", "ever"];
    let has = |one: &str| clause.iter().any(|plain| plain.word == one);
    let all =
        |plain: &PlainWord| alone.contains(&plain.word.as_str()) || COURTESY.contains(plain.word.as_str());
    has("have") && (has("not") || has("never")) && clause.iter().all(all)
}

/// Whether a word can stand in a clause that says only that there is none.
fn is_empty(word: &str) -> bool {
    NONE.contains(word) || COURTESY.contains(word) || JOINS.contains(&word)
}

/// What somebody has no example of.
const EXAMPLE: [&str; 18] = [
    "one",
    "ones",
    "any",
    "anything",
    "something",
    "such",
    "case",
    "cases",
    "example",
    "examples",
    "story",
    "stories",
    "situation",
    "situations",
    "instance",
    "instances",
    "occasion",
    "occasions",
];
/// The same, where it was named in the question.
const NAMED: [&str; 4] = ["that", "this", "these", "like"];
/// To whom, or until when, it has not happened.
const BEFALLS: [&str; 7] = ["that", "this", "such", "like", "me", "us", "yet"];

/// Whether a clause says that they have no example, and nothing else: "we did not have such a case", "nothing comes to mind".
/// It says so in whatever order, as people do who learn the language.
fn lacks(clause: &[PlainWord]) -> bool {
    let said: Vec<&str> = clause.iter().map(|plain| plain.word.as_str()).collect();
    let denies = ["not", "no", "never", "nothing", "none", "neither", "cannae"];
    if !said.iter().any(|word| denies.contains(word)) || !said.iter().all(|word| is_empty(word)) {
        return false;
    }
    // "No one" is a person.
    let has = |those: &[&str]| {
        (0..said.len())
            .any(|at| those.contains(&said[at]) && !(said[at] == "one" && at > 0 && said[at - 1] == "no"))
    };
    let nothing = matches!(said.iter().find(|word| !JOINS.contains(word)), Some(&"nothing" | &"none"));
    said.iter().any(|word| match *word {
        "have" | "has" | "had" | "having" | "got" | "experienced" | "met" => has(&EXAMPLE) || has(&NAMED),
        "find" | "found" | "remember" | "recall" | "think" | "thinking" | "give" | "bring" | "name"
        | "offer" | "tell" => has(&EXAMPLE),
        "happen" | "happens" | "happened" => has(&EXAMPLE) || has(&BEFALLS),
        "come" | "comes" | "came" | "coming" => {
            nothing || has(&["mind", "head"]) || has(&["up"]) && has(&BEFALLS)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("Sorry, we did not have such a case.", true),
            (
                "I don't believe I have one, and I'd rather leave a gap in the catalogue than put in a forgery.",
                true,
            ),
            (
                "No, now, that one has passed me by in thirty-four years, but I can't find it on the shelf.",
                true,
            ),
            ("nah never had that one sorry works not like that on your own in a van", true),
            (
                "Do you know, I've been turning it over and I haven't one. I could tell you something near it but it'd be a \
                 different story in a borrowed coat.",
                true,
            ),
            (
                "No. Fifty-nine years old and I haven't got one of those. How odd. I'll think of it on the train.",
                true,
            ),
            ("naw cannae think of one and im not gonnae make one up", true),
            ("No, I search in my head and there is nothing for this.", true),
            ("Nothing to report on that.", true),
            ("Not come across it.", true),
            ("I haven't got one of those fancy saws, so I borrowed the neighbour's.", false),
            ("I am thinking but I do not find one, sorry for that.", true),
            ("Such situation I did not have.", true),
            ("dont have one", true),
            ("not had that", true),
            ("n/a honestly", true),
            ("Not that I remember.", true),
            ("Not in security, no.", true),
            ("Ooh. I don't think I have, no.", true),
            ("I'm sorry, I haven't, or I have and it's gone. It'll come to me in the car.", true),
            (
                "Oh now. I was trying to think while you were asking and all I can think of is the washing machine, so \
                 no, I don't think I've got one.",
                true,
            ),
            ("The clients wanted a date every week, and I hadn't one.", false),
            (
                "He told me it was for his blood pressure and he'd been frightened. I hadn't thought about it like that.",
                false,
            ),
            ("I don't like fuss, I never have.", false),
            ("Telling the owner. I haven't yet.", false),
            ("We had nothing, no van, no phone.", false),
            ("Nothing happened.", false),
            ("I had no one, so the dog came with me.", false),
            ("", false),
        ] {
            assert_eq!(has_nothing_to_tell(answer), expected, "{answer}");
        }
    }
}
