//! The second connection of older clients: the server makes its offers, and it carries everybody's tracks and data to
//! the client.

use std::collections::BTreeMap;

use livekit_protocol::SessionDescription;
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::channel::{ChannelConfig, Reliability};
use str0m::media::{Direction, MediaKind, Mid};

use super::link::{LOSSY, PeerLink, RELIABLE};
use crate::room::ForwardedTrack;

/// The outward connection.
#[derive(Debug)]
pub(super) struct OutwardConnection {
    pub link: PeerLink,
    wanted: BTreeMap<String, ForwardedTrack>,
    sections: BTreeMap<String, Mid>,
    /// The offer that awaits its answer, with the tracks that start with it.
    pending: Option<(SdpPendingOffer, Vec<(String, Mid)>)>,
    number: u32,
    /// Whether the next offer restarts ICE.
    restart: bool,
    /// Something may have changed since the last offer.
    stale: bool,
}

impl OutwardConnection {
    pub fn new(link: PeerLink) -> Self {
        let (wanted, sections) = (BTreeMap::new(), BTreeMap::new());
        Self { link, wanted, sections, pending: None, number: 0, restart: false, stale: true }
    }

    pub fn want(&mut self, wire: ForwardedTrack) {
        self.wanted.insert(wire.track.clone(), wire);
        self.stale = true;
    }

    pub fn unwant(&mut self, track: &str) {
        self.wanted.remove(track);
        self.stale = true;
    }

    /// A pending answer will not come; the next offer restarts ICE.
    pub fn restart(&mut self) {
        if let Some((_, begun)) = self.pending.take() {
            self.sections.retain(|track, _| !begun.iter().any(|(begun, _)| begun == track));
        }
        self.restart = self.number > 0;
        self.stale = true;
    }

    /// The next offer, if one is needed and none is pending.
    pub fn offer(&mut self) -> Option<SessionDescription> {
        if self.pending.is_some() || !std::mem::take(&mut self.stale) {
            return None;
        }
        let mut api = self.link.rtc.sdp_api();
        if self.number == 0 {
            let config = |label: &str, ordered, reliability| ChannelConfig {
                label: label.to_owned(),
                ordered,
                reliability,
                ..ChannelConfig::default()
            };
            api.add_channel_with_config(config(RELIABLE, true, Reliability::Reliable));
            api.add_channel_with_config(config(LOSSY, false, Reliability::MaxRetransmits { retransmits: 0 }));
        }
        if std::mem::take(&mut self.restart) {
            api.ice_restart(true);
        }
        let mut begun = Vec::new();
        for wire in self.wanted.values().filter(|wire| !self.sections.contains_key(&wire.track)) {
            let (stream, track) = (Some(wire.stream.clone()), Some(wire.track.clone()));
            let mid = api.add_media(MediaKind::Audio, Direction::SendOnly, stream, track, None);
            begun.push((wire.track.clone(), mid));
        }
        let ended: Vec<String> =
            self.sections.keys().filter(|track| !self.wanted.contains_key(*track)).cloned().collect();
        for track in ended {
            if let Some(mid) = self.sections.remove(&track) {
                api.stop_media(mid);
            }
        }
        self.sections.extend(begun.iter().cloned());
        let (offer, pending) = api.apply()?;
        self.pending = Some((pending, begun));
        self.number += 1;
        Some(SessionDescription {
            r#type: "offer".into(),
            sdp: offer.to_sdp_string(),
            id: self.number,
            mid_to_track_id: self
                .sections
                .iter()
                .map(|(track, mid)| (mid.to_string(), track.clone()))
                .collect(),
        })
    }

    /// Applies the answer. Returns the tracks that can flow now.
    pub fn answer(&mut self, answer: &SessionDescription) -> Result<Vec<(String, Mid)>, String> {
        // An answer to an earlier offer is ignored.
        if answer.id != 0 && answer.id != self.number {
            return Ok(Vec::new());
        }
        let Some((pending, begun)) = self.pending.take() else { return Ok(Vec::new()) };
        let answer = SdpAnswer::from_sdp_string(&answer.sdp).map_err(|error| error.to_string())?;
        self.link.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string())?;
        Ok(begun.into_iter().filter(|(track, _)| self.wanted.contains_key(track)).collect())
    }
}
