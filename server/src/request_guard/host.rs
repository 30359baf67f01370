//! Requests come by a name that is meant for this server. A page elsewhere whose name is pointed at this machine (DNS
//! rebinding) is, to a browser, the same site as we are; here it is told apart by the name that it came by.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::uri::Authority;
use http::{HeaderMap, StatusCode};
use protocol::engine_api::error::Code;

use super::{InboundTransport, host, refuse};
use crate::settings::ServerSettings;
use crate::wired::Wired;

/// What is asked by programs, by whatever name they know: how the server is, and what opens by a secret or a token that no
/// page elsewhere has.
const ANY_NAME: [&str; 6] = ["/healthz", "/readyz", "/metrics", "/engine/", "/rtc", "/twirp/"];

/// The names that this server answers to.
#[derive(Debug, Clone)]
pub struct Hosts {
    named: Vec<String>,
    /// It listens on this machine alone.
    local: bool,
    /// A proxy in front has looked at the name.
    proxy: bool,
}

impl Hosts {
    /// As the settings say.
    pub fn new(settings: &ServerSettings) -> Self {
        let named = settings.hosts.split(',').chain([settings.host.as_str()]);
        let named = named.map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
        Self { named: named.collect(), local: is_loopback(&settings.host), proxy: settings.trusted_proxy }
    }

    /// Whether a request by this host (with or without a port) is meant for this server.
    ///
    /// Nobody elsewhere can point a name without a dot, a name in `.local` or `.localhost`, or a plain address at a
    /// machine that is not theirs; those are good wherever the server can be reached from other machines.
    pub fn accepts(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else { return false };
        let name = authority.host().trim_end_matches('.').to_ascii_lowercase();
        if host.contains('@') || name.is_empty() {
            return false;
        }
        let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
        let nobodys = address || !name.contains('.') || name.ends_with(".local");
        self.proxy || is_loopback(&name) || self.named.contains(&name) || (!self.local && nobodys)
    }
}

/// True for the names and addresses of this machine to itself.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost") || host.to_ascii_lowercase().ends_with(".localhost"),
    }
}

/// Refuses requests that came by a name which is not ours.
pub async fn check(State(wired): State<Wired>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let any = ANY_NAME.iter().any(|begins| path.starts_with(begins));
    if any || is_ours(&wired.hosts, request.headers(), request.uri(), wired.way) {
        return next.run(request).await;
    }
    let sentence = "This address is not one that InterviewOS answers to here. Whoever runs the server can add its name: \
                    --hosts NAME (or `hosts` in the settings), or trusted_proxy behind a proxy.";
    refuse(path, StatusCode::MISDIRECTED_REQUEST, Code::Forbidden, sentence)
}

/// A request that names no host comes from no browser.
fn is_ours(hosts: &Hosts, headers: &HeaderMap, uri: &http::Uri, way: InboundTransport) -> bool {
    let named = host(headers, way).or_else(|| uri.authority().map(Authority::as_str));
    named.is_none_or(|named| hosts.accepts(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(host: &str, hosts: &str, trusted_proxy: bool) -> Hosts {
        Hosts::new(&ServerSettings {
            host: host.into(),
            hosts: hosts.into(),
            trusted_proxy,
            ..ServerSettings::default()
        })
    }

    #[test]
    fn a_server_on_this_machine_answers_to_the_names_of_this_machine() {
        let here = hosts("127.0.0.1", "practise.example, Other.Example", false);
        for ours in [
            "localhost",
            "LOCALHOST:3000",
            "127.0.0.1:3000",
            "127.1.2.3",
            "[::1]:3000",
            "a.localhost",
            "localhost.",
            "practise.example:443",
            "PRACTISE.example",
            "other.example",
        ] {
            assert!(here.accepts(ours), "{ours}");
        }
        for theirs in [
            "evil.example",
            "localhost.evil.example",
            "practise.example.evil.example",
            "evilpractise.example",
            "10.0.0.5",
            "mybox",
            "",
            ":3000",
            "localhost@evil.example",
            "me@localhost",
            "evil.example/localhost",
            "127.0.0.1.evil.example",
        ] {
            assert!(!here.accepts(theirs), "{theirs}");
        }
    }

    #[test]
    fn a_server_for_others_answers_to_names_that_nobody_elsewhere_can_take() {
        let open = hosts("0.0.0.0", "", false);
        for ours in ["192.168.1.7:3000", "[fe80::1]:3000", "mybox:3000", "mybox.local", "localhost:3000"] {
            assert!(open.accepts(ours), "{ours}");
        }
        assert!(!open.accepts("evil.example") && !open.accepts("192.168.1.7.evil.example"));
        assert!(hosts("practise.example", "", false).accepts("practise.example:3000"));
        assert!(hosts("127.0.0.1", "", true).accepts("whatever.example"), "the proxy has looked at it");
    }
}
