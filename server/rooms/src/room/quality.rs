//! A participant's connection quality, reported when it changes.

use livekit_protocol::signal_response::Message;
use livekit_protocol::{ConnectionQuality, ConnectionQualityInfo, ConnectionQualityUpdate};

use super::{Pid, SfuRoom};

/// A participant's packet loss, and the quality last reported.
#[derive(Debug, Default)]
pub(super) struct Quality {
    /// The share of packets lost, from the participant and to it, each smoothed over two reports.
    loss: [f32; 2],
    told: Option<ConnectionQuality>,
}

/// Up to this share of lost packets nothing is audible.
const EXCELLENT: f32 = 0.02;
/// Up to this share concealment suffices.
const GOOD: f32 = 0.10;

impl Quality {
    fn of(&self) -> (ConnectionQuality, f32) {
        let loss = self.loss[0].max(self.loss[1]);
        // Like a mean opinion score: 4.5 at best, 1.5 less for a tenth of the packets lost.
        let score = (4.5 - loss * 15.0).max(1.0);
        if loss <= EXCELLENT {
            (ConnectionQuality::Excellent, score)
        } else if loss <= GOOD {
            (ConnectionQuality::Good, score)
        } else {
            (ConnectionQuality::Poor, score)
        }
    }
}

impl SfuRoom {
    /// The share of packets lost lately from a participant (`inward`) or to it.
    pub(crate) fn loss(&mut self, pid: Pid, inward: bool, share: f32) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        let loss = &mut participant.quality.loss[usize::from(inward)];
        *loss = if share.is_finite() { (*loss + share.clamp(0.0, 1.0)) / 2.0 } else { *loss };
        self.tell_quality(pid);
    }

    /// Reports a participant's connection quality if it changed.
    pub(super) fn tell_quality(&mut self, pid: Pid) {
        let Some(participant) = self.participants.get_mut(&pid) else { return };
        let (quality, score) = if participant.dark_since.is_some() {
            (ConnectionQuality::Lost, 1.0)
        } else {
            participant.quality.of()
        };
        if participant.quality.told.replace(quality) == Some(quality) {
            return;
        }
        let info = ConnectionQualityInfo {
            participant_sid: participant.sid.clone(),
            quality: quality.into(),
            score,
        };
        let hidden = participant.hidden();
        let update = ConnectionQualityUpdate { updates: vec![info] };
        self.tell_all(|other| other == pid || !hidden, Message::ConnectionQuality(update));
    }
}
