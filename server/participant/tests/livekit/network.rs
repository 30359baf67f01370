//! Networks that lose, delay, reorder, and go away.

use std::sync::Arc;
use std::time::Duration;

use participant::testing::Weather;
use participant::{RoomClientEvent, RoomOptions};
use patience::PATIENCE;
use tokio::time::Instant;

use crate::support::{Joined, Proxy, Server, join, listen, rms, say, tone};

async fn through(loss_percent: u64, jitter_ms: u64) -> (crate::support::Heard, participant::ReceiveStats) {
    let server = Server::start().await;
    let weather = Arc::new(Weather::fair(11 + loss_percent));
    let bad = RoomOptions { weather: Some(Arc::clone(&weather)), ..RoomOptions::default() };
    let mut ada = server.join_with("ada", bad).await;
    let bob = server.join("bob").await;
    let voice = bob.speak(24_000, false).await;
    let mut ear = ada.hear(16_000).await;
    voice.capture_frame(&tone(300.0, 24_000, 11.0)).await.unwrap();
    listen(&mut ear, 300.0, 16_000, 25).await;
    weather.turn(loss_percent, jitter_ms);
    // A second to learn what the network is like.
    listen(&mut ear, 300.0, 16_000, 75).await;
    let heard = listen(&mut ear, 300.0, 16_000, 350).await;
    say(&format!("{loss_percent} % loss, {jitter_ms} ms jitter: {heard:?} {:?}", ear.stats()));
    (heard, ear.stats())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_percent_of_loss_is_not_heard() {
    let (heard, _) = through(1, 0).await;
    heard.expect(0.95, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_percent_of_loss_is_hardly_heard() {
    let (heard, stats) = through(5, 0).await;
    heard.expect(0.9, 6);
    assert!(stats.packets.recovered >= 3, "copies were used: {stats:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_percent_of_loss_is_understood() {
    let (heard, stats) = through(20, 0).await;
    // After the copies 8 % of the frames are missing on average, so two of three tenths of a second are whole, give or
    // take 6 %: less than half is not chance.
    heard.expect(0.5, 40);
    assert!(stats.packets.recovered >= 25, "copies were used: {stats:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn jitter_and_reordering_are_evened_out() {
    let (heard, stats) = through(0, 50).await;
    heard.expect(0.85, 10);
    assert!(heard.stalls > 0 || (30..=80).contains(&stats.target_ms), "{stats:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_udp_it_goes_over_tcp() {
    for dual_peer_connections in [false, true] {
        let server = Server::start().await;
        let weather = Arc::new(Weather::fair(1));
        weather.turn(100, 0);
        let weather = Some(weather);
        let start = Instant::now();
        let options = RoomOptions { weather, dual_peer_connections, ..RoomOptions::default() };
        let mut ada = server.join_with("ada", options).await;
        say(&format!("joined over TCP in {:?}", start.elapsed()));
        assert!(start.elapsed() > Duration::from_secs(1), "UDP has its chance");
        let mut bob = server.join("bob").await;
        let (from_ada, from_bob) = (ada.speak(24_000, false).await, bob.speak(24_000, false).await);
        let (mut at_ada, mut at_bob) = (ada.hear(16_000).await, bob.hear(16_000).await);
        from_ada.capture_frame(&tone(300.0, 24_000, 5.0)).await.unwrap();
        from_bob.capture_frame(&tone(400.0, 24_000, 5.0)).await.unwrap();
        let (heard_bob, heard_ada) =
            tokio::join!(listen(&mut at_ada, 400.0, 16_000, 150), listen(&mut at_bob, 300.0, 16_000, 150));
        say(&format!("over TCP: {heard_bob:?} {heard_ada:?}"));
        for heard in [heard_bob, heard_ada] {
            heard.expect(0.9, 3);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_udp_is_shut_off_it_goes_on_over_tcp() {
    let server = Server::start().await;
    let weather = Arc::new(Weather::fair(1));
    let fair = Some(Arc::clone(&weather));
    let mut ada = server.join_with("ada", RoomOptions { weather: fair, ..RoomOptions::default() }).await;
    let bob = server.join("bob").await;
    let from_bob = bob.speak(24_000, false).await;
    let mut at_ada = ada.hear(16_000).await;
    from_bob.capture_frame(&tone(400.0, 24_000, 40.0)).await.unwrap();
    listen(&mut at_ada, 400.0, 16_000, 50).await.expect(0.9, 3);
    weather.turn(100, 0);
    let cut = Instant::now();
    // Heard again after silence.
    while rms(&at_ada.next().await.unwrap().samples) > 300.0 {}
    while rms(&at_ada.next().await.unwrap().samples) <= 300.0 {
        assert!(cut.elapsed() < PATIENCE, "it stays silent");
    }
    say(&format!("heard again after {:?}", cut.elapsed()));
    listen(&mut at_ada, 400.0, 16_000, 100).await.expect(0.85, 5);
}

async fn reconnected(joined: &mut Joined) -> bool {
    joined
        .wait("return", |event| match event {
            RoomClientEvent::Reconnected(resumed) => Some(resumed),
            _ => None,
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_signal_is_resumed_without_a_gap() {
    let server = Server::start().await;
    let proxy = Proxy::to(server.port()).await;
    let mut ada = join(&proxy.url, "ada", RoomOptions::default()).await;
    let mut bob = server.join("bob").await;
    let from_ada = ada.speak(24_000, false).await;
    let from_bob = bob.speak(24_000, false).await;
    let mut at_ada = ada.hear(16_000).await;
    let mut at_bob = bob.hear(16_000).await;
    from_ada.capture_frame(&tone(300.0, 24_000, 12.0)).await.unwrap();
    from_bob.capture_frame(&tone(400.0, 24_000, 12.0)).await.unwrap();
    listen(&mut at_ada, 400.0, 16_000, 25).await;
    for round in 0..2 {
        let cut = Instant::now();
        proxy.cut();
        // While it is away, and ever after, nothing is lost.
        let local = ada.room.local_participant();
        local.publish_data(vec![round], "round", true, Vec::new()).await.unwrap();
        assert!(reconnected(&mut ada).await, "the same stay");
        say(&format!("resumed after {:?}", cut.elapsed()));
        let (heard_bob, heard_ada) =
            tokio::join!(listen(&mut at_ada, 400.0, 16_000, 150), listen(&mut at_bob, 300.0, 16_000, 150));
        say(&format!("{heard_bob:?} {heard_ada:?}"));
        for heard in [heard_bob, heard_ada] {
            heard.expect(0.9, 5);
        }
        let got = bob
            .wait("message", |event| match event {
                RoomClientEvent::DataReceived { payload, .. } => Some(payload),
                RoomClientEvent::ParticipantDisconnected(_) => panic!("the stay is the same"),
                _ => None,
            })
            .await;
        assert_eq!(got, [round]);
    }
    // What is asked of a resumed stay is done.
    let attributes = [("a".to_owned(), "b".to_owned())].into();
    ada.room.local_participant().set_attributes(attributes).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_replaced_is_joined_anew_with_everything() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let mut bob = server.join("bob").await;
    let from_ada = ada.speak(24_000, false).await;
    let mut at_bob = bob.hear(16_000).await;
    from_ada.capture_frame(&tone(300.0, 24_000, 40.0)).await.unwrap();
    listen(&mut at_bob, 300.0, 16_000, 25).await;
    let cut = Instant::now();
    let server = server.replace().await;
    for joined in [&mut ada, &mut bob] {
        assert!(!reconnected(joined).await, "a new stay");
    }
    say(&format!("joined anew after {:?}", cut.elapsed()));
    // The track is published and subscribed to again, under a new id.
    let mut at_bob = bob.hear_of("ada", from_ada.sid(), 16_000).await;
    let heard = listen(&mut at_bob, 300.0, 16_000, 75).await;
    heard.expect(0.9, 3);
    let account = from_ada.playout();
    assert_eq!(account.written, account.played + account.waiting, "nothing was dropped: {account:?}");
    drop(server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forgets_us_is_joined_anew_with_everything() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let mut bob = server.join("bob").await;
    let from_ada = ada.speak(24_000, false).await;
    let from_bob = bob.speak(24_000, false).await;
    let mut at_bob = bob.hear(16_000).await;
    from_ada.capture_frame(&tone(300.0, 24_000, 20.0)).await.unwrap();
    from_bob.capture_frame(&tone(400.0, 24_000, 20.0)).await.unwrap();
    listen(&mut at_bob, 300.0, 16_000, 25).await;
    let asked = Instant::now();
    ada.room.simulate_node_failure().await;
    assert!(!reconnected(&mut ada).await, "a new stay");
    say(&format!("joined anew after {:?}", asked.elapsed()));
    let mut at_ada = ada.hear_of("bob", "", 16_000).await;
    let mut at_bob = bob.hear_of("ada", from_ada.sid(), 16_000).await;
    // How long the sound waits to be even is learnt anew, too.
    tokio::join!(listen(&mut at_ada, 400.0, 16_000, 25), listen(&mut at_bob, 300.0, 16_000, 25));
    let (heard_bob, heard_ada) =
        tokio::join!(listen(&mut at_ada, 400.0, 16_000, 75), listen(&mut at_bob, 300.0, 16_000, 75));
    for heard in [heard_bob, heard_ada] {
        heard.expect(0.9, 3);
    }
}
