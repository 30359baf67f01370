//! The voice with its models.

use models::ModelSet;

use super::*;

/// The models' folder, which `make test` names.
pub(super) fn folder() -> ModelFolder {
    let path =
        std::env::var_os("INTERVIEWOS_MODELS").expect("INTERVIEWOS_MODELS names the folder of the models");
    ModelFolder::open(path, ModelSet::Speech).unwrap()
}

fn say(text: &str, speed: f32) -> SynthesisedSpeech {
    Hibari::open(&folder()).unwrap().say(text, speed, &CancelToken::always()).unwrap()
}

const SAID: &str = "Tell me about a project you are proud of.";

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn speech_is_that_of_the_reference() {
    let expected: Vec<f32> = include_bytes!("../../../tests/vectors/speech.i16")
        .chunks_exact(2)
        .map(|bytes| f32::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32767.0)
        .collect();
    let said = say(SAID, 1.0).samples;
    assert_eq!(said.len(), expected.len());
    let energy = |samples: &mut dyn Iterator<Item = f32>| samples.map(|sample| sample * sample).sum::<f32>();
    let signal = energy(&mut expected.iter().copied());
    let difference = energy(&mut said.iter().zip(&expected).map(|(said, expected)| said - expected));
    // Processors add up floating-point numbers in different orders, so that it is not to the last bit: measured, 69 dB
    // with AVX-512 and 33 dB with AVX2 alone. With 8-bit sums that are cut off it is 7 dB.
    let decibels = 10.0 * (signal / difference).log10();
    println!("the difference lies {decibels:.1} dB below");
    assert!(decibels > 20.0, "{decibels} dB");
}

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn words_come_one_after_the_other() {
    let sound = say(SAID, 1.0);
    assert_eq!(sound.words.len(), 9);
    assert!(sound.words.is_sorted_by(|one, next| one.end <= next.start && !one.is_empty()));
    assert!(sound.words.last().unwrap().end <= sound.samples.len());
    assert!(sound.words[0].start > RATE as usize / 5, "it begins with silence");
}

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn the_same_words_give_the_same_samples_and_speed_shortens_them() {
    let mut voice = Hibari::open(&folder()).unwrap();
    let mut say = |speed| voice.say(SAID, speed, &CancelToken::always()).unwrap();
    let plain = say(1.0);
    assert_eq!(plain, say(1.0));
    let (slow, fast) = (say(0.8).samples.len(), say(1.3).samples.len());
    let ratio = |samples: usize| samples as f64 / plain.samples.len() as f64;
    assert!((1.1..1.35).contains(&ratio(slow)), "{}", ratio(slow));
    assert!((0.7..0.92).contains(&ratio(fast)), "{}", ratio(fast));
}

#[test]
#[ignore = "needs the speech models: make test sets them up"]
fn long_texts_and_blank_ones_are_said() {
    let mut voice = Hibari::open(&folder()).unwrap();
    let wanted = CancelToken::always();
    assert_eq!(voice.say("", 1.0, &wanted).unwrap(), SynthesisedSpeech::default());
    let dash = voice.say("— !", 1.0, &wanted).unwrap();
    assert_eq!(dash.words, [0..0, 0..0]);
    let long = "this sentence never ends, ".repeat(20);
    let sound = voice.say(&long, 1.3, &wanted).unwrap();
    assert_eq!(sound.words.len(), 80);
    assert!(sound.words.is_sorted_by(|one, next| one.end <= next.start && !one.is_empty()));
}

#[test]
fn stretches_end_between_words_and_leave_nothing_out() {
    let sounds: Vec<char> = "sˈʌmθɪŋ, lˈɔŋ ".repeat(100).chars().collect();
    let reading = PhonemeSequence { words: vec![0; sounds.len()], sounds };
    let stretches = stretches(&reading);
    assert!(stretches.len() > 1);
    let mut at = 0;
    for stretch in &stretches {
        assert_eq!(stretch.start, at);
        assert!(stretch.len() <= MOST_PHONEMES);
        assert!(at == 0 || (reading.sounds[at] == ' ' && reading.sounds[at - 1] == ','));
        at = stretch.end;
    }
    assert_eq!(at, reading.sounds.len());
}
