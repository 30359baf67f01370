//! Whether a transcript is believed. Every one passes here before it becomes an answer, whoever wrote it down: models
//! make words up over sounds, and an English-only model writes fluent English for any language.
//!
//! The rules are pure. What they look at is [`CredibilityEvidence`]; the figures that they were chosen by are in
//! `server/agent/BELIEF.md`. The price of a wrong "no" is that somebody is asked to say it again; the price of a wrong
//! "yes" is a record of what nobody said.

use std::time::Duration;

use super::foreign::is_foreign;
use super::pattern::{is_looping, numerals, repeated};
use super::words;
use crate::interview::NotCaught;

/// What is known of a transcript.
#[derive(Clone, Copy, Debug)]
pub struct CredibilityEvidence<'a> {
    /// The words.
    pub text: &'a str,
    /// How sure hearing is of them, from 0 to 1: the geometric mean of their probabilities, where it tells.
    pub sure: Option<f32>,
    /// How long a voice was heard.
    pub voiced: Duration,
}

/// Nobody says more words in a second of voice; a few are forgiven, since a voice is noticed late.
const FASTEST: f32 = 7.5;
const FORGIVEN: f32 = 4.0;
/// In so long a time of voice, somebody who speaks says at least so many words in a second.
const LONG: Duration = Duration::from_secs(8);
const SLOWEST: f32 = 0.35;
/// Below this hearing is not sure, by the number of words: the more there are, the less chance there is in the mean.
const UNSURE: [(usize, f32); 3] = [(8, 0.48), (4, 0.46), (1, 0.3)];
/// What an English-only model falls into where it understands nothing: few words over much voice, numbers, the same
/// words again. People do each of these too, and hearing is surer of them then. From so many words (so long a voice) and
/// such a share on (fewer words a second), hearing has to be so sure; of what is repeated, in the second place how often.
const SLOW: (Duration, f32, f32) = (Duration::from_secs(4), 1.2, 0.72);
const NUMERALS: [(usize, f32, f32); 2] = [(4, 0.55, 0.75), (8, 0.35, 0.62)];
const REPEATED: [(usize, usize, f32, f32); 2] = [(12, 3, 0.6, 0.75), (8, 2, 0.45, 0.62)];
/// What models write where nobody speaks, learnt from subtitles.
const INVENTIONS: &[&str] = &[
    "thank you for watching",
    "thank you so much for watching",
    "thank you very much for watching",
    "thanks for watching",
    "thank you for listening",
    "thanks for listening",
    "please subscribe",
    "please subscribe to my channel",
    "please subscribe to the channel",
    "please like and subscribe",
    "like and subscribe",
    "dont forget to like and subscribe",
    "don't forget to subscribe",
    "see you next time",
    "see you in the next video",
    "i'll see you in the next video",
    "subtitles by",
    "subtitles by the amara org community",
    "subtitles made by the community of amara org",
    "transcribed by",
    "transcription by castingwords",
    "captions by",
    "captioning by",
    "amara org",
    "www mooji org",
];
/// The beginnings of such, whatever name follows.
const CREDITS: &[&str] =
    &["subtitles by", "transcribed by", "transcription by", "captions by", "captioning by", "translated by"];

/// Why a transcript is not believed; `None`: it is.
pub fn doubt(evidence: CredibilityEvidence<'_>) -> Option<NotCaught> {
    let CredibilityEvidence { text, sure, voiced } = evidence;
    let said: Vec<String> = words(text).collect();
    let (count, seconds) = (said.len() as f32, voiced.as_secs_f32());
    if is_invention(text) {
        return Some(NotCaught::Invention);
    }
    if is_looping(&said) {
        return Some(NotCaught::Loop);
    }
    // A script without spaces has no words to count.
    if is_foreign(text, &said) {
        return Some(NotCaught::Language);
    }
    if count > FORGIVEN + seconds * FASTEST {
        return Some(NotCaught::TooMany);
    }
    if sure.is_some_and(|sure| sure < required_certainty(&said, voiced)) {
        return Some(NotCaught::Unsure);
    }
    (voiced >= LONG && count < seconds * SLOWEST).then_some(NotCaught::TooFew)
}

/// How sure hearing has to be of these words.
fn required_certainty(said: &[String], voiced: Duration) -> f32 {
    let count = said.len();
    let usual = UNSURE.iter().find(|(words, _)| count >= *words).map_or(0.0, |(_, least)| *least);
    let (from, words_a_second, sure) = SLOW;
    let slow = (voiced >= from && (count as f32) < voiced.as_secs_f32() * words_a_second).then_some(sure);
    let numbers = NUMERALS.iter().find(|(from, share, _)| count >= *from && numerals(said) >= *share);
    let numbers = numbers.map(|(.., sure)| *sure);
    let again =
        REPEATED.iter().find(|(from, times, share, _)| count >= *from && repeated(said, *times) >= *share);
    let again = again.map(|(.., sure)| *sure);
    [slow, numbers, again].into_iter().flatten().fold(usual, f32::max)
}

/// Whether this is nothing but what models make up, perhaps again and again.
fn is_invention(text: &str) -> bool {
    let (bare, notes) = without_notes(text);
    let said = words(&bare).collect::<Vec<_>>().join(" ");
    if said.is_empty() {
        return notes;
    }
    let mut rest = said.as_str();
    while !rest.is_empty() {
        let known = INVENTIONS.iter().filter_map(|known| rest.strip_prefix(known));
        match known.filter(|after| after.is_empty() || after.starts_with(' ')).min_by_key(|after| after.len())
        {
            Some(after) => rest = after.trim_start(),
            None => {
                return CREDITS.iter().any(|credit| said.starts_with(credit)) && said.split(' ').count() <= 8;
            }
        }
    }
    true
}

/// The text without notes about it (`[Music]`, `(applause)`, `♪`), and whether there were any.
fn without_notes(text: &str) -> (String, bool) {
    let (mut bare, mut depth, mut notes) = (String::new(), 0_u32, false);
    for letter in text.chars() {
        match letter {
            '[' | '(' => (depth, notes) = (depth + 1, true),
            ']' | ')' => depth = depth.saturating_sub(1),
            '♪' | '♫' => notes = true,
            other if depth == 0 => bare.push(other),
            _ => {}
        }
    }
    (bare, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, sure: Option<f32>, voiced_ms: u64) -> Option<NotCaught> {
        doubt(CredibilityEvidence { text, sure, voiced: Duration::from_millis(voiced_ms) })
    }

    /// As long as it takes to say.
    fn said(text: &str, sure: Option<f32>) -> Option<NotCaught> {
        of(text, sure, words(text).count() as u64 * 330)
    }

    #[test]
    fn what_people_say_is_believed() {
        for text in [
            "Yes.",
            "No, no, no, no, that was before my time.",
            "Thank you. I led the team for three years, and thank you for listening to my long answer.",
            "Kubernetes, Terraform, Ansible, Prometheus, Grafana.",
            "Very, very, very, very good.",
            "Postgres, Kafka, Redis, Django, Celery, RabbitMQ.",
            "I was born in München, studied in Kraków and worked at São Paulo's largest bank.",
            "Thank you.",
            "I did the subtitles by hand (there were many), and the client liked them.",
        ] {
            assert_eq!(said(text, None), None, "{text}");
            assert_eq!(said(text, Some(0.55)), None, "{text}");
        }
    }

    #[test]
    fn inventions_are_known_only_where_nothing_else_was_said() {
        for text in [
            "Thank you for watching!",
            "Thanks for watching. Thanks for watching.",
            "[Music]",
            "(applause) [MUSIC PLAYING]",
            "♪ ♪",
            "Subtitles by the Amara.org community",
            "Transcribed by Jane Doe",
            "Please like and subscribe. See you in the next video!",
        ] {
            assert_eq!(said(text, Some(0.9)), Some(NotCaught::Invention), "{text}");
        }
        assert_eq!(said("[Music] I led the team.", None), None);
    }

    #[test]
    fn loops_and_impossible_speeds_are_not_believed() {
        for again in ["and so on and so on and so on and so on and so on and so on", &"no ".repeat(9)] {
            assert_eq!(said(again, None), Some(NotCaught::Loop), "{again}");
        }
        let sentence = "I led the team that built the new system for all of our customers in Europe.";
        assert_eq!(of(sentence, None, 1_000), Some(NotCaught::TooMany));
        assert_eq!(of(sentence, None, 2_500), None, "fast, but possible");
        assert_eq!(of("Yes.", None, 9_000), Some(NotCaught::TooFew));
        assert_eq!(of("Yes, I think so.", None, 9_000), None, "somebody thinks aloud");
    }

    #[test]
    fn the_fewer_words_the_more_is_needed_to_doubt_them() {
        assert_eq!(said("No, mostly Kubernetes", Some(0.35)), None);
        assert_eq!(said("Talk of your future", Some(0.4)), Some(NotCaught::Unsure));
        let german = "It has a great length of synth in a bank in Frankfurt, but the fact is not the same.";
        assert_eq!(said(german, Some(0.41)), Some(NotCaught::Unsure));
        assert_eq!(said(german, None), None, "the words alone look English");
    }

    #[test]
    fn what_looks_like_another_language_has_to_be_heard_more_surely() {
        for (text, sure, voiced_ms) in [
            (
                "The first one is the first one. The first one is the first one. The second one is the first one.",
                0.56,
                6_000,
            ),
            (
                "The new year is 2021, 2021, 2021, and 2021. The new year is 2021, 2021. The new year is 2021,",
                0.57,
                7_000,
            ),
            ("4-4-2-2-2-5-2", 0.67, 4_500),
            ("1-2-5-3-4-1-2-5-2-1-4-4-1", 0.7, 8_000),
            ("Warfare 43 and 2K4 for 2K5 101", 0.6, 5_500),
            ("Welcome to the 2nd episode of", 0.55, 5_800),
            ("In the name of Allah, the Entirely Merciful", 0.71, 6_700),
            ("The team has 10,000 flights, and the team has 30,000 flights.", 0.53, 4_600),
        ] {
            assert_eq!(of(text, Some(sure), voiced_ms), Some(NotCaught::Unsure), "{text}");
            assert_eq!(of(text, Some(0.8), voiced_ms), None, "heard as people are: {text}");
        }
        // As unsure, and nothing else about it.
        for text in [
            "In 2019 we were 12 people, in 2021 we were 40, and the budget was 3 million.",
            "I had a feeling and I had a target, and I went with the target.",
            "From 2015 to 2019.",
            "Nine to five.",
        ] {
            assert_eq!(said(text, Some(0.55)), None, "{text}");
        }
    }

    #[test]
    fn words_of_other_languages_are_told_by_script_and_by_their_look() {
        for text in [
            "Ich habe drei Jahre lang als Entwicklerin bei einer Bank in Frankfurt gearbeitet.",
            "J'ai travaillé pendant quatre ans dans une petite entreprise à Lyon.",
            "Trabajé durante cinco años en un hospital de Sevilla.",
            "Przez cztery lata pracowałem w małej firmie w Krakowie.",
            "Ho lavorato per tre anni in una piccola azienda di Torino.",
            "Я четыре года работал в небольшой компании.",
            "我在上海的一家小公司工作了三年。",
            "मैंने तीन साल तक दिल्ली में काम किया।",
            "Nein, danke.",
            "¡Hola!",
            "是的",
            "да",
        ] {
            assert_eq!(said(text, Some(0.9)), Some(NotCaught::Language), "{text}");
        }
    }
}
