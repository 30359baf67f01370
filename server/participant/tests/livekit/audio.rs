//! Audio through the server, measured.

use std::time::Duration;

use participant::{RoomClientError, RoomClientEvent, RoomOptions};
use tokio::time::Instant;

use crate::support::{Joined, Proxy, Server, join, listen, rms, say, tone};

async fn both_ways(mut ada: Joined, mut bob: Joined) {
    let from_ada = ada.speak(48_000, true).await;
    let from_bob = bob.speak(24_000, false).await;
    let mut at_bob = bob.hear(16_000).await;
    let mut at_ada = ada.hear(48_000).await;
    from_ada.capture_frame(&tone(440.0, 48_000, 5.0)).await.unwrap();
    from_bob.capture_frame(&tone(620.0, 24_000, 5.0)).await.unwrap();
    let (heard_bob, heard_ada) =
        tokio::join!(listen(&mut at_ada, 620.0, 48_000, 225), listen(&mut at_bob, 440.0, 16_000, 225));
    for (stream, heard) in [(&at_ada, heard_bob), (&at_bob, heard_ada)] {
        say(&format!("{heard:?} {:?}", stream.stats()));
        heard.expect(0.95, 3);
        assert!(heard.stalls > 0 || (3_700.0..5_700.0).contains(&heard.rms), "a tone of 4690: {heard:?}");
    }
    from_ada.wait_for_playout().await;
    let account = from_ada.playout();
    assert_eq!((account.written, account.played, account.waiting), (240_000, 240_000, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hear_each_other() {
    let server = Server::start().await;
    both_ways(server.join("ada").await, server.join("bob").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hear_each_other_the_older_way_and_across_ways() {
    let server = Server::start().await;
    let old = Proxy::of_old(server.port()).await;
    let ada = join(&old.url, "ada", RoomOptions::default()).await;
    assert!(!ada.room.is_single_peer_connection(), "/rtc/v1 was not found, so it took /rtc");
    let older = RoomOptions { dual_peer_connections: true, ..RoomOptions::default() };
    let asked = server.join_with("eve", older).await;
    assert!(!asked.room.is_single_peer_connection());
    asked.room.close().await;
    both_ways(ada, server.join("bob").await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interruption_is_heard_and_accounted_for() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let bob = server.join("agent-bob").await;
    let voice = bob.speak(24_000, true).await;
    let mut ear = ada.hear(16_000).await;
    let begun = Instant::now();
    voice.capture_frame(&tone(500.0, 24_000, 20.0)).await.unwrap();
    let before = listen(&mut ear, 500.0, 16_000, 50).await;
    let cut = Instant::now();
    let cleared = voice.clear_buffer();
    assert_eq!(cleared.played + cleared.dropped, 480_000);
    assert_eq!(cleared.played % 480, 0, "whole packets");
    // From the first loud frame on 1 s was heard, and a little is on the way: as much as there was time for, at most.
    let (ms, most) = (u128::from(cleared.played) * 1_000 / 24_000, cut.duration_since(begun).as_millis());
    assert!((1_000..=most + 20).contains(&ms), "{ms} ms were played in {most} ms");
    // Frames of 20 ms until it is quiet for good; what the machine stood still for came late.
    let stalled = 5 * before.stalls;
    let mut quiet_after = None;
    for number in 0..60 + stalled {
        let frame = ear.next().await.unwrap();
        let quiet = rms(&frame.samples) < 300.0;
        quiet_after = if quiet { quiet_after.or(Some(number)) } else { None };
    }
    let quiet_after = quiet_after.expect("it stopped");
    say(&format!("quiet {quiet_after} frames after the interruption, {:?} in all", cut.elapsed()));
    assert!(quiet_after < 30 + stalled, "{quiet_after} frames, {stalled} for stalls");
    voice.wait_for_playout().await;
    // And speaks again.
    voice.capture_frame(&tone(700.0, 24_000, 2.0)).await.unwrap();
    let heard = listen(&mut ear, 700.0, 16_000, 75).await;
    heard.expect(0.9, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_muted_voice_is_held_and_goes_on() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let bob = server.join("bob").await;
    let voice = bob.speak(24_000, true).await;
    let mut ear = ada.hear(16_000).await;
    // More than is said until it is muted, however slow the machine.
    voice.capture_frame(&tone(500.0, 24_000, 40.0)).await.unwrap();
    listen(&mut ear, 500.0, 16_000, 50).await;
    let muted = Instant::now();
    voice.set_muted(true).await.unwrap();
    ada.wait("mute", |event| {
        matches!(event, RoomClientEvent::TrackMuted(who, _) if who == "bob").then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    let held = voice.playout();
    assert!(held.waiting > 24_000 && held.played < 960_000, "{held:?}");
    tokio::time::sleep(Duration::from_millis(40)).await;
    assert_eq!(voice.playout().played, held.played, "it is held");
    voice.set_muted(false).await.unwrap();
    ada.wait("unmute", |event| {
        matches!(event, RoomClientEvent::TrackUnmuted(who, _) if who == "bob").then_some(())
    })
    .await;
    // What was left over from before, then silence, then the rest.
    while rms(&ear.next().await.unwrap().samples) > 300.0 {}
    let mut silent = 1;
    while rms(&ear.next().await.unwrap().samples) <= 300.0 {
        silent += 1;
    }
    let most = muted.elapsed().as_millis() / 20 + 10;
    assert!((40..=most).contains(&silent), "{silent} silent frames, and there was time for {most}");
    let heard = listen(&mut ear, 500.0, 16_000, 50).await;
    heard.expect(0.9, 3);
    let account = ear.stats();
    assert_eq!(account.packets.lost, 0, "silence is not loss: {account:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_is_taken_back_and_another_takes_its_place() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let bob = server.join("bob").await;
    let mut old = String::new();
    for (hz, seconds) in [(500.0, 4.0), (700.0, 2.0), (900.0, 2.0)] {
        let voice = bob.speak(24_000, true).await;
        assert_ne!(voice.sid(), old);
        let mut ear = ada.hear_of("bob", &old, 16_000).await;
        voice.capture_frame(&tone(hz, 24_000, seconds)).await.unwrap();
        listen(&mut ear, hz, 16_000, 50).await.expect(0.9, 3);
        let cleared = voice.unpublish().await.unwrap();
        // A second was listened to, of which nine tenths are sure to have been sent and not made up.
        assert!(cleared.played >= 24_000 * 9 / 10, "{cleared:?}");
        assert_eq!(cleared.played + cleared.dropped, (seconds * 24_000.0) as u64, "{cleared:?}");
        assert!(matches!(voice.capture_frame(&[0]).await, Err(RoomClientError::Refused(_))));
        old = voice.sid().to_owned();
        let gone = |event| match event {
            RoomClientEvent::TrackUnpublished(who, track) if who == "bob" => Some(track.sid),
            _ => None,
        };
        assert_eq!(ada.wait("track taken back", gone).await, old);
        // It ends for whoever listens.
        while ear.next().await.is_some() {}
    }
}
