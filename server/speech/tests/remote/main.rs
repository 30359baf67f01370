//! Remote providers that misbehave, on the loopback: slow, cut in the middle, garbage, too busy, silent for ever.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod cartesia;
mod chain;
mod deepgram;
mod fake;
mod openai;
mod reach;
mod sockets;

use speech::remote::{ProviderKey, SpeechProvider};

/// A provider at this address.
fn provider(base: &str) -> SpeechProvider {
    SpeechProvider {
        name: "fake".into(),
        base: base.into(),
        key: ProviderKey::new(" very-secret "),
        model: "nova-3".into(),
        language: Some("en-GB".into()),
    }
}

/// A test that waits for ever says nothing.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    patience::soon("what a provider does", what).await
}

#[test]
fn keys_are_never_printed() {
    let printed = format!("{:?}", provider("http://localhost"));
    assert!(!printed.contains("secret") && printed.contains("Key(..)"), "{printed}");
    assert_eq!(ProviderKey::new("  "), None);
}
