//! The sound of answers by the engine API: taken from whoever has the secret, where the candidate wants it kept.

use engine::{SessionId, Turn, TurnKind};
use futures::stream;
use interview::{Modality, TurnId};
use reqwest::{Body, Method, RequestBuilder, StatusCode};
use serde_json::json;
use store::{OggOpus, OggPackets, SOUND_FOLDER};

use crate::house::{House, SECRET, answer, said};

/// 20 ms of silence in Opus.
pub const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// An Ogg Opus file of so many seconds.
pub fn spoken_for(seconds: usize) -> Vec<u8> {
    let mut file = OggOpus::begin().unwrap();
    for _ in 0..seconds * 50 {
        file.packet(&SILENCE).unwrap();
    }
    file.end().unwrap();
    file.pages()
}

/// Sends the sound of a turn, as a voice worker does.
pub fn put_sound(house: &House, id: &str, turn: &str, file: impl Into<Body>) -> RequestBuilder {
    put_as("audio/ogg", house, id, &[("turn_id", turn)], file)
}

fn put_as(
    kind: &str,
    house: &House,
    id: &str,
    query: &[(&str, &str)],
    file: impl Into<Body>,
) -> RequestBuilder {
    let request = house.request(Method::PUT, &format!("/engine/sessions/{id}/sound")).query(query);
    request.header("x-ingest-secret", SECRET).header("content-type", kind).body(file)
}

/// One byte more than there may be, of a length that is not announced.
pub fn too_large() -> Body {
    let pieces = std::iter::repeat_n(vec![b'x'; 1 << 16], 64).chain([vec![b'x']]);
    Body::wrap_stream(stream::iter(pieces.map(Ok::<_, std::io::Error>)))
}

fn spoken(id: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(id.to_owned()), modality: Modality::Voice, kind }
}

/// An opened interview that wants its sound kept.
async fn wanted(house: &House) -> SessionId {
    let (_, id) = house.visitor().await;
    house.engine.turn(id, spoken("start", TurnKind::Start)).await.unwrap();
    house.engine.keep_sound(id, true).await.unwrap();
    id
}

async fn put(house: &House, id: SessionId, turn: &str, file: Vec<u8>) -> StatusCode {
    put_sound(house, &id.to_string(), turn, file).send().await.unwrap().status()
}

async fn refused(request: RequestBuilder) -> (u16, String) {
    let (status, body) = answer(request).await;
    (status.as_u16(), body["error"]["code"].as_str().unwrap().to_owned())
}

fn packets(file: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = OggPackets::of(file).unwrap();
    std::iter::from_fn(|| packets.next_packet().unwrap()).collect()
}

#[tokio::test]
async fn it_is_kept_under_its_answer_and_the_same_again_changes_nothing() {
    let house = House::start().await;
    let id = wanted(&house).await;
    let (status, told) = house.engine_get(&format!("/engine/sessions/{id}/sound/")).await;
    assert_eq!((status, told), (StatusCode::OK, json!({"kept": true})));
    // It may be there before its answer is.
    let file = spoken_for(2);
    assert_eq!(put(&house, id, "a", file.clone()).await, StatusCode::NO_CONTENT);
    assert!(house.engine.sounds(id).await.unwrap().is_empty());
    house.engine.turn(id, spoken("a", TurnKind::Said(said(1)))).await.unwrap();
    for _ in 0..2 {
        let kept = house.engine.sound(id, 2).await.unwrap();
        assert_eq!(packets(&kept), packets(&file));
        assert_eq!(put(&house, id, "a", file.clone()).await, StatusCode::NO_CONTENT);
    }
    // The last answer of an interview comes when that is over.
    house.engine.turn(id, spoken("end", TurnKind::End)).await.unwrap();
    assert_eq!(put(&house, id, "a", spoken_for(3)).await, StatusCode::NO_CONTENT);
    assert_eq!(
        packets(&house.engine.sound(id, 2).await.unwrap()).len(),
        150,
        "sent once more, it is the new one"
    );
}

#[tokio::test]
async fn nothing_is_kept_that_is_not_wanted() {
    let house = House::start().await;
    let id = wanted(&house).await;
    house.engine.keep_sound(id, false).await.unwrap();
    let (_, told) = house.engine_get(&format!("/engine/sessions/{id}/sound/")).await;
    assert_eq!(told, json!({"kept": false}));
    let off = (409, "sound_not_kept".to_owned());
    assert_eq!(refused(put_sound(&house, &id.to_string(), "a", spoken_for(2))).await, off);
    // Not even what is none, or too much, is looked at.
    assert_eq!(refused(put_sound(&house, &id.to_string(), "a", b"nothing".to_vec())).await, off);
    assert!(!house.settings.data.join(SOUND_FOLDER).join(id.to_string()).exists());

    let id = wanted(&house).await;
    house.engine.delete(id).await.unwrap();
    let gone = (404, "not_found".to_owned());
    assert_eq!(refused(put_sound(&house, &id.to_string(), "a", spoken_for(2))).await, gone);
    assert_eq!(refused(put_sound(&house, "none", "a", spoken_for(2))).await, gone);
    let (status, _) = house.engine_get(&format!("/engine/sessions/{id}/sound/")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let left = std::fs::read_dir(house.settings.data.join(SOUND_FOLDER)).unwrap().count();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn what_is_no_sound_is_refused_and_leaves_nothing() {
    let house = House::start().await;
    let id = wanted(&house).await;
    let at = id.to_string();
    let malformed = (400, "malformed".to_owned());
    let whole = spoken_for(4);
    let mut damaged = whole.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 0xff;
    let cut = whole[..whole.len() - 10].to_vec();
    for none in [Vec::new(), b"{\"text\": \"I led it.\"}".to_vec(), vec![0; 10_000], damaged, cut] {
        assert_eq!(refused(put_sound(&house, &at, "a", none)).await, malformed);
    }
    for kind in ["application/json", "audio/oggy", ""] {
        let other = put_as(kind, &house, &at, &[("turn_id", "a")], whole.clone());
        assert_eq!(refused(other).await, malformed, "{kind}");
    }
    for turn in ["", "two words", &"x".repeat(65)] {
        assert_eq!(refused(put_sound(&house, &at, turn, whole.clone())).await, malformed, "{turn}");
    }
    let (status, body) = answer(put_as("audio/ogg", &house, &at, &[], whole)).await;
    let message = body["error"]["message"].as_str().unwrap();
    assert!(status == StatusCode::BAD_REQUEST && message.contains("?turn_id="), "{body}");
    let large = (413, "too_large".to_owned());
    assert_eq!(refused(put_sound(&house, &at, "a", too_large())).await, large);

    let folder = house.settings.data.join(SOUND_FOLDER).join(&at);
    let held: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(held, ["on"], "nothing of it is left");
    // A file in which there is nothing to hear is one, and nothing is kept.
    assert_eq!(put(&house, id, "a", spoken_for(0)).await, StatusCode::NO_CONTENT);
    house.engine.turn(id, spoken("a", TurnKind::Said(said(1)))).await.unwrap();
    assert!(house.engine.sounds(id).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_interview_has_no_more_than_it_may_and_goes_on() {
    let house = House::start().await;
    let id = wanted(&house).await;
    let folder = house.settings.data.join(SOUND_FOLDER).join(id.to_string());
    // As if so much had been said already.
    std::fs::File::create(folder.join("61.ogg")).unwrap().set_len(64_000_000).unwrap();
    let full = (409, "sound_not_kept".to_owned());
    assert_eq!(refused(put_sound(&house, &id.to_string(), "b", spoken_for(2))).await, full);
    house.engine.turn(id, spoken("b", TurnKind::Said(said(1)))).await.unwrap();
}
