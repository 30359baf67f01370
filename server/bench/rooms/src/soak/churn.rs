//! Rooms that come and go: two of our participants meet, lose the network in several ways, come back, and leave or
//! vanish.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result};
use participant::testing::Weather;

use crate::guest::{Guest, ToneParticipant};
use crate::served::ServerUnderTest;

/// What a lane has seen.
#[derive(Debug, Default, Clone)]
pub(crate) struct ChurnTally {
    pub(crate) rooms: u64,
    pub(crate) resumed: u64,
    pub(crate) rejoined: u64,
    pub(crate) vanished: u64,
    /// Joins through bad weather that took a second try.
    pub(crate) again: u64,
    pub(crate) failures: Vec<String>,
}

/// One room after another until told to stop.
pub(crate) async fn lane(
    server: Arc<ServerUnderTest>,
    number: u64,
    stop: Arc<AtomicBool>,
    tally: Arc<std::sync::Mutex<ChurnTally>>,
) {
    let mut cycle = number;
    while !stop.load(Ordering::Relaxed) {
        let name = format!("churn-{number}-{cycle}");
        let done = room(&server, &name, cycle).await;
        let mut tally = tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tally.rooms += 1;
        match done {
            Ok([resumed, rejoined, again]) => {
                tally.again += again;
                tally.resumed += resumed;
                tally.rejoined += rejoined;
                tally.vanished += u64::from(cycle % 4 == 3);
            }
            Err(error) => tally.failures.push(format!("{name}: {error:#}")),
        }
        cycle += 1;
    }
}

/// One room; how often somebody resumed, joined anew, and joined at the second try.
async fn room(server: &ServerUnderTest, name: &str, cycle: u64) -> Result<[u64; 3]> {
    let hall = server.hall(name, "ann").await.context("there is a room")?;
    let ann_is = hall.identity.as_str();
    let ann = ToneParticipant { token: hall.token.clone(), hz: 500.0, others: &[("bob", 900.0)] };
    let ann = Guest::enter(server, ann, None).await.context("ann joins")?;
    let bad = Arc::new(Weather::fair(cycle));
    bad.turn(5, 30);
    let token = server.token("bob", &hall.room)?;
    let bob = ToneParticipant { token, hz: 900.0, others: &[(ann_is, 500.0)] };
    let (bob, again) = match Guest::enter(server, bob.clone(), Some(Arc::clone(&bad))).await {
        Ok(bob) => (bob, 0),
        // LiveKit's own SDKs try again by themselves.
        Err(_) => (Guest::enter(server, bob, Some(bad)).await.context("bob joins")?, 1),
    };
    meet(&ann, ann_is, &bob, "at first").await?;

    ann.proxy.cut();
    ann.back(1, 0).await.context("ann's signalling was cut")?;
    meet(&ann, ann_is, &bob, "after a cut").await?;
    let mut rejoined = 0;
    if cycle.is_multiple_of(3) {
        bob.proxy.hold(true);
        tokio::time::sleep(server.waits.resume + Duration::from_secs(2)).await;
        bob.proxy.hold(false);
        bob.back(0, 1).await.context("bob's signalling was held for long")?;
        meet(&ann, ann_is, &bob, "after a new start").await?;
        rejoined = 1;
    }
    if cycle % 4 == 3 {
        // Nobody hears that ann goes.
        ann.proxy.hold(true);
    }
    ann.leave().await;
    bob.leave().await;
    Ok([1, rejoined, again])
}

async fn meet(ann: &Guest, ann_is: &str, bob: &Guest, when: &str) -> Result<()> {
    tokio::try_join!(ann.hears("bob", when), bob.hears(ann_is, when))?;
    Ok(())
}
