//! LiveKit's server API (Twirp: a POST of protobuf), as far as this program asks for it.

use std::time::Duration;

use http::StatusCode;
use http::header::CONTENT_TYPE;
use livekit_api::access_token::{AccessToken, VideoGrants};
use livekit_protocol::{
    DeleteRoomRequest, DeleteRoomResponse, ListParticipantsRequest, ListParticipantsResponse,
    ListRoomsRequest, ListRoomsResponse,
};
use prost::Message;
use provider::Address;
use reqwest::{Client, Url};

use super::keys::Keys;

/// How long a call may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// A call's token is good for this long.
const GOOD_FOR: Duration = Duration::from_secs(60);
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
    /// Another status than success.
    #[error("answers {0}")]
    Status(u16),
    /// An answer that is none.
    #[error("answers what no LiveKit server does")]
    Garbage,
}

/// The room service of a LiveKit server.
pub struct RoomService {
    base: Url,
    keys: Keys,
    client: Client,
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
        let address = Address::parse(base.as_str()).map_err(|_| ServiceError::Unreachable)?;
        let client = provider::client(&address, PATIENCE).map_err(|_| ServiceError::Unreachable)?;
        let base = address.folder();
        Ok(Self { base, keys, client })
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
        let token =
            token.with_grants(grants).with_ttl(GOOD_FOR).to_jwt().map_err(|_| ServiceError::Refused)?;
        let url = self.base.join(&format!("twirp/livekit.RoomService/{method}"));
        let url = url.map_err(|_| ServiceError::Unreachable)?;
        let call = self.client.post(url).timeout(PATIENCE).bearer_auth(token);
        let call = call.header(CONTENT_TYPE, "application/protobuf");
        let sent = call.body(request.encode_to_vec()).send().await;
        let mut response = sent.map_err(|error| fault(&error))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(ServiceError::Refused),
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
