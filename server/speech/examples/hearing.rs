//! Measures hearing on this machine (Linux), in three minutes: CPU time of windows, of Smart Turn and of Silero, and
//! a two-minute answer in real time.
//!
//! `INTERVIEWOS_MODELS=... cargo run --release -p speech --example hearing`

#[path = "../tests/support/mod.rs"]
mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use speech::SpeechError;
use speech::hear::{Ears, EarsOptions, Windows};
use speech::local::{Loaded, LocalEars, LocalVad};
use speech::models::{File, Folder};
use speech::pool::{Pool, PoolOptions};
use speech::ports::{
    Abilities, HearOptions, Reading, SttEvent, Transcriber, Transcript, TurnDetector, Urgency, Vad, Window,
};
use tokio::time::Instant;

/// Counts the samples that are decoded.
struct Counted(LocalEars, AtomicUsize, AtomicUsize);

#[async_trait]
impl Transcriber for Counted {
    fn abilities(&self) -> Abilities {
        Transcriber::abilities(&self.0)
    }

    async fn transcribe(&self, window: Window) -> Result<Transcript, SpeechError> {
        Ok(self.read(window).await?.transcript)
    }

    async fn read(&self, window: Window) -> Result<Reading, SpeechError> {
        self.1.fetch_add(window.pcm.len(), Ordering::Relaxed);
        self.2.fetch_add(1, Ordering::Relaxed);
        self.0.read(window).await
    }
}

struct All {
    model: Arc<Counted>,
    vad: Arc<LocalVad>,
    windows: Windows,
}

fn all(folder: &Folder) -> All {
    let models = folder.clone();
    let options = PoolOptions { threads: 1, ..PoolOptions::default() };
    let pool = Arc::new(Pool::start(options, move || Loaded::new(models.clone())).unwrap());
    let model = Arc::new(Counted(LocalEars::new(pool), AtomicUsize::new(0), AtomicUsize::new(0)));
    let vad = Arc::new(LocalVad::load(folder).unwrap());
    let windows =
        Windows::new(Arc::clone(&model) as Arc<dyn Transcriber>, Some(Arc::clone(&vad) as Arc<dyn Vad>));
    All { model, vad, windows }
}

/// CPU time of this process so far.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

#[tokio::main(flavor = "multi_thread", worker_threads = 1)]
async fn main() {
    let folder = support::models();
    let all = all(&folder);
    let cities = support::reading(&folder, File::ReadingTwoCities);
    let per = |before: Duration, rounds: u32| (cpu() - before) / rounds;
    let window = |samples: usize, at: usize| Window {
        pcm: cities[at..at + samples].into(),
        urgency: Urgency::Later,
        deadline: Instant::now() + Duration::from_secs(60),
    };
    for seconds in [1, 2, 5, 10, 15, 20] {
        let samples = seconds * 16_000;
        all.model.transcribe(window(samples, 0)).await.unwrap();
        let before = cpu();
        for at in 0..8 {
            all.model.transcribe(window(samples, at * 40_000)).await.unwrap();
        }
        println!("a window of {seconds} s: {:?} of CPU", per(before, 8));
    }
    let deadline = || Instant::now() + Duration::from_secs(60);
    all.model.0.judge(&cities[..128_000], deadline()).await.unwrap();
    let before = cpu();
    for at in 0..20 {
        all.model.0.judge(&cities[at * 16_000..at * 16_000 + 128_000], deadline()).await.unwrap();
    }
    println!("Smart Turn: {:?} of CPU", per(before, 20));
    let mut vad = all.vad.open().unwrap();
    let before = cpu();
    cities.chunks_exact(512).for_each(|frame| assert!(vad.judge(frame).is_ok()));
    println!("Silero: {:?} of CPU a frame", per(before, (cities.len() / 512) as u32));
    // Two minutes of speech without an end, in real time.
    let answer = [cities.as_slice(), &cities, &cities].concat();
    let (samples, windows) = (&all.model.1, &all.model.2);
    let mut ears =
        Ears::open(all.vad.as_ref(), &all.windows, EarsOptions::default(), HearOptions::default()).unwrap();
    let started = Instant::now();
    let (mut before, mut decoded, mut jobs) =
        (cpu(), samples.load(Ordering::Relaxed), windows.load(Ordering::Relaxed));
    let (mut interims, mut last, mut slowest) = (0, started, Duration::ZERO);
    for (number, chunk) in answer.chunks(320).enumerate() {
        ears.hear(chunk).unwrap();
        let next = started + Duration::from_millis(20) * (number as u32 + 1);
        while let Ok(Some(event)) = tokio::time::timeout_at(next, ears.next()).await {
            if matches!(event, SttEvent::Interim { .. } | SttEvent::Paused { .. }) {
                interims += 1;
                slowest = slowest.max(last.elapsed());
                last = Instant::now();
            }
        }
        if (number + 1) % 1500 == 0 {
            let (now, all, all_jobs) =
                (cpu(), samples.load(Ordering::Relaxed), windows.load(Ordering::Relaxed));
            println!(
                "second {}: {:?} of CPU, {} windows of {:.1} s, {interims} interims, at most {slowest:?} apart",
                (number + 1) / 50,
                now - before,
                all_jobs - jobs,
                (all - decoded) as f32 / 16e3 / (all_jobs - jobs).max(1) as f32
            );
            (before, decoded, jobs, interims, slowest) = (now, all, all_jobs, 0, Duration::ZERO);
        }
    }
    let asked = Instant::now();
    ears.commit();
    let text = loop {
        if let Some(SttEvent::Final(last)) = ears.next().await {
            break last.text;
        }
    };
    let said = [support::TWO_CITIES; 3].join(" ");
    let (wrong, words) = support::word_errors(&said, &text);
    println!("the end {:?} after it was asked for; {wrong} of {words} words wrong", asked.elapsed());
}
