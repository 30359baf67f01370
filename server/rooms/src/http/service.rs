//! LiveKit's `RoomService`: how server-side code manages rooms and participants.

use std::sync::Arc;
use std::time::Duration;

use axum::response::Response;
use livekit_protocol::data_packet::{Kind, Value};
use livekit_protocol::{
    CreateRoomRequest, DataPacket, DeleteRoomRequest, DeleteRoomResponse, DisconnectReason,
    ListParticipantsRequest, ListParticipantsResponse, ListRoomsRequest, ListRoomsResponse,
    MuteRoomTrackRequest, MuteRoomTrackResponse, ParticipantInfo, RemoveParticipantResponse,
    Room as RoomInfo, RoomParticipantIdentity, SendDataRequest, SendDataResponse, UpdateParticipantMetadata,
    UpdateParticipantRequest, UpdateRoomMetadataRequest, UpdateSubscriptionsRequest,
    UpdateSubscriptionsResponse, UserPacket,
};

use super::twirp::{TwirpCall, TwirpFault};
use crate::hub::Hub;
use crate::room::{NewRoomSettings, RoomInstant, SfuRoom};

const NO_ROOM: TwirpFault = TwirpFault::NotFound("requested room does not exist");
const NO_PARTICIPANT: TwirpFault = TwirpFault::NotFound("participant does not exist");
const NO_TRACK: TwirpFault = TwirpFault::NotFound("track is not found");

/// The methods, on a running server.
pub(super) struct Service<'a>(pub &'a Arc<Hub>);

impl Service<'_> {
    /// Calls a method by its name.
    pub async fn call(&self, method: &str, call: &TwirpCall) -> Result<Response, TwirpFault> {
        match method {
            "CreateRoom" => call.answer(&self.create_room(call).await?),
            "ListRooms" => call.answer(&self.list_rooms(call).await?),
            "DeleteRoom" => call.answer(&self.delete_room(call).await?),
            "UpdateRoomMetadata" => call.answer(&self.update_room(call).await?),
            "ListParticipants" => call.answer(&self.list_participants(call).await?),
            "GetParticipant" => call.answer(&self.get_participant(call).await?),
            "RemoveParticipant" => call.answer(&self.remove_participant(call).await?),
            "UpdateParticipant" => call.answer(&self.update_participant(call).await?),
            "MutePublishedTrack" => call.answer(&self.mute(call).await?),
            "UpdateSubscriptions" => call.answer(&self.update_subscriptions(call).await?),
            "SendData" => call.answer(&self.send_data(call).await?),
            unknown => Err(TwirpFault::NoMethod(unknown.to_owned())),
        }
    }

    async fn create_room(&self, call: &TwirpCall) -> Result<RoomInfo, TwirpFault> {
        allow(call.claims.video.room_create)?;
        let request: CreateRoomRequest = call.read()?;
        let limits = &self.0.config.limits;
        if request.name.is_empty() {
            return Err(TwirpFault::Invalid("no room name".into()));
        }
        if request.name.len() > limits.name {
            return Err(TwirpFault::Invalid(format!(
                "room name length exceeds limits: max length {}",
                limits.name
            )));
        }
        too_large("metadata size", request.metadata.len(), limits.metadata)?;
        let wait = |seconds: u32| (seconds > 0).then(|| Duration::from_secs(seconds.into()));
        let settings = NewRoomSettings {
            metadata: request.metadata,
            max_participants: request.max_participants,
            empty: wait(request.empty_timeout),
            departure: wait(request.departure_timeout),
        };
        let handle = self
            .0
            .open(&request.name, settings)
            .ok_or(TwirpFault::Exhausted("node has exceeded its configured limit"))?;
        self.0.run_in_room(&handle, |session, _| session.room.info()).await.ok_or(NO_ROOM)
    }

    async fn list_rooms(&self, call: &TwirpCall) -> Result<ListRoomsResponse, TwirpFault> {
        allow(call.claims.video.room_list)?;
        let request: ListRoomsRequest = call.read()?;
        let mut rooms = Vec::new();
        for handle in self.0.all() {
            // A room that closes meanwhile is left out.
            rooms.extend(self.0.run_in_room(&handle, |session, _| session.room.info()).await);
        }
        rooms.retain(|room| request.names.is_empty() || request.names.contains(&room.name));
        Ok(ListRoomsResponse { rooms })
    }

    async fn delete_room(&self, call: &TwirpCall) -> Result<DeleteRoomResponse, TwirpFault> {
        allow(call.claims.video.room_create)?;
        let request: DeleteRoomRequest = call.read()?;
        self.within(&request.room, |room, at| room.close(at, DisconnectReason::RoomDeleted)).await?;
        Ok(DeleteRoomResponse {})
    }

    async fn update_room(&self, call: &TwirpCall) -> Result<RoomInfo, TwirpFault> {
        let request: UpdateRoomMetadataRequest = call.read()?;
        admin(call, &request.room)?;
        too_large("metadata size", request.metadata.len(), self.0.config.limits.metadata)?;
        self.within(&request.room, move |room, _| {
            room.describe(&request.metadata);
            room.info()
        })
        .await
    }

    async fn list_participants(&self, call: &TwirpCall) -> Result<ListParticipantsResponse, TwirpFault> {
        let request: ListParticipantsRequest = call.read()?;
        admin(call, &request.room)?;
        // Like LiveKit: a room that is not open has no participants; it is not an error.
        let participants =
            self.within(&request.room, |room, _| room.participants()).await.unwrap_or_default();
        Ok(ListParticipantsResponse { participants })
    }

    async fn get_participant(&self, call: &TwirpCall) -> Result<ParticipantInfo, TwirpFault> {
        let request: RoomParticipantIdentity = call.read()?;
        admin(call, &request.room)?;
        let found = self.within(&request.room, move |room, _| room.participant(&request.identity)).await;
        found.ok().flatten().ok_or(NO_PARTICIPANT)
    }

    async fn remove_participant(&self, call: &TwirpCall) -> Result<RemoveParticipantResponse, TwirpFault> {
        let request: RoomParticipantIdentity = call.read()?;
        admin(call, &request.room)?;
        let removed = self.within(&request.room, move |room, at| room.expel(at, &request.identity)).await;
        if removed == Ok(true) { Ok(RemoveParticipantResponse {}) } else { Err(NO_PARTICIPANT) }
    }

    async fn update_participant(&self, call: &TwirpCall) -> Result<ParticipantInfo, TwirpFault> {
        let request: UpdateParticipantRequest = call.read()?;
        admin(call, &request.room)?;
        let limit = self.0.config.limits.metadata;
        let update = UpdateParticipantMetadata {
            metadata: request.metadata,
            name: request.name,
            attributes: request.attributes,
            request_id: 0,
        };
        let amended = self
            .within(&request.room, move |room, _| room.amend(&request.identity, &update, request.permission))
            .await;
        match amended {
            Ok(Some(Ok(info))) => Ok(info),
            Ok(Some(Err(what))) => Err(TwirpFault::Invalid(format!("{what} {limit}"))),
            Ok(None) | Err(_) => Err(NO_PARTICIPANT),
        }
    }

    async fn mute(&self, call: &TwirpCall) -> Result<MuteRoomTrackResponse, TwirpFault> {
        let request: MuteRoomTrackRequest = call.read()?;
        admin(call, &request.room)?;
        if !request.muted {
            return Err(TwirpFault::Refused("remote unmute not enabled"));
        }
        let muted = self
            .within(&request.room, move |room, _| {
                room.silence(&request.identity, &request.track_sid, request.muted)
            })
            .await?;
        let track = Some(muted.ok_or(NO_TRACK)?);
        Ok(MuteRoomTrackResponse { track })
    }

    async fn update_subscriptions(
        &self,
        call: &TwirpCall,
    ) -> Result<UpdateSubscriptionsResponse, TwirpFault> {
        let request: UpdateSubscriptionsRequest = call.read()?;
        admin(call, &request.room)?;
        let tracks = request.participant_tracks.into_iter().flat_map(|tracks| tracks.track_sids);
        let sids: Vec<String> = request.track_sids.into_iter().chain(tracks).collect();
        let done = self
            .within(&request.room, move |room, _| room.assign(&request.identity, &sids, request.subscribe))
            .await;
        if done == Ok(true) { Ok(UpdateSubscriptionsResponse {}) } else { Err(NO_PARTICIPANT) }
    }

    async fn send_data(&self, call: &TwirpCall) -> Result<SendDataResponse, TwirpFault> {
        let request: SendDataRequest = call.read()?;
        admin(call, &request.room)?;
        if !request.nonce.is_empty() && request.nonce.len() != 16 {
            let length = request.nonce.len();
            return Err(TwirpFault::Invalid(format!(
                "nonce should be 16-bytes or not present, got: {length} bytes"
            )));
        }
        too_large("data size", request.data.len(), self.0.config.limits.data)?;
        let reliable = request.kind() == Kind::Reliable;
        let room = request.room.clone();
        let packet = packet(request);
        self.within(&room, move |room, _| room.announce(reliable, &packet)).await?;
        Ok(SendDataResponse {})
    }

    /// Runs a closure in an open room.
    async fn within<T: Send + 'static>(
        &self,
        name: &str,
        act: impl FnOnce(&mut SfuRoom, RoomInstant) -> T + Send + 'static,
    ) -> Result<T, TwirpFault> {
        let handle = self.0.find(name).ok_or(NO_ROOM)?;
        let done =
            self.0.run_in_room(&handle, |session, at| session.with_room(at, |room| act(room, at))).await;
        done.ok_or(NO_ROOM)
    }
}

#[expect(deprecated, reason = "older clients read whom it is for from these fields")]
fn packet(request: SendDataRequest) -> DataPacket {
    DataPacket {
        kind: request.kind,
        destination_identities: request.destination_identities.clone(),
        value: Some(Value::User(UserPacket {
            payload: request.data,
            topic: request.topic,
            nonce: request.nonce,
            destination_sids: request.destination_sids,
            destination_identities: request.destination_identities,
            ..UserPacket::default()
        })),
        ..DataPacket::default()
    }
}

fn allow(right: bool) -> Result<(), TwirpFault> {
    if right { Ok(()) } else { Err(TwirpFault::Denied) }
}

/// Whether the token grants administration of this very room.
fn admin(call: &TwirpCall, room: &str) -> Result<(), TwirpFault> {
    allow(call.claims.video.room_admin && call.claims.video.room == room)
}

fn too_large(what: &str, length: usize, limit: usize) -> Result<(), TwirpFault> {
    if length > limit { Err(TwirpFault::Invalid(format!("{what} exceeds limits {limit}"))) } else { Ok(()) }
}
