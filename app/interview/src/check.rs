//! Checks a line before anyone sees it.

use crate::Brief;
use crate::fingerprint::Fingerprint;
use crate::listen::abbreviated;

/// What is wrong with a line, in words that a model can mend it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Nothing was said.
    #[error("the line was empty")]
    Empty,
    /// Too many words to hold in the head.
    #[error("the line was too long; say it in at most 70 words")]
    TooLong,
    /// No question where one is due.
    #[error("the line asked nothing; ask exactly one question")]
    NoQuestion,
    /// More than one question.
    #[error("the line asked more than one question; ask exactly one")]
    ManyQuestions,
    /// The question was asked before, in these or nearly these words.
    #[error("the question was asked before; ask something else")]
    Repeats,
}

/// Longest line, in words.
const MAX_WORDS: usize = 70;

/// Checks a writer's line against its brief.
pub fn check_line(brief: &Brief, text: &str) -> Result<(), Unfit> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Unfit::Empty);
    }
    if text.split_whitespace().count() > MAX_WORDS {
        return Err(Unfit::TooLong);
    }
    let asks = brief.purpose.asks();
    let sentences = sentences(text);
    let questions = asked_in(&sentences);
    if asks && questions == 0 && !sentences.iter().any(|s| asks_by_imperative(s.text)) {
        return Err(Unfit::NoQuestion);
    }
    if questions > usize::from(asks) {
        return Err(Unfit::ManyQuestions);
    }
    if brief.purpose.asks_anew() {
        let asked = Fingerprint::of(question_of(text));
        if brief.avoid.iter().any(|earlier| earlier.collides(&asked)) {
            return Err(Unfit::Repeats);
        }
    }
    Ok(())
}

/// The words of a line that make it unfit in this way, where some do and others do not: the second question, the one that
/// was asked before.
pub fn unfit_words(brief: &Brief, text: &str, unfit: Unfit) -> String {
    let sentences = sentences(text.trim());
    let words = match unfit {
        Unfit::Empty | Unfit::TooLong | Unfit::NoQuestion => "",
        Unfit::Repeats => question_of(text),
        Unfit::ManyQuestions => {
            let mut asking =
                sentences.iter().filter(|sentence| sentence.asks()).map(|sentence| sentence.text);
            let first = asking.next().unwrap_or_default();
            // Where one is due, the first is in order, unless it is two in one.
            if brief.purpose.asks() { asking.next().unwrap_or(first) } else { first }
        }
    };
    words.to_owned()
}

/// A sentence of a line.
#[derive(Debug)]
pub(crate) struct Sentence<'a> {
    pub(crate) text: &'a str,
    /// True if a question mark of its own, not one inside a quotation, is in it.
    marked: bool,
    /// True if a question mark inside a quotation is in it: `They asked "why us?"`.
    quoted_mark: bool,
}

impl Sentence<'_> {
    /// Whether it asks, by a mark or by a request.
    pub(crate) fn asks(&self) -> bool {
        questions_in(self) > 0 || asks_by_imperative(self.text)
    }

    /// Whether it asks with a question mark.
    pub(crate) fn is_question(&self) -> bool {
        questions_in(self) > 0
    }
}

/// Cuts a line into sentences. What stands in quotation marks ends no sentence unless a new one follows.
pub(crate) fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map_or('\0', |&(_, c)| c);
    let offset = |i: usize| chars.get(i).map_or(text.len(), |&(o, _)| o);
    let mut found = Vec::new();
    let (mut from, mut marked, mut quoted_mark) = (0, false, false);
    // Where the quotation that is open now closes; a mark without a partner opens none.
    let mut closes = 0;
    // A line that is quoted as a whole is just a line.
    let whole = chars.len() > 1
        && matches!((at(0), at(chars.len() - 1)), ('"', '"') | ('“', '”'))
        && chars[1..chars.len() - 1].iter().all(|&(_, c)| !matches!(c, '"' | '“' | '”'));
    let mut i = usize::from(whole);
    while i < chars.len() {
        let c = at(i);
        if i >= closes
            && let Some(partner) = partner(c, i, &chars)
        {
            closes = partner + 1;
        }
        let inside = i + 1 < closes;
        if c == '?' {
            if inside { quoted_mark = true } else { marked = true }
        }
        if matches!(c, '.' | '!' | '?' | '…' | '\n' | '。' | '？' | '！') {
            let mut end = i + 1;
            while matches!(at(end), '.' | '!' | '?' | '…' | '"' | '”' | '’' | '\'' | ')' | '»') {
                marked |= at(end) == '?' && end + 1 >= closes;
                end += 1;
            }
            let mut next = end;
            while at(next).is_whitespace() {
                next += 1;
            }
            let before = text[offset(from)..offset(i)]
                .split(|c: char| c.is_whitespace() || "(\"“".contains(c))
                .next_back();
            let short =
                c == '.' && before.is_some_and(|w| abbreviated(w) || (w.chars().count() == 1 && w != "I"));
            let spaced = next > end || next >= chars.len() || c == '\n';
            let opens = !at(next).is_lowercase() && !matches!(at(next), '—' | '–' | '-' | ',' | ';');
            let leaves_quotation = !inside || (end >= closes && opens) || next >= chars.len();
            if spaced && !short && leaves_quotation && (opens || (c == '?' && !inside) || c == '\n') {
                push(&mut found, &text[offset(from)..offset(end)], marked, quoted_mark);
                (from, marked, quoted_mark) = (next, false, false);
                i = next;
                continue;
            }
            i = end;
            continue;
        }
        i += 1;
    }
    push(&mut found, &text[offset(from)..], marked, quoted_mark);
    found
}

fn push<'a>(found: &mut Vec<Sentence<'a>>, text: &'a str, marked: bool, quoted_mark: bool) {
    let text = text.trim();
    if text.chars().any(char::is_alphanumeric) {
        found.push(Sentence { text, marked, quoted_mark });
    }
}

/// Longest quotation, in characters: a mark whose partner is farther away has none.
const LONGEST_QUOTATION: usize = 200;

/// Where the quotation that begins here ends, if one does.
fn partner(c: char, i: usize, chars: &[(usize, char)]) -> Option<usize> {
    let opens = i == 0 || chars[i - 1].1.is_whitespace() || matches!(chars[i - 1].1, '(' | '—' | '–' | ':');
    let closing = match c {
        '"' if opens => '"',
        '“' => '”',
        '«' => '»',
        '‘' => '’',
        '\'' if opens => '\'',
        _ => return None,
    };
    let ahead = chars.get(i + 1..)?.iter().take(LONGEST_QUOTATION);
    let apostrophes = matches!(closing, '\'' | '’');
    let mut found = ahead.enumerate().filter(|(_, (_, c))| *c == closing).map(|(n, _)| i + 1 + n);
    found.find(|&j| !apostrophes || chars.get(j + 1).is_none_or(|(_, c)| !c.is_alphanumeric()))
}

/// How many questions a line asks. A request counts once something was asked before it; one that only sets the scene
/// ("Take one day.", "Start with the alarm.") does not.
fn asked_in(sentences: &[Sentence<'_>]) -> usize {
    let mut asked = 0;
    for sentence in sentences {
        let questions = questions_in(sentence);
        let request = questions == 0 && asks_by_imperative(sentence.text) && !sets_the_scene(sentence.text);
        asked += questions + usize::from(request && asked > 0);
    }
    asked
}

/// Requests that lead to a question or narrow one, by their first words.
const SCENES: [&str; 18] = [
    "think", "take", "pick", "choose", "imagine", "picture", "go", "start", "begin", "consider", "say",
    "set", "name", "recall", "let", "suppose", "put", "use",
];

fn sets_the_scene(sentence: &str) -> bool {
    let words = words(sentence);
    let first = words.iter().find(|w| !LEAD_INS.contains(&w.as_str()));
    let me = words.iter().any(|w| matches!(w.as_str(), "me" | "us"));
    first.is_some_and(|w| SCENES.contains(&w.as_str())) && !me
}

/// How many questions a sentence asks.
fn questions_in(sentence: &Sentence<'_>) -> usize {
    let words = words(sentence.text);
    let lead = words.iter().take_while(|w| LEAD_INS.contains(&w.as_str())).count();
    let asks = sentence.marked || (sentence.quoted_mark && words.get(lead).is_some_and(|w| asking(w)));
    if asks { 1 + joined(sentence.text) } else { 0 }
}

const QUESTION_WORDS: [&str; 9] = ["what", "who", "whom", "whose", "which", "when", "where", "why", "how"];
const AUXILIARIES: [&str; 16] = [
    "did", "do", "does", "is", "are", "was", "were", "have", "has", "had", "would", "could", "can", "will",
    "should", "may",
];

fn asking(word: &str) -> bool {
    QUESTION_WORDS.contains(&word)
}

/// How many more questions are joined to the first one by "and" or "or", each beginning with a question word.
fn joined(sentence: &str) -> usize {
    let words = words(sentence);
    let at = |i: usize| words.get(i).map_or("", String::as_str);
    let Some(first) = words.iter().position(|w| asking(w) || AUXILIARIES.contains(&w.as_str())) else {
        return 0;
    };
    // "Can you tell me what ... and why ...?": the polite frame asks by the words after it.
    let polite = matches!(at(first), "can" | "could" | "would" | "will" | "may")
        && matches!(at(first + 1), "you" | "i")
        && words
            .iter()
            .skip(first + 2)
            .take(3)
            .any(|w| matches!(w.as_str(), "tell" | "say" | "explain" | "describe" | "ask" | "share"));
    let lead = if polite {
        words.iter().skip(first).position(|w| asking(w)).map_or(words.len(), |n| n + first)
    } else {
        first
    };
    (lead + 1..words.len())
        .filter(|&i| matches!(at(i), "and" | "or") && asking(at(lead)))
        .filter(|&i| {
            let (next, after) = (at(i + 1), at(i + 2));
            if AUXILIARIES.contains(&next) {
                return matches!(after, "you" | "they" | "he" | "she" | "it" | "your" | "the" | "there");
            }
            // "What to keep and what to drop", "who was hit and who was not": one question about two things.
            let object = after == "to" || words[lead + 1..i].iter().any(|w| w == next);
            asking(next) && !object && !matches!((at(i), next), ("or", "when"))
        })
        .count()
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|w| !w.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Requests that ask without a question mark, by their first words.
const IMPERATIVES: [&[&str]; 50] = [
    &["tell", "me"],
    &["tell", "us"],
    &["describe"],
    &["walk", "me"],
    &["walk", "us"],
    &["talk", "me"],
    &["talk", "us"],
    &["talk", "about"],
    &["take", "me"],
    &["take", "us"],
    &["take", "one"],
    &["take", "the"],
    &["give", "me"],
    &["give", "us"],
    &["give", "an"],
    &["think", "of"],
    &["think", "back"],
    &["pick"],
    &["choose"],
    &["name"],
    &["share"],
    &["explain"],
    &["show", "me"],
    &["begin", "with"],
    &["start", "with"],
    &["start", "at"],
    &["start", "from"],
    &["say", "more"],
    &["say", "a"],
    &["say", "what"],
    &["say", "how"],
    &["imagine"],
    &["picture"],
    &["go", "back"],
    &["let", "me", "hear"],
    &["let's", "hear"],
    &["let's", "talk"],
    &["let's", "look"],
    &["set", "the"],
    &["paint", "the"],
    &["paint", "a"],
    &["recall"],
    &["outline"],
    &["sketch"],
    &["expand", "on"],
    &["elaborate", "on"],
    &["unpack"],
    &["break", "down"],
    &["compare"],
    &["consider"],
];

/// Phrases that ask anywhere in a sentence.
const WISHES: [&str; 12] = [
    "like to hear",
    "love to hear",
    "like to know",
    "want to hear",
    "want to know",
    "interested to hear",
    "curious how",
    "curious what",
    "curious about",
    "curious why",
    "wonder what",
    "wonder how",
];

fn asks_by_imperative(sentence: &str) -> bool {
    let low = sentence.to_lowercase();
    if WISHES.iter().any(|w| low.contains(w)) || wishes(&low) {
        return true;
    }
    // An imperative stands at the beginning of a clause, courtesies and a name before it.
    low.split([',', ';', ':', '—', '–', '(', '"', '“']).any(|clause| {
        let words = words(clause);
        let lead = words.iter().take_while(|w| LEAD_INS.contains(&w.as_str())).count();
        if words.get(lead..).is_some_and(to_me) {
            return true;
        }
        // "Perhaps you could start with the first hour."
        let invited = matches!(words.get(lead..lead + 2), Some([you, could])
            if you == "you" && matches!(could.as_str(), "could" | "can" | "might" | "may"));
        let lead = lead + if invited && (low.contains("perhaps") || low.contains("maybe")) { 2 } else { 0 };
        IMPERATIVES
            .iter()
            .any(|i| words.len() > lead + i.len() && words[lead..].iter().zip(*i).all(|(a, b)| a == b))
    })
}

/// "Run me through ...", "Help us understand ...": whatever is to be done for the one who asks.
fn to_me(words: &[String]) -> bool {
    const NOT: [&str; 30] = [
        "let", "excuse", "thank", "thanks", "believe", "trust", "forgive", "pardon", "allow", "give",
        "gives", "tells", "told", "gave", "of", "to", "for", "with", "from", "about", "and", "than", "like",
        "on", "in", "by", "it", "that", "you", "strikes",
    ];
    let [verb, me, rest, ..] = words else { return false };
    let through = matches!(
        rest.as_str(),
        "through"
            | "into"
            | "back"
            | "understand"
            | "see"
            | "a"
            | "the"
            | "one"
            | "an"
            | "how"
            | "what"
            | "why"
            | "in"
            | "to"
            | "up"
            | "on"
            | "about"
            | "get"
            | "follow"
            | "some"
            | "more"
    );
    matches!(me.as_str(), "me" | "us") && through && !NOT.contains(&verb.as_str())
}

/// "I would like to understand ...", "We'd be keen to hear ...": a wish of the one who asks to know.
fn wishes(low: &str) -> bool {
    const WISH: [&str; 14] = [
        "like",
        "love",
        "want",
        "curious",
        "interested",
        "keen",
        "wonder",
        "wondering",
        "eager",
        "hope",
        "hoping",
        "glad",
        "happy",
        "fascinated",
    ];
    const TO_KNOW: [&str; 18] = [
        "hear",
        "know",
        "understand",
        "learn",
        "see",
        "explore",
        "about",
        "how",
        "what",
        "why",
        "whether",
        "who",
        "which",
        "when",
        "where",
        "talk",
        "ask",
        "more",
    ];
    let words = words(low);
    let i = |w: &String| {
        matches!(w.as_str(), "i" | "we" | "i'd" | "i'm" | "we'd" | "i’d" | "i’m" | "we’d" | "me")
    };
    words.iter().enumerate().filter(|(_, w)| i(w)).any(|(at, _)| {
        let near = words.get(at + 1..(at + 6).min(words.len())).unwrap_or_default();
        let Some(wish) = near.iter().position(|w| WISH.contains(&w.as_str())) else { return false };
        let after = words.get(at + 2 + wish..(at + 7 + wish).min(words.len())).unwrap_or_default();
        let glad = matches!(near[wish].as_str(), "glad" | "happy" | "like");
        after.iter().any(|w| TO_KNOW.contains(&w.as_str()))
            && (!glad || near.iter().any(|w| w == "would") || words[at].ends_with('d'))
    })
}

/// Words before an imperative.
const LEAD_INS: [&str; 16] = [
    "so", "then", "now", "well", "please", "okay", "ok", "and", "but", "just", "still", "first", "instead",
    "perhaps", "maybe", "also",
];

/// The whole sentences that a text begins with, up to the first that asks or does not end.
pub(crate) fn whole_statements(text: &str) -> &str {
    let mut end = 0;
    for sentence in sentences(text) {
        let closed = sentence.text.trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '…']);
        if !closed || questions_in(&sentence) > 0 || asks_by_imperative(sentence.text) {
            break;
        }
        end = sentence.text.as_ptr() as usize - text.as_ptr() as usize + sentence.text.len();
    }
    text[..end].trim()
}

/// The sentence of a line that asks: the last one with a question mark, else the last one that asks by an
/// imperative, else the last sentence.
pub(crate) fn question_of(text: &str) -> &str {
    let sentences = sentences(text);
    sentences
        .iter()
        .rfind(|s| questions_in(s) > 0)
        .or_else(|| sentences.iter().rfind(|s| asks_by_imperative(s.text)))
        .or(sentences.last())
        .map_or("", |s| s.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(line: &str) -> usize {
        sentences(line).iter().map(questions_in).sum()
    }

    #[test]
    fn one_question() {
        for line in [
            "What did you do?",
            "You asked \"why us?\" — what did they say?",
            "You asked “why us?” What did they say?",
            "What did they mean by \"why us?\"",
            "Dr. Patel was there, e.g. at night. What did she want?",
            "What did you and your manager decide?",
            "How did you decide what to keep and what to drop?",
            "How did you find out who was hit and who was not?",
            "Did you go on and finish it?",
            "Could you tell me what the bread and the rent cost?",
            "What would you do differently, and with which of them?",
            "Really?!",
            "\"What did you do first?\"",
        ] {
            assert_eq!(count(line), 1, "{line}");
        }
    }

    #[test]
    fn more_than_one_question() {
        for line in [
            "What did you do and who helped you?",
            "What did you do, and why?",
            "How did it end, and what did you learn?",
            "Can you tell me what you did and why you did it?",
            "What happened? And why?",
            "Why did it break, and did you mend it?",
            "Who decided it and how did they tell you?",
        ] {
            assert!(count(line) > 1, "{line}");
        }
    }

    #[test]
    fn requests_without_a_mark() {
        for line in [
            "Run me through the first hour.",
            "Help me understand why that mattered.",
            "I would like to understand how you chose it.",
            "Set the scene for me.",
            "I'd be keen to hear more about the night.",
            "We would love to know who decided it.",
            "Paint me a picture of the ward that evening.",
            "Tell me about the vendor.",
            "Ana, describe that night.",
            "So, walk me through the first hour.",
            "I'd like to hear about the night.",
        ] {
            assert!(asks_by_imperative(line), "{line}");
        }
        for line in [
            "I think that was hard.",
            "Take your time.",
            "I am glad to see you.",
            "Excuse me for a moment.",
            "Let me give that a moment.",
            "They tell everyone.",
            "Thanks for the picture",
        ] {
            assert!(!asks_by_imperative(line), "{line}");
        }
    }
}
