//! One room as a state machine driven by injected time: who is in it, what they publish, who gets what. It owns no
//! socket and never waits: every call brings the time, and [`SfuRoom::poll`] returns what to do.

mod admin;
mod data;
mod entry;
mod output;
mod participant;
mod quality;
mod requests;
mod speakers;
mod tracks;

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use livekit_protocol::participant_info::State;
use livekit_protocol::signal_response::Message;
use livekit_protocol::{
    self as proto, DisconnectReason, LeaveRequest, ParticipantUpdate, RoomUpdate, leave_request,
};

pub use admin::NewRoomSettings;
pub use entry::JoinError;
pub use output::{DataDelivery, ForwardedTrack, Output, Pid, RoomInstant, RoomLifecycleEvent};
pub use participant::Joining;
use participant::{Participant, ParticipantEntry};
pub(crate) use tracks::OfferedSection;

use crate::config::{RoomLimits, Waits};
use crate::ids::Ids;

/// Whoever leaves after waiting so long for media is worth a word.
const IN_VAIN: Duration = Duration::from_secs(5);

/// One room.
#[derive(Debug)]
pub struct SfuRoom {
    info: proto::Room,
    limits: RoomLimits,
    waits: Waits,
    ids: Ids,
    participants: BTreeMap<Pid, Participant>,
    told: BTreeMap<Pid, speakers::LastReportedLevel>,
    windows: speakers::LevelWindowTimer,
    next: u64,
    /// Since when nobody is in it.
    empty_since: Option<Instant>,
    left: bool,
    closed: bool,
    changed: bool,
    out: VecDeque<Output>,
}

impl SfuRoom {
    /// Opens a room that nobody is in yet.
    pub fn open(
        at: RoomInstant,
        name: &str,
        settings: NewRoomSettings,
        limits: RoomLimits,
        mut waits: Waits,
        mut ids: Ids,
    ) -> Self {
        waits.empty = settings.empty.unwrap_or(waits.empty);
        waits.departure = settings.departure.unwrap_or(waits.departure);
        let info = proto::Room {
            sid: ids.sid("RM_"),
            name: name.to_owned(),
            metadata: settings.metadata,
            max_participants: settings.max_participants,
            empty_timeout: u32::try_from(waits.empty.as_secs()).unwrap_or(u32::MAX),
            departure_timeout: u32::try_from(waits.departure.as_secs()).unwrap_or(u32::MAX),
            creation_time: at.unix_ms / 1000,
            creation_time_ms: at.unix_ms,
            enabled_codecs: vec![proto::Codec { mime: "audio/opus".into(), fmtp_line: String::new() }],
            ..proto::Room::default()
        };
        let mut room = Self {
            info,
            limits,
            waits,
            ids,
            participants: BTreeMap::new(),
            told: BTreeMap::new(),
            windows: speakers::LevelWindowTimer::default(),
            next: 1,
            empty_since: Some(at.now),
            left: false,
            closed: false,
            changed: false,
            out: VecDeque::new(),
        };
        room.event(RoomLifecycleEvent::RoomStarted(room.info()));
        room
    }

    /// The next output; `None` once there is none.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// A participant's signalling broke off without a leave; it may resume for a while.
    pub fn signal_lost(&mut self, at: RoomInstant, pid: Pid) {
        if let Some(participant) = self.participants.get_mut(&pid) {
            participant.silent_since.get_or_insert(at.now);
        }
    }

    /// A participant's media connected or was lost.
    pub fn media(&mut self, at: RoomInstant, pid: Pid, connected: bool) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        if !connected {
            participant.dark_since.get_or_insert(at.now);
            self.tell_quality(pid);
            return;
        }
        participant.joining_since = None;
        participant.dark_since = None;
        if participant.state == State::Joined {
            participant.state = State::Active;
            participant.version += 1;
            let info = participant.info();
            self.broadcast(pid, true);
            self.event(RoomLifecycleEvent::ParticipantJoined(self.info(), info));
        }
        self.tell_quality(pid);
    }

    /// Removes a participant for this reason.
    pub fn remove(&mut self, at: RoomInstant, pid: Pid, reason: DisconnectReason) {
        let again = matches!(reason, DisconnectReason::StateMismatch | DisconnectReason::MediaFailure);
        let action = if again { leave_request::Action::Reconnect } else { leave_request::Action::Disconnect };
        self.signal(
            pid,
            Message::Leave(LeaveRequest {
                can_reconnect: again,
                reason: reason.into(),
                action: action.into(),
                regions: None,
            }),
        );
        self.drop_participant(at, pid, reason);
    }

    fn drop_participant(&mut self, at: RoomInstant, pid: Pid, reason: DisconnectReason) {
        let tracks: Vec<String> = match self.participants.get(&pid) {
            Some(participant) => participant.tracks.keys().cloned().collect(),
            None => return,
        };
        tracks.iter().for_each(|track| self.unpublish(pid, track, false));
        let Some(mut participant) = self.participants.remove(&pid) else { return };
        self.told.remove(&pid);
        let joined = participant.state == State::Active;
        let waited = participant.joining_since.map(|since| at.now.saturating_duration_since(since));
        if let Some(waited) = waited.filter(|waited| *waited >= IN_VAIN) {
            tracing::warn!(
                waited_s = waited.as_secs(),
                "a participant left after no media came through: a network or a firewall lets none pass, or the addresses \
                 that clients are told cannot be reached from theirs"
            );
        }
        participant.state = State::Disconnected;
        participant.disconnect_reason = reason;
        participant.version += 1;
        self.out.push_back(Output::Hang(pid));
        self.out.push_back(Output::Gone(pid));
        if !participant.hidden() {
            let update = ParticipantUpdate { participants: vec![participant.info()] };
            self.tell_all(|_| true, Message::Update(update));
        }
        let event =
            if joined { RoomLifecycleEvent::ParticipantLeft } else { RoomLifecycleEvent::ParticipantAborted };
        self.event(event(self.info(), participant.info()));
        self.changed = true;
        if self.participants.is_empty() {
            self.left = true;
            self.empty_since = Some(at.now);
        }
    }

    /// Advances time: ends expired waits, reports who speaks.
    pub fn tick(&mut self, at: RoomInstant) {
        let over = |since: Option<Instant>, wait| since.is_some_and(|since| at.now >= since + wait);
        let late: Vec<(Pid, DisconnectReason)> = self
            .participants
            .iter()
            .filter_map(|(pid, participant)| {
                if over(participant.silent_since, self.waits.resume) {
                    Some((*pid, DisconnectReason::SignalClose))
                } else if over(participant.joining_since, self.waits.join) {
                    Some((*pid, DisconnectReason::JoinFailure))
                } else {
                    over(participant.dark_since, self.waits.media)
                        .then_some((*pid, DisconnectReason::MediaFailure))
                }
            })
            .collect();
        late.into_iter().for_each(|(pid, reason)| self.remove(at, pid, reason));
        if self.windows.ended(at.now) {
            self.tell_speakers(at.now);
        }
        if std::mem::take(&mut self.changed) {
            let update = RoomUpdate { room: Some(self.info()) };
            self.tell_all(|_| true, Message::RoomUpdate(update));
        }
        if over(self.empty_since, self.empty_wait()) {
            self.close(at, DisconnectReason::RoomClosed);
        }
    }

    fn empty_wait(&self) -> Duration {
        if self.left { self.waits.departure } else { self.waits.empty }
    }

    /// When to call [`Self::tick`] next.
    pub fn deadline(&self) -> Option<Instant> {
        let waits = self.participants.values().flat_map(|participant| {
            let silent = participant.silent_since.map(|since| since + self.waits.resume);
            let joining = participant.joining_since.map(|since| since + self.waits.join);
            let dark = participant.dark_since.map(|since| since + self.waits.media);
            silent.into_iter().chain(joining).chain(dark)
        });
        waits.chain(self.windows.end()).chain(self.empty_since.map(|since| since + self.empty_wait())).min()
    }

    /// Whether a tick is due although no time has passed.
    pub fn wants_tick(&self) -> bool {
        self.changed
    }

    /// Removes everybody and ends the room.
    pub fn close(&mut self, at: RoomInstant, reason: DisconnectReason) {
        if self.closed {
            return;
        }
        let everybody: Vec<Pid> = self.participants.keys().copied().collect();
        everybody.into_iter().for_each(|pid| self.remove(at, pid, reason));
        self.closed = true;
        self.event(RoomLifecycleEvent::RoomFinished(self.info()));
        self.out.push_back(Output::Closed);
    }

    /// Limits a participant's list to as many entries as there can be tracks.
    fn cap_list<T>(&self, list: impl IntoIterator<Item = T>) -> Vec<T> {
        list.into_iter().take(self.limits.participants * self.limits.tracks).collect()
    }

    /// The room as clients see it.
    pub fn info(&self) -> proto::Room {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let seen = self.participants.values().filter(|participant| !participant.hidden());
        proto::Room {
            num_participants: count(seen.clone().count()),
            num_publishers: count(
                seen.filter(|participant| participant.published().next().is_some()).count(),
            ),
            ..self.info.clone()
        }
    }

    /// The claims that a token of this participant would have now.
    pub(crate) fn claims(&self, pid: Pid) -> Option<livekit_token::Claims> {
        self.participants.get(&pid).map(Participant::claims)
    }

    fn find(&self, identity: &str) -> Option<ParticipantEntry<'_>> {
        self.participants.iter().find(|(_, p)| p.identity == identity).map(|(pid, p)| (*pid, p))
    }

    fn signal(&mut self, pid: Pid, message: Message) {
        self.out.push_back(Output::Signal(pid, message));
    }

    fn event(&mut self, event: RoomLifecycleEvent) {
        self.out.push_back(Output::Event(event));
    }

    fn tell_all(&mut self, whom: impl Fn(Pid) -> bool, message: Message) {
        for pid in self.participants.keys().copied().filter(|pid| whom(*pid)) {
            self.out.push_back(Output::Signal(pid, message.clone()));
        }
    }

    /// Sends a participant's state to the others unless it is hidden, and to itself if `itself` is set.
    fn broadcast(&mut self, pid: Pid, itself: bool) {
        let Some(participant) = self.participants.get(&pid) else { return };
        let hidden = participant.hidden();
        let update = ParticipantUpdate { participants: vec![participant.info()] };
        self.tell_all(|other| if other == pid { itself } else { !hidden }, Message::Update(update));
    }
}

#[cfg(test)]
mod tests;
