//! Who asks too often is told when to come again, and loses nothing; others do not notice.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use app::AppError;
use app::view::Update;
use engine::{BuiltIn, Turn, TurnKind};
use interview::{Modality, TurnId};
use patience::StandStill;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use server::ServerSettings;

use crate::house::{House, SECRET, Visitor, said};

const TOO_MANY: StatusCode = StatusCode::TOO_MANY_REQUESTS;

async fn house(change: impl FnOnce(&mut ServerSettings)) -> House {
    House::start_with(change, Arc::new(BuiltIn)).await
}

/// What a refusal says about when to come again.
fn retry_after(response: &Response) -> u64 {
    let seconds = response.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    seconds
}

/// Sends this until it is refused; how often it was not, and the refusal.
async fn until_refused(request: impl Fn() -> RequestBuilder) -> (usize, Response) {
    for taken in 0..200 {
        let response = request().send().await.unwrap();
        if response.status() == TOO_MANY {
            return (taken, response);
        }
    }
    panic!("200 requests were taken");
}

// Time stands still in these tests: nothing is forgiven meanwhile, however slow the machine.

#[tokio::test]
async fn a_browser_that_floods_is_refused_and_nobody_else() {
    let _still = StandStill::begin();
    let house = house(|s| (s.browser_rate, s.address_rate) = (20, 1_000)).await;
    let (mine, id) = house.visitor().await;
    let other = Visitor::of(&house.get("/").send().await.unwrap());
    let page = |visitor: &Visitor| house.get("/how").header("cookie", &visitor.cookie);
    let (taken, refused) = until_refused(|| page(&mine)).await;
    assert_eq!((taken, retry_after(&refused)), (5, 3), "a quarter of a minute's at once");
    assert_eq!(refused.text().await.unwrap(), "That was a lot at once. Please try again in 3 seconds.\n");
    assert_eq!(page(&other).send().await.unwrap().status(), StatusCode::OK);
    // What else counts, and what does not.
    for path in [format!("/interview/{id}/events"), format!("/interview/{id}/export"), "/openapi.json".into()]
    {
        let response = house.get(&path).header("cookie", &mine.cookie).send().await.unwrap();
        assert_eq!(response.status(), TOO_MANY, "{path}");
    }
    for path in ["/assets/app-1.css", "/healthz", "/readyz"] {
        for _ in 0..40 {
            let response = house.get(path).header("cookie", &mine.cookie).send().await.unwrap();
            assert_eq!(response.status(), StatusCode::OK, "{path}");
        }
    }
    let html = page(&mine).header("accept", "text/html").send().await.unwrap();
    assert_eq!((html.status(), retry_after(&html) > 0), (TOO_MANY, true));
    assert!(html.headers()["content-security-policy"].to_str().unwrap().contains("style-src 'self'"));
    let html = html.text().await.unwrap();
    assert!(html.contains("One moment, please.") && html.contains("href=\"/how\""), "{html}");
}

#[tokio::test]
async fn a_cookie_thrown_away_gains_nothing() {
    let _still = StandStill::begin();
    let house = house(|s| (s.browser_rate, s.address_rate) = (1_000, 40)).await;
    let (taken, _) = until_refused(|| house.get("/how")).await;
    assert_eq!(taken, 10);
    for cookie in ["interviewos=forged", "", "other=1"] {
        let status = house.get("/how").header("cookie", cookie).send().await.unwrap().status();
        assert_eq!(status, TOO_MANY, "{cookie}");
    }
    let elsewhere = reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, 2])).build().unwrap();
    let status = elsewhere.get(format!("{}/how", house.base)).send().await.unwrap().status();
    assert_eq!(status, StatusCode::OK, "another address is another matter");
}

#[tokio::test]
async fn an_address_is_taken_from_the_named_header_alone() {
    let claimed = |house: &House, header: &'static str, n: usize| {
        house.get("/how").header(header, format!("192.0.2.{n}"))
    };
    let _still = StandStill::begin();
    let untrusting = house(|s| s.address_rate = 40).await;
    let spoofed = async |header| {
        let mut taken = 0;
        for n in 0..60 {
            let status = claimed(&untrusting, header, n).send().await.unwrap().status();
            taken += usize::from(status == StatusCode::OK);
        }
        taken
    };
    let taken = spoofed("x-forwarded-for").await + spoofed("forwarded").await + spoofed("x-real-ip").await;
    assert_eq!(taken, 10, "another address each time gained something");

    let behind = house(|s| {
        s.address_rate = 40;
        s.address_header = Some("X-Forwarded-For".to_owned());
    })
    .await;
    let (taken, _) = until_refused(|| claimed(&behind, "x-forwarded-for", 1)).await;
    assert_eq!(taken, 10);
    let other = claimed(&behind, "x-forwarded-for", 2).send().await.unwrap();
    assert_eq!(other.status(), StatusCode::OK, "the proxy's other clients go on");
    for n in 3..9 {
        // What the client itself claims stands before what the proxy adds.
        let claim = behind.get("/how").header("x-forwarded-for", format!("192.0.2.{n}, 192.0.2.1"));
        assert_eq!(claim.send().await.unwrap().status(), TOO_MANY);
    }
}

#[tokio::test]
async fn the_engine_api_is_limited_by_its_secret() {
    let still = StandStill::begin();
    let house = house(|s| s.engine_rate = 24).await;
    let ask = || house.get("/engine/sessions/x/").header("x-ingest-secret", SECRET);
    let (taken, refused) = until_refused(ask).await;
    assert_eq!(taken, 6);
    let wait = retry_after(&refused);
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body["error"]["code"], "rate_limited");
    assert!(body["error"]["message"].as_str().unwrap().contains("Retry-After"), "{body}");
    let wrong = house.get("/engine/sessions/x/").header("x-ingest-secret", "wrong").send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED, "what is wrong is said first");
    still.pass(Duration::from_secs(wait)).await;
    assert_eq!(ask().send().await.unwrap().status(), StatusCode::NOT_FOUND, "what it said was true");
}

#[tokio::test]
async fn a_secret_cannot_be_guessed_at_speed() {
    let _still = StandStill::begin();
    let house = house(|s| s.address_rate = 1_200).await;
    let guess = |n: usize| house.get("/engine/sessions/x/").header("x-ingest-secret", format!("guess {n}"));
    let mut looked_at = 0;
    for n in 0..60 {
        let response = guess(n).send().await.unwrap();
        match response.status() {
            StatusCode::UNAUTHORIZED => looked_at += 1,
            status => assert_eq!(status, TOO_MANY),
        }
    }
    assert!((15..=20).contains(&looked_at), "{looked_at}");
    let elsewhere = reqwest::Client::builder().local_address(IpAddr::from([127, 0, 0, 2])).build().unwrap();
    let worker =
        elsewhere.get(format!("{}/engine/sessions/x/", house.base)).header("x-ingest-secret", SECRET);
    assert_eq!(worker.send().await.unwrap().status(), StatusCode::NOT_FOUND, "the worker goes on");
    assert_eq!(house.get("/how").send().await.unwrap().status(), StatusCode::OK, "and so do pages");
}

/// A form as a browser sends it.
fn form(house: &House, visitor: &Visitor, accept: &str, fields: &[(String, String)]) -> RequestBuilder {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<_> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    let request = house.post("/api/answer").header("origin", &house.base).header("cookie", &visitor.cookie);
    let request =
        request.header("accept", accept).header("content-type", "application/x-www-form-urlencoded");
    request.body(body.join("&"))
}

/// The hidden fields of a page, as a browser would send them.
fn hidden(html: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        let signs = [("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&#13;", "\r"), ("&amp;", "&")];
        signs.into_iter().fold(text.to_owned(), |text, (sign, c)| text.replace(sign, c))
    };
    let fields = html.split("<input type=\"hidden\" name=\"").skip(1);
    fields
        .map(|field| {
            let (name, rest) = field.split_once("\" value=\"").unwrap();
            (plain(name), plain(rest.split_once('"').unwrap().0))
        })
        .collect()
}

#[tokio::test]
async fn an_answer_that_came_too_early_is_not_lost() {
    let still = StandStill::begin();
    let house = house(|s| s.browser_rate = 24).await;
    let (mine, id) = house.visitor().await;
    let turn = Turn { id: TurnId("t-0".into()), modality: Modality::Text, kind: TurnKind::Start };
    house.engine.turn(id, turn).await.unwrap();
    until_refused(|| house.get("/how").header("cookie", &mine.cookie)).await;
    let text = format!("{}\r\n\"Quoted\" & <b>bold</b>, 100% = é語", said(1));
    let fields = [("id", id.to_string()), ("turn_id", "t-1".to_owned()), ("text", text.clone())];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));

    // The page's scripts are told in their own words, and keep what was typed.
    let refused = form(&house, &mine, "application/json", &fields).send().await.unwrap();
    assert_eq!(refused.status(), TOO_MANY);
    let wait = retry_after(&refused);
    let error: AppError = refused.json().await.unwrap();
    assert_eq!(error, AppError::TooOften { seconds: wait });

    // A page without scripts gets its form back, with a button.
    let refused = form(&house, &mine, "text/html", &fields).send().await.unwrap();
    assert_eq!(refused.status(), TOO_MANY);
    let wait = retry_after(&refused);
    let html = refused.text().await.unwrap();
    assert!(html.contains("action=\"/api/answer\"") && html.contains("Send it again"), "{html}");
    assert!(!html.contains("<b>"), "{html}");
    let kept = hidden(&html);
    assert_eq!(kept, fields);
    assert_eq!(house.engine.snapshot(id).await.unwrap().messages.len(), 1, "it was not taken");
    still.pass(Duration::from_secs(wait)).await;
    let taken = form(&house, &mine, "text/html", &kept).send().await.unwrap();
    assert_eq!(taken.status(), StatusCode::SEE_OTHER);
    let messages = house.engine.snapshot(id).await.unwrap().messages.clone();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[1].0.text, text.replace("\r\n", "\n"));

    // Another site gets no page that holds what it has sent.
    let crossed = form(&house, &mine, "text/html", &fields).header("sec-fetch-site", "cross-site");
    assert_eq!(crossed.send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn who_gets_no_stream_asks_for_what_changed() {
    let house = house(|s| s.max_streams = 4).await;
    let (mine, id) = house.visitor().await;
    let open = || house.get(&format!("/interview/{id}/events")).header("cookie", &mine.cookie).send();
    let first = open().await.unwrap();
    let _second = open().await.unwrap();
    let refused = open().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE, "one address has half of the places");
    retry_after(&refused);
    let turn = Turn { id: TurnId("t-0".into()), modality: Modality::Text, kind: TurnKind::Start };
    house.engine.turn(id, turn).await.unwrap();
    let catch_up = house.post("/api/catch_up").header("origin", &house.base).header("cookie", &mine.cookie);
    let catch_up =
        catch_up.header("content-type", "application/x-www-form-urlencoded").body(format!("id={id}&since=0"));
    let update: Update = catch_up.send().await.unwrap().json().await.unwrap();
    assert_eq!(update.messages.len(), 1);
    drop(first);
    // The server hears of a reader that left when its connection is closed.
    let given = async {
        while open().await.unwrap().status() != StatusCode::OK {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    patience::soon("a place that was left is given to the next", given).await;
}

#[tokio::test]
async fn one_browser_does_not_take_all_places() {
    let house = house(|_| ()).await;
    let (mine, id) = house.visitor().await;
    let open = |visitor: &Visitor, id: engine::SessionId| {
        house.get(&format!("/interview/{id}/events")).header("cookie", &visitor.cookie).send()
    };
    let mut held = Vec::new();
    for _ in 0..server::request_guard::shares::STREAMS_A_BROWSER {
        held.push(open(&mine, id).await.unwrap());
    }
    assert!(held.iter().all(|response| response.status() == StatusCode::OK));
    assert_eq!(open(&mine, id).await.unwrap().status(), StatusCode::SERVICE_UNAVAILABLE);
    let (other, id) = house.visitor().await;
    assert_eq!(open(&other, id).await.unwrap().status(), StatusCode::OK);
}
