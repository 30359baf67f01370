//! Reading against what the reference reads; `tests/vectors/make.py` says how that was made.

use super::*;
use crate::local::hibari::tests::folder;

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn texts_are_read_as_the_reference_reads_them() {
    let mut reader = Phonemiser::open(&folder()).unwrap();
    let lines: Vec<(&str, &str)> = include_str!("../../../../tests/vectors/phonemes.txt")
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .collect();
    assert!(lines.len() > 150);
    let mut wrong = Vec::new();
    for (text, expected) in &lines {
        let read: String = reader.read(text).unwrap().sounds.iter().collect();
        if read != **expected {
            wrong.push(format!("{text}\n  {expected}\n  {read}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn every_sound_belongs_to_its_word() {
    let mut reader = Phonemiser::open(&folder()).unwrap();
    let reading = reader.read("Well,  \"don't\" use Kubernetes — ever!").unwrap();
    let mut words = vec![String::new(); 6];
    for (sound, word) in reading.sounds.iter().zip(&reading.words) {
        words[*word].push(*sound);
    }
    let words: Vec<&str> = words.iter().map(|word| word.trim()).collect();
    assert_eq!(words, ["wˈɛl,", "“dˈOnt”", "jˈuz", "kˌubəɹnˈɛTiz", "—", "ˈɛvəɹ!"]);
    assert_eq!(reader.read(" \n ").unwrap(), PhonemeSequence::default());
}

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn digits_and_strange_letters_are_not_lost_in_silence() {
    let mut reader = Phonemiser::open(&folder()).unwrap();
    let mut read = |text: &str| reader.read(text).unwrap().sounds.iter().collect::<String>();
    assert_eq!(read("42"), "fˈɔɹ tˈu");
    assert!(read("Zażółć").contains(stress::is_vowel));
    // Nothing to say, and nothing breaks.
    for text in ["漢字", "🙂", "''", "-", "\u{301}"] {
        read(text);
    }
}

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn letters_in_a_row_are_spelt_as_one_word() {
    let mut reader = Phonemiser::open(&folder()).unwrap();
    let mut read = |text: &str| reader.read(text).unwrap().sounds.iter().collect::<String>();
    assert_eq!(read("An A P I, please."), "ɐn ˌApˌiˈI, plˈiz.");
    assert_eq!(read("Fast A P I and my S Q L"), "fˈæst ˌApˌiˈI ænd mI ˌɛskjˌuˈɛl");
    assert_eq!(read("I am a P"), "ˌI ɐm ɐ pˈi");
}

#[test]
fn only_capitals_alone_make_a_row() {
    let words =
        |text| with_initials(text).into_iter().map(|(at, word)| format!("{at}{word}")).collect::<Vec<_>>();
    assert_eq!(words("the A P I's and I/O of IT"), ["0the", "1A.P.I's", "4and", "5I/O", "6of", "7IT"]);
    assert_eq!(words("Is it A, B C?"), ["0Is", "1it", "2A,", "3B.C?"]);
}
