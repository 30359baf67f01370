//! The rooms for voice: which they are, and whether they can be used. Without them interviews are by text, so that
//! little of it stands in the way of interviews.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

use reqwest::Url;
use rooms::MediaAddress;

use super::folder::{DataFolderState, secret};
use super::report::DoctorReport;
use crate::livekit::choice::RoomServer;
use crate::livekit::keys::{self, Keys};
use crate::livekit::media::{MediaReachWarning, addresses, announced_ips, in_container};
use crate::livekit::service::{RoomService, ServiceError};
use crate::livekit::{ChosenRooms, LivekitEnvironment, LivekitStartError};
use crate::settings::{ServerSettings, UDP_PORT};

const WHAT: &str = "rooms";
/// What happens while rooms are out of reach.
const MEANWHILE: &str = "until then interviews are by text";
/// How far clocks may be apart.
const CLOCKS_MIN: u64 = rooms::CLOCKS.as_secs() / 60;
const SET_CLOCKS: &str = "set the clocks of both machines, as by NTP (timedatectl set-ntp true)";

/// Looks at the rooms in force; `folder`: what is known of the data folder.
pub(super) async fn examine(
    settings: &ServerSettings,
    environment: &LivekitEnvironment,
    folder: Option<DataFolderState>,
    report: &mut DoctorReport,
) {
    let chosen = match ChosenRooms::new(settings.rooms, environment) {
        Ok(chosen) => chosen,
        Err(error) => return report.fail_with(WHAT, &error),
    };
    match &chosen.place {
        RoomServer::Off => report.note(WHAT, format!("off ({}): interviews are by text", chosen.why)),
        RoomServer::Elsewhere(url, keys) => examine_external(url, keys, report).await,
        RoomServer::Embedded(given) => {
            embedded(settings, chosen.why, folder, report);
            match given {
                Some(_) => report.ok("room keys", "LIVEKIT_API_KEY and LIVEKIT_API_SECRET are set"),
                None if environment.has_half_a_pair() => report.warn(
                    "room keys",
                    "only one of LIVEKIT_API_KEY and LIVEKIT_API_SECRET is set: neither is used",
                    "set both, or none",
                ),
                None if folder.is_some() => {
                    secret("room keys", keys::FILE, Keys::look(&settings.data), report);
                }
                None => {}
            }
        }
    }
}

async fn examine_external(url: &Url, keys: &Keys, report: &mut DoctorReport) {
    let service = RoomService::new(url, keys.clone());
    let url = url.as_str().trim_end_matches('/');
    let listed = match &service {
        Ok(service) => service.list_rooms().await,
        Err(error) => Err(*error),
    };
    match listed {
        Ok(rooms) => {
            report.ok(WHAT, format!("{url} takes the key ({} open there)", count(rooms.len())));
            if let Some(apart) = service.ok().and_then(|service| service.clock_skew()) {
                let said =
                    format!("{url} answers, and {apart}: beyond {CLOCKS_MIN} minutes nobody could join");
                report.warn("room clock", said, SET_CLOCKS);
            }
        }
        Err(error) => {
            let remedy = match error {
                ServiceError::Refused => {
                    "set LIVEKIT_API_KEY and LIVEKIT_API_SECRET to a key of that server and its secret"
                }
                ServiceError::Clock(_) => SET_CLOCKS,
                ServiceError::Unreachable | ServiceError::Timeout => {
                    "check LIVEKIT_URL, that the server runs, and the way there (firewall, proxy)"
                }
                ServiceError::Status(_) | ServiceError::Garbage => {
                    "check LIVEKIT_URL: another program may be there, or the server has a fault of its own"
                }
            };
            report.warn(WHAT, format!("{url} {error}"), format!("{remedy}; {MEANWHILE}"));
        }
    }
}

fn count(rooms: usize) -> String {
    if rooms == 1 { "1 room".to_owned() } else { format!("{rooms} rooms") }
}

fn embedded(
    settings: &ServerSettings,
    why: &str,
    folder: Option<DataFolderState>,
    report: &mut DoctorReport,
) {
    let port = settings.rooms_udp_port.unwrap_or(UDP_PORT);
    let addresses = addresses(&settings.rooms_addresses, port);
    let told: Vec<IpAddr> = announced_ips(&addresses).collect();
    reach(MediaReachWarning::look(settings, &told, in_container(Path::new("/"))), port, report);
    let told = told.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let said = format!("embedded ({why}); clients are told {told}");
    match (addresses.iter().find_map(media_bind_error), folder) {
        (None, _) if port == 0 => report.ok(WHAT, format!("{said}; each start takes free ports for media")),
        (None, Some(DataFolderState::Held)) => report.note(
            WHAT,
            format!("{said}; port {port} is free, and the InterviewOS that uses the data folder has its media elsewhere, or none"),
        ),
        (None, Some(DataFolderState::Free) | None) => {
            report.ok(WHAT, format!("{said}; port {port} is free for media (UDP and TCP)"));
        }
        (Some((_, error)), Some(DataFolderState::Held)) if error.kind() == io::ErrorKind::AddrInUse => {
            report.ok(WHAT, format!("{said}; port {port} is in use, by the running InterviewOS as it seems"));
        }
        (Some((_, error)), _)
            if error.kind() == io::ErrorKind::AddrInUse && settings.rooms_udp_port.is_none() =>
        {
            report.warn(
                WHAT,
                format!("{said}; port {port} is taken by another program, so InterviewOS will use a free one"),
                "name one with --rooms-udp-port where a firewall has to know it",
            );
        }
        (Some((address, error)), _) if error.kind() == io::ErrorKind::AddrNotAvailable => {
            report.fail_with(WHAT, &LivekitStartError::NotHere(address.ip()));
        }
        (Some((address, error)), _) => report.fail(
            WHAT,
            format!("media cannot be received on {address} ({error})"),
            "name another port with --rooms-udp-port (0 takes a free one) or other addresses with --rooms-addresses, or \
             do without voice: --rooms off",
        ),
    }
}

/// Tells who cannot talk, if that is known.
fn reach(narrow: Option<MediaReachWarning>, port: u16, report: &mut DoctorReport) {
    const WHAT: &str = "room address";
    let port = if port == 0 { UDP_PORT } else { port };
    match narrow {
        Some(narrow @ (MediaReachWarning::Container(_) | MediaReachWarning::Loopback)) => {
            report.warn(WHAT, narrow.to_string(), narrow.remedy(port));
        }
        Some(narrow @ MediaReachWarning::Private(_)) => {
            report.note(WHAT, format!("{narrow}; if they should: {}", narrow.remedy(port)));
        }
        None => {}
    }
}

/// What keeps media from coming in there. What is bound is given back at once.
fn media_bind_error(address: &MediaAddress) -> Option<(SocketAddr, io::Error)> {
    let bound = UdpSocket::bind(address.bind).and_then(|_udp| TcpListener::bind(address.bind));
    bound.err().map(|error| (address.bind, error))
}

#[cfg(test)]
mod tests {
    use super::super::FindingSeverity;
    use super::*;
    use crate::secrets::Hidden;
    use crate::settings::RoomsChoice;

    fn told(port: Option<u16>, folder: Option<DataFolderState>) -> (FindingSeverity, String) {
        let rooms_addresses = "127.41.7.3=203.0.113.9".parse().unwrap();
        let settings = ServerSettings { rooms_udp_port: port, rooms_addresses, ..ServerSettings::default() };
        let mut report = DoctorReport::default();
        embedded(&settings, "why", folder, &mut report);
        (report.findings[0].mark, report.to_string())
    }

    #[test]
    fn the_port_of_media_is_free_or_has_somebody() {
        let (mark, text) = told(Some(0), Some(DataFolderState::Free));
        assert!(
            mark == FindingSeverity::Ok && text.contains("told 203.0.113.9; each start takes free"),
            "{text}"
        );
        // An address that no other test has.
        let taken = UdpSocket::bind("127.41.7.3:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let (mark, text) = told(Some(port), Some(DataFolderState::Free));
        assert!(mark == FindingSeverity::Fail && text.contains("--rooms-udp-port"), "{text}");
        let (mark, text) = told(Some(port), Some(DataFolderState::Held));
        assert!(mark == FindingSeverity::Ok && text.contains("running InterviewOS"), "{text}");
        drop(taken);
        let (mark, text) = told(Some(port), Some(DataFolderState::Held));
        assert!(mark == FindingSeverity::Note && text.contains("elsewhere"), "{text}");
    }

    #[test]
    fn who_cannot_talk_is_told_with_what_to_do() {
        let ip = "172.17.0.2".parse().unwrap();
        for (narrow, mark, words) in [
            (
                MediaReachWarning::Container(ip),
                FindingSeverity::Warn,
                "in a container, and browsers are told 172.17.0.2",
            ),
            (MediaReachWarning::Loopback, FindingSeverity::Warn, "this machine's address to itself"),
            (MediaReachWarning::Private(ip), FindingSeverity::Note, "nobody outside of it can talk"),
        ] {
            let mut report = DoctorReport::default();
            reach(Some(narrow), 7_000, &mut report);
            let text = report.to_string();
            assert!(report.findings[0].mark == mark && text.contains(words), "{text}");
            assert!(text.contains("0.0.0.0=ADDRESS") && text.contains("7000"), "{text}");
        }
        let settings =
            ServerSettings { rooms_addresses: "203.0.113.9".parse().unwrap(), ..ServerSettings::default() };
        let mut report = DoctorReport::default();
        embedded(&settings, "why", None, &mut report);
        let text = report.to_string();
        assert!(!report.can_run() && text.contains("--rooms-addresses 0.0.0.0=203.0.113.9"), "{text}");
    }

    #[tokio::test]
    async fn what_is_off_or_half_is_told() {
        let examined = async |choice: RoomsChoice, environment: &LivekitEnvironment| {
            let rooms_udp_port = Some(0);
            let settings = ServerSettings { rooms: choice, rooms_udp_port, ..ServerSettings::default() };
            let mut report = DoctorReport::default();
            examine(&settings, environment, None, &mut report).await;
            report.to_string()
        };
        let off = examined(RoomsChoice::Off, &LivekitEnvironment::default()).await;
        assert!(off.contains("note  rooms") && off.contains("by text"), "{off}");
        let half =
            LivekitEnvironment { secret: Some(Hidden::new("PRIVATE")), ..LivekitEnvironment::default() };
        let text = examined(RoomsChoice::Auto, &half).await;
        assert!(text.contains("warn  room keys") && !text.contains("PRIVATE"), "{text}");
        let url = LivekitEnvironment { url: Some("ws://127.0.0.1:1".to_owned()), ..half.clone() };
        let text = examined(RoomsChoice::Auto, &url).await;
        assert!(text.contains("FAIL  rooms") && text.contains("LIVEKIT_API_KEY is not set"), "{text}");
        let whole = LivekitEnvironment { key: Some("key".to_owned()), ..url };
        let text = examined(RoomsChoice::Auto, &whole).await;
        assert!(text.contains("warn  rooms") && text.contains("cannot be reached"), "{text}");
    }
}
