//! Audio through the SDK: our own queue before its source, and 20 ms frames from its streams.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use agent::{AudioFrame, AudioIn, AudioOut, AudioOutSpec, ClearedAudio, FrameOrigin, Playout, RoomError};
use async_trait::async_trait;
use futures::Stream as _;
use livekit::options::TrackPublishOptions;
use livekit::prelude::{LocalAudioTrack, LocalTrack, RemoteAudioTrack, Room, RtcAudioSource, TrackSource};
use livekit::webrtc::audio_frame::AudioFrame as SdkFrame;
use livekit::webrtc::audio_source::AudioSourceOptions;
use livekit::webrtc::audio_source::native::NativeAudioSource;
use livekit::webrtc::audio_stream::native::{NativeAudioStream, NativeAudioStreamOptions};
use participant::{PcmQueue, QueueClosed};
use tokio::task::AbortHandle;
use tokio::time::MissedTickBehavior;

use crate::participant::{cleared, playout};

/// How much the SDK's source takes at once if it has no queue of its own.
const STEP: Duration = Duration::from_millis(10);
/// Pieces of 10 ms that may wait for the listener: 2 s. Then the oldest are dropped.
const MOST_PIECES: usize = 200;

/// Keeps our voice published. Dropping it ends it: from then on it is silent.
pub(super) struct SdkVoiceGuard {
    queue: Arc<PcmQueue>,
    pacer: AbortHandle,
}

impl Drop for SdkVoiceGuard {
    fn drop(&mut self) {
        self.pacer.abort();
        self.queue.close();
    }
}

/// What feeds our voice.
pub(super) struct SdkAudioOut {
    queue: Arc<PcmQueue>,
    rate: u32,
}

#[async_trait]
impl AudioOut for SdkAudioOut {
    fn rate(&self) -> u32 {
        self.rate
    }

    async fn write(&self, samples: &[i16]) -> Result<(), RoomError> {
        let put = self.queue.put(samples, || {}).await;
        put.map_err(|QueueClosed| RoomError::Refused("the track is not published any more".to_owned()))
    }

    fn clear(&self) -> ClearedAudio {
        cleared(self.queue.clear())
    }

    fn playout(&self) -> Playout {
        playout(self.queue.account())
    }

    async fn drained(&self) {
        if self.queue.drained().await {
            tokio::time::sleep(STEP).await;
        }
    }
}

/// Publishes our voice.
pub(super) async fn publish(
    room: &Room,
    spec: AudioOutSpec,
) -> Result<(SdkAudioOut, SdkVoiceGuard), livekit::RoomError> {
    let queue = Arc::new(PcmQueue::new(spec.rate, spec.queue_ms));
    // Without a queue of its own: samples in it could be neither counted nor taken back exactly.
    let source = NativeAudioSource::new(AudioSourceOptions::default(), spec.rate, 1, 0);
    let track = LocalAudioTrack::create_audio_track("voice", RtcAudioSource::Native(source.clone()));
    let options = TrackPublishOptions { source: TrackSource::Microphone, ..TrackPublishOptions::default() };
    room.local_participant().publish_track(LocalTrack::Audio(track.clone()), options).await?;
    let pacer = tokio::spawn(pace(source, track, Arc::clone(&queue))).abort_handle();
    Ok((SdkAudioOut { queue: Arc::clone(&queue), rate: spec.rate }, SdkVoiceGuard { queue, pacer }))
}

/// Hands the SDK 10 ms every 10 ms.
async fn pace(source: NativeAudioSource, track: LocalAudioTrack, queue: Arc<PcmQueue>) {
    let mut tick = tokio::time::interval(STEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut frame = SdkFrame::new(source.sample_rate(), 1, source.sample_rate() / 100);
    loop {
        tick.tick().await;
        // While muted, waiting audio keeps waiting.
        if track.is_muted() {
            continue;
        }
        let taken = queue.take(frame.data.to_mut());
        if let Err(error) = source.capture_frame(&frame).await {
            tracing::warn!(%error, "a piece of our voice was not taken");
        }
        if taken > 0 {
            queue.taken();
        }
    }
}

/// A subscribed track.
pub(super) struct SdkAudioIn {
    track: RemoteAudioTrack,
    stream: NativeAudioStream,
    rate: u32,
    pcm: Vec<i16>,
}

impl SdkAudioIn {
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
impl AudioIn for SdkAudioIn {
    async fn frame(&mut self) -> Option<AudioFrame> {
        let wanted = self.rate as usize / 50;
        while self.pcm.len() < wanted {
            let piece = std::future::poll_fn(|context| Pin::new(&mut self.stream).poll_next(context)).await?;
            self.pcm.extend_from_slice(&piece.data);
        }
        let rest = self.pcm.split_off(wanted);
        let samples = std::mem::replace(&mut self.pcm, rest);
        let sound = if self.track.is_muted() { FrameOrigin::Quiet } else { FrameOrigin::Heard };
        // The SDK decodes by itself.
        Some(AudioFrame { samples, rate: self.rate, sound, packets: Vec::new() })
    }
}
