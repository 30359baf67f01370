//! Deletes interviews that ended longer ago than the setting `keep_days` allows: at the start, then every hour.
//!
//! Only interviews that have ended go (also those that were closed after a long silence); one that is under way,
//! paused or not opened yet stays, however old.

use std::time::Duration;

use engine::Engine;
use interview::Millis;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// The pause between two rounds.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// A day, in milliseconds.
const DAY: Millis = 24 * 60 * 60 * 1_000;

/// Deletes what is too old until `stop`; returns at once if everything is kept (`days` is 0).
pub async fn run(engine: Engine, days: u32, stop: CancellationToken) {
    if days == 0 {
        return;
    }
    let mut hours = interval(EVERY);
    // After a machine has slept one round is enough.
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(hours.tick()).await.is_some() {
        match engine.delete_ended(Millis::from(days).saturating_mul(DAY)).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, days, "interviews that ended long ago were deleted"),
            Err(error) => {
                tracing::warn!(%error, "not all interviews that ended long ago could be deleted; the next try is in an hour");
            }
        }
    }
}
