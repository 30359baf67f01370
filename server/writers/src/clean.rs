//! Takes away what a model puts around its words and what means nothing when it is gone: thinking, special tokens,
//! labels, bullets, stage directions, emoji, wrapping, and whole sentences that only lead up to the line or praise.

use crate::checks::judges;

/// The names of tags around what a model thinks aloud, in any spelling of case.
const THINKING: [&str; 9] = [
    "think",
    "thinking",
    "thought",
    "thoughts",
    "reasoning",
    "reflection",
    "scratchpad",
    "analysis",
    "seed:think",
];
/// Other signs after which the line begins.
const ENDS: [&str; 4] = ["◁/think▷", "[/THINK]", "<|end_of_thought|>", "<|message|>"];
/// Tokens that belong to a model's format, not to its words.
const TOKENS: [&str; 12] = [
    "<s>",
    "</s>",
    "<bos>",
    "<eos>",
    "<pad>",
    "[INST]",
    "[/INST]",
    "<start_of_turn>model",
    "<start_of_turn>",
    "<end_of_turn>",
    "<unk>",
    "<endoftext>",
];
/// How a sentence begins that only leads up to the line.
const PREAMBLES: [&str; 30] = [
    "sure",
    "certainly",
    "of course",
    "absolutely",
    "understood",
    "okay",
    "ok",
    "alright",
    "got it",
    "noted",
    "here is",
    "here's",
    "here are",
    "i will ask",
    "i'll ask",
    "let me ask",
    "let me rephrase",
    "my next question",
    "my question is",
    "next question",
    "the next question",
    "question",
    "follow-up",
    "revised",
    "thank you for sharing",
    "thanks for sharing",
    "thank you for your answer",
    "thank you for that",
    "thanks for that",
    "the line",
];
/// How the rest of such a sentence begins where it says what the line turns to: "Okay, back to the contract."
const TURNS_TO: [&str; 11] = [
    "back to",
    "on to",
    "turning to",
    "going back",
    "staying with",
    "something",
    "let's",
    "let us",
    "another",
    "a different",
    "we'll",
];
/// Most words of a sentence that only leads up.
const LEADS_UP: usize = 9;

/// The words so far, cleaned. `None` as long as that cannot be told. What is cleaned of the beginning of a line is the
/// beginning of what is cleaned of the whole.
pub(crate) fn clean(raw: &str, is_whole: bool) -> Option<String> {
    let text = strip_thinking(raw, is_whole)?;
    let mut text = unwrapped(text.trim(), is_whole)?;
    text = plain(&text, is_whole);
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    loop {
        let before = text.len();
        text = undirected(unlabelled(text.trim_start(), is_whole)?).to_owned();
        if text.starts_with(['"', '“']) {
            if !is_whole {
                return None;
            }
            text = unquoted(text.trim_end()).to_owned();
        }
        match check_preamble(&text, is_whole) {
            Lead::Cut(at) => text = text[at..].trim_start().to_owned(),
            Lead::Unknown => return None,
            Lead::None => {}
        }
        if text.len() == before {
            return Some(text);
        }
    }
}

/// Whether this raw text thinks aloud with an end that has no beginning: the beginning was in the prompt.
pub(crate) fn ends_thoughts_unbegun(raw: &str) -> bool {
    let low = raw.to_lowercase();
    let end = THINKING.iter().filter_map(|name| low.find(&format!("</{name}>"))).min();
    end.is_some_and(|end| !THINKING.iter().any(|name| low[..end].contains(&format!("<{name}>"))))
}

/// What comes after the last of the thinking. `None` while it goes on, or may be about to begin.
fn strip_thinking(raw: &str, is_whole: bool) -> Option<&str> {
    let text = raw.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    // ASCII only is changed, so that places stay places.
    let low = text.to_ascii_lowercase();
    let ends = THINKING.iter().filter_map(|name| {
        let tag = format!("</{name}>");
        low.rfind(&tag).map(|at| at + tag.len())
    });
    let others = ENDS.iter().filter_map(|end| text.rfind(end).map(|at| at + end.len()));
    if let Some(end) = ends.chain(others).max() {
        return Some(&text[end..]);
    }
    let begins = THINKING.iter().any(|name| low.starts_with(&format!("<{name}>")))
        || low.starts_with("◁think▷")
        || text.starts_with("[THINK]")
        || text.starts_with("<|channel|>");
    let may_begin = !is_whole && text.starts_with(['<', '[', '◁']) && !text.contains(['>', ']', '▷']);
    (!begins && !may_begin).then_some(text)
}

/// Without a fence of code or an object of one field around the whole.
fn unwrapped(text: &str, is_whole: bool) -> Option<String> {
    let fenced = text.strip_prefix("```").map(|inner| {
        let inner = inner.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
        inner.trim().trim_end_matches('`').trim()
    });
    let inner = fenced.unwrap_or(text);
    if !inner.starts_with('{') {
        return if fenced.is_some() && !is_whole { None } else { Some(inner.to_owned()) };
    }
    if !is_whole {
        return None;
    }
    let object = serde_json::from_str::<serde_json::Value>(inner).ok();
    let fields = object.as_ref().and_then(|object| object.as_object()).filter(|fields| fields.len() == 1);
    let said = fields.and_then(|fields| fields.values().next()?.as_str());
    Some(said.unwrap_or(inner).to_owned())
}

/// Without special tokens, emphasis, emoji, and the signs of lists and headings at the beginnings of lines.
fn plain(text: &str, is_whole: bool) -> String {
    let mut text = text.to_owned();
    for token in TOKENS {
        text = text.replace(token, " ");
    }
    while let Some(from) = text.find("<|") {
        let Some(to) = text[from..].find("|>").map(|at| from + at + 2) else {
            if !is_whole {
                text.truncate(from);
            }
            break;
        };
        // The name of who speaks belongs to the token.
        let rest = text[to..].strip_prefix("assistant").unwrap_or(&text[to..]);
        text = format!("{} {rest}", &text[..from]);
    }
    let lines = text.lines().map(|line| {
        let line = line.trim_start_matches([' ', '\t', '#', '>']);
        let numbered = line.split_once(['.', ')']).filter(|(n, rest)| {
            !n.is_empty() && n.len() <= 2 && n.chars().all(|c| c.is_ascii_digit()) && rest.starts_with(' ')
        });
        let line = numbered.map_or(line, |(_, rest)| rest);
        ["- ", "* ", "• ", "– ", "— "].iter().find_map(|sign| line.strip_prefix(sign)).unwrap_or(line)
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    without_directions(&text).chars().filter(|c| !matches!(c, '*' | '`') && !is_emoji(*c)).collect()
}

/// Without `*smiles*` between sentences; emphasis within one stays, as words.
fn without_directions(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('*') {
        let (before, from) = rest.split_at(at);
        let opens = before.trim_end().is_empty() && out.trim_end().is_empty()
            || before.trim_end().ends_with(['.', '!', '?'])
            || (before.trim().is_empty() && out.trim_end().ends_with(['.', '!', '?']));
        let inner = from[1..].split_once('*').filter(|(inner, after)| {
            opens
                && inner.starts_with(char::is_lowercase)
                && inner.split_whitespace().count() <= 4
                && after.trim_start().chars().next().is_none_or(|c| c.is_uppercase() || c == '"' || c == '“')
        });
        out.push_str(before);
        match inner {
            Some((_, after)) => rest = after,
            None => {
                out.push('*');
                rest = &from[1..];
            }
        }
    }
    out + rest
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{200d}' | '\u{2b50}' | '\u{2b06}')
}

/// Without a name or a heading before a colon: `Interviewer (Alex):`, `Question 3:`.
fn unlabelled(text: &str, is_whole: bool) -> Option<&str> {
    const LABELS: [&str; 14] = [
        "interviewer",
        "question",
        "assistant",
        "line",
        "q",
        "next",
        "follow-up",
        "answer",
        "response",
        "output",
        "you",
        "final",
        "revised",
        "ai",
    ];
    let Some((label, rest)) = text.split_once(':') else {
        // A label may be under way.
        let short = text.len() <= 24 && !text.contains(['.', '?', '!']);
        let first = text.split([' ', '(']).next().unwrap_or_default().to_lowercase();
        let begins = LABELS.iter().any(|known| known.starts_with(&first) || *known == first);
        return if is_whole || !(short && begins) { Some(text) } else { None };
    };
    let words: Vec<String> = label
        .split(|c: char| !c.is_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let known = words.first().is_some_and(|first| LABELS.contains(&first.as_str()));
    // A name of up to three capitalised words, then the line.
    let named = words.len() <= 3
        && label.split_whitespace().all(|word| word.trim_matches('(').starts_with(char::is_uppercase))
        && rest.trim_start().starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“'));
    let labels = !words.is_empty()
        && words.len() <= 5
        && !label.contains(['?', '.', '!', '"', '“'])
        && (known || named);
    Some(if labels { rest.trim_start() } else { text })
}

/// Without a direction in brackets before the line: `(smiles)`, `[nods]`.
fn undirected(text: &str) -> &str {
    let closing = match text.chars().next() {
        Some('(') => ')',
        Some('[') => ']',
        _ => return text,
    };
    let Some((inner, rest)) = text[1..].split_once(closing) else { return text };
    let direction = inner.starts_with(char::is_lowercase) && inner.split_whitespace().count() <= 5;
    if direction { rest.trim_start() } else { text }
}

enum Lead {
    /// The first sentence goes, up to here.
    Cut(usize),
    /// The first sentence is not whole: it cannot be told.
    Unknown,
    None,
}

/// Whether the first sentence only leads up to the line, or praises. What is left must be something.
fn check_preamble(text: &str, is_whole: bool) -> Lead {
    let end = first_sentence(text);
    let Some(end) = end.filter(|end| *end < text.len()) else {
        return if is_whole { Lead::None } else { Lead::Unknown };
    };
    let sentence = &text[..end];
    let low = sentence.to_lowercase().replace('’', "'");
    let begins = PREAMBLES.iter().any(|start| {
        low.strip_prefix(start).is_some_and(|rest| {
            let turns =
                rest.strip_prefix(", ").is_some_and(|to| TURNS_TO.iter().any(|turn| to.starts_with(turn)));
            !turns && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '\'')
        })
    });
    let short = sentence.split_whitespace().count() <= LEADS_UP && !sentence.contains('?');
    if (begins && short) || judges(sentence.trim()) { Lead::Cut(end) } else { Lead::None }
}

/// Where the first sentence ends, if another begins; a colon before a capital ends one that leads up.
fn first_sentence(text: &str) -> Option<usize> {
    let colon = text.find(": ").map(|at| at + 2).filter(|at| {
        text[..*at].split_whitespace().count() <= LEADS_UP
            && text[*at..].trim_start_matches(['"', '“']).starts_with(char::is_uppercase)
            && !text[..*at].contains(['.', '!', '?'])
    });
    let stop = first_whole_sentence(text);
    match (colon, stop) {
        (Some(colon), Some(stop)) => Some(colon.min(stop)),
        (one, other) => one.or(other),
    }
}

/// How long the first whole sentence is, in bytes, if something opens after it.
fn first_whole_sentence(text: &str) -> Option<usize> {
    text.char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?' | '…'))
        .find_map(|(at, c)| ended(text, at, c))
}

/// Without the quotation marks around the whole, if there are none inside.
fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix(['"', '“']).and_then(|t| t.strip_suffix(['"', '”']));
    inner.filter(|inner| !inner.contains(['"', '“', '”'])).unwrap_or(text)
}

/// How long the whole sentences are that a text begins with, in bytes. The last one counts only if something follows
/// that opens another.
pub(crate) fn whole_sentences(text: &str) -> usize {
    text.char_indices()
        .filter(|(_, c)| matches!(c, '.' | '!' | '?' | '…'))
        .filter_map(|(at, c)| ended(text, at, c))
        .next_back()
        .unwrap_or(0)
}

/// Where a sentence ends with this mark, if it does and another opens after it.
fn ended(text: &str, at: usize, c: char) -> Option<usize> {
    let after = at + c.len_utf8();
    let closed = after + text[after..].len()
        - text[after..].trim_start_matches(['"', '”', '’', ')', '.', '!', '?']).len();
    let rest = text[closed..].strip_prefix(' ')?;
    let word = text[..at].rsplit([' ', '(', '"', '“']).next().unwrap_or("");
    // "Dr. Patel", "e.g. at night", "J. Smith"
    let abbreviated = c == '.'
        && (word.contains('.') || (word.chars().count() <= 3 && word.starts_with(char::is_uppercase)));
    let opens =
        rest.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '(' | '['));
    (!abbreviated && opens).then_some(closed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_where_the_line_turns_stays() {
        for raw in [
            "Okay, back to the laundry contract for a moment. What made you look there?",
            "Alright, something else then. Who taught you that?",
        ] {
            assert_eq!(clean(raw, true).as_deref(), Some(raw));
        }
        let cut = clean("Okay, here is the question. What did you do?", true);
        assert_eq!(cut.as_deref(), Some("What did you do?"));
    }

    #[test]
    fn what_means_nothing_goes() {
        let question = "What did you do?";
        for raw in [
            "\"What did you do?\"",
            "Interviewer: What did you do?",
            "Interviewer (Alex): What did you do?",
            "Alex: What did you do?",
            "Question 3: What did you do?",
            "**Next question:** What did you do?",
            "<think>They said \"we\".</think>\n\nWhat did you do?",
            "They said we, so I ask. Fine.\n</think>\nWhat did you do?",
            "<thinking>Hm.</thinking>What did you do?",
            "<THINK>a</THINK> <think>b</think> What did you do?",
            "<reasoning>\nHm\n</reasoning>\n\nWhat did you do?",
            "### What did you do?",
            "- What did you do?",
            "* What did you do?",
            "• What did you do?",
            "1. What did you do?",
            "> What did you do?",
            "Here is my next question: What did you do?",
            "Here's the question: \"What did you do?\"",
            "Sure! What did you do?",
            "Certainly. Here is my next question. What did you do?",
            "Thank you for sharing that. What did you do?",
            "Great answer! What did you do?",
            "That's really impressive. What did you do?",
            "Excellent. Okay. What did you do?",
            "What did you do?<|im_end|>",
            "<|im_start|>assistant\nWhat did you do?<|im_end|>",
            "<s>What did you do?</s>",
            "[INST] What did you do? [/INST]",
            "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>What did you do?",
            "*smiles warmly* What did you do?",
            "(nods) What did you do?",
            "[pauses] What did you do?",
            "What did you do? 😊",
            "🙂 What did you do?",
            "{\"line\": \"What did you do?\"}",
            "```json\n{\"question\": \"What did you do?\"}\n```",
            "```\nWhat did you do?\n```",
        ] {
            assert_eq!(clean(raw, true).as_deref(), Some(question), "{raw}");
        }
        for (raw, want) in [
            ("**Four weeks** is\n\nnot long. *What* did you do?", "Four weeks is not long. What did you do?"),
            ("\"Why us?\" they asked. What did you say?", "\"Why us?\" they asked. What did you say?"),
            ("One thing first: what did you do?", "One thing first: what did you do?"),
            ("Good morning. What did you do?", "Good morning. What did you do?"),
            ("You and Dr. Patel saw it. What did you do?", "You and Dr. Patel saw it. What did you do?"),
        ] {
            assert_eq!(clean(raw, true).as_deref(), Some(want));
        }
        assert!(ends_thoughts_unbegun("Hm.</think> So.") && !ends_thoughts_unbegun("<think>Hm.</think> So."));
    }

    #[test]
    fn a_beginning_stays_the_beginning() {
        let lines = [
            "<think>hm</think> **Interviewer:** Four weeks is not long. What did you do?",
            "Interviewer: You *said* that.\n\nWhat did you do?",
            "\"What did you do?\"",
            "The vendor left. What did you do?",
            "Sure! The vendor left. You stayed. What did you do?",
            "*nods* Great answer! The vendor left. *What* did you do? 🙂",
            "<|im_start|>assistant\n- The vendor left. What did you do?<|im_end|>",
            "Question: The vendor left. What did you do?",
            "{\"line\": \"The vendor left. What did you do?\"}",
        ];
        for line in lines {
            let whole = clean(line, true).unwrap();
            for (at, _) in line.char_indices() {
                if let Some(part) = clean(&line[..at], false) {
                    let ready = &part[..whole_sentences(&part)];
                    assert!(whole.starts_with(ready), "{part:?} {whole:?}");
                }
            }
        }
    }

    #[test]
    fn sentences_are_whole_when_another_opens() {
        for (text, want) in [
            ("Four weeks.", ""),
            ("Four weeks. W", "Four weeks."),
            ("You met Dr. Patel. W", "You met Dr. Patel."),
            ("It cost 3.5 million. And", "It cost 3.5 million."),
            ("They left... and", ""),
        ] {
            assert_eq!(&text[..whole_sentences(text)], want, "{text}");
        }
    }
}
