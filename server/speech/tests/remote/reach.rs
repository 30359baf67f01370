//! Asking a provider over WebSockets whether it would do.

use provider::ProviderFault;
use speech::remote::{Cartesia, Deepgram};
use tokio::net::TcpListener;

use crate::sockets::Server;
use crate::{provider, soon};

async fn both(base: &str) -> [Result<(), ProviderFault>; 2] {
    let (ear, voice) =
        (Deepgram::new(provider(base)).unwrap(), Cartesia::new(provider(base), "voice").unwrap());
    [soon(ear.reach()).await, soon(voice.reach()).await]
}

#[tokio::test]
async fn one_that_would_do_is_asked_as_for_speech_and_hears_nothing() {
    let mut server = Server::start().await;
    let ear = Deepgram::new(provider(&server.base)).unwrap();
    // Whoever asks is not kept waiting by a server that does not say goodbye.
    assert_eq!(soon(ear.reach()).await, Ok(()));
    let connection = server.connection().await;
    assert!(connection.asked.starts_with("/v1/listen?model=nova-3"), "{}", connection.asked);
    assert!(connection.asked.contains("very-secret"), "the key is sent: {}", connection.asked);
    let voice = Cartesia::new(provider(&server.base), "voice").unwrap();
    assert_eq!(soon(voice.reach()).await, Ok(()));
    assert!(server.connection().await.asked.starts_with("/v1/tts/websocket"));
}

#[tokio::test]
async fn one_that_would_not_do_says_why() {
    for (answer, fault) in [
        ("HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n", ProviderFault::Status(401)),
        ("HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", ProviderFault::Status(403)),
        ("HTTP/1.1 400 No\r\ncontent-length: 0\r\n\r\n", ProviderFault::Status(400)),
        ("HTTP/1.1 429 No\r\nretry-after: 60\r\ncontent-length: 0\r\n\r\n", ProviderFault::Status(429)),
        ("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", ProviderFault::Status(200)),
        ("\0\u{1}hello\r\n\r\n", ProviderFault::Garbage),
    ] {
        let server = Server::refusing(answer).await;
        // Asked twice: whoever had too much to do is asked again all the same.
        for _ in 0..2 {
            assert_eq!(both(&server.base).await, [Err(fault); 2], "{answer}");
        }
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(both(&format!("ws://{nobody}")).await, [Err(ProviderFault::Unreachable); 2]);
}

#[tokio::test]
async fn one_that_is_silent_is_late() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("ws://{}", silent.local_addr().unwrap());
    let ear = Deepgram::new(provider(&base)).unwrap();
    assert_eq!(soon(ear.reach()).await, Err(ProviderFault::Timeout));
}
