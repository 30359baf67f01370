//! Our participant in one room with both SDKs: each plays a tone and is measured at each other, while ours loses its
//! signalling, its stay, and datagrams.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use participant::testing::Weather;
use participant::{AudioSource, AudioStream, FileInfo, RoomClientEvent, RoomOptions};
use patience::PATIENCE;
use serde_json::json;
use tokio::time::Instant;

use crate::guest::{Guest, Sound, both_sdks};
use crate::support::{Joined, Proxy, Server, join, listen, say, tone};

const OURS: f64 = 440.0;
/// The share of a tone that may be missing on a good network, and while ICE starts over: until a new path is agreed on,
/// some tenths of a second are guessed.
const FAIR: f64 = 0.03;
const RESUMED: f64 = 0.25;
/// How much of a tone is clear at ours, at least. That is little on purpose: a browser, a Python and a server on one
/// machine do not wait for each other, and a tone that its own player broke is no fault of who hears it. Here it only has
/// to be theirs; how well is measured between two of ours, in `audio` and `network`.
const CLEAR: f64 = 0.4;
/// Frames that may be missing because a guest stood still where nobody here noticed: a fifth of a second.
const UNNOTICED: usize = 10;
/// How often all listen to all until it is well. What a busy machine spoils is spoiled once; what is wrong is wrong each
/// time.
const SPELLS: usize = 4;
/// How often each sends what may be lost.
const UNRELIABLE: usize = 10;

/// Everybody who is there, and how ours hears the others.
struct Company {
    ours: Joined,
    voice: Arc<AudioSource>,
    guests: [Guest; 2],
    ears: [AudioStream; 2],
}

/// What is wrong with a tone that was heard: another tone, too soft or too loud, or more than this share of it missing.
fn wrong(what: &str, sound: &Sound, hz: f64, missing: f64, stalls: usize) -> Option<String> {
    say(&format!("    {what}: {sound:?}"));
    // As much again each time that the machine stood still.
    let most = missing * sound.of as f64 + (UNNOTICED * (1 + stalls)) as f64;
    let well =
        (sound.hz - hz).abs() <= 10.0 && sound.rms > 0.05 && sound.rms < 0.3 && sound.silent as f64 <= most;
    (!well).then(|| format!("{what}: {sound:?} instead of {hz} Hz, {stalls} stalls"))
}

impl Company {
    async fn of(
        server: &Server,
        url: &str,
        weather: &Arc<Weather>,
        (python, modules): (String, String),
    ) -> Self {
        let direct = server.url();
        let options = RoomOptions { weather: Some(Arc::clone(weather)), ..RoomOptions::default() };
        let (ours, python, browser) = tokio::join!(
            join(url, "agent", options),
            Guest::python(&python, &direct, 620.0),
            Guest::browser(&modules, &direct, 900.0)
        );
        let voice = ours.speak(24_000, false).await;
        let feeder = Arc::clone(&voice);
        // For as long as it is taken.
        tokio::spawn(async move { while feeder.capture_frame(&tone(OURS, 24_000, 1.0)).await.is_ok() {} });
        let ears = [ours.hear_of("python", "", 48_000).await, ours.hear_of("browser", "", 48_000).await];
        Self { ours, voice, guests: [python, browser], ears }
    }

    /// All listen to all others for some seconds, until it is well. `missing`: the share that may be silent.
    async fn all_hear_all(&mut self, when: &str, seconds: f64, old: &str, missing: f64) {
        let mut faults = Vec::new();
        for _ in 0..SPELLS {
            faults = self.spell(when, seconds, old, missing).await;
            if faults.is_empty() {
                return;
            }
        }
        panic!("{when}, {SPELLS} times: {faults:#?}");
    }

    /// All listen to all others for some seconds: what is wrong then.
    async fn spell(&mut self, when: &str, seconds: f64, old: &str, missing: f64) -> Vec<String> {
        let frames = (seconds * 50.0) as usize;
        let [python, browser] = &mut self.guests;
        let [of_python, of_browser] = &mut self.ears;
        let (at_python, at_browser, from_python, from_browser) = tokio::join!(
            python.hear(&["agent", "browser"], seconds, old),
            browser.hear(&["agent", "python"], seconds, old),
            listen(of_python, 620.0, 48_000, frames),
            listen(of_browser, 900.0, 48_000, frames),
        );
        say(&format!("{when}:"));
        let stalls = from_python.stalls;
        let mut faults: Vec<String> = [
            wrong("ours at python", &at_python[0], OURS, missing, stalls),
            wrong("ours at browser", &at_browser[0], OURS, missing, stalls),
            wrong("browser at python", &at_python[1], 900.0, missing, stalls),
            wrong("python at browser", &at_browser[1], 620.0, missing, stalls),
        ]
        .into_iter()
        .flatten()
        .collect();
        for (what, heard) in [("python at ours", from_python), ("browser at ours", from_browser)] {
            say(&format!("    {what}: {heard:?}"));
            let silent = (missing * heard.frames as f64) as usize + UNNOTICED * (1 + heard.stalls);
            if heard.clear < CLEAR || heard.silent > silent {
                faults.push(format!("{what}: {heard:?}"));
            }
        }
        faults
    }

    /// Texts, messages, files, calls and attributes, from each to each.
    async fn all_talk_to_all(&mut self) {
        let local = self.ours.room.local_participant().clone();
        local
            .register_rpc_method("greet", |call| async move {
                Ok(format!("hello {}, {}", call.caller, call.payload))
            })
            .await
            .unwrap();
        let file: Vec<u8> = (0..200_000_u32).map(|n| (n % 251) as u8).collect();
        let sum = file.iter().fold(0_u32, |sum, byte| (sum + u32::from(*byte)) % 65_521);
        let names = ["agent", "python", "browser"];
        let state = |value: &str| BTreeMap::from([("lk.agent.state".to_owned(), value.to_owned())]);

        local.send_text("chat", "grüezi").await.unwrap();
        local.publish_data(b"sure".to_vec(), "note", true, Vec::new()).await.unwrap();
        local.set_attributes(state("speaking")).await.unwrap();
        let (name, length) = (FileInfo { name: "cv".to_owned(), ..FileInfo::default() }, Some(200_000));
        let mut writer =
            local.stream_bytes("files", BTreeMap::new(), Vec::new(), name, length).await.unwrap();
        writer.write(&file).await.unwrap();
        writer.close(BTreeMap::new()).await.unwrap();
        for guest in &mut self.guests {
            guest.ask("text", json!({ "text": "grüezi" })).await;
            guest.ask("data", json!({ "text": "sure", "reliable": true })).await;
            guest.ask("file", json!({ "name": "cv", "size": 200_000 })).await;
            guest.ask("attributes", json!({ "attributes": { "lk.agent.state": "speaking" } })).await;
        }
        // What is sent unreliably may be lost, and on a busy machine some of it is.
        for _ in 0..UNRELIABLE {
            local.publish_data(b"fast".to_vec(), "note", false, Vec::new()).await.unwrap();
            for guest in &mut self.guests {
                guest.ask("data", json!({ "text": "fast", "reliable": false })).await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        for guest in &mut self.guests {
            let me = guest.name;
            for from in names.into_iter().filter(|name| *name != me) {
                guest.ask("got", json!({ "what": "text", "item": [from, "grüezi"] })).await;
                guest.ask("got", json!({ "what": "data", "item": [from, "note: sure"] })).await;
                guest.ask("got", json!({ "what": "data", "item": [from, "note: fast"] })).await;
                guest.ask("got", json!({ "what": "file", "item": [from, "cv", 200_000, sum] })).await;
                guest
                    .ask("sees", json!({ "who": from, "name": "lk.agent.state", "value": "speaking" }))
                    .await;
            }
        }

        // And what came to ours: from each guest a text, a file, two messages and its state.
        let (mut seen, mut streams) = (Vec::new(), Vec::new());
        while seen.len() + streams.len() < 10 {
            let event = self.ours.wait("message", Some).await;
            match event {
                RoomClientEvent::TextStreamOpened(mut reader) => streams.push(tokio::spawn(async move {
                    let text = reader.read_all().await.unwrap();
                    format!("{} {text}", reader.info().from)
                })),
                RoomClientEvent::ByteStreamOpened(mut reader) => {
                    let file = file.clone();
                    streams.push(tokio::spawn(async move {
                        assert!(reader.read_all().await.unwrap() == file);
                        let info = reader.info();
                        format!("{} {}", info.from, info.file.as_ref().unwrap().name)
                    }));
                }
                RoomClientEvent::DataReceived { from, topic, payload } => {
                    let note = format!("{from} {topic}: {}", String::from_utf8_lossy(&payload));
                    // Only what was sent more than once may come more than once.
                    if !(payload == b"fast" && seen.contains(&note)) {
                        seen.push(note);
                    }
                }
                RoomClientEvent::ParticipantAttributesChanged(who, changed) => {
                    seen.extend(changed.get("lk.agent.state").map(|state| format!("{who} is {state}")));
                }
                _ => {}
            }
        }
        for stream in streams {
            seen.push(stream.await.unwrap());
        }
        seen.sort();
        let of = |who: &str| {
            ["cv", "grüezi", "is speaking", "note: fast", "note: sure"].map(|what| format!("{who} {what}"))
        };
        assert_eq!(seen, [of("browser"), of("python")].concat());

        // The SDKs wait for seven seconds for a call to be noticed, so that nobody calls while files are still on their way.
        for guest in &mut self.guests {
            let me = guest.name;
            for to in names.into_iter().filter(|name| *name != me) {
                let answer = guest.ask("call", json!({ "to": to, "payload": "fine day" })).await;
                assert_eq!(answer, format!("hello {me}, fine day"));
            }
            let answer = local.perform_rpc(me, "greet", "fine day", PATIENCE).await;
            assert_eq!(answer.as_deref(), Ok("hello agent, fine day"));
        }
        say("texts, messages, files, calls and attributes: from each to each");
    }

    /// Waits until ours is back; says whether it is the same stay.
    async fn back(&mut self) -> bool {
        self.ours
            .wait("return", |event| match event {
                RoomClientEvent::Reconnected(resumed) => Some(resumed),
                _ => None,
            })
            .await
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs LiveKit's SDKs: make test sets them up"]
async fn among_both_sdks_all_hear_and_tell_each_other() {
    let sdks = both_sdks();
    let server = Server::alone().await;
    let proxy = Proxy::to(server.port()).await;
    let weather = Arc::new(Weather::fair(5));
    let start = Instant::now();
    let mut company = Company::of(&server, &proxy.url, &weather, sdks).await;
    say(&format!("all are here after {:?}", start.elapsed()));
    company.all_hear_all("at first", 3.0, "", FAIR).await;
    company.all_talk_to_all().await;

    // The signalling of ours breaks off while all listen to all.
    let scissors = async {
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        proxy.cut();
    };
    let (faults, ()) = tokio::join!(company.spell("through a resume", 4.0, "", RESUMED), scissors);
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(company.back().await, "the same stay");

    for (loss, jitter, missing) in [(1, 0, 0.04), (5, 0, 0.08), (20, 0, 0.25), (0, 50, 0.08)] {
        weather.turn(loss, jitter);
        // A second to learn what the network is like.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let when = format!("{loss} % loss, {jitter} ms jitter");
        company.all_hear_all(&when, 3.0, "", missing).await;
    }
    weather.turn(0, 0);

    // The server forgets ours, which joins anew; its track has another name then.
    let old = company.voice.sid().to_owned();
    company.ours.room.simulate_node_failure().await;
    assert!(!company.back().await, "a new stay");
    for (ear, name) in company.ears.iter_mut().zip(["python", "browser"]) {
        *ear = company.ours.hear_of(name, "", 48_000).await;
    }
    company.all_hear_all("after a new start", 3.0, &old, FAIR).await;

    let Company { ours, mut guests, .. } = company;
    ours.room.close().await;
    for guest in &mut guests {
        guest.ask("misses", json!({ "who": "agent" })).await;
    }
    let [python, browser] = guests;
    tokio::join!(python.leave(), browser.leave());
    say(&format!("{:?} in all", start.elapsed()));
}
