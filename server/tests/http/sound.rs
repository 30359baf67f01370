//! The sound of answers: switched on by the person, heard by them alone, gone with the interview.

use std::io::{Cursor, Read as _};
use std::path::PathBuf;

use engine::{SessionId, Turn, TurnKind};
use interview::{Modality, TurnId};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use store::SOUND_FOLDER;
use zip::ZipArchive;

use crate::forms::{leads_to, page, send};
use crate::house::{House, Visitor, said};

/// 20 ms of silence in Opus.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

fn spoken(id: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(id.to_owned()), modality: Modality::Voice, kind }
}

fn folder(house: &House, id: SessionId) -> PathBuf {
    house.settings.data.join(SOUND_FOLDER).join(id.to_string())
}

/// Says something, and has it recorded as the voice agent does.
async fn answer(house: &House, id: SessionId, turn: &str) {
    let recording = house.engine.record(id, &TurnId(turn.to_owned())).await.unwrap();
    if let Some(mut recording) = recording {
        for _ in 0..100 {
            recording.write(&SILENCE).await.unwrap();
        }
        recording.keep().await.unwrap();
    }
    house.engine.turn(id, spoken(turn, TurnKind::Said(said(2)))).await.unwrap();
}

/// Somebody who has switched it on, and has given one answer, which is the message 2.
async fn held(house: &House) -> (Visitor, SessionId) {
    let (ada, id) = house.visitor().await;
    house.engine.turn(id, spoken("start", TurnKind::Start)).await.unwrap();
    house.engine.keep_sound(id, true).await.unwrap();
    answer(house, id, "a").await;
    (ada, id)
}

async fn heard(house: &House, visitor: &Visitor, id: SessionId, seq: &str, range: &str) -> Response {
    let request = house.get(&format!("/interview/{id}/sound/{seq}")).header("cookie", &visitor.cookie);
    let request = if range.is_empty() { request } else { request.header("range", range) };
    request.send().await.unwrap()
}

#[tokio::test]
async fn it_is_off_until_the_person_switches_it_on_and_the_page_says_so() {
    let house = House::start().await;
    let (ada, id) = house.visitor().await;
    house.engine.turn(id, spoken("start", TurnKind::Start)).await.unwrap();
    let at = format!("/interview/{id}");
    let (_, html) = page(&house, &ada, &at).await;
    assert!(html.contains("The sound of what you say is not kept."), "{html}");
    answer(&house, id, "a").await;
    assert!(house.engine.sounds(id).await.unwrap().is_empty());

    let switch = async |on: &str| {
        let fields = [("id", &*id.to_string()), ("on", on)];
        leads_to(&send(&house, &ada, "/api/keep_sound", &at, &fields).await)
    };
    assert_eq!(switch("on").await, at);
    let (_, html) = page(&house, &ada, &at).await;
    assert!(html.contains("is being kept on this server, until you delete the interview."), "{html}");
    answer(&house, id, "b").await;
    let (_, html) = page(&house, &ada, &at).await;
    assert_eq!(html.matches("<audio").count(), 1, "{html}");
    assert!(html.contains(&format!("src=\"/interview/{id}/sound/4\"")), "{html}");
    switch("").await;
    let (_, html) = page(&house, &ada, &at).await;
    assert!(html.contains("is not kept.") && html.contains("<audio"), "what was kept stays");
    let (_, html) = page(&house, &ada, &format!("{at}/report")).await;
    assert!(html.contains(&format!("/interview/{id}/sound/4")), "{html}");
}

#[tokio::test]
async fn it_is_heard_whole_and_in_parts() {
    let house = House::start().await;
    let (ada, id) = held(&house).await;
    let whole = heard(&house, &ada, id, "2", "").await;
    assert_eq!(whole.status(), StatusCode::OK);
    assert_eq!(whole.headers()["content-type"], "audio/ogg");
    assert_eq!(whole.headers()["accept-ranges"], "bytes");
    assert_eq!(whole.headers()["cache-control"], "private, no-store");
    let whole = whole.bytes().await.unwrap();
    assert!(whole.starts_with(b"OggS") && whole.len() > 300, "{} bytes", whole.len());
    let part = heard(&house, &ada, id, "2", "bytes=4-9").await;
    assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(part.headers()["content-range"], format!("bytes 4-9/{}", whole.len()));
    assert_eq!(part.bytes().await.unwrap(), whole[4..10]);
    let past = heard(&house, &ada, id, "2", "bytes=999999-").await;
    assert_eq!(past.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(past.headers()["content-range"], format!("bytes */{}", whole.len()));
    for none in ["1", "3", "0", "99", "-2", "x", "../../interviewos.db"] {
        assert_eq!(heard(&house, &ada, id, none, "").await.status(), StatusCode::NOT_FOUND, "{none}");
    }
}

#[tokio::test]
async fn nobody_else_hears_it_and_a_coach_neither() {
    let house = House::start().await;
    let (ada, id) = held(&house).await;
    let (eve, _) = house.visitor().await;
    assert_eq!(heard(&house, &eve, id, "2", "").await.status(), StatusCode::NOT_FOUND);
    let nobody = house.get(&format!("/interview/{id}/sound/2")).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    let fields = [("id", &*id.to_string()), ("on", "")];
    send(&house, &eve, "/api/keep_sound", "/", &fields).await;
    assert_eq!(house.engine.keeps_sound(id).await.unwrap(), Some(true), "nor switches it");

    let link = house.engine.share(id, true, true).await.unwrap().secret;
    let (status, html) = page(&house, &eve, &format!("/read/{link}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!html.contains("<audio") && !html.contains("/sound/") && !html.contains("keep_sound"), "{html}");
    for closed in [format!("/interview/{link}/sound/2"), format!("/read/{link}/sound/2")] {
        assert_eq!(page(&house, &eve, &closed).await.0, StatusCode::NOT_FOUND, "{closed}");
    }
    assert_eq!(heard(&house, &ada, id, "2", "").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn it_is_gone_from_the_disk_with_its_interview_also_after_a_crash() {
    let house = House::start().await;
    let (ada, id) = held(&house).await;
    let other = house.interview_of(&ada).await;
    house.engine.keep_sound(other, true).await.unwrap();
    assert!(folder(&house, id).is_dir() && folder(&house, other).is_dir());
    let fields = [("id", &*id.to_string())];
    send(&house, &ada, "/api/delete_interview", "/", &fields).await;
    assert!(!folder(&house, id).exists() && folder(&house, other).is_dir());
    assert_eq!(heard(&house, &ada, id, "2", "").await.status(), StatusCode::NOT_FOUND);

    // As a crash leaves them: an answer half written, and the sound of an interview that is no more.
    std::fs::write(folder(&house, other).join("61.part"), "half").unwrap();
    std::fs::create_dir(folder(&house, id)).unwrap();
    std::fs::write(folder(&house, id).join("61.ogg"), "sound").unwrap();
    let house = house.restart().await;
    assert!(!folder(&house, id).exists());
    let left: Vec<_> = std::fs::read_dir(folder(&house, other)).unwrap().collect();
    assert_eq!(left.len(), 1, "the wish to keep it is left: {left:?}");
    assert_eq!(house.engine.keeps_sound(other).await.unwrap(), Some(true));
}

#[tokio::test]
async fn an_interview_goes_on_and_is_shown_where_its_sound_cannot_be_kept() {
    let house = House::start().await;
    let (ada, id) = house.visitor().await;
    house.engine.turn(id, spoken("start", TurnKind::Start)).await.unwrap();
    std::fs::write(house.settings.data.join(SOUND_FOLDER), "a file where the folder should be").unwrap();
    let at = format!("/interview/{id}");
    let fields = [("id", &*id.to_string()), ("on", "on")];
    send(&house, &ada, "/api/keep_sound", &at, &fields).await;
    assert!(house.engine.record(id, &TurnId("a".to_owned())).await.is_err());
    house.engine.turn(id, spoken("a", TurnKind::Said(said(2)))).await.unwrap();
    let (status, html) = page(&house, &ada, &at).await;
    assert!(status == StatusCode::OK && html.contains(&said(2)[..20]), "{html}");
    assert!(html.contains("class=\"note problem\""), "it says that it could not be switched on: {html}");
}

#[tokio::test]
async fn it_is_exported_with_the_words_as_one_zip() {
    let house = House::start().await;
    let (ada, id) = held(&house).await;
    let whole = heard(&house, &ada, id, "2", "").await.bytes().await.unwrap();
    let at = format!("/interview/{id}/export?format=zip");
    let response = house.get(&at).header("cookie", &ada.cookie).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/zip");
    let name = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(name.ends_with(&format!("{}.zip\"", &id.to_string()[..8])), "{name}");
    let mut files = ZipArchive::new(Cursor::new(response.bytes().await.unwrap())).unwrap();
    let dated = files.by_index(0).unwrap().last_modified().unwrap();
    assert!(dated.year() >= 2026, "it has the date of the interview: {dated}");
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        files.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert_eq!(read("sound/line-002.ogg"), whole);
    let name = name.split('"').nth(1).unwrap().trim_end_matches(".zip").to_owned();
    let json: Value = serde_json::from_slice(&read(&format!("{name}.json"))).unwrap();
    let sounds: Vec<&Value> = json["messages"].as_array().unwrap().iter().map(|m| &m["sound"]).collect();
    assert_eq!(sounds, [&Value::Null, &json!("sound/line-002.ogg"), &Value::Null]);
    assert!(read(&format!("{name}.md")).starts_with(b"# Interview"));
    assert_eq!(files.len(), 3);
    let (eve, _) = house.visitor().await;
    assert_eq!(page(&house, &eve, &at).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_fork_has_the_sound_of_what_it_shares_and_keeps_it_when_its_parent_is_deleted() {
    let house = House::start().await;
    let (ada, id) = held(&house).await;
    answer(&house, id, "b").await;
    let whole = heard(&house, &ada, id, "2", "").await.bytes().await.unwrap();
    let at = format!("/interview/{id}");
    let fields = [("id", &*id.to_string()), ("answer", "4")];
    let to = leads_to(&send(&house, &ada, "/api/fork", &at, &fields).await);
    let fork = SessionId::parse(to.rsplit('/').next().unwrap()).unwrap();
    house.engine.delete(id).await.unwrap();
    assert!(!folder(&house, id).exists());
    let (_, html) = page(&house, &ada, &to).await;
    assert_eq!(html.matches("<audio").count(), 1, "{html}");
    assert_eq!(heard(&house, &ada, fork, "2", "").await.bytes().await.unwrap(), whole);
    let house = house.restart().await;
    assert_eq!(heard(&house, &ada, fork, "2", "").await.bytes().await.unwrap(), whole);
    house.engine.delete(fork).await.unwrap();
    let left = std::fs::read_dir(house.settings.data.join(SOUND_FOLDER)).unwrap().count();
    assert_eq!(left, 0, "with the last that shares it it is gone from the disk");
}

#[tokio::test]
async fn an_interview_is_played_once_more_with_its_sound_by_its_person_alone() {
    let house = House::start().await;
    let (ada, id) = held(&house).await;
    let at = format!("/interview/{id}/replay");
    let (status, html) = page(&house, &ada, &at).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    assert_eq!(html.matches("class=\"beat\"").count(), 3, "{html}");
    assert!(html.contains(&format!("data-sound=\"/interview/{id}/sound/2\"")), "{html}");
    assert!(
        html.contains("You can hear one of your answers as you said it.") && html.contains("replay-place"),
        "{html}"
    );
    let (eve, _) = house.visitor().await;
    let link = house.engine.share(id, true, true).await.unwrap().secret;
    for closed in [at, format!("/interview/{link}/replay"), format!("/read/{link}/replay")] {
        assert_eq!(page(&house, &eve, &closed).await.0, StatusCode::NOT_FOUND, "{closed}");
    }
}
