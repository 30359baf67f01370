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
    assert!(text.contains("**ADA**") && text.contains("the candidate finished early"), "{text}");
}

#[tokio::test]
async fn an_answer_to_a_question_that_was_not_seen_comes_back_with_the_new_one() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let fields = [("name", "Ada"), ("role", "Nurse")];
    let path = leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await);
    // Three tabs that show the same question.
    let (_, tab) = page(&house, &ada, &path).await;
    let (id, seen) = (hidden(&tab, "id"), hidden(&tab, "seen"));
    assert_eq!(seen, "1");
    let answer = async |turn: &str, text: &str, seen: &str| {
        let fields = [("id", id.as_str()), ("turn_id", turn), ("text", text), ("seen", seen)];
        leads_to(&send(&house, &ada, "/api/answer", &path, &fields).await);
        page(&house, &ada, &path).await.1
    };
    let stored = async || {
        house.engine.snapshot(engine::SessionId::parse(&id).unwrap()).await.unwrap().messages.clone()
    };
    answer("one", &said(1), &seen).await;
    let question = stored().await[2].0.text.clone();
    for turn in ["two", "three"] {
        let html = answer(turn, "I led the move myself.", &seen).await;
        assert!(html.contains("A new question came up before this arrived"), "{html}");
        assert!(html.contains(">I led the move myself.</textarea>"), "the words are kept");
        assert!(html.contains(&question.replace('\'', "&#x27;")) || html.contains(&question), "{question}");
        assert_eq!(hidden(&html, "seen"), "3");
    }
    assert_eq!(stored().await.len(), 3, "neither was recorded");
    let (_, html) = page(&house, &ada, &path).await;
    answer("two", "I led the move myself.", &hidden(&html, "seen")).await;
    assert_eq!(stored().await.len(), 5);
    // What was not seen is not skipped either.
    let skip = [("id", id.as_str()), ("turn_id", "four"), ("request", "skip"), ("seen", "3"), ("text", "")];
    leads_to(&send(&house, &ada, "/api/ask", &path, &skip).await);
    assert_eq!(stored().await.len(), 5);
}

#[tokio::test]
async fn what_is_too_long_comes_back_whole() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let cv = "c".repeat(24_000);
    let fields = [("name", "Ada"), ("role", "Nurse"), ("cv", cv.as_str())];
    assert_eq!(leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await), "/");
    let (_, html) = page(&house, &ada, "/").await;
    assert!(html.contains(&format!(">{cv}</textarea>")) && html.contains("longer than 20000 characters"));
    let path = leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields[..2]).await);
    let (_, html) = page(&house, &ada, &path).await;
    let (id, text) = (hidden(&html, "id"), "a".repeat(50_000));
    let answer = [("id", id.as_str()), ("turn_id", "t"), ("text", text.as_str()), ("seen", "1")];
    leads_to(&send(&house, &ada, "/api/answer", &path, &answer).await);
    let (_, html) = page(&house, &ada, &path).await;
    assert!(html.contains(&format!(">{text}</textarea>")) && html.contains("longer than 8000 characters"));
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_gets_no_interview_and_its_words_back() {
    let house = House::start().await;
    let fields = [("name", "Ada"), ("role", "Nurse"), ("cv", "nine years of nights")];
    let send_without = async |accept: &str| {
        let request =
            house.post("/api/start_interview").header("origin", &house.base).header("accept", accept);
        request.form(&fields).send().await.unwrap()
    };
    let refused = send_without("text/html").await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    // A browser that keeps it after all may send it again.
    let ada = Visitor::of(&refused);
    let html = refused.text().await.unwrap();
    assert!(html.contains("Your browser blocks cookies for this page"), "{html}");
    assert!(html.contains("name=\"cv\" value=\"nine years of nights\"") && html.contains("Send it again"));
    let refused = send_without("application/json").await;
    assert!(
        refused.status() == StatusCode::FORBIDDEN && refused.text().await.unwrap().contains("no_cookies")
    );
    assert!(house.engine.list(&ada.owner).await.unwrap().is_empty(), "no interview was made");
    let path = leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await);
    assert_eq!(page(&house, &ada, &path).await.0, StatusCode::OK);
    // Where it is looked for without a cookie, that is said.
    let lost = house.get(&path).send().await.unwrap();
    assert_eq!(lost.status(), StatusCode::NOT_FOUND);
    assert!(lost.text().await.unwrap().contains("allow cookies for this page"));
}

#[tokio::test]
async fn an_answer_is_corrected_without_scripts() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let fields = [("name", "Ada"), ("role", "Nurse"), ("plan", "quick")];
    let path = leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await);
    let (_, html) = page(&house, &ada, &path).await;
    let id = hidden(&html, "id");
    let session = engine::SessionId::parse(&id).unwrap();
    let heard = "I ran the ward in Leeds with Daniel Ockiver for three years.";
    let turn = engine::Turn {
        id: interview::TurnId("v-1".to_owned()),
        modality: interview::Modality::Voice,
        kind: engine::TurnKind::Said(heard.to_owned()),
    };
    house.engine.turn(session, turn).await.unwrap();
    let (_, html) = page(&house, &ada, &path).await;
    assert!(html.contains("action=\"/api/correct\"") && html.contains(&format!(">{heard}</textarea>")));

    let correct = async |seq: &str, text: &str| {
        let fields = [("id", id.as_str()), ("seq", seq), ("text", text)];
        let response = send(&house, &ada, "/api/correct", &path, &fields).await;
        assert_eq!(
            response.headers()["location"],
            format!("/interview/{id}#line-{seq}").as_str(),
            "it leads to the line"
        );
        page(&house, &ada, &path).await.1
    };
    let stored = async || house.engine.snapshot(session).await.unwrap().messages[1].0.clone();
    // What was not taken stands where it was written, with why.
    let long = "a".repeat(8_001);
    for (text, why) in [
        ("", "Write what you said, then save it."),
        (heard, "It reads like this already."),
        (long.as_str(), "longer than 8000 characters"),
    ] {
        let html = correct("2", text).await;
        let form =
            html.split_once("id=\"correct-2\"").expect("the form").1.split_once("</details>").unwrap().0;
        assert!(form.contains(why) && form.contains(&format!(">{text}</textarea>")), "{form}");
        assert!(form.split_once('>').unwrap().0.contains("open"), "{form}");
        let note = html.split_once("role=\"status\"").expect("the composer").1.split_once("</p>").unwrap().0;
        assert!(!note.contains(why), "and not beside the composer: {note}");
        assert_eq!(stored().await.text, heard);
    }
    let html = correct("2", "I ran the ward in Leeds with Daniel Okafor for three years.").await;
    assert!(
        html.contains(
            "<span class=\"said\">I ran the ward in Leeds with Daniel Okafor for three years.</span>"
        )
    );
    assert!(html.contains("First heard as: \u{201c}I ran the ward in Leeds with Daniel Ockiver"), "{html}");
    assert_eq!(stored().await.original.as_deref(), Some(heard));
    // A line of the interviewer's is nobody's to correct, and another browser corrects nothing.
    correct("1", "Never asked.").await;
    let eve = Visitor::of(&house.get("/").send().await.unwrap());
    let fields = [("id", id.as_str()), ("seq", "2"), ("text", "I stole it.")];
    send(&house, &eve, "/api/correct", &path, &fields).await;
    assert!(stored().await.text.contains("Okafor"));
    let exported = async |format: &str| {
        let path = format!("/interview/{id}/export?format={format}");
        page(&house, &ada, &path).await.1
    };
    for format in ["md", "json"] {
        let file = exported(format).await;
        assert!(file.contains("Okafor") && file.contains("Ockiver"), "both: {file}");
    }
}
