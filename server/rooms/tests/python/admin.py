"""LiveKit's server API through its own Python client, and the webhooks that tell of it."""

import asyncio

import aiohttp
from livekit import api

from house import KEY, SECRET, Tone, check, join, listen, loudness, run, say


async def refused(call, code, status):
    try:
        await call
    except api.TwirpError as error:
        check((error.code, error.status) == (code, status), f"refused with {error.code} {error.status}: {error.message}")
        return error.message
    check(False, f"it was not refused with {code}")


async def main(url):
    web = url.replace("ws://", "http://")
    server = api.LiveKitAPI(web, KEY, SECRET)
    room = await server.room.create_room(api.CreateRoomRequest(name="office", metadata="m", max_participants=2,
                                                               empty_timeout=60))
    check(room.sid.startswith("RM_") and room.metadata == "m" and room.empty_timeout == 60, f"made {room}")
    again = await server.room.create_room(api.CreateRoomRequest(name="office"))
    check(again.sid == room.sid, "a room was made twice")
    listed = await server.room.list_rooms(api.ListRoomsRequest(names=["office", "elsewhere"]))
    check([r.name for r in listed.rooms] == ["office"], f"listed {listed}")

    ann, ann_saw = await join(url, "ann", "office")
    bob, bob_saw = await join(url, "bob", "office")
    check(await ann.sid == room.sid, "ann is in another room")
    try:
        await join(url, "cat", "office")
        check(False, "a third one came into a room for two")
    except Exception as error:
        say(f"a third one: {type(error).__name__}")
    tone = Tone(440)
    published = await tone.publish(ann)
    await bob_saw.wait("track_subscribed")
    people = await server.room.list_participants(api.ListParticipantsRequest(room="office"))
    check([p.identity for p in people.participants] == ["ann", "bob"], f"{people}")
    who = api.RoomParticipantIdentity(room="office", identity="ann")
    got = await server.room.get_participant(who)
    check(got.tracks[0].sid == published.sid and got.state == api.ParticipantInfo.State.ACTIVE, f"{got}")

    await server.room.update_participant(api.UpdateParticipantRequest(room="office", identity="ann", name="Annabel",
                                                                     metadata="x", attributes={"k": "v"}))
    await bob_saw.wait("participant_name_changed", lambda p, old, new: new == "Annabel")
    await bob_saw.wait("participant_attributes_changed", lambda c, p: c == {"k": "v"})
    await server.room.update_room_metadata(api.UpdateRoomMetadataRequest(room="office", metadata="new"))
    await bob_saw.wait("room_metadata_changed", lambda old, new: new == "new")
    await server.room.send_data(api.SendDataRequest(room="office", data=b"from above", topic="t",
                                                    destination_identities=["bob"]))
    got, = await bob_saw.wait("data_received", lambda d: d.data == b"from above")
    check(got.participant is None and got.topic == "t", "data of the server has a sender")
    check(not any(name == "data_received" for name, _ in ann_saw.events), "ann got what was for bob")

    mute = api.MuteRoomTrackRequest(room="office", identity="ann", track_sid=published.sid, muted=True)
    muted = await server.room.mute_published_track(mute)
    check(muted.track.muted, "it is not muted")
    await bob_saw.wait("track_muted", lambda p, pub: p.identity == "ann")
    mute.muted = False
    say(await refused(server.room.mute_published_track(mute), "failed_precondition", 412))
    sub = api.UpdateSubscriptionsRequest(room="office", identity="bob", track_sids=[published.sid], subscribe=False)
    await server.room.update_subscriptions(sub)

    # Rights: another room's admin, nobody's, a forged one.
    nobody = api.LiveKitAPI(web, KEY, SECRET + "x")
    try:
        await nobody.room.list_rooms(api.ListRoomsRequest())
        check(False, "a forged token was taken")
    except Exception as error:
        say(f"forged: {error}")
    unknown = api.RoomParticipantIdentity(room="office", identity="dan")
    say(await refused(server.room.get_participant(unknown), "not_found", 404))
    say(await refused(server.room.remove_participant(unknown), "not_found", 404))
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {api.AccessToken(KEY, SECRET).with_grants(api.VideoGrants(room_list=True)).to_jwt()}"}
        async with session.post(f"{web}/twirp/livekit.RoomService/ListRooms", json={}, headers=headers) as answer:
            listed = await answer.json()
            check(listed["rooms"][0]["name"] == "office", f"JSON says {listed}")
        async with session.post(f"{web}/twirp/livekit.RoomService/CreateRoom", json={"name": "x"}, headers=headers) as answer:
            check(answer.status == 401, f"a token for listing creates: {answer.status}")
            check(await answer.json() == {"code": "unauthenticated", "msg": "permissions denied"}, "other words")
        async with session.post(f"{web}/twirp/livekit.RoomService/Nothing", json={}, headers=headers) as answer:
            check((answer.status, (await answer.json())["code"]) == (404, "bad_route"), "a method that is not")

    await server.room.remove_participant(who)
    await ann_saw.wait("disconnected", lambda reason: int(reason) == 4)
    await bob_saw.wait("participant_disconnected", lambda p: p.identity == "ann")
    await server.room.delete_room(api.DeleteRoomRequest(room="office"))
    await bob_saw.wait("disconnected", lambda reason: int(reason) == 5)
    check(not (await server.room.list_rooms(api.ListRoomsRequest())).rooms, "the room is still there")
    say(await refused(server.room.delete_room(api.DeleteRoomRequest(room="office")), "not_found", 404))
    await server.aclose()
    await nobody.aclose()

    # Every webhook is whole and signed; LiveKit's own receiver says so.
    receiver = api.WebhookReceiver(api.TokenVerifier(KEY, SECRET))
    wanted = ["room_started", "participant_joined", "participant_joined", "track_published", "track_unpublished",
              "participant_left", "participant_left", "room_finished"]
    for _ in range(100):
        async with aiohttp.ClientSession() as session, session.get(f"{web}/hooks") as answer:
            events = [receiver.receive(hook["body"], hook["token"]) for hook in await answer.json()]
        events = [event for event in events if event.room.name == "office"]
        if len(events) >= len(wanted):
            break
        await asyncio.sleep(0.05)
    names = [event.event for event in events]
    check(names == wanted, f"webhooks were {names}")
    check(events[3].track.sid == published.sid and events[3].participant.identity == "ann", f"{events[3]}")
    say(f"{len(events)} webhooks, each signed")


run(main)
