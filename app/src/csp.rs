//! What a page may load and do.

/// The `Content-Security-Policy` of a page whose own script carries this nonce. `rooms`: the origin (`wss://host`) of
/// the rooms for voice, where they are not on this server; LiveKit's client asks it over HTTP too.
pub fn header(nonce: &str, rooms: Option<&str>) -> String {
    let rooms =
        rooms.map_or_else(String::new, |origin| format!(" {origin} {}", origin.replacen("ws", "http", 1)));
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' \
         'nonce-{nonce}'; font-src 'self'; img-src 'self' data:; media-src 'self'; \
         connect-src 'self'{rooms}; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_connects_to_rooms_elsewhere_and_nowhere_else() {
        assert!(header("n", None).contains("connect-src 'self';"));
        let elsewhere = header("n", Some("wss://live.example:7443"));
        assert!(elsewhere.contains("connect-src 'self' wss://live.example:7443 https://live.example:7443;"));
    }
}
