//! A room that a test holds in its hand: it says what happens, gives audio, and sees what the agent did.
//!
//! It plays on tokio's clock, so that under paused time the account of what was heard is exact.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc};
use tokio::time::{Duration, Instant};

use super::locked;
use crate::room::{
    AudioFrame, AudioIn, AudioOut, AudioOutSpec, ClearedAudio, LeaveReason, Playout, Room, RoomError,
    RoomEvent, TextOptions, TextOut,
};

/// Events, and frames of one track, that may wait in a fake.
const QUEUE: usize = 4096;

/// A text that the agent sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentText {
    /// How it was opened.
    pub options: TextOptions,
    /// Its pieces, as they came.
    pub pieces: Vec<String>,
    /// The attributes of its end; `None` while it is open.
    pub closed: Option<BTreeMap<String, String>>,
}

#[derive(Default)]
struct Seen {
    attributes: BTreeMap<String, String>,
    texts: Vec<SentText>,
    voice: Option<Arc<FakeVoice>>,
    gone: bool,
}

/// A [`Room`] for tests.
pub struct FakeRoom {
    identity: String,
    events: mpsc::Sender<RoomEvent>,
    inbox: AsyncMutex<mpsc::Receiver<RoomEvent>>,
    tracks: Mutex<BTreeMap<String, FakeEar>>,
    seen: Arc<Mutex<Seen>>,
}

impl FakeRoom {
    /// A room in which the agent is called `identity` and nothing has happened yet.
    pub fn new(identity: &str) -> Arc<Self> {
        let (events, inbox) = mpsc::channel(QUEUE);
        Arc::new(Self {
            identity: identity.to_owned(),
            events,
            inbox: AsyncMutex::new(inbox),
            tracks: Mutex::default(),
            seen: Arc::default(),
        })
    }

    /// Lets something happen. Panics when thousands of events wait unread.
    pub fn happen(&self, event: RoomEvent) {
        self.events.try_send(event).expect("a test reads the events it makes");
    }

    /// A track that can be subscribed to, once, which gives what is sent to the returned end, unchanged, until that
    /// is dropped.
    pub fn add_track(&self, track: &str) -> mpsc::Sender<AudioFrame> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        locked(&self.tracks).insert(track.to_owned(), FakeEar { receiver });
        sender
    }

    /// The attributes that the agent has set.
    pub fn attributes(&self) -> BTreeMap<String, String> {
        locked(&self.seen).attributes.clone()
    }

    /// The texts that the agent sent, in the order in which they were opened.
    pub fn texts(&self) -> Vec<SentText> {
        locked(&self.seen).texts.clone()
    }

    /// How many texts the agent has opened.
    pub fn sent(&self) -> usize {
        locked(&self.seen).texts.len()
    }

    /// The agent's voice, once published.
    pub fn voice(&self) -> Option<Arc<FakeVoice>> {
        locked(&self.seen).voice.clone()
    }

    fn alive(&self) -> Result<MutexGuard<'_, Seen>, RoomError> {
        let seen = locked(&self.seen);
        if seen.gone { Err(RoomError::Gone) } else { Ok(seen) }
    }
}

#[async_trait]
impl Room for FakeRoom {
    fn identity(&self) -> String {
        self.identity.clone()
    }

    async fn next_event(&self) -> Option<RoomEvent> {
        let mut inbox = self.inbox.lock().await;
        let event = inbox.recv().await;
        if let Some(RoomEvent::Out(_)) = event {
            locked(&self.seen).gone = true;
            inbox.close();
        }
        event
    }

    async fn publish_audio(&self, spec: AudioOutSpec) -> Result<Arc<dyn AudioOut>, RoomError> {
        let mut seen = self.alive()?;
        if seen.voice.is_some() {
            return Err(RoomError::Refused("audio is published already".to_owned()));
        }
        let voice = Arc::new(FakeVoice::new(spec));
        seen.voice = Some(Arc::clone(&voice));
        Ok(voice)
    }

    async fn subscribe_audio(&self, track: &str, _rate: u32) -> Result<Box<dyn AudioIn>, RoomError> {
        drop(self.alive()?);
        let ear = locked(&self.tracks).remove(track);
        ear.map(|ear| Box::new(ear) as Box<dyn AudioIn>)
            .ok_or_else(|| RoomError::Refused("there is no such track".to_owned()))
    }

    async fn open_text(&self, options: TextOptions) -> Result<Box<dyn TextOut>, RoomError> {
        let mut seen = self.alive()?;
        seen.texts.push(SentText { options, ..SentText::default() });
        Ok(Box::new(FakeText { seen: Arc::clone(&self.seen), at: seen.texts.len() - 1 }))
    }

    async fn set_attributes(&self, attributes: BTreeMap<String, String>) -> Result<(), RoomError> {
        let mut seen = self.alive()?;
        for (name, value) in attributes {
            if value.is_empty() {
                seen.attributes.remove(&name);
            } else {
                seen.attributes.insert(name, value);
            }
        }
        Ok(())
    }

    async fn leave(&self) {
        let already = std::mem::replace(&mut locked(&self.seen).gone, true);
        if !already {
            locked(&self.tracks).clear();
            self.happen(RoomEvent::Out(LeaveReason::Ours));
        }
    }
}

struct FakeEar {
    receiver: mpsc::Receiver<AudioFrame>,
}

#[async_trait]
impl AudioIn for FakeEar {
    async fn frame(&mut self) -> Option<AudioFrame> {
        self.receiver.recv().await
    }
}

struct FakeText {
    seen: Arc<Mutex<Seen>>,
    at: usize,
}

#[async_trait]
impl TextOut for FakeText {
    async fn write(&mut self, text: &str) -> Result<(), RoomError> {
        locked(&self.seen).texts[self.at].pieces.push(text.to_owned());
        Ok(())
    }

    async fn close(self: Box<Self>, attributes: BTreeMap<String, String>) -> Result<(), RoomError> {
        locked(&self.seen).texts[self.at].closed = Some(attributes);
        Ok(())
    }
}

struct Played {
    samples: Vec<i16>,
    dropped: u64,
    /// When the last of `samples` will have been played.
    ends: Instant,
}

/// What the agent said, and how much of it was heard by now.
pub struct FakeVoice {
    spec: AudioOutSpec,
    played: Mutex<Played>,
    cleared: Notify,
}

impl FakeVoice {
    fn new(spec: AudioOutSpec) -> Self {
        let played = Played { samples: Vec::new(), dropped: 0, ends: Instant::now() };
        Self { spec, played: Mutex::new(played), cleared: Notify::new() }
    }

    /// The samples that listeners have heard by now.
    pub fn heard(&self) -> Vec<i16> {
        let played = locked(&self.played);
        let waiting = self.waiting(&played);
        played.samples[..played.samples.len() - waiting].to_vec()
    }

    fn waiting(&self, played: &Played) -> usize {
        let left = played.ends.saturating_duration_since(Instant::now());
        let samples = left.as_nanos() * u128::from(self.spec.rate) / 1_000_000_000;
        usize::try_from(samples).map_or(played.samples.len(), |samples| samples.min(played.samples.len()))
    }

    fn lasts(&self, samples: usize) -> Duration {
        Duration::from_nanos(samples as u64 * 1_000_000_000 / u64::from(self.spec.rate))
    }
}

#[async_trait]
impl AudioOut for FakeVoice {
    fn rate(&self) -> u32 {
        self.spec.rate
    }

    async fn write(&self, samples: &[i16]) -> Result<(), RoomError> {
        let full = Duration::from_millis(u64::from(self.spec.queue_ms));
        loop {
            let ends = locked(&self.played).ends;
            let left = ends.saturating_duration_since(Instant::now());
            if left <= full {
                break;
            }
            tokio::select! {
                () = tokio::time::sleep(left - full) => {}
                () = self.cleared.notified() => {}
            }
        }
        let mut played = locked(&self.played);
        played.samples.extend_from_slice(samples);
        played.ends = played.ends.max(Instant::now()) + self.lasts(samples.len());
        Ok(())
    }

    fn clear(&self) -> ClearedAudio {
        let mut played = locked(&self.played);
        let waiting = self.waiting(&played);
        let heard = played.samples.len() - waiting;
        played.samples.truncate(heard);
        played.dropped += waiting as u64;
        played.ends = Instant::now();
        self.cleared.notify_waiters();
        ClearedAudio { played: heard as u64, dropped: waiting as u64 }
    }

    fn playout(&self) -> Playout {
        let played = locked(&self.played);
        let waiting = self.waiting(&played) as u64;
        let kept = played.samples.len() as u64;
        let dropped = played.dropped;
        Playout { written: kept + dropped, played: kept - waiting, waiting, dropped }
    }

    async fn drained(&self) {
        loop {
            let ends = locked(&self.played).ends;
            if ends <= Instant::now() {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep_until(ends) => {}
                () = self.cleared.notified() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::Member;

    #[tokio::test(start_paused = true)]
    async fn what_was_heard_is_exact_after_an_interruption() {
        let room = FakeRoom::new("agent");
        let spec = AudioOutSpec { rate: 16_000, queue_ms: 1_000 };
        let out = room.publish_audio(spec).await.unwrap();
        out.write(&vec![7; 16_000]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        assert_eq!(out.playout(), Playout { written: 16_000, played: 4_000, waiting: 12_000, dropped: 0 });
        assert_eq!(out.clear(), ClearedAudio { played: 4_000, dropped: 12_000 });
        out.drained().await;
        assert_eq!(room.voice().unwrap().heard().len(), 4_000);
        assert!(room.publish_audio(spec).await.is_err(), "one voice a room");
    }

    #[tokio::test(start_paused = true)]
    async fn writing_waits_for_the_queue_and_drained_for_the_end() {
        let room = FakeRoom::new("agent");
        let out = room.publish_audio(AudioOutSpec { rate: 8_000, queue_ms: 100 }).await.unwrap();
        let start = Instant::now();
        for _ in 0..3 {
            out.write(&[1; 1_600]).await.unwrap();
        }
        assert_eq!(start.elapsed().as_millis(), 300);
        out.drained().await;
        assert_eq!(start.elapsed().as_millis(), 600);
    }

    #[tokio::test]
    async fn events_texts_and_attributes_are_seen_until_it_leaves() {
        let room = FakeRoom::new("agent");
        room.happen(RoomEvent::Joined(Member { identity: "ada".to_owned(), ..Member::default() }));
        assert!(matches!(room.next_event().await, Some(RoomEvent::Joined(_))));
        let mut text = room.open_text(TextOptions::default()).await.unwrap();
        text.write("Hel").await.unwrap();
        text.write("lo").await.unwrap();
        text.close(BTreeMap::new()).await.unwrap();
        assert_eq!(room.texts()[0].pieces, ["Hel", "lo"]);
        let state = |value: &str| BTreeMap::from([("lk.agent.state".to_owned(), value.to_owned())]);
        room.set_attributes(state("speaking")).await.unwrap();
        assert_eq!(room.attributes(), state("speaking"));
        room.set_attributes(state("")).await.unwrap();
        assert!(room.attributes().is_empty());
        room.leave().await;
        assert_eq!(room.next_event().await, Some(RoomEvent::Out(LeaveReason::Ours)));
        assert_eq!(room.next_event().await, None);
        assert_eq!(room.set_attributes(state("idle")).await, Err(RoomError::Gone));
    }
}
