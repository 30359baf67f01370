//! The port: free, taken by a running InterviewOS, or by something else.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpListener, lookup_host};

use super::folder::DataFolderState;
use super::report::DoctorReport;
use crate::settings::ServerSettings;

/// How long whoever has the port may take for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

const WHAT: &str = "port";

/// Who answers on a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PortOccupant {
    /// An InterviewOS that can hold interviews.
    Ready,
    /// An InterviewOS that cannot.
    NotReady,
    /// Something else, or nobody in time.
    Other,
}

/// Looks who has the port; `folder`: what is known of the data folder.
pub(super) async fn examine(
    settings: &ServerSettings,
    folder: Option<DataFolderState>,
    report: &mut DoctorReport,
) {
    let (host, port) = (settings.host.as_str(), settings.port);
    let shown = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let address = match lookup_host((host, port)).await.map(|mut found| found.next()) {
        Ok(Some(address)) => address,
        Ok(None) => return report.fail(WHAT, format!("{host} has no address"), "name another with --host"),
        Err(error) => {
            return report.fail(WHAT, format!("{host} is no address ({error})"), "name another with --host");
        }
    };
    // Given back at once: nothing is accepted.
    let taken = match TcpListener::bind((host, port)).await {
        Ok(listener) => {
            drop(listener);
            false
        }
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => true,
        Err(error) => {
            let remedy = "name another with --host or --port; ports below 1024 need a privilege";
            return report.fail(WHAT, format!("{shown} cannot be listened on ({error})"), remedy);
        }
    };
    if !taken {
        let free = match port {
            0 => "each start takes a free one".to_owned(),
            _ => format!("{shown} is free"),
        };
        return match folder {
            Some(DataFolderState::Held) => report.warn(
                WHAT,
                format!("{free}, and the InterviewOS that uses the data folder listens elsewhere"),
                "give this command the flags of that server, or stop it before another is started",
            ),
            Some(DataFolderState::Free) | None => report.ok(WHAT, free),
        };
    }
    let scheme = if settings.tls_cert.is_some() { "https" } else { "http" };
    match (identify_occupant(scheme, reachable(address)).await, folder) {
        (PortOccupant::Ready, Some(DataFolderState::Held)) => {
            report.ok(WHAT, format!("a running InterviewOS answers on {shown}, ready for interviews"));
        }
        (PortOccupant::NotReady, Some(DataFolderState::Held)) => report.fail(
            WHAT,
            format!("the InterviewOS on {shown} answers, and cannot keep interviews"),
            "see its log (`not ready`), and what is said of disk and database above",
        ),
        (PortOccupant::Ready | PortOccupant::NotReady, Some(DataFolderState::Free) | None) => report.fail(
            WHAT,
            format!("{shown} is taken by an InterviewOS that uses another data folder"),
            "stop that one, name another port with --port, or its folder with --data DIR",
        ),
        (PortOccupant::Other, _) => report.fail(
            WHAT,
            format!("{shown} is taken by another program, or by one that does not answer"),
            "stop that program, or name another port with --port",
        ),
    }
}

/// Where a server that listens at this address can be asked from this machine.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// `scheme`: `http`, or `https` where settings name a certificate, whoever may have made it.
async fn identify_occupant(scheme: &str, address: SocketAddr) -> PortOccupant {
    let client = reqwest::Client::builder()
        .no_proxy()
        .danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build();
    let Ok(client) = client else { return PortOccupant::Other };
    let get = async |path: &str| client.get(format!("{scheme}://{address}{path}")).send().await.ok();
    let alive = match get("/healthz").await {
        Some(answer) => answer.status() == reqwest::StatusCode::OK,
        None => false,
    };
    if !alive {
        return PortOccupant::Other;
    }
    // Many programs answer there: this one also describes itself.
    let description: serde_json::Value = match get("/openapi.json").await {
        Some(answer) => answer.json().await.unwrap_or_default(),
        None => return PortOccupant::Other,
    };
    if !description["info"]["title"].as_str().is_some_and(|title| title.starts_with("InterviewOS")) {
        return PortOccupant::Other;
    }
    match get("/readyz").await {
        Some(answer) if answer.status() == reqwest::StatusCode::OK => PortOccupant::Ready,
        Some(_) | None => PortOccupant::NotReady,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_for_all_addresses_is_asked_at_this_machines_own() {
        for (listens, asked) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.1.2.3:80", "10.1.2.3:80")]
        {
            assert_eq!(reachable(listens.parse().unwrap()), asked.parse().unwrap());
        }
    }

    #[tokio::test]
    async fn another_program_on_the_port_is_told() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings =
            ServerSettings { port: taken.local_addr().unwrap().port(), ..ServerSettings::default() };
        let mut report = DoctorReport::default();
        let answer = async {
            let (stream, _) = taken.accept().await.unwrap();
            drop(stream);
        };
        tokio::join!(examine(&settings, Some(DataFolderState::Free), &mut report), answer);
        assert!(!report.can_run() && report.to_string().contains("another program"), "{report}");
    }
}
