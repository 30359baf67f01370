//! Ears, with a VAD that goes by loudness and with streams that write down what they are told.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use proptest::prelude::*;

use super::script::{MS, Script};
use crate::SpeechError;
use crate::hear::{ActivityChange, Ears, EarsOptions, GhostFilter, WindowedStt};
use crate::ports::{
    Abilities, HearOptions, Stt, SttEvent, SttStream, Transcriber, Transcript, Vad, VadStream, Window,
};

fn abilities() -> Abilities {
    Abilities {
        name: "fake".to_owned(),
        remote: false,
        streaming: false,
        interim: false,
        word_times: false,
        languages: Vec::new(),
    }
}

/// Loud is speech; a frame of one certain sample breaks it.
struct Loud;

const BREAKS: i16 = -32_000;

impl Vad for Loud {
    fn abilities(&self) -> Abilities {
        abilities()
    }

    fn open(&self) -> Result<Box<dyn VadStream>, SpeechError> {
        Ok(Box::new(Self))
    }
}

impl VadStream for Loud {
    fn frame(&self) -> usize {
        512
    }

    fn judge(&mut self, frame: &[i16]) -> Result<f32, SpeechError> {
        assert_eq!(frame.len(), 512);
        if frame[0] == BREAKS {
            return Err(SpeechError::Failed("broken".to_owned()));
        }
        let loud = frame.iter().filter(|sample| sample.unsigned_abs() > 1000).count();
        Ok(loud as f32 / 512.0)
    }

    fn reset(&mut self) {}
}

#[derive(Debug, Clone, PartialEq)]
enum Told {
    Heard(Vec<i16>, u32),
    Pause,
    Commit,
    Discard,
}

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<Told>>>);

impl Notes {
    fn told(&self, what: Told) {
        self.0.lock().unwrap().push(what);
    }

    /// What was heard with what was left out as zeros, and the other calls by the place where they came.
    fn all(&self) -> (Vec<i16>, Vec<(usize, Told)>) {
        let (mut pcm, mut calls) = (Vec::new(), Vec::new());
        for told in self.0.lock().unwrap().iter() {
            match told {
                Told::Heard(heard, skipped_ms) => {
                    pcm.extend(vec![0; *skipped_ms as usize * MS]);
                    pcm.extend_from_slice(heard);
                }
                Told::Pause | Told::Commit | Told::Discard => calls.push((pcm.len(), told.clone())),
            }
        }
        (pcm, calls)
    }
}

impl Stt for Notes {
    fn abilities(&self) -> Abilities {
        abilities()
    }

    fn open(&self, _: HearOptions) -> Box<dyn SttStream> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl SttStream for Notes {
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        self.told(Told::Heard(pcm.to_vec(), skipped_ms));
    }

    fn pause(&mut self) -> u32 {
        self.told(Told::Pause);
        1
    }

    fn commit(&mut self) {
        self.told(Told::Commit);
    }

    fn discard(&mut self) {
        self.told(Told::Discard);
    }

    async fn next(&mut self) -> Option<SttEvent> {
        None
    }
}

fn open(notes: &Notes) -> Ears {
    Ears::open(&Loud, notes, EarsOptions::default(), HearOptions::default()).unwrap()
}

fn tone(ms: usize) -> Vec<i16> {
    (0..ms * MS).map(|at| if at % 16 < 8 { 8000 } else { -8000 }).collect()
}

#[test]
fn silence_is_left_out_but_not_what_is_near_speech() {
    let pcm = [vec![1; 2000 * MS], tone(500), vec![2; 3000 * MS], tone(400), vec![3; 2000 * MS]].concat();
    let notes = Notes::default();
    let changes = open(&notes).hear(&pcm).unwrap();
    let kinds: Vec<_> = changes.iter().map(|change| format!("{change:?}")).collect();
    assert!(
        kinds.iter().map(|kind| &kind[..4]).eq(["Star", "Paus", "Stop", "Star", "Paus", "Stop"]),
        "{kinds:?}"
    );
    let ActivityChange::Started { at } = changes[0] else { unreachable!("it started") };
    assert!(at.abs_diff(2000 * MS as u64) <= 512);
    let (heard, calls) = notes.all();
    // All that is heard is where it was, with 300 ms before speech and at least 150 after it.
    assert!(heard.iter().zip(&pcm).all(|(heard, real)| *heard == 0 || heard == real));
    for (from, to) in [(1700, 2650), (5200, 6050)] {
        assert_eq!(heard[from * MS..to * MS], pcm[from * MS..to * MS]);
    }
    assert!(heard[..1500 * MS].iter().chain(&heard[3000 * MS..5000 * MS]).all(|sample| *sample == 0));
    let calls: Vec<_> = calls.iter().map(|(at, call)| (at / MS / 100, call.clone())).collect();
    assert_eq!(calls, [(27, Told::Pause), (27, Told::Commit), (61, Told::Pause), (61, Told::Commit)]);
}

#[test]
fn after_a_pause_nothing_is_missing() {
    let pcm = [tone(500), vec![2; 450 * MS], tone(400), vec![3; 300 * MS]].concat();
    let notes = Notes::default();
    let mut ears = open(&notes);
    ears.hear(&pcm).unwrap();
    assert!(ears.finish().unwrap());
    let (heard, calls) = notes.all();
    assert_eq!(heard[..1550 * MS], pcm[..1550 * MS]);
    let calls: Vec<_> = calls.into_iter().map(|(_, call)| call).collect();
    assert_eq!(calls, [Told::Pause, Told::Pause, Told::Commit]);
    assert!(!ears.speaking() && !ears.finish().unwrap());
}

#[test]
fn commit_and_discard_go_through_and_start_anew() {
    let notes = Notes::default();
    let mut ears = open(&notes);
    ears.hear(&tone(500)).unwrap();
    ears.commit();
    assert!(!ears.speaking());
    let changes = ears.hear(&tone(300)).unwrap();
    assert!(matches!(changes[..], [ActivityChange::Started { .. }]), "{changes:?}");
    ears.discard();
    let (heard, calls) = notes.all();
    assert!(heard.len() / MS > 780);
    assert_eq!(calls.into_iter().map(|(_, call)| call).collect::<Vec<_>>(), [Told::Commit, Told::Discard]);
}

#[test]
fn a_vad_that_fails_is_told_and_times_stay_right() {
    let notes = Notes::default();
    let mut ears = open(&notes);
    let mut broken = vec![1; 512];
    broken[0] = BREAKS;
    assert_eq!(ears.hear(&broken), Err(SpeechError::Failed("broken".to_owned())));
    let changes = ears.hear(&tone(512)).unwrap();
    assert_eq!(changes, [ActivityChange::Started { at: 512 }]);
    assert_eq!(notes.all().0[..512], broken);
}

struct Reads(Script);

#[async_trait]
impl Transcriber for Reads {
    fn abilities(&self) -> Abilities {
        abilities()
    }

    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
        Ok(self.0.read(&window.pcm, 0))
    }
}

/// All the words of a recording, with this size of chunks.
async fn heard(script: &Script, chunk: usize) -> Vec<Transcript> {
    let windows = WindowedStt::new(Arc::new(Reads(script.clone())), Some(Arc::new(Loud)));
    let mut ears = Ears::open(&Loud, &windows, EarsOptions::default(), HearOptions::default()).unwrap();
    let (mut finals, mut ends) = (Vec::new(), 0);
    for chunk in script.pcm.chunks(chunk) {
        let changes = ears.hear(chunk).unwrap();
        ends += changes.iter().filter(|change| matches!(change, ActivityChange::Stopped { .. })).count();
        tokio::time::sleep(std::time::Duration::from_micros(chunk.len() as u64 * 1000 / 16)).await;
    }
    ends += usize::from(ears.finish().unwrap());
    while finals.len() < ends {
        match ears.next().await.unwrap() {
            SttEvent::Final(transcript) => finals.push(transcript),
            SttEvent::Interim { .. } | SttEvent::Paused { .. } => {}
            SttEvent::Trouble(error) => panic!("{error}"),
        }
    }
    finals
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_chunks_give_the_words_that_were_said(seed in any::<u64>(), chunk in 1_usize..9000) {
        let mut script = Script::new(seed, 8, 5);
        let more = Script::new(seed ^ 1, 1, 3).pcm.len();
        script.pcm.extend(vec![1; 1000 * MS + more % 512]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let finals = runtime.block_on(heard(&script, chunk));
        let text: Vec<_> = finals.iter().map(|last| last.text.as_str()).filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(text.join(" "), script.text());
        // Times are those of the recording, silence that was left out and all.
        let words = finals.iter().flat_map(|last| &last.words).zip(&script.words);
        let off: Vec<u32> =
            words.map(|(word, spoken)| word.start_ms.abs_diff((spoken.start / MS) as u32)).collect();
        prop_assert!(off.iter().sum::<u32>() / (off.len() as u32) < 600, "{:?}", off);
    }
}

#[tokio::test]
async fn ghosts_are_gated_and_real_words_pass() {
    struct Says(&'static str, f32);
    #[async_trait]
    impl Transcriber for Says {
        fn abilities(&self) -> Abilities {
            abilities()
        }
        async fn transcribe(&self, _: Window) -> Result<Transcript, SpeechError> {
            Ok(Transcript { text: self.0.to_owned(), sure: Some(self.1), ..Transcript::default() })
        }
    }
    let voice = [vec![1; 500 * MS], tone(400), vec![1; 300 * MS]].concat();
    let hiss: Vec<i16> = (0..2000 * MS).map(|at| ((at * 7919) % 801) as i16 - 400).collect();
    for text in ["You", "Thank you.", "5", "Five.", "you you you you you you you", "the the the"] {
        for (pcm, vad, passes) in
            [(&voice, true, true), (&hiss, true, false), (&hiss, false, text == "Five.")]
        {
            let vad = vad.then(|| Arc::new(Loud) as Arc<dyn Vad>);
            let gated = GhostFilter::new(Arc::new(Says(text, 0.8)), vad);
            let (urgency, now) = (crate::ports::Urgency::Caption, tokio::time::Instant::now());
            let window = Window::new(pcm.as_slice(), urgency, now);
            let heard = gated.transcribe(window).await.unwrap().text;
            assert_eq!(!heard.is_empty(), passes, "{text} became {heard:?}");
        }
    }
}
