//! Tokens come in addresses and headers, and go into no log: at the loudest level, in both formats.

use std::fs::{self, File};

use serde_json::json;

use super::{Guest, Voice, interviewer};
use crate::house::{Program, SECRET, client, site};
use participant::{RoomHandle, RoomOptions};
use server::livekit::keys::Keys;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_log_holds_a_token() {
    for format in ["human", "json"] {
        let (dir, site) = (tempfile::tempdir().unwrap(), site());
        let (data, log) = (dir.path().join("data"), dir.path().join("log"));
        let mut command =
            Program::command(&["--port", "0", "--log", "trace,server=trace", "--log-format", format]);
        command.arg("--data").arg(&data).arg("--site").arg(site.path()).stderr(File::create(&log).unwrap());
        command.env("INTERVIEWOS_INGEST_SECRET", SECRET);
        let program = tokio::task::spawn_blocking(move || Program::begin(command)).await.unwrap();
        let (client, base) = (client(), &program.base);
        let (voice, session) = Voice::of_new_session(&client, base).await;
        let keys = Keys::load_or_create(&data).unwrap();
        let agents = interviewer(&keys, &voice.room);

        // Joined by the newer way, with the token in a header, and by the older.
        let mut candidate = voice.join().await;
        let options = RoomOptions { dual_peer_connections: true, ..RoomOptions::default() };
        let (room, events) = RoomHandle::connect(&voice.url, &agents, options).await.unwrap();
        let interviewer = Guest { room, events };
        let _source = interviewer.speak(440.0).await;
        assert!(candidate.hears(440.0).await >= 0.6);
        // As browsers send it, well and badly; and to the server API.
        let forged = format!("{}x", voice.token);
        for token in [voice.token.as_str(), &forged, "nonsense-of-a-token"] {
            for path in ["/rtc", "/rtc/validate", "/rtc/v1", "/rtc/v1/validate", "/rtc/nowhere"] {
                client.get(format!("{base}{path}?access_token={token}")).send().await.unwrap();
            }
            let api = client.post(format!("{base}/twirp/livekit.RoomService/ListRooms"));
            api.bearer_auth(token).json(&json!({})).send().await.unwrap();
        }
        candidate.room.close().await;
        interviewer.room.close().await;
        drop(program);

        let log = fs::read_to_string(log).unwrap();
        let mut private =
            vec![keys.secret.expose().to_owned(), SECRET.to_owned(), "nonsense-of-a-token".to_owned()];
        // Header, claims and signature each by itself; the header is that of every token.
        private.extend(
            [&voice.token, &agents].into_iter().flat_map(|token| token.split('.').map(str::to_owned)),
        );
        for private in private {
            let line = log.lines().find(|line| line.contains(&private));
            assert!(line.is_none() && private.len() > 15, "{format}: {private}: {line:?}");
        }
        for public in ["/rtc/v1", "/rtc/validate", "/twirp/livekit.RoomService/{method}", &session, "101"] {
            assert!(log.contains(public), "it was not silence that kept it: {public}: {log}");
        }
    }
}
