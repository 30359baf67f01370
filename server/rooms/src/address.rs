//! The addresses that media is received on, and what this machine's own are.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// One address that media is received on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaAddress {
    /// The address to bind to. Port 0 lets the machine choose.
    pub bind: SocketAddr,
    /// The address told to clients, if it differs from the bound one (behind a NAT).
    pub announce: Option<IpAddr>,
}

impl MediaAddress {
    /// An address that clients reach directly.
    pub fn new(bind: SocketAddr) -> Self {
        Self { bind, announce: None }
    }
}

/// The loopback and this machine's own addresses. Firefox ignores loopback candidates, so the others are needed even
/// when everybody is on this machine.
pub fn usual_addresses(port: u16) -> Vec<MediaAddress> {
    let own = [IpFamily::V4, IpFamily::V6].into_iter().filter_map(own_address);
    usual(loopback(), own).into_iter().map(|ip| MediaAddress::new(SocketAddr::new(ip, port))).collect()
}

/// The same, each once.
fn usual(loopback: IpAddr, own: impl Iterator<Item = IpAddr>) -> Vec<IpAddr> {
    let mut all = vec![loopback];
    for ip in own {
        if !all.contains(&ip) {
            all.push(ip);
        }
    }
    all
}

/// A kind of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IpFamily {
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

impl IpFamily {
    /// That of an address.
    pub fn of(ip: IpAddr) -> Self {
        if ip.is_ipv4() { Self::V4 } else { Self::V6 }
    }
}

/// The address of this machine that is its own alone: that of IPv4 where it has one, else that of IPv6.
pub fn loopback() -> IpAddr {
    let newer = IpAddr::V6(Ipv6Addr::LOCALHOST);
    let is_there = |ip: IpAddr| UdpSocket::bind((ip, 0)).is_ok();
    if !is_there(Ipv4Addr::LOCALHOST.into()) && is_there(newer) { newer } else { Ipv4Addr::LOCALHOST.into() }
}

/// The source address of the default route; `None`: there is none.
pub fn own_address(family: IpFamily) -> Option<IpAddr> {
    match family {
        IpFamily::V4 => source((Ipv4Addr::UNSPECIFIED, 0).into(), (Ipv4Addr::new(192, 0, 2, 1), 9).into()),
        IpFamily::V6 => {
            let there = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
            source((Ipv6Addr::UNSPECIFIED, 0).into(), (there, 9).into())
        }
    }
}

/// The address that this machine would send from to reach `there`. Connecting a UDP socket sends nothing, it only
/// consults the routing table. (The addresses are reserved for documentation.)
fn source(any: SocketAddr, there: SocketAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(there).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_either_family_and_none_is_made_up() {
        for (any, here) in [
            (SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)), SocketAddr::from((Ipv4Addr::LOCALHOST, 9))),
            ((Ipv6Addr::UNSPECIFIED, 0).into(), (Ipv6Addr::LOCALHOST, 9).into()),
        ] {
            assert_eq!(source(any, here), None, "the loopback is nobody's own address");
        }
        for family in [IpFamily::V4, IpFamily::V6] {
            if let Some(own) = own_address(family) {
                assert!(!own.is_loopback() && !own.is_unspecified() && IpFamily::of(own) == family, "{own}");
            }
        }
    }

    #[test]
    fn the_loopback_is_among_the_usual_addresses() {
        let usual = usual_addresses(7);
        assert!(usual.iter().any(|a| a.bind == SocketAddr::from((loopback(), 7))), "{usual:?}");
        assert!(loopback().is_loopback());
    }

    #[test]
    fn clients_of_either_family_are_told_an_address() {
        let ip = |text: &str| -> IpAddr { text.parse().expect("an address") };
        let told = |loopback: &str, own: &[&str]| usual(ip(loopback), own.iter().map(|text| ip(text)));
        assert_eq!(told("127.0.0.1", &[]), [ip("127.0.0.1")]);
        let both = ["10.0.0.5", "2001:db8::5"];
        assert_eq!(told("127.0.0.1", &both), [ip("127.0.0.1"), ip("10.0.0.5"), ip("2001:db8::5")]);
        assert_eq!(told("::1", &["2001:db8::5"]), [ip("::1"), ip("2001:db8::5")], "a machine without IPv4");
        assert_eq!(told("::1", &["::1"]), [ip("::1")]);
    }
}
