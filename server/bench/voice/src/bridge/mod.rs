//! Our hearing and speaking for a framework's worker, on a local socket: `voice-bench bridge`. A process of its own, so
//! that its processor time and memory are counted with the framework's and not with the candidates'.

mod wire;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use futures::StreamExt as _;
use models::{ModelFolder, ModelSet};
use speech::hear::{ActivityOptions, EarsOptions};
use speech::ports::{HearOptions, SpeakRequest, SttEvent, Tts as _, Urgency};
use speech_bench::Kit;
use tokio::io::BufReader;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;

/// A pause is answered after this much silence, and words so far are told this often: as the agent has it.
const PAUSE_MS: u32 = 110;
const CAPTIONS_MS: u32 = 900;

/// What to serve.
#[derive(Debug, clap::Args)]
pub(crate) struct BridgeArgs {
    /// The folder of the speech models
    #[arg(long)]
    models: PathBuf,
    /// Where to listen
    #[arg(long)]
    socket: PathBuf,
}

/// Serves until standard input ends; says "ready" once the models are loaded.
pub(crate) async fn serve(what: &BridgeArgs) -> Result<()> {
    let folder = ModelFolder::open(&what.models, ModelSet::Speech)?;
    let kit = Arc::new(Kit::open(&folder, 0)?);
    kit.warm_ears(&folder).await?;
    kit.warm_voice().await?;
    let listener = listen(&what.socket)?;
    println!("ready");
    let (end, mut ended) = tokio::sync::oneshot::channel::<()>();
    // A thread of its own: reading standard input blocks.
    std::thread::spawn(move || {
        drop(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
        drop(end);
    });
    loop {
        tokio::select! {
            stream = listener.accept() => {
                let (kit, (stream, _)) = (Arc::clone(&kit), stream?);
                tokio::spawn(async move {
                    // Whoever has hung up wants no more.
                    if let Err(error) = attend(&kit, stream).await {
                        eprintln!("a connection broke off: {error:#}");
                    }
                });
            }
            _ = &mut ended => return Ok(()),
        }
    }
}

fn listen(socket: &Path) -> Result<UnixListener> {
    UnixListener::bind(socket).with_context(|| socket.display().to_string())
}

async fn attend(kit: &Kit, stream: UnixStream) -> Result<()> {
    let (from, to) = stream.into_split();
    let mut from = BufReader::new(from);
    match wire::read(&mut from).await? {
        Some((wire::SAY, text)) => say(kit, String::from_utf8(text)?, to).await,
        Some(first) => hear(kit, first, from, to).await,
        None => Ok(()),
    }
}

/// Says a text. What was said once is not kept: the lines of a fixed list would all be there after the first interview.
async fn say(kit: &Kit, text: String, mut to: OwnedWriteHalf) -> Result<()> {
    let mut speech = kit.voice().speak(SpeakRequest { text, speed: 1.0, urgency: Urgency::FirstWords });
    while let Some(spoken) = speech.next().await {
        if wire::write(&mut to, wire::SOUND, &wire::bytes(&spoken?.pcm)).await.is_err() {
            return Ok(());
        }
    }
    drop(wire::write(&mut to, wire::SAID, &[]).await);
    Ok(())
}

/// Hears somebody until they are gone.
async fn hear(
    kit: &Kit,
    first: (u8, Vec<u8>),
    mut from: BufReader<OwnedReadHalf>,
    mut to: OwnedWriteHalf,
) -> Result<()> {
    let activity = ActivityOptions { pause_ms: PAUSE_MS, ..ActivityOptions::default() };
    let how = EarsOptions { activity, ..EarsOptions::default() };
    let mut ears =
        kit.listen(how, HearOptions { interim_every_ms: CAPTIONS_MS, ..HearOptions::default() })?;
    // A message is read to its end, whatever is heard meanwhile.
    let (messages, mut inbox) = mpsc::unbounded_channel();
    messages.send(first)?;
    let reading = tokio::spawn(async move {
        while let Ok(Some(message)) = wire::read(&mut from).await {
            if messages.send(message).is_err() {
                break;
            }
        }
    });
    loop {
        let (kind, transcript) = tokio::select! {
            message = inbox.recv() => match message {
                None => break,
                Some((wire::AUDIO, pcm)) => {
                    ears.hear(&wire::samples(&pcm))?;
                    continue;
                }
                Some((wire::OVER, _)) => {
                    ears.commit();
                    continue;
                }
                Some((kind, _)) => anyhow::bail!("{:?} means nothing here", kind as char),
            },
            event = ears.next() => match event.context("hearing came to an end")? {
                SttEvent::Interim { transcript, .. } => (wire::INTERIM, transcript),
                SttEvent::Paused { transcript, .. } => (wire::PAUSED, transcript),
                SttEvent::Final(transcript) => (wire::FINAL, transcript),
                SttEvent::Trouble(error) => {
                    eprintln!("trouble while hearing: {error}");
                    continue;
                }
            },
        };
        if wire::write(&mut to, kind, transcript.text.as_bytes()).await.is_err() {
            break;
        }
    }
    reading.abort();
    Ok(())
}
