//! A voice that needs no model, on real threads.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

use futures::StreamExt as _;

use super::*;
use models::pool::PoolOptions;

/// What a fake was asked for, in order.
type Asked = Arc<Mutex<Vec<(String, f32)>>>;

/// Says every word for 100 ms after 300 ms of silence.
struct Fake {
    asked: Asked,
    /// If there is one, every sentence waits for a word of it.
    gate: Option<Receiver<()>>,
}

impl Synthesiser for Fake {
    fn say(
        &mut self,
        text: &str,
        speed: f32,
        wanted: &CancelToken,
    ) -> Result<SynthesisedSpeech, SpeechError> {
        self.asked.lock().unwrap().push((text.to_owned(), speed));
        if let Some(gate) = &self.gate {
            gate.recv().unwrap();
            wanted.check()?;
        }
        match text {
            _ if text.contains("explode") => panic!("as asked"),
            _ if text.contains("fail") => return Err(SpeechError::Failed("as asked".to_owned())),
            _ => {}
        }
        let count = text.split_whitespace().count();
        let mut samples = vec![0.0; 7200];
        samples.extend((0..count * 2400).map(|at| 0.3 * (at as f32 * 0.05).sin()));
        samples.extend(vec![0.0; 9600]);
        let words = (0..count).map(|word| 7200 + word * 2400..7200 + (word + 1) * 2400).collect();
        Ok(SynthesisedSpeech { samples, words })
    }
}

fn voice() -> (LocalVoice<Fake>, Asked) {
    let asked = Asked::default();
    let fake = Arc::clone(&asked);
    let options = PoolOptions { threads: 1, ..PoolOptions::default() };
    let pool = Pool::start(options, move || Fake { asked: Arc::clone(&fake), gate: None }).unwrap();
    (LocalVoice::new(Arc::new(pool)), asked)
}

/// A voice whose sentences wait for the sender.
fn gated() -> (LocalVoice<Fake>, Asked, Sender<()>) {
    let asked = Asked::default();
    let fake = Arc::clone(&asked);
    let (open, gate) = channel();
    let gate = Mutex::new(Some(gate));
    let options = PoolOptions { threads: 1, ..PoolOptions::default() };
    let make = move || Fake { asked: Arc::clone(&fake), gate: gate.lock().unwrap().take() };
    (LocalVoice::new(Arc::new(Pool::start(options, make).unwrap())), asked, open)
}

fn request(text: &str) -> SpeakRequest {
    SpeakRequest { text: text.to_owned(), speed: 1.0, urgency: Urgency::FirstWords }
}

async fn all(voice: &LocalVoice<Fake>, text: &str) -> Vec<Result<SpeechChunk, SpeechError>> {
    voice.speak(request(text)).collect().await
}

fn texts(asked: &Asked) -> Vec<String> {
    asked.lock().unwrap().iter().map(|(text, _)| text.clone()).collect()
}

#[tokio::test]
async fn sentences_come_in_order_with_pauses_and_word_times() {
    let (voice, asked) = voice();
    let text = "Good morning, Anna. How are you? 👍\n";
    let spoken: Vec<SpeechChunk> = all(&voice, text).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(texts(&asked), ["Good morning, Anna.", "How are you?"]);
    assert_eq!(spoken.len(), 2);
    let words: Vec<&str> =
        spoken.iter().flat_map(|spoken| &spoken.words).map(|word| word.text.as_str()).collect();
    assert_eq!(words, ["Good", "morning,", "Anna.", "How", "are", "you?"]);
    let said: Vec<usize> = spoken.iter().flat_map(|spoken| spoken.said.clone()).collect();
    let end = |word: &str| text.find(word).unwrap() + word.len();
    let expected =
        [end("Good"), end("morning,"), end("Anna."), end("How"), end("are"), text.trim_end().len()];
    assert_eq!(said, expected);
    // The first has its pause of 290 ms behind it, the last has none.
    let ms = |spoken: &SpeechChunk| spoken.pcm.len() / 24;
    assert!((590..=660).contains(&ms(&spoken[0])), "{}", ms(&spoken[0]));
    assert!((300..=370).contains(&ms(&spoken[1])), "{}", ms(&spoken[1]));
    assert!(spoken[0].pcm[spoken[0].pcm.len() - 6960..].iter().all(|sample| *sample == 0));
    // Times go on over the whole speech.
    let times: Vec<(u32, u32)> =
        spoken.iter().flat_map(|spoken| &spoken.words).map(|word| (word.start_ms, word.end_ms)).collect();
    assert!(times.is_sorted_by(|one, next| one.1 <= next.0), "{times:?}");
    assert!(times[3].0 as usize >= ms(&spoken[0]) && times[3].0 as usize <= ms(&spoken[0]) + 20);
    assert!(times.iter().all(|(start, end)| (90..=100).contains(&(end - start))), "{times:?}");
}

#[tokio::test]
async fn nothing_is_done_before_it_is_polled_nor_after_it_is_dropped() {
    let (voice, asked, open) = gated();
    let mut speech = voice.speak(request("One. Two. Three."));
    tokio::task::yield_now().await;
    assert!(texts(&asked).is_empty());
    open.send(()).unwrap();
    assert!(speech.next().await.unwrap().is_ok());
    // The second is begun, and then nobody wants it.
    let begun = async {
        while texts(&asked).len() < 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        second = speech.next() => panic!("{second:?}"),
        () = begun => {}
    }
    drop(speech);
    open.send(()).unwrap();
    open.send(()).unwrap();
    let spoken = all(&voice, "Four.").await;
    assert!(spoken[0].is_ok());
    assert_eq!(texts(&asked), ["One.", "Two.", "Four."]);
}

#[tokio::test]
async fn what_is_said_often_is_made_twice_at_most() {
    let (voice, asked) = voice();
    let first = all(&voice, "Take your time.").await;
    for _ in 0..3 {
        assert_eq!(all(&voice, "Take your time.").await, first);
    }
    assert_eq!(texts(&asked).len(), 2);
    let faster = SpeakRequest { speed: 1.2, ..request("Take your time.") };
    assert!(voice.speak(faster).next().await.unwrap().is_ok());
    assert_eq!(asked.lock().unwrap().last().unwrap().1, 1.2);
}

#[tokio::test]
async fn errors_end_the_speech_and_the_voice_goes_on() {
    let (voice, _) = voice();
    let spoken = all(&voice, "Fine. This will fail. Not said.").await;
    assert!(matches!(&spoken[..], [Ok(_), Err(SpeechError::Failed(_))]));
    let spoken = all(&voice, "Now explode.").await;
    assert!(matches!(&spoken[..], [Err(SpeechError::Failed(_))]));
    assert!(all(&voice, "Still here.").await[0].is_ok());
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused_and_nothing_is_nothing() {
    let (voice, asked) = voice();
    for speed in [0.79, 1.31, f32::NAN, f32::INFINITY, -1.0] {
        let spoken: Vec<_> = voice.speak(SpeakRequest { speed, ..request("Hello.") }).collect().await;
        assert!(matches!(&spoken[..], [Err(SpeechError::Refused(_))]), "{speed}");
    }
    let spoken = all(&voice, &"word ".repeat(LONGEST_REQUEST / 5 + 1)).await;
    assert!(matches!(&spoken[..], [Err(SpeechError::Refused(_))]));
    for text in ["", " \n ", "👍 — !"] {
        assert!(all(&voice, text).await.is_empty(), "{text}");
    }
    assert!(texts(&asked).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_voice_that_hangs_is_given_up() {
    let (voice, _, open) = gated();
    let mut speech = voice.speak(request("Hello."));
    assert_eq!(speech.next().await, Some(Err(SpeechError::Late)));
    assert_eq!(speech.next().await, None);
    open.send(()).unwrap();
}

#[tokio::test]
async fn a_long_first_sentence_begins_with_its_first_clause() {
    let (voice, asked) = voice();
    let text = "You wrote that you cut the build time of your project, which I find impressive, from forty minutes to \
                nine; how did you do that?";
    let spoken = all(&voice, text).await;
    assert_eq!(spoken.len(), 2);
    assert!(texts(&asked)[0].ends_with("impressive,"));
}
