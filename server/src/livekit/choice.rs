//! Chooses where the rooms for voice are, by settings and environment, and says why.

use reqwest::Url;

use super::keys::Keys;
use crate::secrets::Hidden;
use crate::settings::RoomsChoice;
use crate::variables::variable;

/// What the environment says of LiveKit, under the names that LiveKit's own programs use too.
#[derive(Debug, Clone, Default)]
pub struct LivekitEnvironment {
    /// `LIVEKIT_URL`.
    pub url: Option<String>,
    /// `LIVEKIT_API_KEY`.
    pub key: Option<String>,
    /// `LIVEKIT_API_SECRET`.
    pub secret: Option<Hidden>,
}

impl LivekitEnvironment {
    /// That of this process.
    pub fn of_the_process() -> Self {
        Self {
            url: variable("LIVEKIT_URL"),
            key: variable("LIVEKIT_API_KEY"),
            secret: variable("LIVEKIT_API_SECRET").map(Hidden::new),
        }
    }

    /// Whether the key is set without its secret, or the secret without its key: then neither counts.
    pub fn has_half_a_pair(&self) -> bool {
        self.key.is_some() != self.secret.is_some()
    }

    /// Key and secret, if both are set.
    fn keys(&self) -> Option<Keys> {
        Some(Keys { key: self.key.clone()?, secret: self.secret.clone()? })
    }
}

/// Why it cannot be told where the rooms are; each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoomsChoiceError {
    /// A server without its keys.
    #[error(
        "LIVEKIT_URL names a LiveKit server, and {0} not set; set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a key of that server and its secret, or keep the rooms in this program with the setting `rooms` = embedded"
    )]
    NoKeys(&'static str),
    /// No address.
    #[error("LIVEKIT_URL cannot be used; give an address such as wss://live.example or ws://127.0.0.1:7880")]
    Unusable,
}

/// Where the rooms are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomServer {
    /// Nowhere.
    Off,
    /// In this program; with these keys, or with its own.
    Embedded(Option<Keys>),
    /// On the LiveKit server at this address, which is `ws` or `wss` and ends without a slash.
    Elsewhere(Url, Keys),
}

/// The rooms in force, and why: what the server starts, `config` prints and `doctor` tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenRooms {
    /// Where they are.
    pub place: RoomServer,
    /// Why there.
    pub why: &'static str,
}

impl ChosenRooms {
    /// Resolves the setting `rooms`: `auto` is the server that `LIVEKIT_URL` names, else embedded.
    pub fn new(choice: RoomsChoice, environment: &LivekitEnvironment) -> Result<Self, RoomsChoiceError> {
        let said = "the setting `rooms` says so";
        Ok(match (choice, environment.url.as_deref()) {
            (RoomsChoice::Off, _) => Self { place: RoomServer::Off, why: said },
            (RoomsChoice::Embedded, _) => Self { place: RoomServer::Embedded(environment.keys()), why: said },
            (RoomsChoice::Auto, None) => {
                Self { place: RoomServer::Embedded(environment.keys()), why: "LIVEKIT_URL is not set" }
            }
            (RoomsChoice::Auto, Some(url)) => {
                let url = client_url(url).ok_or(RoomsChoiceError::Unusable)?;
                let missing = match (&environment.key, &environment.secret) {
                    (None, Some(_)) => "LIVEKIT_API_KEY is",
                    (Some(_), _) => "LIVEKIT_API_SECRET is",
                    (None, None) => "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are",
                };
                let keys = environment.keys().ok_or(RoomsChoiceError::NoKeys(missing))?;
                Self { place: RoomServer::Elsewhere(url, keys), why: "LIVEKIT_URL is set" }
            }
        })
    }

    /// `off`, `embedded` or `elsewhere`.
    pub fn name(&self) -> &'static str {
        match self.place {
            RoomServer::Off => "off",
            RoomServer::Embedded(_) => "embedded",
            RoomServer::Elsewhere(..) => "elsewhere",
        }
    }
}

/// The address that clients connect to. Without user, query and fragment: none belongs there, and all might be secret.
fn client_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let scheme = match url.scheme() {
        "ws" | "http" => "ws",
        "wss" | "https" => "wss",
        _ => return None,
    };
    let plain = url.username().is_empty() && url.password().is_none();
    if !plain || url.query().is_some() || url.fragment().is_some() || !url.has_host() {
        return None;
    }
    url.set_scheme(scheme).ok()?;
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(url: Option<&str>, key: bool, secret: bool) -> LivekitEnvironment {
        LivekitEnvironment {
            url: url.map(str::to_owned),
            key: key.then(|| "key".to_owned()),
            secret: secret.then(|| Hidden::new("SECRET")),
        }
    }

    fn place(
        choice: RoomsChoice,
        url: Option<&str>,
        key: bool,
        secret: bool,
    ) -> Result<RoomServer, RoomsChoiceError> {
        ChosenRooms::new(choice, &environment(url, key, secret)).map(|chosen| chosen.place)
    }

    #[test]
    fn rooms_are_where_the_environment_says_unless_a_setting_does() {
        use RoomsChoice::{Auto, Embedded, Off};
        let keys = || Keys { key: "key".to_owned(), secret: Hidden::new("SECRET") };
        let url = Some("wss://live.example");
        let there = |address: &str| Ok(RoomServer::Elsewhere(address.parse().unwrap(), keys()));
        assert_eq!(place(Auto, None, false, false), Ok(RoomServer::Embedded(None)));
        assert_eq!(place(Auto, None, true, false), Ok(RoomServer::Embedded(None)), "half a pair is none");
        assert_eq!(place(Auto, None, true, true), Ok(RoomServer::Embedded(Some(keys()))));
        assert_eq!(place(Auto, url, true, true), there("wss://live.example"));
        assert_eq!(place(Embedded, url, true, true), Ok(RoomServer::Embedded(Some(keys()))));
        assert_eq!(place(Off, url, false, false), Ok(RoomServer::Off));
        for (written, meant) in [
            ("http://127.0.0.1:7880", "ws://127.0.0.1:7880"),
            ("https://live.example/", "wss://live.example"),
            ("wss://live.example/livekit/", "wss://live.example/livekit"),
        ] {
            assert_eq!(place(Auto, Some(written), true, true), there(meant), "{written}");
        }
    }

    #[test]
    fn what_is_missing_is_named_with_the_remedy() {
        use RoomsChoice::Auto;
        for (key, secret, missing) in [
            (false, false, "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not set"),
            (true, false, "LIVEKIT_API_SECRET is not set"),
            (false, true, "LIVEKIT_API_KEY is not set"),
        ] {
            let error = place(Auto, Some("ws://h"), key, secret).unwrap_err().to_string();
            assert!(error.contains(missing) && error.contains("; set LIVEKIT_API_KEY and"), "{error}");
        }
        for wrong in [
            "live.example",
            "ftp://h",
            "ws://",
            "ws://me:PRIVATE@h",
            "ws://h?access_token=PRIVATE",
            "ws://h#x",
        ] {
            let error = place(Auto, Some(wrong), true, true).unwrap_err();
            assert_eq!(error, RoomsChoiceError::Unusable, "{wrong}");
            assert!(!error.to_string().contains("PRIVATE"));
        }
        let shown = format!("{:?}", ChosenRooms::new(Auto, &environment(Some("ws://h"), true, true)));
        assert!(!shown.contains("SECRET"), "{shown}");
    }
}
