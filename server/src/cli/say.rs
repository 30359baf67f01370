//! `interviewos say TEXT --out FILE`.

use std::fs::File;
use std::io::{BufWriter, Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use futures::StreamExt as _;
use speech::audio::MonoRecording;
use speech::ports::{SpeakRequest, TimedWord, Urgency};
use tokio::time::Instant;

use super::{Failure, settings};
use crate::settings::{SettingsFlags, SpeechLoad};
use crate::speech::{SpeechEnvironment, SpeechServices};

/// Say a text: write it to a WAV file, with the voice of this machine unless another is named
#[derive(Debug, clap::Args)]
pub(super) struct SayArgs {
    /// What to say; `-` reads it from the standard input
    text: String,
    /// The WAV file to write; `-` writes it to the standard output
    #[arg(long, short, value_name = "FILE")]
    out: PathBuf,
    /// How fast, from 0.8 to 1.3
    #[arg(long, default_value_t = 1.0)]
    speed: f32,
    /// Print when each word is said
    #[arg(long)]
    words: bool,
    /// Who speaks, as in the setting `tts`
    #[arg(long, value_name = "WAYS")]
    tts: Option<String>,
    /// Folder of the models of local speech
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

pub(super) fn run(say: &SayArgs) -> Result<ExitCode, Failure> {
    let mut text = say.text.clone();
    if text == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text)?;
    }
    let settings = settings(&SettingsFlags {
        models: say.models.clone(),
        tts: say.tts.clone(),
        // Only what is used.
        speech_load: Some(SpeechLoad::FirstUse),
        ..SettingsFlags::default()
    })?;
    let voice = SpeechServices::open(&settings, &SpeechEnvironment::of_the_process())?.tts;
    let request = SpeakRequest { text, speed: say.speed, urgency: Urgency::FirstWords };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (recording, words, first, all) = runtime.block_on(async {
        let (begun, mut first) = (Instant::now(), None);
        let (mut recording, mut words) = (MonoRecording { pcm: Vec::new(), rate: voice.rate() }, Vec::new());
        let mut speech = voice.speak(request);
        while let Some(spoken) = speech.next().await {
            let spoken = spoken?;
            first.get_or_insert_with(|| begun.elapsed());
            recording.pcm.extend(spoken.pcm);
            words.extend(spoken.words);
        }
        Ok::<_, Failure>((recording, words, first.unwrap_or_default(), begun.elapsed()))
    })?;
    if recording.pcm.is_empty() {
        return Err(Failure::NothingToSay);
    }
    write(&recording, &say.out)?;
    // What is said may go to the standard output, so this does not.
    let mut err = std::io::stderr();
    if say.words {
        err.write_all(times(&words).as_bytes())?;
    }
    writeln!(
        err,
        "{:.1} s of speech in {} ms, the first of it after {} ms (with loading the models)",
        recording.millis() as f32 / 1000.0,
        all.as_millis(),
        first.as_millis()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn write(recording: &MonoRecording, to: &Path) -> Result<(), Failure> {
    if to == Path::new("-") {
        let mut bytes = Cursor::new(Vec::new());
        recording.write(&mut bytes)?;
        return Ok(std::io::stdout().write_all(&bytes.into_inner())?);
    }
    let named = |source| Failure::File { path: to.to_owned(), source };
    Ok(recording.write(BufWriter::new(File::create(to).map_err(named)?))?)
}

fn times(words: &[TimedWord]) -> String {
    let seconds = |ms: u32| f64::from(ms) / 1000.0;
    let line = |word: &TimedWord| {
        format!("{:8.3} {:8.3}  {}\n", seconds(word.start_ms), seconds(word.end_ms), word.text)
    };
    words.iter().map(line).collect()
}
