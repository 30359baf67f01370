//! Joins a room and says back whatever it hears, a second later: `cargo run -p participant --example parrot -- URL TOKEN`.
//! The example `serve` of the crate `rooms` serves a room to try it in.

use participant::{RoomClientEvent, RoomHandle, RoomOptions, VoiceOptions};

const RATE: u32 = 48_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [url, token] = &std::env::args().skip(1).collect::<Vec<_>>()[..] else {
        return Err("say the address of the server and a token".into());
    };
    let (room, mut events) = RoomHandle::connect(url, token, RoomOptions::default()).await?;
    let options = VoiceOptions { rate: RATE, ..VoiceOptions::default() };
    let voice = room.local_participant().publish_audio("parrot", options, 10_000).await?;
    voice.capture_frame(&vec![0; RATE as usize]).await?;
    while let Some(event) = events.recv().await {
        if let RoomClientEvent::TrackPublished(_, track) = &event
            && track.audio
        {
            let mut heard = room.audio_stream(&track.sid, RATE).await?;
            while let Some(frame) = heard.next().await {
                voice.capture_frame(&frame.samples).await?;
            }
        }
        if let RoomClientEvent::Disconnected(reason) = event {
            println!("the room is over: {reason:?}");
            break;
        }
    }
    room.close().await;
    Ok(())
}
