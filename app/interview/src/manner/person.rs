//! Whether a sentence speaks to the person: a greeted name is theirs, and their name is never the subject.

use crate::Brief;
use crate::check::LineSentence;
use crate::listen::is_past;

/// After these, a name is greeted.
const GREETINGS: [&str; 14] = [
    "hello",
    "hi",
    "hey",
    "welcome",
    "morning",
    "afternoon",
    "evening",
    "thanks",
    "thank you",
    "dear",
    "goodbye",
    "nice to meet you",
    "good to meet you",
    "pleased to meet you",
];

/// Verbs that stand with a name as their subject.
const VERBS: [&str; 35] = [
    "has",
    "had",
    "is",
    "was",
    "did",
    "does",
    "said",
    "says",
    "seems",
    "should",
    "will",
    "would",
    "could",
    "can",
    "told",
    "mentioned",
    "worked",
    "led",
    "moved",
    "made",
    "went",
    "took",
    "asked",
    "wants",
    "needs",
    "describes",
    "described",
    "explained",
    "answered",
    "built",
    "handled",
    "decided",
    "felt",
    "thinks",
    "may",
];

/// Auxiliaries that stand before a name that is asked about.
const BEFORE: [&str; 16] = [
    "did", "does", "do", "is", "was", "has", "had", "would", "could", "can", "should", "will", "made",
    "makes", "let", "ask",
];
/// Between a subject and its verb.
const BETWEEN: [&str; 14] = [
    "also", "then", "clearly", "usually", "never", "always", "only", "just", "already", "often", "simply",
    "once", "first", "really",
];
/// Words that look like a verb of a third person and are none.
const NO_VERBS: [&str; 12] = [
    "this",
    "always",
    "perhaps",
    "across",
    "plus",
    "unless",
    "less",
    "towards",
    "afterwards",
    "sometimes",
    "besides",
    "lets",
];

/// Whether this may be the verb of a third person, as far as its form says.
fn is_verb(word: &str) -> bool {
    let third = word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") && !NO_VERBS.contains(&word);
    VERBS.contains(&word) || is_past(word) || third
}

/// The words by which a sentence is not to the person.
pub(super) fn misaddressed_words(brief: &Brief, sentence: &LineSentence<'_>) -> Option<String> {
    let pieces: Vec<&str> = sentence.text.split_whitespace().collect();
    let bare = |piece: &str| {
        let word = piece.trim_matches(|c: char| !c.is_alphanumeric());
        word.strip_suffix("'s").or(word.strip_suffix("’s")).unwrap_or(word).to_owned()
    };
    let theirs: Vec<String> = brief.profile.name.split_whitespace().map(|name| name.to_lowercase()).collect();
    let is_theirs = |name: &str| theirs.iter().any(|own| own == &name.to_lowercase());
    for (at, piece) in pieces.iter().enumerate() {
        let word = bare(piece);
        if !word.starts_with(char::is_uppercase) || word.chars().count() < 2 {
            continue;
        }
        // "How did Ms Delgado explain it?": a title belongs to the name.
        let titled = at > 0 && matches!(bare(pieces[at - 1]).as_str(), "Mr" | "Mrs" | "Ms" | "Miss" | "Dr");
        let before = at.checked_sub(1 + usize::from(titled));
        let before = before.map(|i| bare(pieces[i]).to_lowercase()).unwrap_or_default();
        let after = pieces.get(at + 1).map(|next| bare(next).to_lowercase()).unwrap_or_default();
        let stops = piece.ends_with([',', '.', '!', '?', ';', ':', '—']);
        // "Ada Ackroyd was in the strike": somebody they told of, who has their surname.
        let other = at > 0 && !is_theirs(&bare(pieces[at - 1])) && {
            let name = format!("{} {word}", bare(pieces[at - 1]));
            brief.so_far.answers.iter().any(|answer| answer.contains(&name))
        };
        if other {
            continue;
        }
        if is_theirs(&word) {
            let subject = !stops && (is_verb(&after) || BETWEEN.contains(&after.as_str()));
            let asked =
                BEFORE.contains(&before.as_str()) && at > 0 && !pieces[at - 1].ends_with(',') && !stops;
            // A name that is also a word of English ("Will", "Grace") may begin a sentence.
            let plain = at == 0 && matches!(after.as_str(), "you" | "your" | "it" | "that" | "there");
            let owned = piece.contains("'s") || piece.contains("’s");
            if !plain && (subject || asked || owned) {
                return Some(format!("{word} {after}"));
            }
            continue;
        }
        // A greeting at the beginning, with or without a comma, then a name.
        let greeted = at > 0 && at <= 5 && {
            let lead = pieces[..at].iter().map(|p| bare(p).to_lowercase()).collect::<Vec<_>>().join(" ");
            GREETINGS.iter().any(|greeting| lead == *greeting || lead == format!("good {greeting}"))
        };
        let named = stops || at + 1 == pieces.len();
        if greeted && named && word != "I" {
            return Some(word);
        }
    }
    None
}
