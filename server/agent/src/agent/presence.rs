//! Who is in the room: whether the candidate is there, listens, and can be heard.

use std::time::Duration;

use protocol::signals::{CONTROL, Control};
use tokio::time::Instant;

use super::Agent;
use crate::room::{RoomEvent, TextMessage};
use crate::teller::RoomNotice;
use crate::turn::patience::PatienceFactor;

/// After somebody came, or their microphone was published, so long until they hear us.
const SETTLE: Duration = Duration::from_millis(250);
/// Without a microphone it is waited so long for one before speaking.
const NO_MICROPHONE: Duration = Duration::from_secs(2);
/// A control message is shorter, in bytes.
const LONGEST_CONTROL: usize = 1024;

/// See the module's description.
pub(super) struct Presence {
    here: bool,
    /// They have been there.
    came: bool,
    /// Since when they are there, or are not.
    since: Instant,
    /// Their track, and since when it is.
    track: Option<(String, Instant)>,
    muted: Option<Instant>,
}

impl Presence {
    /// Nobody is there.
    pub fn new(now: Instant) -> Self {
        Self { here: false, came: false, since: now, track: None, muted: None }
    }

    /// Whether the candidate is there.
    pub fn is_here(&self) -> bool {
        self.here
    }

    /// Whether the candidate has ever been there.
    pub fn came(&self) -> bool {
        self.came
    }

    /// How long the candidate has been away.
    pub fn gone_for(&self, now: Instant) -> Option<Duration> {
        (!self.here).then(|| now.saturating_duration_since(self.since))
    }

    /// How long their microphone has been off.
    pub fn muted_for(&self, now: Instant) -> Option<Duration> {
        self.muted.filter(|_| self.here).map(|since| now.saturating_duration_since(since))
    }

    /// The id of their track; empty without one.
    pub fn track(&self) -> &str {
        self.track.as_ref().map_or("", |(track, _)| track.as_str())
    }

    fn listens_at(&self) -> Option<Instant> {
        self.here.then(|| match &self.track {
            Some((_, since)) => *since + SETTLE,
            None => self.since + NO_MICROPHONE,
        })
    }

    /// Whether they hear what is said.
    pub fn listens(&self, now: Instant) -> bool {
        self.listens_at().is_some_and(|at| at <= now)
    }

    /// When they will.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        self.listens_at().filter(|at| *at > now)
    }
}

impl Agent {
    pub(super) async fn handle_room_event(&mut self, event: RoomEvent) {
        let now = Instant::now();
        let candidate = self.options.candidate.as_str();
        match event {
            RoomEvent::Joined(member) if member.identity == candidate => {
                (self.presence.here, self.presence.came, self.presence.since) = (true, true, now);
            }
            RoomEvent::Left { identity } if identity == candidate => self.left(now),
            RoomEvent::AudioPublished { identity, track, muted } if identity == candidate => {
                match self.parts.room.subscribe_audio(&track, speech::ports::HEARING_RATE).await {
                    Ok(audio) => {
                        self.hearing.subscribe(audio);
                        self.presence.track = Some((track, now));
                        self.presence.muted = muted.then_some(now);
                    }
                    Err(error) => tracing::warn!(%error, "the candidate's track cannot be had"),
                }
            }
            RoomEvent::AudioUnpublished { identity, track }
                if identity == candidate && self.presence.track() == track =>
            {
                self.hearing.unsubscribe();
                self.presence.track = None;
                self.floor.close(now);
            }
            RoomEvent::Muted { identity, track, muted }
                if identity == candidate && self.presence.track() == track =>
            {
                self.presence.muted = muted.then_some(now);
            }
            RoomEvent::Text(message) if message.from == candidate && message.topic == CONTROL => {
                self.control(&message, now);
            }
            RoomEvent::Joined(_)
            | RoomEvent::Left { .. }
            | RoomEvent::AudioPublished { .. }
            | RoomEvent::AudioUnpublished { .. }
            | RoomEvent::Muted { .. }
            | RoomEvent::Attributes { .. }
            | RoomEvent::Text(_)
            | RoomEvent::Reconnecting
            | RoomEvent::Reconnected
            | RoomEvent::Out(_) => {}
        }
    }

    /// They left: what they were saying counts, and what they did not hear is said again when they are back.
    fn left(&mut self, now: Instant) {
        self.presence = Presence { came: self.presence.came, ..Presence::new(now) };
        self.hearing.unsubscribe();
        self.floor.close(now);
        if let Some(heard) = self.mouth.drop_line() {
            self.teller.tell(RoomNotice::SaidAll);
            self.lines.say_again(heard.line);
        }
        self.floor.voice_ended(now);
    }

    fn control(&mut self, message: &TextMessage, now: Instant) {
        if message.text.len() > LONGEST_CONTROL {
            return;
        }
        let Ok(Control { mode, talk, speed, patience, typing }) = serde_json::from_str(&message.text) else {
            return;
        };
        if let Some(mode) = mode {
            self.floor.set_mode(mode, now);
        }
        if let Some(held) = talk {
            self.floor.set_key_held(held, now);
        }
        if let Some(speed) = speed.filter(|speed| speed.is_finite()) {
            self.speed = speed.clamp(0.8, 1.3) as f32;
        }
        if let Some(patience) = patience.and_then(PatienceFactor::of) {
            self.floor.habits().patience = patience;
        }
        if typing == Some(true) {
            self.activity(now);
        }
    }
}
