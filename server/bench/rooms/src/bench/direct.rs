//! The same packets at the same rhythm from socket to socket, without a server: what the kernel and a busy machine
//! take by themselves.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Result;
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

use super::light::Counts;
use super::times::{PacketTimes, nanos};

/// As long as an enciphered packet of a voice.
const BYTES: usize = 120;

/// Sends until dropped.
pub(super) async fn direct(counts: Arc<Counts>, times: Arc<PacketTimes>) -> Result<JoinSet<()>> {
    let (from, to) = (UdpSocket::bind("127.0.0.1:0").await?, UdpSocket::bind("127.0.0.1:0").await?);
    let address = to.local_addr()?;
    let mut tasks = JoinSet::new();
    let arrivals = Arc::clone(&times);
    tasks.spawn(async move {
        let mut packet = [0; BYTES];
        while to.recv_from(&mut packet).await.is_ok() {
            arrivals.came(u32::from_be_bytes([packet[0], packet[1], packet[2], packet[3]]), nanos());
        }
    });
    tasks.spawn(async move {
        let mut clock = tokio::time::interval(Duration::from_millis(20));
        let mut packet = [0; BYTES];
        for number in 0_u32.. {
            clock.tick().await;
            packet[..4].copy_from_slice(&number.to_be_bytes());
            if counts.measuring.load(Ordering::Relaxed) {
                times.left(number);
            } else {
                times.forget(number);
            }
            if from.send_to(&packet, address).await.is_err() {
                return;
            }
        }
    });
    Ok(tasks)
}
