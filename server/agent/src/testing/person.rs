//! Somebody who speaks in a fake room, in time.

use std::sync::Arc;

use protocol::signals::{CONTROL, Control};
use tokio::sync::mpsc;
use tokio::time::{Duration, Instant, sleep_until};

use super::{FakeHearing, FakeRoom, NOISE};
use crate::room::{AudioFrame, FrameOrigin, LeaveReason, Member, RoomEvent, TextMessage};

const RATE: u32 = 16_000;
const FRAME: usize = RATE as usize / 50;
const FRAME_TIME: Duration = Duration::from_millis(20);

/// The candidate of a test. What they say takes as long as it would.
pub struct Person {
    identity: String,
    room: Arc<FakeRoom>,
    hearing: FakeHearing,
    frames: Option<mpsc::Sender<AudioFrame>>,
    tracks: u32,
    next: Instant,
}

impl Person {
    /// How long a word lasts, in milliseconds.
    pub const WORD_MS: u64 = 240;

    /// Somebody who is not there yet.
    pub fn new(identity: &str, room: &Arc<FakeRoom>, hearing: &FakeHearing) -> Self {
        Self {
            identity: identity.to_owned(),
            room: Arc::clone(room),
            hearing: hearing.clone(),
            frames: None,
            tracks: 0,
            next: Instant::now(),
        }
    }

    /// Comes, with a microphone.
    pub fn join(&mut self) {
        self.room.happen(RoomEvent::Joined(Member { identity: self.identity.clone(), ..Member::default() }));
        self.tracks += 1;
        let track = format!("track-{}", self.tracks);
        self.frames = Some(self.room.add_track(&track));
        self.room.happen(RoomEvent::AudioPublished { identity: self.identity.clone(), track, muted: false });
        self.next = Instant::now();
    }

    /// Leaves.
    pub fn leave(&mut self) {
        self.frames = None;
        self.room.happen(RoomEvent::Left { identity: self.identity.clone() });
    }

    /// The microphone is off, or on again.
    pub fn mute(&self, muted: bool) {
        let track = format!("track-{}", self.tracks);
        self.room.happen(RoomEvent::Muted { identity: self.identity.clone(), track, muted });
    }

    /// The room lets go of the agent.
    pub fn end_room(&self) {
        self.room.happen(RoomEvent::Out(LeaveReason::RoomClosed));
    }

    /// Tells the agent's client things.
    pub fn control(&self, control: Control) {
        let text = serde_json::to_string(&control).expect("a control is JSON");
        self.room.happen(RoomEvent::Text(TextMessage {
            from: self.identity.clone(),
            topic: CONTROL.to_owned(),
            text,
            ..TextMessage::default()
        }));
    }

    async fn frame(&mut self, samples: Vec<i16>) {
        // Whoever was busy elsewhere has not spoken meanwhile.
        self.next = self.next.max(Instant::now());
        sleep_until(self.next).await;
        self.next += FRAME_TIME;
        if let Some(frames) = &self.frames {
            // What the packet says can be told from it.
            let value = samples.first().copied().unwrap_or_default();
            let packets = vec![Arc::from(value.to_le_bytes())];
            let _gone =
                frames.send(AudioFrame { samples, rate: RATE, sound: FrameOrigin::Heard, packets }).await;
        }
    }

    async fn sound(&mut self, value: i16, lasts: Duration) {
        for _ in 0..lasts.as_millis().div_ceil(FRAME_TIME.as_millis()) {
            self.frame(vec![value; FRAME]).await;
        }
    }

    /// Is silent for so long.
    pub async fn quiet(&mut self, lasts: Duration) {
        self.sound(0, lasts).await;
    }

    /// Says this.
    pub async fn say(&mut self, text: &str) {
        for word in text.split_whitespace() {
            let value = self.hearing.learn(word);
            self.sound(value, Duration::from_millis(Self::WORD_MS)).await;
        }
    }

    /// Makes a noise that is not speech and sounds like it.
    pub async fn cough(&mut self, lasts: Duration) {
        self.sound(NOISE, lasts).await;
    }
}
