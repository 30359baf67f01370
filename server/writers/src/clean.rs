//! Takes away what a model puts around its words and what means nothing when it is gone.

/// What opens and ends the thinking of models that think aloud.
const THINKING: (&str, &str) = ("<think>", "</think>");
/// What a model may put before its line.
const LABELS: [&str; 4] = ["interviewer:", "question:", "assistant:", "line:"];

/// The words so far without thinking, label, emphasis and line breaks. `None` as long as that cannot be told.
/// What is cleaned of the beginning of a line is the beginning of what is cleaned of the whole, as long as
/// the line does not begin with a quotation mark: such a line is cleaned only when it is whole.
pub(crate) fn clean(raw: &str, is_whole: bool) -> Option<String> {
    let mut text = raw.trim_start();
    if let Some(thought) = text.strip_prefix(THINKING.0) {
        text = thought.split_once(THINKING.1)?.1.trim_start();
    } else if !is_whole && THINKING.0.starts_with(text) {
        return None;
    }
    let plain: String = text.chars().filter(|c| !matches!(c, '*' | '`')).collect();
    let mut text = plain.trim_start_matches(['#', ' ', '\n', '\r', '\t']);
    let begins =
        |label: &&&str| text.get(..label.len()).is_some_and(|start| start.eq_ignore_ascii_case(label));
    if let Some(label) = LABELS.iter().find(begins) {
        text = text[label.len()..].trim_start();
    } else if !is_whole && LABELS.iter().any(|label| label.starts_with(&text.to_lowercase())) {
        return None;
    }
    if text.starts_with(['"', '“']) {
        if !is_whole {
            return None;
        }
        text = unquoted(text.trim_end());
    }
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Without the quotation marks around the whole, if there are none inside.
fn unquoted(text: &str) -> &str {
    let inner = text.strip_prefix(['"', '“']).and_then(|t| t.strip_suffix(['"', '”']));
    inner.filter(|inner| !inner.contains(['"', '“', '”'])).unwrap_or(text)
}

/// How long the whole sentences are that a text begins with, in bytes. The last one counts only if something follows
/// that opens another.
pub(crate) fn whole_sentences(text: &str) -> usize {
    let mut end = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '.' | '!' | '?' | '…')) {
        let after = at + c.len_utf8();
        let closed = after + text[after..].len()
            - text[after..].trim_start_matches(['"', '”', '’', ')', '.', '!', '?']).len();
        let Some(rest) = text[closed..].strip_prefix(' ') else { continue };
        let word = text[..at].rsplit([' ', '(', '"', '“']).next().unwrap_or("");
        // "Dr. Patel", "e.g. at night", "J. Smith"
        let abbreviated = c == '.'
            && (word.contains('.') || (word.chars().count() <= 3 && word.starts_with(char::is_uppercase)));
        if !abbreviated
            && rest.starts_with(|c: char| c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“'))
        {
            end = closed;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_goes() {
        for (raw, want) in [
            ("\"What did you do?\"", "What did you do?"),
            ("**Four weeks** is\n\nnot long. *What* did you do?", "Four weeks is not long. What did you do?"),
            ("Interviewer: What did you do?", "What did you do?"),
            ("<think>They said \"we\".</think>\n\nWhat did you do?", "What did you do?"),
            ("\"Why us?\" they asked. What did you say?", "\"Why us?\" they asked. What did you say?"),
            ("### What did you do?", "What did you do?"),
        ] {
            assert_eq!(clean(raw, true).as_deref(), Some(want));
        }
    }

    #[test]
    fn a_beginning_stays_the_beginning() {
        let lines = [
            "<think>hm</think> **Interviewer:** Four weeks is not long. What did you do?",
            "Interviewer: You *said* that.\n\nWhat did you do?",
            "\"What did you do?\"",
            "The vendor left. What did you do?",
        ];
        for line in lines {
            let whole = clean(line, true).unwrap();
            for (at, _) in line.char_indices() {
                if let Some(part) = clean(&line[..at], false) {
                    assert!(whole.starts_with(&part), "{part:?} {whole:?}");
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
