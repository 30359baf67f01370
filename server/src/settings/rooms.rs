//! The settings of the rooms for voice: where they are, and where their media comes in.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The port of media where none is named: the one that LiveKit's own server has for it.
pub const UDP_PORT: u16 = 7882;

/// Where the rooms for voice are. Address and keys of a LiveKit server are no settings: they come from the
/// environment alone (see [`crate::livekit`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
#[value(rename_all = "kebab-case")]
pub enum RoomsChoice {
    /// On the server that `LIVEKIT_URL` names, else embedded.
    #[default]
    Auto,
    /// In this program, whatever the environment names.
    Embedded,
    /// Nowhere: interviews are by text.
    Off,
}

/// One address that media comes in on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoomsAddress {
    /// The machine's own address.
    pub bind: IpAddr,
    /// The address that clients send to, where it is another (a NAT in between).
    pub announce: Option<IpAddr>,
}

impl FromStr for RoomsAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = |part: &str| {
            part.trim().parse::<IpAddr>().map_err(|_| format!("`{}` is no IP address", part.trim()))
        };
        let (bind, announce) = match text.split_once('=') {
            Some((bind, announce)) => (parse(bind)?, Some(parse(announce)?)),
            None => (parse(text)?, None),
        };
        let told = announce.unwrap_or(bind);
        if told.is_unspecified() {
            return Err(format!(
                "nobody can send to {told}: name the machine's own address, or {bind}=ADDRESS with the one that clients reach it by"
            ));
        }
        Ok(Self { bind, announce })
    }
}

impl fmt::Display for RoomsAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.announce {
            Some(announce) => write!(f, "{}={announce}", self.bind),
            None => self.bind.fmt(f),
        }
    }
}

/// Addresses that media comes in on, as text with commas between or as a list of texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoomsAddresses(pub Vec<RoomsAddress>);

impl FromStr for RoomsAddresses {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for RoomsAddresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(","))
    }
}

impl Serialize for RoomsAddresses {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [] => serializer.serialize_none(),
            [_, ..] => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for RoomsAddresses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;
        impl<'de> Visitor<'de> for Texts {
            type Value = RoomsAddresses;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("addresses with commas between, or a list of addresses")
            }

            fn visit_unit<E: Error>(self) -> Result<RoomsAddresses, E> {
                Ok(RoomsAddresses::default())
            }

            fn visit_none<E: Error>(self) -> Result<RoomsAddresses, E> {
                self.visit_unit()
            }

            fn visit_some<D: Deserializer<'de>>(self, value: D) -> Result<RoomsAddresses, D::Error> {
                value.deserialize_any(self)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RoomsAddresses, E> {
                text.parse().map_err(|_| E::invalid_value(Unexpected::Str(text), &self))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RoomsAddresses, A::Error> {
                let mut all = Vec::new();
                while let Some(text) = list.next_element::<String>()? {
                    let address =
                        text.parse().map_err(|_| A::Error::invalid_value(Unexpected::Str(&text), &self))?;
                    all.push(address);
                }
                Ok(RoomsAddresses(all))
            }
        }
        deserializer.deserialize_any(Texts)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ServerSettings, SettingsFlags};
    use super::*;

    fn load(toml: &str, env: &[(&str, &str)]) -> Result<ServerSettings, String> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.toml");
        std::fs::write(&path, toml).unwrap();
        let flags = SettingsFlags { config: Some(path), ..SettingsFlags::default() };
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        ServerSettings::load(&flags, env).map_err(|error| error.to_string())
    }

    #[test]
    fn a_number_without_a_default_is_one_wherever_it_is_written() {
        assert_eq!(load("", &[]).unwrap().rooms_udp_port, None);
        assert_eq!(load("rooms_udp_port = 0", &[]).unwrap().rooms_udp_port, Some(0));
        let env = [("INTERVIEWOS_ROOMS_UDP_PORT", " 7000 ")];
        assert_eq!(load("rooms_udp_port = 1", &env).unwrap().rooms_udp_port, Some(7000));
        let none = [("INTERVIEWOS_ROOMS_UDP_PORT", "")];
        assert_eq!(load("rooms_udp_port = 1", &none).unwrap().rooms_udp_port, None);
        for wrong in ["rooms_udp_port = 70000", "rooms_udp_port = -1", "rooms_udp_port = 'many'"] {
            let error = load(wrong, &[]).unwrap_err();
            assert!(error.contains("`rooms_udp_port`") && error.ends_with("from 0 to 65535"), "{error}");
        }
        assert_eq!(load("", &[("INTERVIEWOS_SEED", "7")]).unwrap().seed, Some(7));
        let error = load("", &[("INTERVIEWOS_SEED", "-1")]).unwrap_err();
        assert!(error.contains("(INTERVIEWOS_SEED)") && error.ends_with("0 or more"), "{error}");
        let error = load("", &[("INTERVIEWOS_ROOMS_UDP_PORT", "many")]).unwrap_err();
        assert!(error.contains("(INTERVIEWOS_ROOMS_UDP_PORT)") && error.contains("\"many\""), "{error}");
    }

    #[test]
    fn addresses_are_a_list_or_a_text() {
        let shown = |toml: &str, env: &[(&str, &str)]| load(toml, env).unwrap().rooms_addresses.to_string();
        assert_eq!(shown("", &[]), "");
        assert_eq!(
            shown("rooms_addresses = ['127.0.0.1', '10.0.0.5 = 203.0.113.9']", &[]),
            "127.0.0.1,10.0.0.5=203.0.113.9"
        );
        let env = [("INTERVIEWOS_ROOMS_ADDRESSES", "::1, 0.0.0.0=203.0.113.9,")];
        assert_eq!(shown("rooms_addresses = '127.0.0.1'", &env), "::1,0.0.0.0=203.0.113.9");
        let flags =
            SettingsFlags { rooms_addresses: Some("10.0.0.5".parse().unwrap()), ..SettingsFlags::default() };
        assert_eq!(ServerSettings::load(&flags, []).unwrap().rooms_addresses.to_string(), "10.0.0.5");
        for wrong in ["'here'", "['127.0.0.1', '0.0.0.0']", "7", "'10.0.0.5=0.0.0.0'"] {
            let error = load(&format!("rooms_addresses = {wrong}"), &[]).unwrap_err();
            assert!(error.contains("10.0.0.5=203.0.113.9"), "{error}");
        }
        let said = "0.0.0.0".parse::<RoomsAddress>().unwrap_err();
        assert!(said.contains("0.0.0.0=ADDRESS"), "{said}");
    }

    #[test]
    fn rooms_are_somewhere_or_nowhere() {
        assert_eq!(load("", &[]).unwrap().rooms, RoomsChoice::Auto);
        assert_eq!(
            load("rooms = 'off'", &[("INTERVIEWOS_ROOMS", "embedded")]).unwrap().rooms,
            RoomsChoice::Embedded
        );
        let error = load("rooms = 'elsewhere'", &[]).unwrap_err();
        assert!(error.ends_with("give auto, embedded or off"), "{error}");
    }
}
