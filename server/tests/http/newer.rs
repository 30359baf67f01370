//! HTTP/2, over TLS: one connection for all tabs of a browser.

use std::sync::Arc;

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http2::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use patience::soon;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::certificate::Certificate;
use crate::house::{House, Visitor};

/// Tabs; of HTTP/1.1 a browser makes six connections to a server.
const TABS: usize = 7;

/// A browser's one connection.
struct Browser {
    connection: SendRequest<Empty<Bytes>>,
    /// Host and port.
    place: String,
    cookie: String,
}

impl Browser {
    async fn connect(house: &House, certificate: &Certificate, visitor: &Visitor) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(certificate.made.der().clone()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap();
        let mut config = config.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let address = house.base.trim_start_matches("https://");
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (connection, driver) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await.unwrap();
        tokio::spawn(driver);
        let place = format!("localhost:{}", address.rsplit(':').next().unwrap());
        Self { connection, place, cookie: visitor.cookie.clone() }
    }

    async fn get(&self, place: &str, path: &str) -> Response<Incoming> {
        let request = Request::get(format!("https://{place}{path}")).header("cookie", &self.cookie);
        let answer = self.connection.clone().send_request(request.body(Empty::new()).unwrap());
        soon("an answer", answer).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seven_tabs_listen_on_one_connection_and_all_else_is_answered() {
    let certificate = Certificate::make();
    let house = House::start_with(|settings| certificate.set(settings), Arc::new(engine::BuiltIn)).await;
    let (visitor, session) = house.visitor().await;
    let browser = Browser::connect(&house, &certificate, &visitor).await;

    let mut tabs = Vec::new();
    for _ in 0..TABS {
        let mut events = browser.get(&browser.place, &format!("/interview/{session}/events")).await;
        assert_eq!(events.status(), 200);
        let first = soon("an event", events.body_mut().frame()).await;
        assert!(!first.unwrap().unwrap().into_data().unwrap().is_empty());
        tabs.push(events);
    }
    let page = browser.get(&browser.place, &format!("/interview/{session}")).await;
    assert_eq!(page.status(), 200);
    let page = page.into_body().collect().await.unwrap().to_bytes();
    assert!(String::from_utf8_lossy(&page).contains("Backend engineer"), "it is this visitor's");
    // What guards look at is there as with HTTP/1.1.
    let foreign = browser.get("evil.example", "/").await;
    assert_eq!(foreign.status(), 421);

    // Each tab hears what happens.
    house.turn(&session.to_string(), "s", "start", "").await;
    for mut tab in tabs {
        let news = soon("news", tab.body_mut().frame()).await;
        assert!(news.unwrap().is_ok());
    }
    assert!(house.stop().await);
}
