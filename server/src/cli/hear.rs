//! `interviewos hear FILE`.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use speech::audio::MonoRecording;
use speech::hear::{Ears, EarsOptions};
use speech::ports::{HEARING_RATE, HearOptions, SttEvent, Transcript};

use super::{Failure, say, settings};
use crate::settings::{SettingsFlags, SpeechLoad};
use crate::speech::{SpeechEnvironment, SpeechServices};

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
    let read = if hear.file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        MonoRecording::read(bytes.as_slice())?
    } else {
        let named = |source| Failure::File { path: hear.file.clone(), source };
        MonoRecording::read(BufReader::new(File::open(&hear.file).map_err(named)?))?
    };
    let settings = settings(&SettingsFlags {
        models: hear.models.clone(),
        stt: hear.stt.clone(),
        // Only what is used.
        speech_load: Some(SpeechLoad::FirstUse),
        ..SettingsFlags::default()
    })?;
    let speech = SpeechServices::open(&settings, &SpeechEnvironment::of_the_process())?;
    let vocabulary = hear.vocabulary.iter().map(|word| word.trim().to_owned()).collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let options = HearOptions { vocabulary, ..HearOptions::default() };
        let mut ears = Ears::open(speech.vad.as_ref(), speech.stt.as_ref(), EarsOptions::default(), options)?;
        let (pcm, mut told) = (read.at(HEARING_RATE).pcm, Ok(()));
        speech::hear::recording(&mut ears, &pcm, |news| {
            if let (Err(event), Ok(())) = (news, &told) {
                told = tell(event, hear.json);
            }
        })
        .await?;
        told
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Prints an utterance as soon as it is whole.
fn tell(event: &SttEvent, as_json: bool) -> Result<(), Failure> {
    match event {
        SttEvent::Final(transcript) if !transcript.text.is_empty() => {
            say(&if as_json { object(transcript) } else { line(transcript) })?;
            Ok(())
        }
        SttEvent::Interim { .. } | SttEvent::Paused { .. } | SttEvent::Final(_) => Ok(()),
        SttEvent::Trouble(error) => Err(error.clone().into()),
    }
}

fn line(transcript: &Transcript) -> String {
    let tenths = transcript.start_ms / 100;
    format!("[{}:{:02}.{}] {}\n", tenths / 600, tenths / 10 % 60, tenths % 10, transcript.text)
}

fn object(transcript: &Transcript) -> String {
    let word = |word: &speech::ports::TimedWord| json!({"text": word.text, "start_ms": word.start_ms, "end_ms": word.end_ms});
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
