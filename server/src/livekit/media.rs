//! Where the media of the embedded rooms comes in, which addresses clients are told, and who can reach those.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use rooms::{IpFamily, MediaAddress, loopback, own_address, usual_addresses};

use crate::request_guard::host::is_loopback;
use crate::settings::{RoomsAddress, RoomsAddresses, ServerSettings};
use crate::variables::variable;

/// Where media comes in, on this port.
pub fn addresses(named: &RoomsAddresses, port: u16) -> Vec<MediaAddress> {
    match named.0.as_slice() {
        [] => usual_addresses(port),
        named => {
            let at = |one: &RoomsAddress| MediaAddress {
                announce: one.announce,
                ..MediaAddress::new(SocketAddr::new(resolve_bind_address(one.bind), port))
            };
            named.iter().map(at).collect()
        }
    }
}

/// An address to bind to. Each has a socket of its own, so all of this machine's (`0.0.0.0`) means the one that others
/// reach it by.
fn resolve_bind_address(bind: IpAddr) -> IpAddr {
    if !bind.is_unspecified() {
        return bind;
    }
    let alone = match IpFamily::of(bind) {
        IpFamily::V4 => Ipv4Addr::LOCALHOST.into(),
        IpFamily::V6 => Ipv6Addr::LOCALHOST.into(),
    };
    own_address(IpFamily::of(bind)).unwrap_or(alone)
}

/// The same with the loopback, by which the interviewer comes in whatever clients elsewhere are told.
pub fn with_loopback(mut addresses: Vec<MediaAddress>, port: u16) -> Vec<MediaAddress> {
    let own = SocketAddr::new(loopback(), port);
    let told =
        announced_ips(&addresses).any(|ip| ip.is_loopback() && IpFamily::of(ip) == IpFamily::of(own.ip()));
    // A port cannot be bound twice, unless any will do.
    let taken = port != 0 && addresses.iter().any(|address| address.bind == own);
    if !told && !taken {
        addresses.push(MediaAddress::new(own));
    }
    addresses
}

/// What clients are told.
pub fn announced_ips(addresses: &[MediaAddress]) -> impl Iterator<Item = IpAddr> {
    addresses.iter().map(|address| address.announce.unwrap_or(address.bind.ip()))
}

/// Why only some can talk, though others may open the page; and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MediaReachWarning {
    /// Addresses within a container.
    #[error(
        "this runs in a container, and browsers are told {0}, which others reach only if that is the host's own"
    )]
    Container(IpAddr),
    /// This machine's address to itself.
    #[error(
        "the page is served to other machines, and browsers are told only this machine's address to itself"
    )]
    Loopback,
    /// Addresses of a private network.
    #[error("browsers are told {0}, an address of a private network: nobody outside of it can talk")]
    Private(IpAddr),
}

impl MediaReachWarning {
    /// By the settings; `None`: everybody can, nobody else is served, or addresses are named, by somebody who knows them.
    pub fn look(settings: &ServerSettings, told: &[IpAddr], in_container: bool) -> Option<Self> {
        if !settings.rooms_addresses.0.is_empty() || told.iter().any(|ip| !is_private(*ip)) {
            return None;
        }
        let others = settings.trusted_proxy || !is_loopback(&settings.host);
        match told.iter().find(|ip| !ip.is_loopback()) {
            Some(ip) if in_container && others => Some(Self::Container(*ip)),
            Some(ip) if others => Some(Self::Private(*ip)),
            None if others => Some(Self::Loopback),
            Some(_) | None => None,
        }
    }

    /// What to do about it; `port`: that of media.
    pub fn remedy(&self, port: u16) -> String {
        let address =
            "set --rooms-addresses 0.0.0.0=ADDRESS, with the address that browsers reach the machine by";
        match self {
            Self::Container(_) => format!(
                "{address}; name the port, too (--rooms-udp-port {port}), and publish it: -p {port}:{port}/udp -p {port}:{port}"
            ),
            Self::Loopback | Self::Private(_) => {
                format!("{address}, and let UDP and TCP {port} through to it")
            }
        }
    }
}

/// Whether this program runs in a container, as far as Docker, Podman and Kubernetes tell; `root`: the folder `/`.
pub fn in_container(root: &Path) -> bool {
    let told = [".dockerenv", "run/.containerenv"].iter().any(|file| root.join(file).exists());
    told || variable("KUBERNETES_SERVICE_HOST").is_some()
}

/// Whether an address means something in one network alone: this machine, a private one or a provider's.
fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            let shared = first == 100 && (64..128).contains(&second);
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || shared
        }
        IpAddr::V6(ip) => ip.is_unique_local() || ip.is_loopback() || ip.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ips(text: &[&str]) -> Vec<IpAddr> {
        text.iter().map(|ip| ip.parse().unwrap()).collect()
    }

    #[test]
    fn all_addresses_are_the_one_that_others_reach() {
        let named = |text: &str| addresses(&text.parse().unwrap(), 7882);
        for (text, family) in [("0.0.0.0=203.0.113.9", IpFamily::V4), ("::=2001:db8::9", IpFamily::V6)] {
            let [one] = named(text)[..] else { panic!("{text}") };
            assert!(!one.bind.ip().is_unspecified(), "{one:?}");
            assert_eq!((IpFamily::of(one.bind.ip()), one.bind.port()), (family, 7882));
            assert_eq!(one.announce.map(IpFamily::of), Some(family));
            assert!(own_address(family).is_none_or(|own| own == one.bind.ip()), "{one:?}");
        }
        assert_eq!(named("127.0.0.1"), [MediaAddress::new(SocketAddr::from((Ipv4Addr::LOCALHOST, 7882)))]);
    }

    #[test]
    fn the_interviewer_has_a_way_in_whatever_clients_are_told() {
        let with = |text: &str, port| with_loopback(addresses(&text.parse().unwrap(), port), port);
        let last = |text: &str, port| *with(text, port).last().unwrap();
        let own = |port| MediaAddress::new(SocketAddr::new(loopback(), port));
        assert_eq!(with("127.0.0.1", 7882), [own(7882)]);
        assert_eq!(last("10.0.0.5=203.0.113.9", 7882), own(7882));
        assert_eq!(last("0.0.0.0=203.0.113.9", 0), own(0));
        // The loopback announced as another address: nobody on this machine is told it.
        assert_eq!(last("127.0.0.1=203.0.113.9", 0), own(0));
        assert_eq!(with("127.0.0.1=203.0.113.9", 7882).len(), 1, "its port is taken");
    }

    #[test]
    fn who_cannot_talk_is_told_unless_addresses_are_named() {
        let settings = |host: &str, named: &str| ServerSettings {
            host: host.to_owned(),
            rooms_addresses: named.parse().unwrap(),
            ..ServerSettings::default()
        };
        let look = |host: &str, named: &str, told: &[&str], container| {
            MediaReachWarning::look(&settings(host, named), &ips(told), container)
        };
        let docker = ["127.0.0.1", "172.17.0.2"];
        let container = MediaReachWarning::Container("172.17.0.2".parse().unwrap());
        let inside = Some(container);
        assert_eq!(look("0.0.0.0", "", &docker, true), inside);
        assert_eq!(look("0.0.0.0", "0.0.0.0=203.0.113.9", &docker, true), None);
        assert_eq!(look("127.0.0.1", "", &docker, true), None, "nobody else is served");
        let proxied = ServerSettings { trusted_proxy: true, ..settings("127.0.0.1", "") };
        assert_eq!(MediaReachWarning::look(&proxied, &ips(&docker), true), inside);
        let lan = Some(MediaReachWarning::Private("192.168.1.5".parse().unwrap()));
        assert_eq!(look("0.0.0.0", "", &["127.0.0.1", "192.168.1.5"], false), lan);
        assert_eq!(look("::", "", &["::1"], false), Some(MediaReachWarning::Loopback));
        assert_eq!(look("0.0.0.0", "", &["127.0.0.1", "203.0.113.9"], true), None);
        assert_eq!(look("0.0.0.0", "", &["127.0.0.1", "10.0.0.5", "2001:db8::5"], false), None);
        let words = container.remedy(7882);
        assert!(words.contains("-p 7882:7882/udp") && words.contains("0.0.0.0=ADDRESS"), "{words}");
    }

    #[test]
    fn private_networks_are_told_from_the_internet() {
        for private in [
            "10.1.2.3",
            "172.31.0.1",
            "192.168.0.1",
            "100.64.0.1",
            "169.254.1.1",
            "127.0.0.1",
            "::1",
            "fd00::2",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in ["203.0.113.9", "172.32.0.1", "100.128.0.1", "2001:db8::1"] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn containers_leave_a_file_at_their_root() {
        let root = tempfile::tempdir().unwrap();
        let cluster = variable("KUBERNETES_SERVICE_HOST").is_some();
        assert_eq!(in_container(root.path()), cluster);
        std::fs::create_dir(root.path().join("run")).unwrap();
        std::fs::write(root.path().join("run/.containerenv"), "").unwrap();
        assert!(in_container(root.path()));
    }
}
