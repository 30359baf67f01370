//! The agent's port on a room of a server: the embedded one, or the real LiveKit server that `LIVEKIT_SERVER_BIN` names.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]
#![allow(clippy::wildcard_enum_match_arm, reason = "tests look at the events that they are about")]

#[path = "../../../../participant/tests/livekit/support.rs"]
#[allow(dead_code, reason = "what only the participant's own tests need")]
mod support;

use agent::{LeaveReason, Room as _, RoomEvent};
use agent_room::AgentRoom;

use crate::support::{Server, listen, tone};

#[tokio::test(flavor = "multi_thread")]
async fn the_agents_port_works_on_a_real_room() {
    let server = Server::start().await;
    let mut ada = server.join("ada").await;
    let agent = server.join("agent").await;
    let agent = AgentRoom::new(agent.room, agent.events);
    assert_eq!(agent.identity(), "agent");
    assert!(matches!(agent.next_event().await, Some(RoomEvent::Joined(member)) if member.identity == "ada"));

    let out = agent.publish_audio(agent::AudioOutSpec { rate: 24_000, queue_ms: 10_000 }).await.unwrap();
    let mut ear = ada.hear(16_000).await;
    out.write(&tone(440.0, 24_000, 2.0)).await.unwrap();
    let heard = listen(&mut ear, 440.0, 16_000, 75).await;
    heard.expect(0.9, 3);
    out.drained().await;
    assert_eq!(out.playout().played, 48_000);

    ada.room.local_participant().send_text("lk.chat", "Good morning").await.unwrap();
    let text = loop {
        match agent.next_event().await {
            Some(RoomEvent::Text(text)) => break text,
            Some(_) => {}
            None => panic!("the room is over"),
        }
    };
    assert_eq!(
        (text.from.as_str(), text.topic.as_str(), text.text.as_str()),
        ("ada", "lk.chat", "Good morning")
    );
    agent.leave().await;
    let mut last = None;
    while let Some(event) = agent.next_event().await {
        last = Some(event);
    }
    assert_eq!(last, Some(RoomEvent::Out(LeaveReason::Ours)));
}
