//! What is believed of real hearing: answers in many languages, and in English with many accents, said by espeak-ng and
//! written down by the local model. `server/agent/BELIEF.md` has the table that this prints.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::process::Command;
use std::time::Duration;

use models::pool::CancelToken;
use models::{ModelFolder, ModelSet};
use speech::audio::MonoRecording;
use speech::local::{LocalVad, Moonshine};
use speech::ports::{HEARING_RATE, Vad as _};

use super::credible::{CredibilityEvidence, doubt};
use super::words;
use crate::interview::NotCaught;

const LANGUAGES: &str = include_str!("../../tests/data/languages.txt");
const ENGLISH: &str = include_str!("../../../bench/speech/data/answers.txt");
const ACCENTS: [&str; 8] = [
    "en-us",
    "en-gb",
    "en-gb-x-rp",
    "en-us-nyc",
    "en-029",
    "en-gb-scotland",
    "en-gb-x-gbclan",
    "en-gb-x-gbcwmd",
];
/// Of English answers, and of others with eight words and more, in percent.
const REFUSED_AT_MOST: usize = 1;
const REFUSED_AT_LEAST: usize = 92;
/// Voice, as [`CredibilityEvidence::voiced`] counts it.
const VOICE: f32 = 0.5;

/// What hears: the models, as a test needs them.
struct Ear {
    vad: LocalVad,
    model: Moonshine,
}

struct Heard {
    text: String,
    sure: f32,
    doubt: Option<NotCaught>,
}

impl Ear {
    fn hear(&mut self, voice: &str, said: &str) -> Heard {
        let spoken = Command::new("espeak-ng").args(["-v", voice, "--stdout", said]).output().unwrap();
        assert!(spoken.status.success(), "espeak-ng has no voice {voice}");
        let pcm = MonoRecording::read(Cursor::new(streamed(spoken.stdout))).unwrap().at(HEARING_RATE).pcm;
        let mut vad = self.vad.open().unwrap();
        let frame = vad.frame();
        let voiced = pcm.chunks_exact(frame).filter(|one| vad.judge(one).unwrap() >= VOICE).count() * frame;
        let voiced = Duration::from_secs_f32(voiced as f32 / HEARING_RATE as f32);
        let read = self.model.read(&pcm, "", &CancelToken::always()).unwrap();
        let evidence = CredibilityEvidence { text: &read.text, sure: Some(read.sure), voiced };
        Heard { doubt: doubt(evidence), sure: read.sure, text: read.text }
    }
}

/// A WAV file from a pipe says that it is endless: as long as it is.
fn streamed(mut wav: Vec<u8>) -> Vec<u8> {
    let data = u32::try_from(wav.len() - 44).unwrap();
    wav[4..8].copy_from_slice(&(data + 36).to_le_bytes());
    wav[40..44].copy_from_slice(&data.to_le_bytes());
    wav
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// English answers of some sentences, as many words as people say at once.
fn english() -> Vec<String> {
    let mut answers = vec![String::new()];
    for line in lines(ENGLISH) {
        match answers.last_mut() {
            Some(answer) if !line.is_empty() => {
                *answer = format!("{answer} {}", line.replace(['[', ']'], ""))
            }
            _ => answers.push(String::new()),
        }
    }
    answers.retain(|answer| !answer.is_empty());
    answers
}

mod real {
    use super::*;

    #[test]
    #[ignore = "needs the speech models and espeak-ng: make test sets the models up, and runs it where espeak-ng is"]
    fn english_is_believed_in_any_accent_and_other_languages_are_not() {
        let folder =
            std::env::var("INTERVIEWOS_MODELS").expect("INTERVIEWOS_MODELS names the folder of models");
        let folder = ModelFolder::open(folder, ModelSet::Speech).unwrap();
        let mut ear = Ear { vad: LocalVad::load(&folder).unwrap(), model: Moonshine::load(&folder).unwrap() };

        let (mut wrong, mut answers) = (Vec::new(), 0);
        for accent in ACCENTS {
            for answer in english() {
                answers += 1;
                let heard = ear.hear(accent, &answer);
                wrong.extend(heard.doubt.map(|why| (accent, why, heard.sure, heard.text)));
            }
        }
        println!("English, {answers} answers of four sentences: {} refused", wrong.len());

        // By language: answers, and those refused; the same of those in which many words were heard.
        let mut table: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
        let mut believed = Vec::new();
        for line in lines(LANGUAGES) {
            let (voice, said) = line.split_once(' ').unwrap();
            let heard = ear.hear(voice, said);
            let row = table.entry(voice).or_default();
            let many = words(&heard.text).count() >= 8;
            let refused = heard.doubt.is_some();
            row[0] += 1;
            row[1] += usize::from(refused);
            row[2] += usize::from(many);
            row[3] += usize::from(many && refused);
            if !refused {
                believed.push((voice, heard.sure, heard.text));
            }
        }
        for (voice, [all, refused, ..]) in &table {
            println!("{voice}: {refused} of {all} refused");
        }
        let [all, refused, many, of_many] =
            table.values().fold([0; 4], |sum, row| std::array::from_fn(|at| sum[at] + row[at]));
        println!("other languages: {refused} of {all} refused; with 8 words and more {of_many} of {many}");
        for (voice, sure, text) in &believed {
            println!("  believed: {voice} {sure:.2} {text}");
        }
        assert!(wrong.len() * 100 <= answers * REFUSED_AT_MOST, "English: {wrong:#?}");
        assert!(of_many * 100 >= many * REFUSED_AT_LEAST, "other languages: {believed:#?}");
    }
}
