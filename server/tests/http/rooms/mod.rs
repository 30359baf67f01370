//! Rooms for voice: in the server itself, or on a LiveKit server elsewhere.

mod elsewhere;
mod embedded;
mod logs;

use livekit_api::access_token::{AccessToken, VideoGrants};
use participant::{AudioSource, RoomClientEvent, RoomHandle, RoomOptions, VoiceOptions};
use patience::soon;
use reqwest::{Client, StatusCode};
use serde_json::Value;
use server::livekit::keys::Keys;
use tokio::sync::mpsc;

use crate::house::{SECRET, answer, someone};

/// Samples a second of the tones.
const RATE: u32 = 16_000;

/// What the engine API says of how to join.
#[derive(Debug)]
struct Voice {
    url: String,
    token: String,
    room: String,
    identity: String,
}

impl Voice {
    /// For the candidate of a session of its own, on the server at this address.
    async fn of_new_session(client: &Client, base: &str) -> (Self, String) {
        let made = client.post(format!("{base}/engine/sessions/")).header("x-ingest-secret", SECRET);
        let (_, made) = answer(made.json(&someone())).await;
        let session = made["session_id"].as_str().unwrap().to_owned();
        (Self::of(client, base, &session).await, session)
    }

    async fn of(client: &Client, base: &str, session: &str) -> Self {
        let (status, said) = asked(client, base, session).await;
        assert_eq!(status, StatusCode::CREATED, "{said}");
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        assert_eq!(said.as_object().unwrap().len(), 4, "{said}");
        Self {
            url: text("server_url"),
            token: text("participant_token"),
            room: text("room_name"),
            identity: text("participant_identity"),
        }
    }

    async fn join(&self) -> Guest {
        Guest::join(&self.url, &self.token).await
    }
}

/// What is answered to whoever asks for the voice of a session.
async fn asked(client: &Client, base: &str, session: &str) -> (StatusCode, Value) {
    let request = client.post(format!("{base}/engine/sessions/{session}/voice/"));
    answer(request.header("x-ingest-secret", SECRET)).await
}

/// A token for an interviewer in this room.
fn interviewer(keys: &Keys, room: &str) -> String {
    let grants =
        VideoGrants { room_join: true, room: room.to_owned(), agent: true, ..VideoGrants::default() };
    let token = AccessToken::with_api_key(&keys.key, keys.secret.expose()).with_identity("interviewer");
    token.with_kind("agent").with_grants(grants).to_jwt().unwrap()
}

/// Somebody in a room, and what happens there.
struct Guest {
    room: RoomHandle,
    events: mpsc::Receiver<RoomClientEvent>,
}

impl Guest {
    async fn join(url: &str, token: &str) -> Self {
        let (room, events) = RoomHandle::connect(url, token, RoomOptions::default()).await.unwrap();
        Self { room, events }
    }

    /// The next event of a kind, over others.
    async fn wait<T>(&mut self, what: &str, pick: impl Fn(RoomClientEvent) -> Option<T>) -> T {
        let search = async {
            loop {
                let event = self.events.recv().await.unwrap_or_else(|| panic!("it is over: no {what}"));
                if let Some(found) = pick(event) {
                    return found;
                }
            }
        };
        soon(what, search).await
    }

    /// Speaks three seconds of a tone.
    async fn speak(&self, hz: f64) -> AudioSource {
        let options = VoiceOptions { rate: RATE, ..VoiceOptions::default() };
        let source = self.room.local_participant().publish_audio("voice", options, 4_000).await.unwrap();
        let step = std::f64::consts::TAU * hz / f64::from(RATE);
        let tone: Vec<i16> = (0..3 * RATE).map(|n| ((f64::from(n) * step).sin() * 8_000.0) as i16).collect();
        source.capture_frame(&tone).await.unwrap();
        source
    }

    /// Listens to the next track for a second of sound: in which share of its tenths the tone is this one, 0 to 1.
    async fn hears(&mut self, hz: f64) -> f64 {
        let pick =
            |event| if let RoomClientEvent::TrackSubscribed(_, track) = event { Some(track) } else { None };
        let track = self.wait("track", pick).await;
        let mut stream = self.room.audio_stream(&track, RATE).await.unwrap();
        let listen = async {
            let mut heard: Vec<f64> = Vec::new();
            while heard.len() < RATE as usize {
                let frame = stream.next().await.expect("the track goes on");
                let loud = frame.samples.iter().any(|sample| sample.unsigned_abs() > 2_000);
                heard.extend(frame.samples.iter().filter(|_| loud).map(|&sample| f64::from(sample)));
            }
            heard
        };
        let heard = soon("sound", listen).await;
        let tenths: Vec<_> = heard.chunks_exact(RATE as usize / 10).collect();
        tenths.iter().filter(|tenth| purity(tenth, hz) > 0.7).count() as f64 / tenths.len() as f64
    }
}

/// How much of the energy is at this frequency, 0 to 1 (Goertzel).
fn purity(pcm: &[f64], hz: f64) -> f64 {
    let w = std::f64::consts::TAU * hz / f64::from(RATE);
    let (s1, s2) = pcm.iter().fold((0.0, 0.0), |(s1, s2), s| (s + 2.0 * w.cos() * s1 - s2, s1));
    let power: f64 = s1 * s1 + s2 * s2 - 2.0 * w.cos() * s1 * s2;
    2.0 * power / (pcm.iter().map(|s| s * s).sum::<f64>() * pcm.len() as f64)
}
