//! A coach's link: read in another browser, commented, revoked; nothing else is reached with it.

use engine::{Turn, TurnKind};
use interview::{Modality, TurnId};
use reqwest::StatusCode;

use crate::forms::{hidden, leads_to, page, send};
use crate::house::{House, Visitor};

/// Somebody with an interview in which something was said.
async fn opened(house: &House) -> (Visitor, String) {
    let (visitor, id) = house.visitor().await;
    let start = Turn { id: TurnId("start".to_owned()), modality: Modality::Text, kind: TurnKind::Start };
    house.engine.turn(id, start).await.unwrap();
    (visitor, id.to_string())
}

/// Makes a link by the form of its page, and gives its path as the page shows it.
async fn linked(house: &House, of: &Visitor, id: &str, more: &[(&str, &str)]) -> String {
    let at = format!("/interview/{id}/share");
    let fields = [&[("id", id)], more].concat();
    let made = send(house, of, "/api/share_interview", &at, &fields).await;
    assert_eq!(leads_to(&made), at);
    let (_, html) = page(house, of, &at).await;
    let path = html.split_once("href=\"/read/").expect("the address").1.split('"').next().unwrap();
    let (_, again) = page(house, of, &at).await;
    assert!(!again.contains("/read/"), "it is shown once");
    format!("/read/{path}")
}

async fn coach(house: &House) -> Visitor {
    Visitor::of(&house.get("/").send().await.unwrap())
}

async fn comment(house: &House, coach: &Visitor, path: &str, id: &str, line: &str, text: &str) -> String {
    let secret = path.trim_start_matches("/read/");
    let fields = [("secret", secret), ("id", id), ("line", line), ("author", "Sam"), ("text", text)];
    leads_to(&send(house, coach, "/api/comment", path, &fields).await)
}

#[tokio::test]
async fn a_coach_reads_and_comments_and_the_person_sees_it() {
    let house = House::start().await;
    let (ada, id) = opened(&house).await;
    let path = linked(&house, &ada, &id, &[]).await;
    let sam = coach(&house).await;
    let (status, html) = page(&house, &sam, &path).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    assert!(!html.contains(&id) && html.contains("noindex"), "{html}");
    assert_eq!(hidden(&html, "secret"), path.trim_start_matches("/read/"));

    let words = "Say <b>what</b> it cost & for whom.";
    let fresh = hidden(html.split_once("name=\"secret\"").unwrap().1, "id");
    for _ in 0..2 {
        assert_eq!(comment(&house, &sam, &path, &fresh, "1", words).await, path);
    }
    let shown = "Say &lt;b&gt;what&lt;/b&gt; it cost &amp; for whom.";
    let (_, html) = page(&house, &sam, &path).await;
    assert_eq!(html.matches(&format!("<p class=\"said\">{shown}")).count(), 1, "{html}");
    let (_, html) = page(&house, &ada, &format!("/interview/{id}/share")).await;
    assert!(html.contains(shown) && html.contains("Sam"), "{html}");
    assert!(page(&house, &ada, "/interviews").await.1.contains("One comment"));
    let (_, html) = page(&house, &ada, &format!("/interview/{id}")).await;
    let line = html.split_once("id=\"line-1\"").expect("the line").1;
    assert!(
        line.contains("class=\"coach\"") && line.contains(shown),
        "in the margin of the transcript: {html}"
    );

    // What could not be taken comes back with its words.
    let long = format!("{}tail", "x".repeat(2_000));
    comment(&house, &sam, &path, "b", "1", &long).await;
    let (_, html) = page(&house, &sam, &path).await;
    assert!(html.contains("at most 2000 characters") && html.contains("xtail"), "{html}");

    let at = format!("/interview/{id}/share");
    let fields = [("id", id.as_str()), ("comment", fresh.as_str())];
    send(&house, &sam, "/api/delete_comment", &at, &fields).await;
    assert!(page(&house, &ada, &at).await.1.contains(shown), "the coach deletes nothing");
    send(&house, &ada, "/api/delete_comment", &at, &fields).await;
    assert!(!page(&house, &ada, &at).await.1.contains(shown));
}

#[tokio::test]
async fn a_coach_is_told_what_was_skipped() {
    let house = House::start().await;
    let (ada, id) = opened(&house).await;
    let skip = TurnKind::Asked(interview::Request::Skip);
    let turn = Turn { id: TurnId("skip".to_owned()), modality: Modality::Text, kind: skip };
    house.engine.turn(engine::SessionId::parse(&id).unwrap(), turn).await.unwrap();
    let path = linked(&house, &ada, &id, &[]).await;
    let (_, html) = page(&house, &coach(&house).await, &path).await;
    assert_eq!(html.matches("(Skipped.)").count(), 1, "{html}");
}

#[tokio::test]
async fn nothing_else_is_reached_with_a_link() {
    let house = House::start().await;
    let (ada, id) = opened(&house).await;
    let path = linked(&house, &ada, &id, &[]).await;
    let secret = path.trim_start_matches("/read/").to_owned();
    let sam = coach(&house).await;
    for closed in [
        format!("/interview/{secret}"),
        format!("/interview/{secret}/report"),
        format!("/interview/{secret}/share"),
        format!("/interview/{secret}/export?format=json"),
        format!("/interview/{id}"),
        format!("/interview/{id}/share"),
        format!("{path}/report"),
        format!("/read/{id}"),
        "/read/".to_owned(),
    ] {
        let (status, html) = page(&house, &sam, &closed).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{closed}: {html}");
    }
    for (call, fields) in [
        ("/api/answer", vec![("id", secret.as_str()), ("turn_id", "t"), ("text", "Hello")]),
        ("/api/delete_interview", vec![("id", secret.as_str())]),
        ("/api/share_interview", vec![("id", id.as_str())]),
        ("/api/label_interview", vec![("id", id.as_str()), ("label", "mine")]),
    ] {
        send(&house, &sam, call, &path, &fields).await;
    }
    let session = engine::SessionId::parse(&id).unwrap();
    assert_eq!(house.engine.links(session).await.unwrap().len(), 1);
    assert!(house.engine.snapshot(session).await.is_ok());
    assert!(page(&house, &sam, "/interviews").await.1.contains("No interviews yet"));
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_link() {
    let house = House::start().await;
    let (ada, id) = opened(&house).await;
    let at = format!("/interview/{id}/share");
    let (_, html) = page(&house, &ada, &at).await;
    let press = hidden(&html, "press");
    let path = linked(&house, &ada, &id, &[("press", &press)]).await;
    assert_eq!(linked(&house, &ada, &id, &[("press", &press)]).await, path);
    let (_, html) = page(&house, &ada, &at).await;
    assert_ne!(hidden(&html, "press"), press, "the next form makes another");
    assert_eq!(html.matches("name=\"link\"").count(), 1, "{html}");
    // What is no random id makes no secret that can be guessed.
    let guessed = [
        linked(&house, &ada, &id, &[("press", "1")]).await,
        linked(&house, &ada, &id, &[("press", "1")]).await,
    ];
    assert_ne!(guessed[0], guessed[1]);
}

#[tokio::test]
async fn a_link_that_is_revoked_opens_nothing() {
    let house = House::start().await;
    let (ada, id) = opened(&house).await;
    let path = linked(&house, &ada, &id, &[("name", "on"), ("papers", "on")]).await;
    let at = format!("/interview/{id}/share");
    let (_, html) = page(&house, &ada, &at).await;
    assert!(html.contains("with your name, CV and contact details"), "{html}");
    let digest = hidden(&html, "link");
    let sam = coach(&house).await;
    assert_eq!(page(&house, &sam, &path).await.0, StatusCode::OK);
    send(&house, &sam, "/api/unshare_interview", &at, &[("id", &id), ("link", &digest)]).await;
    assert_eq!(page(&house, &sam, &path).await.0, StatusCode::OK, "nobody else revokes it");
    send(&house, &ada, "/api/unshare_interview", &at, &[("id", &id), ("link", &digest)]).await;
    let (status, html) = page(&house, &sam, &path).await;
    assert!(status == StatusCode::NOT_FOUND && html.contains("This link no longer works"), "{html}");
    comment(&house, &sam, &path, "a", "1", "Hello").await;
    assert!(house.engine.comments(engine::SessionId::parse(&id).unwrap()).await.unwrap().is_empty());
}
