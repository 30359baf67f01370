//! A person whose browser runs no scripts holds an interview by plain forms.

use reqwest::{Response, StatusCode};

use crate::house::{House, Visitor, said};

/// Sends a form as a browser does, from this page.
pub(crate) async fn send(
    house: &House,
    visitor: &Visitor,
    path: &str,
    from: &str,
    fields: &[(&str, &str)],
) -> Response {
    let escape = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    let request =
        house.post(path).header("origin", &house.base).header("referer", format!("{}{from}", house.base));
    let request = request.header("cookie", &visitor.cookie).header("accept", "text/html,*/*");
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.join("&"))
        .send()
        .await
        .unwrap()
}

pub(crate) fn leads_to(response: &Response) -> String {
    assert!(response.status().is_redirection(), "{}", response.status());
    response.headers()["location"].to_str().unwrap().split('#').next().unwrap().to_owned()
}

pub(crate) async fn page(house: &House, visitor: &Visitor, path: &str) -> (StatusCode, String) {
    let response = house.get(path).header("cookie", &visitor.cookie).send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

/// The value of a hidden field.
pub(crate) fn hidden(html: &str, name: &str) -> String {
    let rest = html.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_interview_is_held_without_scripts() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    // As long as it may be, in letters that a form writes with nine characters each.
    let cv = "語".repeat(20_000);
    let fields = [
        ("name", "Ada"),
        ("role", "Nurse"),
        ("plan", "quick"),
        ("cv", cv.as_str()),
        ("job_description", cv.as_str()),
    ];
    let started = send(&house, &ada, "/api/start_interview", "/", &fields).await;
    let path = leads_to(&started);
    let (status, html) = page(&house, &ada, &path).await;
    assert!(status == StatusCode::OK && html.contains("Ada"), "{status} {html}");

    let (id, turn, words) = (hidden(&html, "id"), hidden(&html, "turn_id"), said(3));
    let answer = [("id", id.as_str()), ("turn_id", turn.as_str()), ("text", words.as_str())];
    let eve = Visitor::of(&house.get("/").send().await.unwrap());
    let refused = send(&house, &eve, "/api/answer", &path, &answer).await;
    assert!(!refused.status().is_success(), "{}", refused.status());
    assert_eq!(page(&house, &eve, &path).await.0, StatusCode::NOT_FOUND);
    let stored = async || house.engine.snapshot(engine::SessionId::parse(&id).unwrap()).await.unwrap();
    assert_eq!(stored().await.messages.len(), 1, "nobody else can say a word");

    // Pressed twice, it is said once.
    for _ in 0..2 {
        assert_eq!(
            leads_to(&send(&house, &ada, "/api/answer", &path, &answer).await)
                .trim_start_matches(&house.base),
            path
        );
    }
    assert_eq!(stored().await.messages.len(), 3);
    assert!(page(&house, &ada, &path).await.1.contains("an idempotency key"));

    let (_, html) = page(&house, &ada, &path).await;
    let finish = [("id", id.as_str()), ("turn_id", &hidden(&html, "turn_id"))];
    leads_to(&send(&house, &ada, "/api/finish", &path, &finish).await);
    assert!(stored().await.status.is_completed());
    let (_, text) = page(&house, &ada, &format!("{path}/export?format=md")).await;
    assert!(text.contains("**ADA**") && text.contains("ended by the candidate"), "{text}");
}
