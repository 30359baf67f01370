//! LiveKit's server API (Twirp: a POST of protobuf), as far as this program asks for it.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, StatusCode};
use livekit_api::access_token::{AccessToken, VideoGrants};
use livekit_protocol::{
    DeleteRoomRequest, DeleteRoomResponse, ListParticipantsRequest, ListParticipantsResponse,
    ListRoomsRequest, ListRoomsResponse,
};
use prost::Message;
use provider::BaseAddress;
use reqwest::{Client, Url};

use super::keys::Keys;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A call's token is good for this long: a minute, also where this machine's clock is behind the server's.
const GOOD_FOR: Duration = Duration::from_secs(60 + rooms::CLOCKS.as_secs());
/// Clocks that are so far apart, in seconds, are worth a word: LiveKit's own servers let a minute pass.
const APART_S: u64 = 60;
/// Most bytes of an answer.
const MOST: usize = 4 << 20;

/// Why a call brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// No connection.
    #[error("cannot be reached")]
    Unreachable,
    /// No answer in time.
    #[error("does not answer in time")]
    Timeout,
    /// The server does not take the key, or its secret.
    #[error("refuses the key")]
    Refused,
    /// The same, and the clocks are so far apart that no token is valid there.
    #[error("refuses the key, perhaps because {0}")]
    Clock(ClockSkew),
    /// Another status than success.
    #[error("answers {0}")]
    Status(u16),
    /// An answer that is none.
    #[error("answers what no LiveKit server does")]
    Garbage,
}

/// How far a server's clock is from this machine's, where that is much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockSkew {
    /// In seconds; below zero the server's is behind.
    pub ahead_s: i64,
}

impl ClockSkew {
    /// `None`: little enough.
    fn new(ahead_s: i64) -> Option<Self> {
        (ahead_s.unsigned_abs() >= APART_S).then_some(Self { ahead_s })
    }
}

impl fmt::Display for ClockSkew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.ahead_s < 0 { "behind" } else { "ahead of" };
        write!(f, "its clock is {} s {way} this machine's", self.ahead_s.unsigned_abs())
    }
}

/// The room service of a LiveKit server.
pub struct RoomService {
    base: Url,
    keys: Keys,
    client: Client,
    /// How far the server's clock was ahead at the last answer, in seconds.
    ahead_s: AtomicI64,
}

impl RoomService {
    /// The one at this address (`ws`, `wss`, `http` or `https`).
    ///
    /// # Errors
    /// [`ServiceError::Unreachable`] if there can be no client for it.
    pub fn new(url: &Url, keys: Keys) -> Result<Self, ServiceError> {
        let mut base = url.clone();
        let scheme = if matches!(url.scheme(), "wss" | "https") { "https" } else { "http" };
        base.set_scheme(scheme).map_err(|()| ServiceError::Unreachable)?;
        let address = BaseAddress::parse(base.as_str()).map_err(|_| ServiceError::Unreachable)?;
        let client = provider::client(&address, PATIENCE).map_err(|_| ServiceError::Unreachable)?;
        let base = address.folder();
        Ok(Self { base, keys, client, ahead_s: AtomicI64::new(0) })
    }

    /// How far the server's clock is from this machine's, as of its last answer; `None`: little, or not known.
    pub fn clock_skew(&self) -> Option<ClockSkew> {
        ClockSkew::new(self.ahead_s.load(Ordering::Relaxed))
    }

    /// The names of the rooms that are open.
    ///
    /// # Errors
    /// Those of the call; no rooms are none.
    pub async fn list_rooms(&self) -> Result<Vec<String>, ServiceError> {
        let grants = VideoGrants { room_list: true, ..VideoGrants::default() };
        let answer: ListRoomsResponse = self.call("ListRooms", grants, &ListRoomsRequest::default()).await?;
        Ok(answer.rooms.into_iter().map(|room| room.name).collect())
    }

    /// The identities of those who are in a room; nobody is in a room that is not there.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn list_participants(&self, room: &str) -> Result<Vec<String>, ServiceError> {
        let room = room.to_owned();
        let grants = VideoGrants { room_admin: true, room: room.clone(), ..VideoGrants::default() };
        let called = self.call("ListParticipants", grants, &ListParticipantsRequest { room }).await;
        match called {
            Ok(ListParticipantsResponse { participants }) => {
                Ok(participants.into_iter().map(|participant| participant.identity).collect())
            }
            Err(ServiceError::Status(404)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Sends everybody out of a room and closes it; one that is not there is closed.
    ///
    /// # Errors
    /// Those of the call.
    pub async fn delete_room(&self, room: &str) -> Result<(), ServiceError> {
        let grants = VideoGrants { room_create: true, ..VideoGrants::default() };
        let called = self.call("DeleteRoom", grants, &DeleteRoomRequest { room: room.to_owned() }).await;
        match called {
            Ok(DeleteRoomResponse {}) | Err(ServiceError::Status(404)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn call<Q: Message, R: Message + Default>(
        &self,
        method: &str,
        grants: VideoGrants,
        request: &Q,
    ) -> Result<R, ServiceError> {
        let token = AccessToken::with_api_key(&self.keys.key, self.keys.secret.expose());
        let token = rooms::sign(token.with_grants(grants).with_ttl(GOOD_FOR), self.keys.secret.expose());
        let token = token.ok_or(ServiceError::Refused)?;
        let url = self.base.join(&format!("twirp/livekit.RoomService/{method}"));
        let url = url.map_err(|_| ServiceError::Unreachable)?;
        let call = self.client.post(url).timeout(PATIENCE).bearer_auth(token);
        let call = call.header(CONTENT_TYPE, "application/protobuf");
        let sent = call.body(request.encode_to_vec()).send().await;
        let mut response = sent.map_err(|error| fault(&error))?;
        self.ahead_s.store(ahead_s(response.headers()).unwrap_or_default(), Ordering::Relaxed);
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(self.clock_skew().map_or(ServiceError::Refused, ServiceError::Clock));
            }
            status => return Err(ServiceError::Status(status.as_u16())),
        }
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| fault(&error))? {
            if body.len() + piece.len() > MOST {
                return Err(ServiceError::Garbage);
            }
            body.extend_from_slice(&piece);
        }
        R::decode(body.as_slice()).map_err(|_| ServiceError::Garbage)
    }
}

fn fault(error: &reqwest::Error) -> ServiceError {
    if error.is_timeout() {
        ServiceError::Timeout
    } else if error.is_connect() {
        ServiceError::Unreachable
    } else {
        ServiceError::Garbage
    }
}

/// How far the clock that dated an answer is ahead of this machine's, in seconds. `None`: it is not dated.
fn ahead_s(headers: &HeaderMap) -> Option<i64> {
    #[expect(clippy::disallowed_methods, reason = "it is this machine's clock itself that is compared")]
    let here = SystemTime::now();
    let there = httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?).ok()?;
    match there.duration_since(here) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs()).ok().map(|s| -s),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::secrets::Hidden;

    /// What a LiveKit server comes to that answers so, at a time so many seconds from now.
    async fn asked(status: &str, ahead_s: i64) -> (Result<Vec<String>, ServiceError>, Option<ClockSkew>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url: Url = format!("ws://{}", listener.local_addr().unwrap()).parse().unwrap();
        #[expect(clippy::disallowed_methods, reason = "a clock beside this machine's")]
        let now = SystemTime::now();
        let apart = Duration::from_secs(ahead_s.unsigned_abs());
        let date = httpdate::fmt_http_date(if ahead_s < 0 { now - apart } else { now + apart });
        let answer =
            format!("HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let keys = Keys { key: "key".to_owned(), secret: Hidden::new("a secret of thirty-two characters") };
        let service = RoomService::new(&url, keys).unwrap();
        let answered = async {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _read = stream.read(&mut [0; 4_096]).await.unwrap();
            stream.write_all(answer.as_bytes()).await.unwrap();
        };
        let (listed, ()) = tokio::join!(service.list_rooms(), answered);
        (listed, service.clock_skew())
    }

    #[tokio::test]
    async fn a_server_whose_clock_is_off_is_told_from_one_that_knows_no_such_key() {
        assert_eq!(asked("401 Unauthorized", 0).await, (Err(ServiceError::Refused), None));
        for (ahead, words) in [(-400, "s behind this machine's"), (3_600, "s ahead of this machine's")] {
            let (listed, apart) = asked("401 Unauthorized", ahead).await;
            let apart = apart.unwrap();
            assert!(apart.ahead_s.abs_diff(ahead) <= 2, "{apart:?}");
            let error = listed.unwrap_err();
            assert_eq!(error, ServiceError::Clock(apart));
            assert!(error.to_string().contains(words), "{error}");
            let (listed, apart) = asked("200 OK", ahead).await;
            assert!(listed.is_ok_and(|rooms| rooms.is_empty()) && apart.is_some(), "it is told all the same");
        }
        let (_, apart) = asked("200 OK", 20).await;
        assert_eq!(apart, None);
    }
}
