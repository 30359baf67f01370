//! Time that stands still.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use crate::PATIENCE;

/// While this lives, tokio's time passes only when it is told to, however long real sockets and threads take. (Time
/// that is only paused leaps ahead to the next timer whenever all tasks wait for something outside.)
///
/// No time limit ends a test meanwhile; after [`PATIENCE`] of real time, time is let go, and then they do.
#[derive(Debug)]
pub struct StandStill {
    /// Ends the work that keeps time from leaping ahead.
    _hold: Sender<()>,
}

impl StandStill {
    /// From now on, in this test's runtime, which has to be tokio's usual one of a single thread.
    pub fn begin() -> Self {
        let (hold, held) = channel::<()>();
        // Time does not leap ahead while blocking work goes on.
        tokio::task::spawn_blocking(move || held.recv_timeout(PATIENCE));
        tokio::time::pause();
        Self { _hold: hold }
    }

    /// Lets so much time pass at once. (Timers are rounded up to a millisecond: it takes one more until they are due.)
    pub async fn pass(&self, time: Duration) {
        tokio::time::advance(time).await;
    }
}

impl Drop for StandStill {
    fn drop(&mut self) {
        tokio::time::resume();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::{Instant, timeout};

    use super::StandStill;

    #[tokio::test]
    async fn time_passes_as_told_and_not_while_others_work() {
        let still = StandStill::begin();
        let begun = Instant::now();
        // A timer is due before this answer comes, which takes a while of real time.
        let (told, answer) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            told.send(7)
        });
        assert_eq!(timeout(Duration::from_millis(1), answer).await, Ok(Ok(7)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut near = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut far, _) = listener.accept().await.unwrap();
        near.write_all(b"!").await.unwrap();
        assert_eq!(timeout(Duration::from_millis(1), far.read_u8()).await.unwrap().unwrap(), b'!');
        assert_eq!(begun.elapsed(), Duration::ZERO);
        still.pass(Duration::from_secs(9)).await;
        assert_eq!(begun.elapsed(), Duration::from_secs(9));
    }
}
