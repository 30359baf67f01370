//! Whether a transcript is believed. Every one passes here before it becomes an answer, whoever wrote it down: models
//! make words up over sounds, and an English-only model writes fluent English for any language.
//!
//! The rules are pure. What they look at is [`Evidence`]; the figures that they were chosen by are in
//! `server/agent/BELIEF.md`. The price of a wrong "no" is that somebody is asked to say it again; the price of a wrong
//! "yes" is a record of what nobody said.

use std::time::Duration;

use super::foreign::is_foreign;
use super::words;
use crate::interview::NotCaught;

/// What is known of a transcript.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
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
pub fn doubt(evidence: Evidence<'_>) -> Option<NotCaught> {
    let Evidence { text, sure, voiced } = evidence;
    let said: Vec<String> = words(text).collect();
    let (count, seconds) = (said.len() as f32, voiced.as_secs_f32());
    if is_invention(text) {
        return Some(NotCaught::Invention);
    }
    if is_loop(&said) {
        return Some(NotCaught::Loop);
    }
    // A script without spaces has no words to count.
    if is_foreign(text, &said) {
        return Some(NotCaught::Language);
    }
    if count > FORGIVEN + seconds * FASTEST {
        return Some(NotCaught::TooMany);
    }
    let least = UNSURE.iter().find(|(words, _)| said.len() >= *words).map_or(0.0, |(_, least)| *least);
    if sure.is_some_and(|sure| sure < least) {
        return Some(NotCaught::Unsure);
    }
    (voiced >= LONG && count < seconds * SLOWEST).then_some(NotCaught::TooFew)
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

/// Whether most of it is the same few words again and again.
fn is_loop(said: &[String]) -> bool {
    (1..=8_usize).any(|period| {
        let least = if period == 1 { 8 } else { 5 };
        let (mut run, mut longest) = (0, 0);
        for (one, next) in said.iter().zip(said.iter().skip(period)) {
            run = if one == next { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        let covered = longest + period;
        covered >= period * least && covered * 10 >= said.len() * 6
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, sure: Option<f32>, voiced_ms: u64) -> Option<NotCaught> {
        doubt(Evidence { text, sure, voiced: Duration::from_millis(voiced_ms) })
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
        let again = "and so on and so on and so on and so on and so on and so on";
        assert_eq!(said(again, None), Some(NotCaught::Loop));
        assert_eq!(said(&"no ".repeat(9), None), Some(NotCaught::Loop));
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
