//! People who answer: each with a voice, a room, a pace and a length of answer of their own.

use std::ops::Range;

use anyhow::Result;
use fastrand::Rng;

use crate::answers::ScriptedAnswer;
use crate::room::AcousticCondition;
use crate::speaker::StrangerSynthesiser;
use crate::voices::StrangerVoice;
use crate::{RATE, samples};

/// Quiet before somebody begins, and after they have finished, in milliseconds.
const BEFORE_MS: u32 = 400;
const AFTER_MS: u32 = 3_700;
/// Pauses between sentences: the shortest and the longest, in milliseconds. Between, their logarithm is normal, about
/// the person's own pace.
const BETWEEN_MS: (f32, f32) = (180.0, 1_600.0);
const SPREAD: f32 = 0.42;
/// Pauses at commas.
const COMMA_MS: Range<u32> = 160..430;
/// Pauses inside a sentence, where somebody looks for words, and how many of ten are so long.
const HESITATIONS: [(u32, u32); 3] = [(700, 5), (1_200, 3), (2_000, 2)];
/// Words that people stop after to think.
const STOP_AFTER: &[&str] = &[
    "and", "but", "because", "so", "that", "which", "to", "of", "the", "with", "for", "was", "is", "were",
    "about", "when", "if", "my", "a", "i", "we", "then", "or",
];
const FILLERS: [&str; 4] = ["um", "uh", "you know", "like"];

/// Somebody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SyntheticSpeaker {
    /// Their voice.
    pub voice: StrangerVoice,
    /// Where they are.
    pub room: AcousticCondition,
    /// Half of their pauses between sentences are shorter, in milliseconds.
    pub pace_ms: f32,
    /// The share of longer sentences in which they stop to think.
    pub hesitant: f32,
}

/// Why there is a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PauseCause {
    /// A comma.
    Comma,
    /// A sentence is over, and another follows.
    Sentence,
    /// They look for words; for so many milliseconds.
    Hesitation(u32),
}

/// A pause in an answer, in samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnnotatedPause {
    /// Its last sound before, and its first after.
    pub from: usize,
    /// See `from`.
    pub to: usize,
    /// Why it is there.
    pub why: PauseCause,
}

/// An answer as it is heard.
#[derive(Debug, Clone, PartialEq)]
pub struct SyntheticAnswer {
    /// What was said, with slips.
    pub text: String,
    /// The sound.
    pub pcm: Vec<i16>,
    /// The pauses in it.
    pub pauses: Vec<AnnotatedPause>,
    /// Where the last sound of the answer ends.
    pub end: usize,
}

/// A part of an answer that is said in one go, and the pause behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BreathGroup {
    text: String,
    pause: Option<(u32, PauseCause)>,
}

impl SyntheticSpeaker {
    /// The answer in parts. `rng` decides where they stop.
    fn parts(&self, answer: &ScriptedAnswer, rng: &mut Rng) -> Vec<BreathGroup> {
        let mut parts = Vec::new();
        for (at, sentence) in answer.sentences.iter().enumerate() {
            self.sentence(sentence, rng, &mut parts);
            let last = at + 1 == answer.sentences.len();
            if let Some(part) = parts.last_mut().filter(|_| !last) {
                part.pause = Some((self.between(rng), PauseCause::Sentence));
            }
        }
        parts
    }

    fn between(&self, rng: &mut Rng) -> u32 {
        // Twelve dice are normal enough.
        let normal: f32 = (0..12).map(|_| rng.f32()).sum::<f32>() - 6.0;
        (self.pace_ms * (normal * SPREAD).exp()).clamp(BETWEEN_MS.0, BETWEEN_MS.1) as u32
    }

    fn sentence(&self, sentence: &str, rng: &mut Rng, parts: &mut Vec<BreathGroup>) {
        let words: Vec<&str> = sentence.split_whitespace().collect();
        let ended = |text: String| if text.ends_with(['.', '?', '!']) { text } else { text + "." };
        let inside = |at: &usize| *at >= 3 && at + 3 <= words.len();
        let bare = |word: &str| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
        let stops: Vec<usize> = (1..words.len())
            .filter(inside)
            .filter(|at| STOP_AFTER.contains(&&*bare(words[at - 1])))
            .collect();
        let commas: Vec<usize> =
            (1..words.len()).filter(inside).filter(|at| words[at - 1].ends_with(',')).collect();
        let stop = (rng.f32() < self.hesitant).then(|| rng.choice(stops)).flatten();
        let comma =
            (rng.f32() < 0.5).then(|| rng.choice(commas)).flatten().filter(|comma| Some(*comma) != stop);
        let mut from = 0;
        let mut cuts: Vec<(usize, bool)> =
            stop.map(|at| (at, true)).into_iter().chain(comma.map(|at| (at, false))).collect();
        cuts.sort_unstable();
        for (at, hesitates) in cuts {
            let mut text = words[from..at].join(" ");
            from = at;
            if !hesitates {
                parts.push(BreathGroup { text, pause: Some((rng.u32(COMMA_MS), PauseCause::Comma)) });
                continue;
            }
            if rng.f32() < 0.4 {
                text = format!("{}, {}", text.trim_end_matches(','), rng.choice(FILLERS).unwrap_or("um"));
            }
            // Some hold the tone, some let it fall.
            if rng.bool() && !text.ends_with(',') {
                text.push(',');
            }
            let ten = rng.u32(0..10);
            let mut below = 0;
            let long = HESITATIONS.iter().find(|(_, share)| {
                below += share;
                ten < below
            });
            let ms = long.map_or(HESITATIONS[0].0, |(ms, _)| *ms);
            parts.push(BreathGroup { text, pause: Some((ms, PauseCause::Hesitation(ms))) });
            if rng.f32() < 0.25 {
                // They begin the clause again.
                from -= 1;
            }
        }
        parts.push(BreathGroup { text: ended(words[from..].join(" ")), pause: None });
    }

    /// All that [`speak`](Self::speak) says with this seed, to be made ahead.
    #[must_use]
    pub fn texts(&self, answer: &ScriptedAnswer, seed: u64) -> Vec<String> {
        self.parts(answer, &mut Rng::with_seed(seed)).into_iter().map(|part| part.text).collect()
    }

    /// Gives an answer.
    ///
    /// # Errors
    /// Those of [`StrangerSynthesiser::say`].
    pub fn speak(
        &self,
        speaker: &mut StrangerSynthesiser,
        answer: &ScriptedAnswer,
        seed: u64,
    ) -> Result<SyntheticAnswer> {
        let mut pcm = vec![0; samples(BEFORE_MS)];
        let (mut pauses, mut text): (Vec<AnnotatedPause>, Vec<String>) = Default::default();
        for part in self.parts(answer, &mut Rng::with_seed(seed)) {
            pcm.extend(&*speaker.say(self.voice, &part.text)?);
            text.push(part.text);
            if let Some((ms, why)) = part.pause {
                let from = pcm.len();
                pcm.resize(from + samples(ms), 0);
                pauses.push(AnnotatedPause { from, to: pcm.len(), why });
            }
        }
        let end = pcm.len();
        pcm.resize(end + samples(AFTER_MS), 0);
        Ok(SyntheticAnswer { text: text.join(" "), pcm: self.room.heard(&pcm, seed), pauses, end })
    }
}

/// People with these voices, each with other habits, and what each answers: so many answers, about as long as that person's usually
/// are and of at most so many words. The same at every run.
#[must_use]
pub fn people<'a>(
    voices: &[StrangerVoice],
    answers: &'a [ScriptedAnswer],
    each: usize,
    longest: usize,
) -> Vec<(SyntheticSpeaker, Vec<&'a ScriptedAnswer>)> {
    let mut rng = Rng::with_seed(19);
    let (short, mut long): (Vec<&ScriptedAnswer>, Vec<&ScriptedAnswer>) = answers
        .iter()
        .filter(|answer| answer.words() <= longest)
        .partition(|answer| answer.id.starts_with("short"));
    rng.shuffle(&mut long);
    let mut short = short.into_iter().cycle();
    let mut people = Vec::new();
    for (number, voice) in voices.iter().enumerate() {
        let level = number as f32 / voices.len().max(2) as f32;
        let person = SyntheticSpeaker {
            voice: *voice,
            room: AcousticCondition::ALL[number % AcousticCondition::ALL.len()],
            pace_ms: 320.0 + 330.0 * ((number * 7) % voices.len()) as f32 / voices.len() as f32,
            hesitant: 0.12 + 0.2 * ((number * 5) % voices.len()) as f32 / voices.len() as f32,
        };
        // About a third of the way through the lengths for the terse, two thirds for who likes to talk.
        long.sort_by_key(|answer| answer.words());
        let middle = (long.len() as f32 * (0.25 + 0.5 * ((level * 7.0) % 1.0))) as usize;
        let spread = long.len() / 3;
        let mut said: Vec<&ScriptedAnswer> = Vec::new();
        for turn in 0..each {
            if turn % 5 == 2 {
                said.extend(short.next());
                continue;
            }
            let at =
                (middle + rng.usize(0..=spread)).saturating_sub(spread / 2).min(long.len().saturating_sub(1));
            if at < long.len() {
                said.push(long.remove(at));
            }
        }
        people.push((person, said));
    }
    people
}

/// A number that names this turn, for the seed of its slips and its noise.
#[must_use]
pub fn seed(person: usize, turn: usize) -> u64 {
    (person as u64 * 1_000 + turn as u64) * 0x9E37 + u64::from(RATE)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::voices::ALL;

    fn person(hesitant: f32) -> SyntheticSpeaker {
        SyntheticSpeaker { voice: ALL[0], room: AcousticCondition::Quiet, pace_ms: 450.0, hesitant }
    }

    proptest! {
        #[test]
        fn an_answer_ends_once_and_every_pause_has_a_reason(seed in 0..2_000_u64, hesitant in 0.0..1.0_f32) {
            let answer = ScriptedAnswer {
                id: "x".to_owned(),
                question: "What did you do?".to_owned(),
                sentences: vec![
                    "First, after a long talk with the two teams, I wrote down what we wanted to change.".to_owned(),
                    "and then we did it because nobody else would have".to_owned(),
                ],
            };
            let parts = person(hesitant).parts(&answer, &mut Rng::with_seed(seed));
            prop_assert!(parts.iter().all(|part| !part.text.trim().is_empty()));
            prop_assert_eq!(parts.iter().filter(|part| part.pause.is_none()).count(), 1, "the end");
            prop_assert!(parts.last().is_some_and(|part| part.pause.is_none() && part.text.ends_with('.')));
            let sentences = parts.iter().filter(|part| matches!(part.pause, Some((_, PauseCause::Sentence)))).count();
            prop_assert_eq!(sentences, 1);
            for (ms, why) in parts.iter().filter_map(|part| part.pause) {
                let within = match why {
                    PauseCause::Comma => COMMA_MS.contains(&ms),
                    PauseCause::Sentence => (BETWEEN_MS.0 as u32..=BETWEEN_MS.1 as u32).contains(&ms),
                    PauseCause::Hesitation(_) => HESITATIONS.iter().any(|(known, _)| *known == ms),
                };
                prop_assert!(within, "{why:?} {ms}");
            }
        }
    }

    #[test]
    fn nobody_gives_the_same_answer_as_another() {
        let answers = crate::answers::all().unwrap();
        let people = people(&ALL, &answers, 12, 60);
        assert_eq!(people.len(), ALL.len());
        let mut said: Vec<&str> = people
            .iter()
            .flat_map(|(_, said)| said)
            .map(|answer| &*answer.id)
            .filter(|id| !id.starts_with("short"))
            .collect();
        let all = said.len();
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), all);
    }
}
