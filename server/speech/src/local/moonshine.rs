//! Speech to text: Moonshine tiny-en. A window of samples goes in, its words come out, and how sure the model is.
//!
//! The tensors, as its makers' graph has them: the encoder takes `input_values` and `attention_mask`, both
//! `[1, samples]`, and gives states `[1, frames, 288]`; the decoder gives the next token's scores and its memory
//! ("past key values"), which is fed back. The decoder's `encoder_attention_mask` counts samples, not frames.

use ort::session::{Session, SessionInputValue};
use ort::value::{DynValue, Tensor, TensorRef};

use super::guess::Guess;
use super::tokens::TokenVocabulary;
use crate::SpeechError;
use crate::ports::HEARING_RATE;
use models::pool::CancelToken;
use models::{File, ModelFolder};

/// The longest window that is taken, in samples: what the model was made for, and some more.
pub const LONGEST: usize = 40 * HEARING_RATE as usize;

/// Shorter windows are filled up with silence to this many samples: the model needs a little to look at.
const SHORTEST: usize = HEARING_RATE as usize / 2;

const START: u32 = 1;
const END: u32 = 2;
const LAYERS: usize = 6;
const HEADS: usize = 8;
const HEAD_SIZE: usize = 36;

/// Nobody says more: tokens a second, and those that a short window may have besides.
const TOKENS_A_SECOND: f32 = 6.5;
const TOKENS_BESIDES: usize = 6;

/// Scores that differ by less are as good as each other: so much they change by how many tokens are scored at once,
/// since the model calculates in whole numbers.
const AS_GOOD: f32 = 0.3;

/// What was read out of a window.
#[derive(Debug, Clone, PartialEq)]
pub struct MoonshineTranscript {
    /// The words.
    pub text: String,
    /// How sure the model is of them, from 0 to 1: the geometric mean of its tokens' probabilities.
    pub sure: f32,
    /// Whether it was cut short because it went on for too long or in a circle.
    pub cut: bool,
}

/// The model, for one thread.
pub struct Moonshine {
    encoder: Session,
    decoder: Session,
    tokens: TokenVocabulary,
    /// The names of the decoder's memory: what it is called as an input, and as an output.
    memory: Vec<(String, String)>,
    /// The place of the encoder's part in [`Self::memory`], which does not change from token to token.
    of_encoder: Vec<bool>,
}

impl Moonshine {
    /// Loads the model: 120 MB, some 100 ms.
    pub fn load(folder: &ModelFolder) -> Result<Self, SpeechError> {
        let path = folder.path(File::MoonshineTokens);
        let tokens = std::fs::read(&path).map_err(|error| {
            SpeechError::Missing(format!("{} cannot be read: {error}", File::MoonshineTokens.name()))
        })?;
        let (mut memory, mut of_encoder) = (Vec::new(), Vec::new());
        for layer in 0..LAYERS {
            for (part, encoder) in [
                ("decoder.key", false),
                ("decoder.value", false),
                ("encoder.key", true),
                ("encoder.value", true),
            ] {
                memory.push((format!("past_key_values.{layer}.{part}"), format!("present.{layer}.{part}")));
                of_encoder.push(encoder);
            }
        }
        Ok(Self {
            encoder: models::runtime::session(folder, File::MoonshineEncoder)?,
            decoder: models::runtime::session(folder, File::MoonshineDecoder)?,
            tokens: TokenVocabulary::parse(&tokens)?,
            memory,
            of_encoder,
        })
    }

    /// Writes a window down. Nothing in it, nothing out. `guess`: what it may say; the better it is, the sooner it is
    /// written. It decides where two words are as likely: so it does not change back and forth.
    ///
    /// Errors: [`SpeechError::Refused`] above [`LONGEST`] samples, [`SpeechError::Late`] once it is not wanted any
    /// more (asked before every step), [`SpeechError::Failed`] where the model fails.
    pub fn read(
        &mut self,
        pcm: &[i16],
        guess: &str,
        wanted: &CancelToken,
    ) -> Result<MoonshineTranscript, SpeechError> {
        if pcm.len() > LONGEST {
            let seconds = LONGEST / HEARING_RATE as usize;
            return Err(SpeechError::Refused(format!("a window of speech has at most {seconds} seconds")));
        }
        if pcm.is_empty() {
            return Ok(MoonshineTranscript { text: String::new(), sure: 0.0, cut: false });
        }
        wanted.check()?;
        let (found, sure, cut) = self.decode(pcm, Guess::new(self.tokens.of(guess)), wanted)?;
        Ok(MoonshineTranscript { text: as_said(&self.tokens.text(&found)), sure, cut })
    }

    fn decode(
        &mut self,
        pcm: &[i16],
        mut guess: Guess,
        wanted: &CancelToken,
    ) -> Result<(Vec<u32>, f32, bool), SpeechError> {
        let mut samples: Vec<f32> = pcm.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        let most = (pcm.len() as f32 / HEARING_RATE as f32 * TOKENS_A_SECOND) as usize + TOKENS_BESIDES;
        samples.resize(samples.len().max(SHORTEST), 0.0);
        let mask = vec![1_i64; samples.len()];
        let states = {
            let mut given = self
                .encoder
                .run(ort::inputs![
                    "input_values" => TensorRef::from_array_view(([1, samples.len()], &*samples)).map_err(failed)?,
                    "attention_mask" => TensorRef::from_array_view(([1, mask.len()], &*mask)).map_err(failed)?,
                ])
                .map_err(failed)?;
            given.remove("last_hidden_state").ok_or_else(|| lacks("last_hidden_state"))?
        };
        let mut memory = Vec::with_capacity(self.memory.len());
        for _ in &self.memory {
            let empty = Tensor::from_array(([1, HEADS, 0, HEAD_SIZE], Vec::<f32>::new())).map_err(failed)?;
            memory.push(empty.into_dyn());
        }
        let (mut found, mut sum, mut given) = (Vec::new(), 0.0, vec![START]);
        let sure = |sum: f32, count: usize| (sum / count as f32).exp();
        loop {
            wanted.check()?;
            given.extend_from_slice(guess.next());
            let scored = self.step(&given, found.is_empty(), &mask, &states, &mut memory)?;
            let before = found.len();
            for (at, (token, log)) in scored.into_iter().enumerate() {
                sum += log;
                if token == END {
                    let sure = sure(sum, found.len() + 1);
                    return Ok((found, sure, false));
                }
                found.push(token);
                guess.wrote(token);
                let circle = repeated_tail_length(&found);
                if circle > 0 || found.len() >= most {
                    let sure = sure(sum, found.len());
                    found.truncate(found.len() - circle);
                    return Ok((found, sure, true));
                }
                if given.get(at + 1) != Some(&token) {
                    break;
                }
            }
            // What was tried in vain is to be forgotten.
            let in_vain = given.len() - (found.len() - before);
            if in_vain > 0 {
                self.forget(&mut memory, in_vain)?;
            }
            given.clear();
            given.extend(found.last());
        }
    }

    /// Takes the last so many tokens out of the decoder's memory.
    fn forget(&self, memory: &mut [DynValue], tokens: usize) -> Result<(), SpeechError> {
        for (value, _) in memory.iter_mut().zip(&self.of_encoder).filter(|(_, of_encoder)| !**of_encoder) {
            let (shape, all) = value.try_extract_tensor::<f32>().map_err(failed)?;
            let length = all.len() / (HEADS * HEAD_SIZE);
            let kept = length.saturating_sub(tokens);
            if shape.len() != 4 || length == 0 {
                return Err(SpeechError::Failed("Moonshine's memory is not as it should be".to_owned()));
            }
            let heads = all.chunks_exact(length * HEAD_SIZE);
            let kept_of: Vec<f32> = heads.flat_map(|head| &head[..kept * HEAD_SIZE]).copied().collect();
            *value = Tensor::from_array(([1, HEADS, kept, HEAD_SIZE], kept_of)).map_err(failed)?.into_dyn();
        }
        Ok(())
    }

    /// Of each of these tokens the most likely one after it, and the logarithm of its probability. The one that is
    /// given after it is taken if it is as likely.
    fn step(
        &mut self,
        tokens: &[u32],
        first: bool,
        mask: &[i64],
        states: &DynValue,
        memory: &mut [DynValue],
    ) -> Result<Vec<(u32, f32)>, SpeechError> {
        let ids: Vec<i64> = tokens.iter().copied().map(i64::from).collect();
        let cached = [!first];
        let mut given: Vec<(&str, SessionInputValue<'_>)> = vec![
            ("input_ids", TensorRef::from_array_view(([1, ids.len()], &*ids)).map_err(failed)?.into()),
            (
                "encoder_attention_mask",
                TensorRef::from_array_view(([1, mask.len()], mask)).map_err(failed)?.into(),
            ),
            ("encoder_hidden_states", states.into()),
            (
                "use_cache_branch",
                TensorRef::from_array_view(([1_usize], &cached[..])).map_err(failed)?.into(),
            ),
        ];
        for ((name, _), value) in self.memory.iter().zip(memory.iter()) {
            given.push((name, value.into()));
        }
        let mut made = self.decoder.run(given).map_err(failed)?;
        let scored: Option<Vec<_>> = {
            let logits = made.get("logits").ok_or_else(|| lacks("logits"))?;
            let (_, scores) = logits.try_extract_tensor::<f32>().map_err(failed)?;
            let each = scores.chunks_exact((scores.len() / ids.len()).max(1));
            let guessed = tokens.iter().skip(1).map(|token| Some(*token)).chain([None]);
            let scored =
                each.zip(guessed).map(|(scores, guessed)| likeliest(scores, self.tokens.english(), guessed));
            scored.collect()
        };
        for (at, (_, name)) in self.memory.iter().enumerate() {
            // The encoder's part comes out empty after the first token.
            if first || !self.of_encoder[at] {
                memory[at] = made.remove(name).ok_or_else(|| lacks(name))?;
            }
        }
        let scored = scored.filter(|scored| scored.len() == ids.len());
        scored.ok_or_else(|| SpeechError::Failed("Moonshine gave no scores".to_owned()))
    }
}

/// Nobody says quotation marks or the number of a paragraph: without those that the model likes to put around sentences,
/// and before the first.
fn as_said(text: &str) -> String {
    let text = text.trim_start();
    let number = text.split_once(". ").filter(|(number, _)| number.parse::<u8>().is_ok());
    let text = number.map_or(text, |(_, after)| after);
    let mark = |letter: char| matches!(letter, '"' | '“' | '”' | '\'' | '‘' | '’');
    let word = |word: &str| {
        let word = word.trim_start_matches(mark).replace(['"', '“', '”'], "");
        let end = word.trim_end_matches(|letter: char| mark(letter) || letter.is_ascii_punctuation());
        let (end, after) = word.split_at(end.len());
        // One right after an s is of the word: "the users' data".
        let apostrophe = after.chars().next().filter(|first| mark(*first) && end.ends_with('s'));
        end.chars().chain(apostrophe).chain(after.chars().filter(|letter| !mark(*letter))).collect::<String>()
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

/// The best of these scores that is allowed, and the logarithm of its share of all; the one that was guessed, if it is
/// about as good.
fn likeliest(scores: &[f32], allowed: &[bool], guessed: Option<u32>) -> Option<(u32, f32)> {
    let scores = scores.get(..allowed.len()).unwrap_or(scores);
    // Plain loops: there are 32768 scores for every token.
    let (mut best, mut highest) = (None, f32::NEG_INFINITY);
    for (at, (score, allowed)) in scores.iter().zip(allowed).enumerate() {
        if *allowed && *score > highest {
            (best, highest) = (Some(at), *score);
        }
    }
    let mut sum = 0.0;
    for score in scores {
        // What is far below the best adds nothing that can be seen; what is no number adds nothing.
        if score - highest > -14.0 {
            sum += (score - highest).exp();
        }
    }
    let as_good = |at: usize, score: &f32| allowed[at] && highest - score < AS_GOOD;
    let score_of =
        |guessed: u32| scores.get(guessed as usize).filter(|score| as_good(guessed as usize, score));
    match guessed.and_then(|guessed| Some((guessed, *score_of(guessed)?))) {
        Some((guessed, score)) => Some((guessed, score - highest - f32::ln(sum))),
        None => Some((u32::try_from(best?).ok()?, -f32::ln(sum))),
    }
}

/// How many tokens at the end only repeat what is before them; 0 unless they have gone round four times and for
/// at least eight tokens.
fn repeated_tail_length(tokens: &[u32]) -> usize {
    const ROUNDS: usize = 4;
    for period in 1..=12 {
        let rounds = ROUNDS.max(8_usize.div_ceil(period));
        let Some(end) = tokens.len().checked_sub(period * rounds) else { continue };
        let tail = &tokens[end..];
        if tail.iter().zip(&tail[period..]).all(|(one, next)| one == next) {
            return period * (rounds - 1);
        }
    }
    0
}

fn failed(error: ort::Error) -> SpeechError {
    SpeechError::Failed(format!("Moonshine: {error}"))
}

fn lacks(name: &str) -> SpeechError {
    SpeechError::Failed(format!("Moonshine gave no {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_round_in_a_circle_is_noticed_and_cut() {
        assert_eq!(repeated_tail_length(&[7, 1, 1, 1, 1, 1, 1, 1]), 0);
        assert_eq!(repeated_tail_length(&[7, 1, 1, 1, 1, 1, 1, 1, 1]), 7);
        assert_eq!(repeated_tail_length(&[9, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]), 9);
        assert_eq!(repeated_tail_length(&[1, 2, 3, 1, 2, 3, 1, 2, 3, 4]), 0);
        assert_eq!(repeated_tail_length(&[]), 0);
    }

    #[test]
    fn nobody_says_quotation_marks_or_numbers_of_paragraphs() {
        for (written, said) in [
            ("\"'Yes, I did.' I told", "Yes, I did. I told"),
            ("“It was,” he said. It's the users' data", "It was, he said. It's the users' data"),
            ("a plan for both sides.'", "a plan for both sides."),
            ("'cause I don't say 'no'.", "cause I don't say no."),
            ("C# and 5' '", "C# and 5"),
            (" 1. I joined in 2019. 2. Then", "I joined in 2019. 2. Then"),
            ("3.5 years. 2021.", "3.5 years. 2021."),
            ("2021. That was late", "2021. That was late"),
            ("7.", "7."),
        ] {
            assert_eq!(as_said(written).trim(), said, "{written}");
        }
    }

    #[test]
    fn the_best_token_and_its_share() {
        let scores = [0.0, 2.0_f32.ln(), f32::NAN, 0.0];
        for guessed in [None, Some(0), Some(1), Some(2), Some(99)] {
            let (token, log) = likeliest(&scores, &[true; 4], guessed).unwrap();
            assert_eq!(token, 1, "{guessed:?}");
            assert!((log - 0.5_f32.ln()).abs() < 1e-5);
        }
        let (token, log) = likeliest(&[1.0, 1.1, -9.0], &[true; 3], Some(0)).unwrap();
        assert!(token == 0 && log < 0.5_f32.ln(), "about as good, and it was guessed: {log}");
        let (token, log) = likeliest(&[0.0, 9.0, 0.0], &[true, false, true], Some(1)).unwrap();
        assert!(
            token == 0 && log < -8.0,
            "what is not allowed is not taken, and it is known that it was likely: {log}"
        );
        assert_eq!(likeliest(&[f32::NAN], &[true], None), None);
    }
}
