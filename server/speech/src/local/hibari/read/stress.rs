//! Stress marks, and what sounds are.

/// The mark of the first stress.
pub(super) const PRIMARY: char = 'ˈ';
/// The mark of a lesser stress.
pub(super) const SECONDARY: char = 'ˌ';
/// Sounds that can be stressed.
const VOWELS: &str = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ";
const CONSONANTS: &str = "bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ";
const LONG: &str = "AIOQWYʤʧ";
/// Marks that part words for the ear.
const PAUSES: &str = ";:,.!?—…";

pub(super) fn is_vowel(sound: char) -> bool {
    VOWELS.contains(sound)
}

/// Whether the next thing said begins with a vowel, `None` at a pause; `after` is what comes after these sounds.
pub(super) fn begins_with_vowel(sounds: &str, after: Option<bool>) -> Option<bool> {
    for sound in sounds.chars() {
        if PAUSES.contains(sound) {
            return None;
        }
        if is_vowel(sound) || CONSONANTS.contains(sound) {
            return Some(is_vowel(sound));
        }
    }
    after
}

/// How heavy a word is.
pub(super) fn weight(sounds: &str) -> usize {
    sounds.chars().map(|sound| 1 + usize::from(LONG.contains(sound))).sum()
}

/// How a word is to be stressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stress {
    /// A first stress becomes a lesser one.
    Less,
    /// As [`Less`](Self::Less), and a word without any stress gets the lesser.
    Lesser,
    /// A word without any stress gets the lesser.
    Some,
    /// The heaviest stress that there is becomes, or is, the first.
    Strong,
}

/// These sounds with their stress changed.
pub(super) fn stressed(sounds: &str, stress: Option<Stress>) -> String {
    let (primary, secondary) = (sounds.contains(PRIMARY), sounds.contains(SECONDARY));
    let lessened = || sounds.replace(SECONDARY, "").replace(PRIMARY, &SECONDARY.to_string());
    match stress {
        Some(Stress::Less | Stress::Lesser) if primary => lessened(),
        Some(Stress::Lesser | Stress::Some) if !primary && !secondary => marked(sounds, SECONDARY),
        Some(Stress::Strong) if !primary && secondary => sounds.replace(SECONDARY, &PRIMARY.to_string()),
        Some(Stress::Strong) if !primary => marked(sounds, PRIMARY),
        None | Some(Stress::Less | Stress::Lesser | Stress::Some | Stress::Strong) => sounds.to_owned(),
    }
}

/// The mark in front of the first vowel; none where there is no vowel.
fn marked(sounds: &str, mark: char) -> String {
    match sounds.find(is_vowel) {
        None => sounds.to_owned(),
        Some(at) => format!("{}{mark}{}", &sounds[..at], &sounds[at..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stress_is_changed() {
        assert_eq!(stressed("həlˈO", None), "həlˈO");
        assert_eq!(stressed("həlˈO", Some(Stress::Less)), "həlˌO");
        assert_eq!(stressed("ˌɛskjˌuˈɛl", Some(Stress::Lesser)), "ɛskjuˌɛl");
        assert_eq!(stressed("wʌz", Some(Stress::Less)), "wʌz");
        assert_eq!(stressed("wʌz", Some(Stress::Some)), "wˌʌz");
        assert_eq!(stressed("wˌʌt", Some(Stress::Strong)), "wˈʌt");
        assert_eq!(stressed("wʌz", Some(Stress::Strong)), "wˈʌz");
        assert_eq!(stressed("s", Some(Stress::Strong)), "s");
    }

    #[test]
    fn the_next_sound_counts() {
        assert_eq!(begins_with_vowel("ˈɔl", None), Some(true));
        assert_eq!(begins_with_vowel("tˈu", None), Some(false));
        assert_eq!(begins_with_vowel(", ", Some(true)), None);
        assert_eq!(begins_with_vowel("", Some(true)), Some(true));
    }
}
