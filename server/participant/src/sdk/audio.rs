//! Audio through the SDK: our own queue before its source, and 20 ms frames from its streams.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use agent::{AudioFrame, AudioIn, AudioOutSpec, RoomError, Sound};
use async_trait::async_trait;
use futures::Stream as _;
use livekit::options::TrackPublishOptions;
use livekit::prelude::{LocalAudioTrack, LocalTrack, RemoteAudioTrack, Room, RtcAudioSource, TrackSource};
use livekit::webrtc::audio_frame::AudioFrame as SdkFrame;
use livekit::webrtc::audio_source::AudioSourceOptions;
use livekit::webrtc::audio_source::native::NativeAudioSource;
use livekit::webrtc::audio_stream::native::{NativeAudioStream, NativeAudioStreamOptions};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::MissedTickBehavior;

use crate::audio::outbox::Outbox;
use crate::local::AudioSource;
use crate::session::Command;
use crate::session::media::Shared;

/// How much the SDK's source takes at once if it has no queue of its own.
const STEP: Duration = Duration::from_millis(10);
/// Pieces of 10 ms that may wait for the listener: 2 s. Then the oldest are dropped.
const MOST_PIECES: usize = 200;

/// Our published voice. Dropping it unpublishes the track.
pub(super) struct Voice {
    shared: Arc<Shared>,
    pacer: AbortHandle,
}

impl Drop for Voice {
    fn drop(&mut self) {
        self.pacer.abort();
        self.shared.gone.store(true, Ordering::Release);
        self.shared.moved.notify_waiters();
    }
}

/// Publishes our voice.
pub(super) async fn publish(
    room: &Room,
    spec: AudioOutSpec,
) -> Result<(AudioSource, Voice), livekit::RoomError> {
    let waiting = usize::try_from(u64::from(spec.rate) * u64::from(spec.queue_ms) / 1_000);
    let waiting = waiting.unwrap_or(usize::MAX).max(spec.rate as usize / 50);
    let shared = Arc::new(Shared { outbox: Outbox::new(waiting).into(), ..Shared::default() });
    // Without a queue of its own: samples in it could be neither counted nor taken back exactly.
    let source = NativeAudioSource::new(AudioSourceOptions::default(), spec.rate, 1, 0);
    let track = LocalAudioTrack::create_audio_track("voice", RtcAudioSource::Native(source.clone()));
    let options = TrackPublishOptions { source: TrackSource::Microphone, ..TrackPublishOptions::default() };
    let local = room.local_participant();
    let publication = local.publish_track(LocalTrack::Audio(track.clone()), options).await?;
    let (commands, asked) = mpsc::channel(16);
    let pacer = tokio::spawn(pace(source, track, Arc::clone(&shared), asked)).abort_handle();
    let voice = Voice { shared: Arc::clone(&shared), pacer };
    Ok((AudioSource::new(publication.sid().into(), spec.rate, shared, commands), voice))
}

/// Hands the SDK 10 ms every 10 ms, until the source is dropped.
async fn pace(
    source: NativeAudioSource,
    track: LocalAudioTrack,
    shared: Arc<Shared>,
    mut commands: mpsc::Receiver<Command>,
) {
    let mut tick = tokio::time::interval(STEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut frame = SdkFrame::new(source.sample_rate(), 1, source.sample_rate() / 100);
    loop {
        tokio::select! {
            _ = tick.tick() => {
                // While muted, waiting audio keeps waiting.
                if track.is_muted() {
                    continue;
                }
                let taken = shared.outbox().take(frame.data.to_mut());
                if let Err(error) = source.capture_frame(&frame).await {
                    tracing::warn!(%error, "a piece of our voice was not taken");
                }
                if taken > 0 {
                    shared.moved.notify_waiters();
                }
            }
            command = commands.recv() => match command {
                // Sources send no other command.
                Some(command) => if let Command::Mute(_, muted) = command {
                    if muted { track.mute() } else { track.unmute() }
                } else if matches!(command, Command::Unpublish(_)) {
                    // From now on it is silent, until the voice is dropped.
                    return track.mute();
                },
                None => return,
            },
        }
    }
}

/// A subscribed track.
pub(super) struct Ear {
    track: RemoteAudioTrack,
    stream: NativeAudioStream,
    rate: u32,
    pcm: Vec<i16>,
}

impl Ear {
    /// Decodes to mono PCM of this many samples a second.
    pub fn new(track: RemoteAudioTrack, rate: u32) -> Result<Self, RoomError> {
        if ![8_000, 12_000, 16_000, 24_000, 48_000].contains(&rate) {
            return Err(RoomError::Refused(format!("Opus does not know {rate} Hz")));
        }
        let asked = rate.cast_signed();
        let options = NativeAudioStreamOptions { queue_size_frames: Some(MOST_PIECES) };
        let stream = NativeAudioStream::with_options(track.rtc_track(), asked, 1, options);
        Ok(Self { track, stream, rate, pcm: Vec::new() })
    }
}

#[async_trait]
impl AudioIn for Ear {
    async fn frame(&mut self) -> Option<AudioFrame> {
        let wanted = self.rate as usize / 50;
        while self.pcm.len() < wanted {
            let piece = std::future::poll_fn(|context| Pin::new(&mut self.stream).poll_next(context)).await?;
            self.pcm.extend_from_slice(&piece.data);
        }
        let rest = self.pcm.split_off(wanted);
        let samples = std::mem::replace(&mut self.pcm, rest);
        let sound = if self.track.is_muted() { Sound::Quiet } else { Sound::Heard };
        Some(AudioFrame { samples, rate: self.rate, sound })
    }
}
