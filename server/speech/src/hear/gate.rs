//! What a model makes up over noise and silence, left out: [`GhostFilter`].
//!
//! Small models answer noise with what they heard most when they were trained: "You", "Thank you.", a digit, one word
//! again and again. Said for real, the same words are in a voice. So a reading that looks like it is weighed: by how
//! much of the audio is loud, by whether a VAD hears a voice where it is loudest, and by how sure the model is. Only
//! the VAD tells them apart well: Moonshine is as sure of "You" in a hiss (up to 0.94) as in a voice (0.64), while
//! Silero gave hisses, hums, clicks and coughs at most 0.16 and every spoken word 0.99.
//!
//! Worse is what is made up behind real words: after 300 ms of silence Moonshine adds a "Thank you." to one sentence in
//! ten, and nothing about such a reading looks odd. So the silence behind the last sound is not read at all.

use std::sync::Arc;

use async_trait::async_trait;

use super::levels::{FRAME, SILENT, levels, threshold, voiced};
use super::stitch::key;
use crate::SpeechError;
use crate::ports::{Abilities, HEARING_RATE, Transcriber, Transcript, Vad, VadStream, Window};

/// Readings of more words than this are doubted only if the model itself is unsure.
const SHORT: usize = 3;
/// Below this a model is unsure. (It can be sure of a ghost: 0.9 of "You" in a hiss.)
const UNSURE: f32 = 0.45;
/// Nobody says more words in a second of loud audio.
const FASTEST: f32 = 7.5;
/// A VAD hears a voice if this many of its frames in the loudest two seconds are this likely to be one.
const VOICE: f32 = 0.5;
const VOICE_FRAMES: usize = 3;
/// The loudest stretch that is judged, and what comes before it for the VAD to settle, in samples.
const JUDGED: usize = 2 * HEARING_RATE as usize;
const BEFORE: usize = HEARING_RATE as usize / 2;
/// Less loud audio than this holds no word: the shortest takes a tenth of a second.
const LEAST_LOUD_MS: usize = 60;
/// What is read after the last loud frame, for a word that ends softly, in frames: 160 ms. Less, and "live" becomes
/// "lie". Of what is no sound in any room, 40 ms.
const AFTER_LOUD: usize = 8;
const AFTER_SOUND: usize = 2;

/// A [`Transcriber`] without its ghosts. Words that go round in a circle are cut to one round as well.
pub struct GhostFilter {
    inner: Arc<dyn Transcriber>,
    vad: Option<Arc<dyn Vad>>,
}

impl GhostFilter {
    /// Gates this one; with a VAD it is much better at it.
    pub fn new(inner: Arc<dyn Transcriber>, vad: Option<Arc<dyn Vad>>) -> Self {
        Self { inner, vad }
    }

    /// Whether there is a voice in this audio; `None` where nobody can tell.
    fn voice(&self, pcm: &[i16]) -> Option<bool> {
        let mut stream = self.vad.as_ref()?.open().ok()?;
        hears_voice(stream.as_mut(), pcm).ok()
    }
}

#[async_trait]
impl Transcriber for GhostFilter {
    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
        let (pcm, end_ms) = (Arc::clone(&window.pcm), ms(window.pcm.len()));
        let nothing = || Transcript { end_ms, ..Transcript::default() };
        let levels = levels(&pcm);
        let least = threshold(&levels);
        let loud_ms = voiced(&levels, least) * FRAME * 1000 / HEARING_RATE as usize;
        let Some(end) = end_of_sound(&levels, least, pcm.len()).filter(|_| loud_ms >= LEAST_LOUD_MS) else {
            return Ok(nothing());
        };
        let heard = if end < pcm.len() { pcm[..end].into() } else { Arc::clone(&pcm) };
        let mut transcript = self.inner.transcribe(Window { pcm: heard, ..window }).await?;
        transcript.end_ms = end_ms;
        if transcript.text.trim().is_empty() {
            return Ok(transcript);
        }
        let text = collapse_repetitions(&transcript.text);
        if text.is_empty() {
            return Ok(nothing());
        }
        let real = match doubt(&text, transcript.sure, loud_ms) {
            Doubt::None => true,
            Doubt::Unless(weight) => self.voice(&pcm).unwrap_or(weight == TextPlausibility::Some),
            Doubt::Sure => false,
        };
        if !real {
            return Ok(nothing());
        }
        if text != transcript.text {
            // Its word times, if it had any, do not fit any more.
            (transcript.text, transcript.words) = (text, Vec::new());
        }
        Ok(transcript)
    }
}

/// How long so many samples last, in milliseconds.
fn ms(samples: usize) -> u32 {
    u32::try_from(samples as u64 * 1000 / u64::from(HEARING_RATE)).unwrap_or(u32::MAX)
}

/// Where the last sound of so many samples with these levels ends, with what may be soft after it; `None` of silence.
fn end_of_sound(levels: &[f32], least: f32, samples: usize) -> Option<usize> {
    let end = |least| levels.iter().rposition(|level| *level >= least).map(|last| last + 1);
    let (loud, sound) = (end(least)?, end(SILENT)?);
    Some(((loud + AFTER_LOUD).min(sound + AFTER_SOUND) * FRAME).min(samples))
}

/// How doubtful a reading is before anybody has listened for a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doubt {
    None,
    /// It is a ghost unless there is a voice; without a VAD, this decides.
    Unless(TextPlausibility),
    Sure,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextPlausibility {
    /// It may well be real.
    Some,
    None,
}

fn doubt(text: &str, sure: Option<f32>, loud_ms: usize) -> Doubt {
    let words = text.split_whitespace().count();
    if words as f32 > 2.0 + loud_ms as f32 / 1000.0 * FASTEST {
        return Doubt::Sure;
    }
    let unsure = sure.is_some_and(|sure| sure < UNSURE);
    match (is_ghost(text), words <= SHORT, unsure) {
        (false, false, false) => Doubt::None,
        (true, ..) | (false, true, true) => Doubt::Unless(TextPlausibility::None),
        (false, true, false) | (false, false, true) => Doubt::Unless(TextPlausibility::Some),
    }
}

/// Whether a text is one of those that models make up: without any letter, or made of the usual few words.
fn is_ghost(text: &str) -> bool {
    const USUAL: [&str; 14] =
        ["you", "thank", "thanks", "for", "watching", "bye", "so", "the", "a", "i", "oh", "mm", "hmm", "and"];
    text.split_whitespace()
        .map(key)
        .all(|word| word.chars().all(|letter| !letter.is_alphabetic()) || USUAL.contains(&word.as_str()))
}

/// Of words that go round in a circle (one word six times, up to eight words four times), one round. What has neither
/// letter nor digit, such as the notes of music, is left out.
fn collapse_repetitions(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().filter(|word| !key(word).is_empty()).collect();
    let keys: Vec<String> = words.iter().map(|word| key(word)).collect();
    let (mut at, mut kept) = (0, Vec::new());
    while at < keys.len() {
        let round = (1..=8).find_map(|period: usize| {
            let least = if period == 1 { 6 } else { 4 };
            let same = keys[at..].iter().zip(keys.get(at + period..)?).take_while(|(one, next)| one == next);
            let rounds = same.count() / period + 1;
            (rounds >= least).then_some((period, period * rounds))
        });
        let (keep, pass) = round.unwrap_or((1, 1));
        kept.extend(at..at + keep);
        at += pass;
    }
    words = kept.into_iter().map(|at| words[at]).collect();
    words.join(" ")
}

/// Whether a VAD hears a voice in the loudest part of this audio.
fn hears_voice(vad: &mut dyn VadStream, pcm: &[i16]) -> Result<bool, SpeechError> {
    let loudest = loudest(pcm);
    let warm = loudest.saturating_sub(BEFORE);
    let end = (loudest + JUDGED).min(pcm.len());
    let (mut found, frame) = (0, vad.frame().max(1));
    // What is left over at the end is judged with silence behind it.
    for part in pcm[warm..end].chunks(frame) {
        let mut whole = part.to_vec();
        whole.resize(frame, 0);
        if vad.judge(&whole)? >= VOICE {
            found += 1;
            if found >= VOICE_FRAMES {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Where the loudest stretch of [`JUDGED`] samples starts.
fn loudest(pcm: &[i16]) -> usize {
    let energy: Vec<u64> = pcm
        .chunks(FRAME)
        .map(|frame| frame.iter().map(|sample| u64::from(sample.unsigned_abs()).pow(2)).sum())
        .collect();
    let width = JUDGED / FRAME;
    let mut sum: u64 = energy.iter().take(width).sum();
    let (mut best, mut at) = (sum, 0);
    for start in 1..(energy.len() + 1).saturating_sub(width) {
        sum = sum + energy[start + width - 1] - energy[start - 1];
        if sum > best {
            (best, at) = (sum, start);
        }
    }
    at * FRAME
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_cut_to_one_round() {
        assert_eq!(collapse_repetitions("no no no no no no no, that is it"), "no that is it");
        assert_eq!(collapse_repetitions("very very very good"), "very very very good");
        assert_eq!(collapse_repetitions("so it is so it is so it is so it is fine"), "so it is fine");
        assert_eq!(collapse_repetitions("a b a b a b c"), "a b a b a b c");
        assert_eq!(collapse_repetitions(""), "");
        assert_eq!(collapse_repetitions("♪♪\u{fffd} ♪"), "");
    }

    #[test]
    fn only_what_looks_like_a_ghost_is_doubted() {
        assert_eq!(doubt("I led the team that built it", Some(0.9), 2000), Doubt::None);
        assert_eq!(doubt("I led the team that built it", None, 2000), Doubt::None);
        assert_eq!(
            doubt("I led the team that built it", Some(0.3), 2000),
            Doubt::Unless(TextPlausibility::Some)
        );
        assert_eq!(doubt("Thank you.", Some(0.3), 400), Doubt::Unless(TextPlausibility::None));
        assert_eq!(doubt("Thank you.", None, 400), Doubt::Unless(TextPlausibility::None));
        assert_eq!(doubt("Five.", Some(0.8), 400), Doubt::Unless(TextPlausibility::Some));
        assert_eq!(doubt("1 2 3 4 5 6", Some(0.8), 2000), Doubt::Unless(TextPlausibility::None));
        // Far more words than fit.
        assert_eq!(doubt("I led the team that built it", Some(0.9), 300), Doubt::Sure);
    }

    /// Tells how many samples it is asked to read.
    struct Counts;

    #[async_trait]
    impl Transcriber for Counts {
        fn abilities(&self) -> Abilities {
            unreachable!("nobody asks")
        }

        async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
            Ok(Transcript { text: format!("samples counted: {}", window.pcm.len()), ..Transcript::default() })
        }
    }

    #[tokio::test]
    async fn the_silence_behind_the_last_sound_is_not_read() {
        let gated = GhostFilter::new(Arc::new(Counts), None);
        let read = async |parts: &[(usize, i16)]| {
            let mut pcm = Vec::new();
            for (ms, size) in parts {
                let tone = (0..ms * 16).map(|at| if at % 20 < 10 { *size } else { -*size });
                pcm.extend(tone);
            }
            let end_ms = ms(pcm.len());
            let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
            let window = Window::new(pcm, crate::ports::Urgency::Caption, deadline);
            let transcript = gated.transcribe(window).await.unwrap();
            assert_eq!(transcript.end_ms, end_ms, "it is a reading of the whole");
            transcript.text
        };
        let counted = |ms: usize| format!("samples counted: {}", ms * 16);
        assert_eq!(read(&[(100, 0), (1000, 5000), (500, 0)]).await, counted(1140));
        // A word may end softly, and a room is not silent either.
        assert_eq!(read(&[(100, 0), (1000, 5000), (60, 60), (500, 0)]).await, counted(1200));
        assert_eq!(read(&[(100, 60), (1000, 5000), (500, 60)]).await, counted(1260));
        assert_eq!(read(&[(1000, 5000), (20, 0)]).await, counted(1020));
        assert_eq!(read(&[(1000, 5000)]).await, counted(1000));
        // A pause within stays.
        assert_eq!(read(&[(1000, 5000), (500, 0), (1000, 5000), (500, 0)]).await, counted(2540));
        // Nobody is asked about silence.
        for silence in [&[(1000, 0)][..], &[(1000, 3)], &[(500, 0), (40, 5000), (500, 0)], &[]] {
            assert_eq!(read(silence).await, "");
        }
    }

    #[test]
    fn the_loudest_stretch_is_found() {
        let mut pcm = vec![10; 16_000 * 10];
        pcm[16_000 * 6..16_000 * 7].fill(5000);
        let at = loudest(&pcm);
        assert!((16_000 * 5..=16_000 * 6).contains(&at), "{at}");
        assert_eq!((loudest(&[]), loudest(&[1; 100])), (0, 0));
    }
}
