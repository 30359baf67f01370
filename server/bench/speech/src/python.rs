//! The other side: the same models in their own Python packages.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use speech::audio::MonoRecording;
use speech::ports::HEARING_RATE;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::kit::to_be_read;
use crate::samples::LatencySamples;

/// What a piece of work took.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Cost {
    /// Seconds that passed.
    pub(crate) wall: f64,
    /// Seconds of all processors.
    pub(crate) cpu: f64,
    /// Seconds of audio that were heard or said.
    pub(crate) audio: f64,
}

/// A Python that has the packages.
#[derive(Debug)]
pub(crate) struct Python {
    program: PathBuf,
    script: PathBuf,
}

impl Python {
    /// Puts the script into this folder.
    pub(crate) fn new(program: &Path, folder: &Path) -> Result<Self> {
        let script = folder.join("packages.py");
        std::fs::write(&script, include_str!("../python/packages.py"))?;
        Ok(Self { program: program.to_owned(), script })
    }

    async fn run(&self, flags: &[&str], lines: &[String]) -> Result<Vec<Value>> {
        let mut child = Command::new(&self.program)
            .arg(&self.script)
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("{} cannot be run", self.program.display()))?;
        let mut input = child.stdin.take().context("its input is a pipe")?;
        // It reads everything before it writes more than a pipe holds.
        input.write_all((lines.join("\n") + "\n").as_bytes()).await?;
        drop(input);
        let output = child.wait_with_output().await?;
        ensure!(output.status.success(), "Python failed at `{}`; see above", flags.join(" "));
        let lines = String::from_utf8(output.stdout)?;
        Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    }

    /// The texts of these files: heard as streams, or read as wholes.
    pub(crate) async fn hear(&self, files: &[String], stream: bool) -> Result<(Vec<String>, Cost)> {
        let told = self.run(&[if stream { "hear" } else { "read" }], files).await?;
        let (sums, texts) = told.split_last().context("Python told nothing")?;
        let texts: Vec<_> = texts
            .iter()
            .map(|line| Some(line["text"].as_str()?.to_owned()))
            .collect::<Option<_>>()
            .context("a text")?;
        ensure!(texts.len() == files.len(), "not every file was heard");
        Ok((texts, cost(sums)?))
    }

    /// What it says for these lines, to be read.
    pub(crate) async fn say(&self, lines: &[String], folder: &Path) -> Result<(Vec<Arc<[i16]>>, Cost)> {
        let told = self.run(&["say", &folder.display().to_string()], lines).await?;
        let (sums, files) = told.split_last().context("Python told nothing")?;
        let mut said = Vec::new();
        for file in files {
            let MonoRecording { pcm, rate } =
                MonoRecording::read(std::fs::File::open(file["file"].as_str().context("a file")?)?)?;
            said.push(to_be_read(&pcm, rate));
        }
        ensure!(said.len() == lines.len(), "not every line was said");
        Ok((said, cost(sums)?))
    }

    /// First audio of so many sessions that ask at once.
    pub(crate) async fn rounds(&self, sessions: usize, lines: &[String]) -> Result<LatencySamples> {
        let told = self.run(&["rounds", &sessions.to_string()], lines).await?;
        let firsts = told.last().and_then(|sums| sums["firsts"].as_array()).context("firsts")?;
        Ok(LatencySamples(firsts.iter().filter_map(Value::as_f64).map(Duration::from_secs_f64).collect()))
    }

    /// Resident bytes: nothing loaded, hearing loaded, both loaded.
    pub(crate) async fn memory(&self, file: &str, line: String) -> Result<[u64; 3]> {
        let told = self.run(&["both", file], &[line]).await?;
        let bytes = |name| told.last().and_then(|sums| sums[name].as_u64()).context("memory");
        Ok([bytes("python")?, bytes("hearing")?, bytes("both")?])
    }
}

fn cost(sums: &Value) -> Result<Cost> {
    let seconds = |name| sums[name].as_f64().with_context(|| format!("no {name} in {sums}"));
    Ok(Cost { wall: seconds("wall")?, cpu: seconds("cpu")?, audio: seconds("audio")? })
}

/// Puts audio into a file for Python.
pub(crate) fn write(pcm: &[i16], path: &Path) -> Result<String> {
    let recording = MonoRecording { pcm: pcm.to_vec(), rate: HEARING_RATE };
    recording.write(std::io::BufWriter::new(std::fs::File::create(path)?))?;
    Ok(path.display().to_string())
}
