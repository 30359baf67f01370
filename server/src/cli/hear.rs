//! `interviewos hear FILE`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use speech::audio::Recording;
use speech::hear::{Change, Ears, EarsOptions};
use speech::ports::{HEARING_RATE, HearOptions, SttEvent, Transcript};
use tokio::time::timeout;

use super::{Failure, say, settings};
use crate::settings::Flags;
use crate::speech::{Environment, Speech};

/// So much audio goes in at once, in samples.
const STEP: usize = HEARING_RATE as usize / 10;
/// Reading may lag so far behind, in milliseconds, before more goes in.
const LAG: u64 = 8_000;
/// How long news are waited for while it lags: of noise there may be none.
const PATIENCE: Duration = Duration::from_secs(3);

/// Write down what is said in a WAV file, with the models of this machine unless another is named
#[derive(Debug, clap::Args)]
pub(super) struct Hear {
    /// A WAV file; `-` reads it from the standard input
    file: PathBuf,
    /// Words that may come up, separated by commas: names, technologies
    #[arg(long, value_name = "WORDS", value_delimiter = ',')]
    vocabulary: Vec<String>,
    /// Print one JSON object an utterance, with the time of each word and what was mended
    #[arg(long)]
    json: bool,
    /// Who hears, as in the setting `stt`
    #[arg(long, value_name = "WAYS")]
    stt: Option<String>,
    /// Folder of the models of local speech
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

pub(super) fn run(hear: &Hear) -> Result<ExitCode, Failure> {
    let recording = if hear.file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        Recording::read(bytes.as_slice())?
    } else {
        let named = |source| Failure::File { path: hear.file.clone(), source };
        Recording::read(BufReader::new(File::open(&hear.file).map_err(named)?))?
    };
    let settings =
        settings(&Flags { models: hear.models.clone(), stt: hear.stt.clone(), ..Flags::default() })?;
    let speech = Speech::open(&settings, &Environment::of_the_process())?;
    let vocabulary = hear.vocabulary.iter().map(|word| word.trim().to_owned()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = HearOptions { vocabulary, ..HearOptions::default() };
        let ears = Ears::open(speech.vad.as_ref(), speech.stt.as_ref(), EarsOptions::default(), options)?;
        Listening { ears, json: hear.json, read_to: 0, owed: 0 }
            .through(&recording.at(HEARING_RATE).pcm)
            .await
    })?;
    Ok(ExitCode::SUCCESS)
}

struct Listening {
    ears: Ears,
    json: bool,
    /// How far it was read, in milliseconds.
    read_to: u64,
    /// Utterances that have ended, and whose last reading is still to come.
    owed: usize,
}

impl Listening {
    /// Hears the whole, as fast as the models can.
    async fn through(&mut self, pcm: &[i16]) -> Result<(), Failure> {
        let mut heard = 0;
        for step in pcm.chunks(STEP) {
            let stops = |change: &&Change| matches!(change, Change::Stopped { .. });
            self.owed += self.ears.hear(step)?.iter().filter(stops).count();
            heard += step.len() as u64 * 1_000 / u64::from(HEARING_RATE);
            if !self.ears.speaking() {
                self.read_to = self.read_to.max(heard.saturating_sub(LAG));
            }
            while heard > self.read_to + LAG {
                match timeout(PATIENCE, self.ears.next()).await {
                    Ok(Some(event)) => self.tell(event)?,
                    Ok(None) => return Ok(()),
                    Err(_) => self.read_to = heard - LAG,
                }
            }
        }
        self.owed += usize::from(self.ears.finish()?);
        while self.owed > 0 {
            match self.ears.next().await {
                Some(event) => self.tell(event)?,
                None => break,
            }
        }
        Ok(())
    }

    fn tell(&mut self, event: SttEvent) -> Result<(), Failure> {
        match event {
            SttEvent::Interim { transcript, .. } | SttEvent::Paused { transcript, .. } => {
                self.read_to = self.read_to.max(u64::from(transcript.end_ms));
            }
            SttEvent::Final(transcript) => {
                self.read_to = self.read_to.max(u64::from(transcript.end_ms));
                self.owed = self.owed.saturating_sub(1);
                if !transcript.text.is_empty() {
                    say(&if self.json { object(&transcript) } else { line(&transcript) })?;
                }
            }
            SttEvent::Trouble(error) => return Err(error.into()),
        }
        Ok(())
    }
}

fn line(transcript: &Transcript) -> String {
    let tenths = transcript.start_ms / 100;
    format!("[{}:{:02}.{}] {}\n", tenths / 600, tenths / 10 % 60, tenths % 10, transcript.text)
}

fn object(transcript: &Transcript) -> String {
    let word = |word: &speech::ports::Word| json!({"text": word.text, "start_ms": word.start_ms, "end_ms": word.end_ms});
    let words: Vec<_> = transcript.words.iter().map(word).collect();
    let Transcript { text, heard, start_ms, end_ms, .. } = transcript;
    format!(
        "{}\n",
        json!({"text": text, "heard": heard, "start_ms": start_ms, "end_ms": end_ms, "words": words})
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_start_with_their_time() {
        let transcript = Transcript { text: "Hello.".to_owned(), start_ms: 754_321, ..Transcript::default() };
        assert_eq!(line(&transcript), "[12:34.3] Hello.\n");
        assert!(object(&transcript).starts_with('{') && object(&transcript).contains("\"start_ms\":754321"));
    }
}
