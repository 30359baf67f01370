//! How long tests wait for what has to come, said once for all of them, so that none depends on how fast a machine is.
//!
//! A test says what comes, in which order, and how often. Where it has to say how soon, time is virtual
//! (`start_paused`), or stands still while sockets and threads are at work (`StandStill`).

use std::time::Duration;

/// Longer than anything that comes takes, on a slow machine that does much else at once: it ends tests that hang.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// The same for other programs that play a whole scene: browsers, and scripts of an SDK.
pub const WHOLE_SCENE: Duration = Duration::from_secs(600);

/// Waits for this, which is named in case it never comes.
///
/// # Panics
/// If it does not come within [`PATIENCE`].
pub async fn soon<T>(what: &str, coming: impl Future<Output = T>) -> T {
    match tokio::time::timeout(PATIENCE, coming).await {
        Ok(came) => came,
        Err(_) => panic!("it does not come: {what}"),
    }
}

#[cfg(feature = "still")]
mod still;
#[cfg(feature = "still")]
pub use still::StandStill;
