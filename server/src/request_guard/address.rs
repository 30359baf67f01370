//! Where a request comes from: the connection's other end, or what the proxy in front says of it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap, HeaderName};

/// A client as its address tells it from others. Of an IPv6 address only the first half counts: whoever has
/// one has the whole network of the other half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl From<IpAddr> for ClientAddress {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let network = address.to_bits() & (u128::from(u64::MAX) << 64);
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
        })
    }
}

/// Finds addresses of clients.
#[derive(Debug, Default)]
pub struct Addresses {
    header: Option<HeaderName>,
    warned: AtomicBool,
}

impl Addresses {
    /// `header`: the one in which the proxy in front names its client; else no header is believed.
    pub fn new(header: Option<&str>) -> Self {
        Self { header: header.and_then(|name| name.parse().ok()), warned: AtomicBool::new(false) }
    }

    /// Whether all connections come from a proxy.
    pub fn behind_proxy(&self) -> bool {
        self.header.is_some()
    }

    /// Where the request comes from, if that tells people apart: not where it comes from this machine, and so perhaps from
    /// a proxy that names nobody.
    pub fn distinguishing_address(
        &self,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Option<ClientAddress> {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>()?.0.ip();
        let told = self.header.is_some() || !peer.to_canonical().is_loopback();
        told.then(|| self.of(headers, extensions))
    }

    /// Where the request with these headers and extensions comes from.
    pub fn of(&self, headers: &HeaderMap, extensions: &Extensions) -> ClientAddress {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // Without a connection there is nobody to tell apart.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let Some(header) = &self.header else {
            if headers.contains_key("x-forwarded-for") || headers.contains_key(http::header::FORWARDED) {
                self.warn(
                    "requests name the address that they come from in a header that is not believed: if a proxy \
                     of yours adds it, set address_header, else all its clients share the limits of one",
                );
            }
            return peer.into();
        };
        nearest(headers, header).unwrap_or_else(|| {
            self.warn(
                "a request has no readable address in the header that address_header names: it counts for the \
                 address of its connection",
            );
            peer
        }).into()
    }

    /// Once: a flood of them shall not fill the log.
    fn warn(&self, what: &'static str) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            tracing::warn!("{what}");
        }
    }
}

/// What the nearest proxy has added: the last address of the last such header. Whatever stands before it may
/// have been sent by the client itself.
fn nearest(headers: &HeaderMap, header: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(header).iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?;
    if *header != http::header::FORWARDED {
        return parse(last);
    }
    let named = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| parse(value))
    };
    last.split(';').find_map(named)?
}

/// An address, alone or with a port: `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`; in quotes
/// or not.
fn parse(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: Option<&str>, peer: &str, sent: &[(&'static str, &str)]) -> ClientAddress {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().unwrap());
        }
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 9)));
        Addresses::new(header).of(&headers, &extensions)
    }

    fn at(address: &str) -> ClientAddress {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn no_header_is_believed_unless_it_is_named() {
        let spoofed =
            [("x-forwarded-for", "8.8.8.8"), ("forwarded", "for=8.8.8.8"), ("x-real-ip", "8.8.8.8")];
        assert_eq!(of(None, "192.0.2.7", &spoofed), at("192.0.2.7"));
        assert_eq!(of(Some("X-Client"), "192.0.2.7", &spoofed), at("192.0.2.7"));
    }

    #[test]
    fn only_what_the_nearest_proxy_added_counts() {
        let through = |sent: &[(&'static str, &str)]| of(Some("X-Forwarded-For"), "10.0.0.1", sent);
        assert_eq!(through(&[("x-forwarded-for", "8.8.8.8, 1.1.1.1,192.0.2.7")]), at("192.0.2.7"));
        let two = [("x-forwarded-for", "8.8.8.8"), ("x-forwarded-for", "192.0.2.7")];
        assert_eq!(through(&two), at("192.0.2.7"));
        for garbled in ["", "unknown", "8.8.8.8, ", "8.8.8.8, somebody", "1.2.3.4.5", "[::1"] {
            assert_eq!(through(&[("x-forwarded-for", garbled)]), at("10.0.0.1"), "{garbled}");
        }
        assert_eq!(through(&[]), at("10.0.0.1"));
    }

    #[test]
    fn addresses_are_read_in_every_customary_form() {
        for (said, meant) in [
            ("192.0.2.7:4711", "192.0.2.7"),
            ("2001:db8:1:2::7", "2001:db8:1:2::"),
            ("[2001:db8:1:2::7]", "2001:db8:1:2::"),
            ("[2001:db8:1:2::7]:4711", "2001:db8:1:2::"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ] {
            assert_eq!(of(Some("x-real-ip"), "10.0.0.1", &[("x-real-ip", said)]), at(meant), "{said}");
        }
        for (said, meant) in [
            ("for=192.0.2.7", "192.0.2.7"),
            ("for=8.8.8.8, proto=https;For=\"192.0.2.7:80\";by=10.0.0.1", "192.0.2.7"),
            ("for=\"[2001:db8:1:2::7]:4711\"", "2001:db8:1:2::"),
            ("for=\"8.8.8.8, for=192.0.2.7", "192.0.2.7"),
            ("for=_hidden", "10.0.0.1"),
            ("for=8.8.8.8, for=unknown", "10.0.0.1"),
            ("for=8.8.8.8, proto=http", "10.0.0.1"),
        ] {
            assert_eq!(of(Some("Forwarded"), "10.0.0.1", &[("forwarded", said)]), at(meant), "{said}");
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_client() {
        assert_eq!(at("2001:db8:1:2::7"), at("2001:db8:1:2:ffff::1"));
        assert_ne!(at("2001:db8:1:2::7"), at("2001:db8:1:3::7"));
        assert_ne!(at("192.0.2.7"), at("192.0.2.8"));
    }
}
