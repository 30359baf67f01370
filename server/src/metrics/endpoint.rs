//! `GET /metrics`: for this machine, and for those that have the token.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{Extensions, HeaderMap, HeaderName, StatusCode, header};
use protocol::engine_api::error::Code;

use crate::request_guard::refuse;
use crate::secrets::SecretDigest;
use crate::settings::ServerSettings;
use crate::wired::Wired;

/// What a request that came by way of a proxy may carry, beside all that begins with `x-forwarded-`.
const FORWARDED: [&str; 3] = ["forwarded", "x-real-ip", "via"];

/// Who may read the metrics.
#[derive(Debug, Clone)]
pub struct MetricsAccess {
    token: Option<SecretDigest>,
    address_header: Option<HeaderName>,
}

impl MetricsAccess {
    /// As the settings say.
    pub fn new(settings: &ServerSettings) -> Self {
        let header = settings.address_header.as_deref();
        Self {
            token: settings.metrics_token.as_ref().map(SecretDigest::new),
            address_header: header.and_then(|name| HeaderName::try_from(name).ok()),
        }
    }

    /// Whether a request may: one that comes from this machine and from no proxy on it, or one with the token.
    fn opens(&self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        let presented = headers.get(header::AUTHORIZATION).and_then(|v| v.as_bytes().split_at_checked(7));
        let knows = |token: &SecretDigest| {
            presented.is_some_and(|(scheme, presented)| {
                scheme.eq_ignore_ascii_case(b"bearer ") && token.matches(presented)
            })
        };
        self.token.as_ref().is_some_and(knows) || self.is_here(headers, extensions)
    }

    fn is_here(&self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        let Some(ConnectInfo(peer)) = extensions.get::<ConnectInfo<SocketAddr>>() else { return false };
        let forwarded = headers.keys().any(|name| {
            FORWARDED.contains(&name.as_str())
                || name.as_str().starts_with("x-forwarded-")
                || Some(name) == self.address_header.as_ref()
        });
        peer.ip().to_canonical().is_loopback() && !forwarded
    }
}

/// Gives the metrics.
pub async fn handle(State(wired): State<Wired>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if !wired.door.opens(&parts.headers, &parts.extensions) {
        let sentence = "The metrics are for the machine that the server runs on, without a proxy between. To read them from \
                        elsewhere, set `metrics_token` and send the header `Authorization: Bearer TOKEN`.";
        return refuse(parts.uri.path(), StatusCode::FORBIDDEN, Code::Forbidden, sentence);
    }
    wired.metrics.sessions_in_memory(wired.engine.in_memory());
    if let Some(livekit) = &wired.livekit {
        wired.metrics.rooms(livekit.census().await);
    }
    match wired.metrics.text() {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the metrics cannot be written");
            let sentence = "The metrics cannot be written.";
            refuse(parts.uri.path(), StatusCode::INTERNAL_SERVER_ERROR, Code::Internal, sentence)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Hidden;

    #[test]
    fn it_opens_to_this_machine_and_to_the_token() {
        let settings = ServerSettings {
            metrics_token: Some(Hidden::new("open sesame")),
            address_header: Some("CF-Connecting-IP".to_owned()),
            ..ServerSettings::default()
        };
        let (with, without) = (MetricsAccess::new(&settings), MetricsAccess::new(&ServerSettings::default()));
        let ask = |door: &MetricsAccess, peer: Option<&str>, headers: &[(&'static str, &str)]| {
            let mut extensions = Extensions::new();
            if let Some(peer) = peer {
                let peer: SocketAddr = peer.parse().unwrap();
                extensions.insert(ConnectInfo(peer));
            }
            let map = headers.iter().map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap()));
            door.opens(&map.collect(), &extensions)
        };
        let (here, there) = (Some("127.0.0.1:9"), Some("192.0.2.7:9"));
        for here in [here, Some("[::1]:9"), Some("127.8.9.1:9"), Some("[::ffff:127.0.0.1]:9")] {
            assert!(ask(&without, here, &[]), "{here:?}");
        }
        for there in [there, None, Some("[::ffff:192.0.2.7]:9"), Some("0.0.0.0:9")] {
            assert!(!ask(&without, there, &[]), "{there:?}");
        }
        for name in ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"] {
            assert!(!ask(&without, here, &[(name, "127.0.0.1")]), "{name}");
        }
        assert!(ask(&without, here, &[("cf-connecting-ip", "127.0.0.1")]), "of a proxy that nobody has");
        assert!(!ask(&with, here, &[("cf-connecting-ip", "127.0.0.1")]));
        for (token, opens) in [
            ("Bearer open sesame", true),
            ("bearer open sesame", true),
            ("Bearer open sesam", false),
            ("Bearer open sesame ", false),
            ("Bearer ", false),
            ("Basic open sesame", false),
            ("", false),
        ] {
            assert_eq!(ask(&with, there, &[("authorization", token)]), opens, "{token}");
            assert!(!ask(&without, there, &[("authorization", token)]), "{token}");
        }
    }
}
