//! Thousands of clients that join and never connect media: their number is bounded, they are cheap, and they are
//! removed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use livekit_protocol::signal_response::Message;
use participant::{RoomClientError, RoomClientEvent, RoomHandle, RoomOptions};
use patience::{PATIENCE, WHOLE_SCENE, soon};
use rooms::{RoomLimits, Waits};
use tokio::sync::mpsc::Receiver;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::client::{Client, Server, plain, request, serve_with};
use crate::token::token;

/// Connections that the server of a test takes.
const BOUND: usize = 300;
/// How many clients try, and how many of them at once.
const ATTEMPTS: usize = 3_000;
const AT_ONCE: usize = 25;
/// Megabytes that the last two thirds of them may cost, all of whom are refused. Other tests of this program run at
/// the same time, one of which takes 32 for a moment.
const REFUSED: f64 = 64.0;

fn megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux tells of a process");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("its memory");
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).expect("a number") / 1024.0
}

/// An honest client that joins with media.
async fn lawful(
    server: &Server,
    identity: &str,
) -> Result<(RoomHandle, Receiver<RoomClientEvent>), RoomClientError> {
    let url = format!("ws://{}", server.address);
    RoomHandle::connect(&url, &token(identity, "hall"), RoomOptions::default()).await
}

/// How long it takes until the server has told everybody something of this participant, itself too.
async fn told(room: &RoomHandle, number: usize) -> Duration {
    let begin = Instant::now();
    let attributes = BTreeMap::from([("number".to_owned(), number.to_string())]);
    let set = room.local_participant().set_attributes(attributes);
    soon("word of oneself", set).await.expect("the server confirms it");
    begin.elapsed()
}

fn still_in(news: &mut Receiver<RoomClientEvent>) {
    let mut last = news.try_recv();
    while let Ok(event) = last {
        assert!(!matches!(event, RoomClientEvent::Disconnected(_)), "a lawful one was sent out");
        last = news.try_recv();
    }
    assert_eq!(last.err(), Some(TryRecvError::Empty));
}

/// A client that joins and never connects media. `None` if it is refused because the server is full.
async fn half_open(server: &Server, number: usize) -> Option<Client> {
    // Three to a room.
    let (who, room) = (format!("p{number}"), format!("room {}", number / 3));
    match Client::dial(server, &token(&who, &room), &plain(&request())).await {
        Ok(client) => Some(client),
        Err((status, body)) => {
            assert_eq!((status, body.as_str()), (503, "node has exceeded its configured limit"));
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_half_open_joins_are_bounded_and_small() {
    let limits = RoomLimits { connections: BOUND, rooms: 2_000, ..RoomLimits::default() };
    // Nobody's time to connect runs out, however long all of them take to come: that is the other test.
    let waits = Waits { join: WHOLE_SCENE, ..Waits::default() };
    let server = Arc::new(serve_with(limits, waits).await);
    let (ann, mut news) = lawful(&server, "ann").await.expect("there is room");
    let before = megabytes();
    let (mut open, mut refused, mut most) = (Vec::new(), 0, 0);
    let (mut third, mut worst) = (0.0, Duration::ZERO);
    for from in (0..ATTEMPTS).step_by(AT_ONCE) {
        let mut batch = JoinSet::new();
        for number in from..from + AT_ONCE {
            let server = Arc::clone(&server);
            batch.spawn(async move { half_open(&server, number).await });
        }
        worst = worst.max(told(&ann, from).await);
        most = most.max(server.rooms.census().await.participants);
        for result in batch.join_all().await {
            match result {
                Some(client) => open.push(client),
                None => refused += 1,
            }
        }
        if from + AT_ONCE == ATTEMPTS / 3 {
            third = megabytes();
        }
    }
    // On a machine so slow that the first are silent for too long and let go, others have taken their places.
    assert!(open.len() >= BOUND - 1 && open.len() + refused == ATTEMPTS, "{} {refused}", open.len());
    assert!(refused >= ATTEMPTS / 3, "{refused}");
    for client in &mut open {
        assert!(matches!(client.next().await, Some(Message::Join(_))));
    }
    let (each, more) = ((megabytes() - before) / open.len() as f64, megabytes() - third);
    println!(
        "{ATTEMPTS} joins: {} half open at {each:.3} MB, client and server together; the last {} cost {more:.1} MB; Ann \
         waited {worst:?} at most",
        open.len(),
        ATTEMPTS * 2 / 3,
    );
    assert!(each < 2.0, "{each} MB for each");
    assert!(more < REFUSED, "{more} MB for those who were refused");
    assert!(most <= BOUND, "{most} were in at once");
    still_in(&mut news);
    // Once they are gone, the next client is admitted.
    drop(open);
    while server.rooms.census().await.participants == BOUND {
        sleep(Duration::from_millis(50)).await;
    }
    drop((ann, news));
    server.rooms.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_holds_a_place_has_to_make_room() {
    let limits = RoomLimits { connections: 40, ..RoomLimits::default() };
    let waits = Waits { join: Duration::from_secs(2), ..Waits::default() };
    let server = Arc::new(serve_with(limits, waits).await);
    // They try again and again, and keep any place they get.
    let mut rude = JoinSet::new();
    for lane in 0..8 {
        let server = Arc::clone(&server);
        rude.spawn(async move {
            let mut held = JoinSet::new();
            for number in 0.. {
                if let Some(mut client) = half_open(&server, lane * 100_000 + number).await {
                    held.spawn(async move { while client.next().await.is_some() {} });
                }
                while held.try_join_next().is_some() {}
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    while server.rooms.census().await.participants < 40 {
        sleep(Duration::from_millis(20)).await;
    }
    // An honest client that keeps trying still gets in, and stays.
    let begin = Instant::now();
    let (bob, mut news) = loop {
        match lawful(&server, "bob").await {
            Ok(bob) => break bob,
            Err(error) => assert!(begin.elapsed() < PATIENCE, "Bob never comes in: {error}"),
        }
        sleep(Duration::from_millis(20)).await;
    };
    println!("Bob was in after {:?}", begin.elapsed());
    sleep(waits.join * 2).await;
    told(&bob, 1).await;
    still_in(&mut news);
    rude.shutdown().await;
    drop(bob);
    server.rooms.stop().await;
}
