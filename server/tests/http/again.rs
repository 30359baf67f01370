//! Answers given again, and interviews that go on differently, in the pages: by plain forms, each browser its own.

use engine::SessionId;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use crate::forms::{hidden, leads_to, page, send};
use crate::house::{House, Visitor, said};

const SHORT: &str =
    "Our settlement report was wrong every Monday, so I looked at the ledger for a while with a colleague.";
const LONG: &str = "Our settlement report was wrong every Monday. I traced it to a clock in the ledger, rewrote the job myself, \
                    and in the end the errors fell from 40 a week to none.";

/// A browser with an interview of three answers, and the address of that.
async fn held(house: &House) -> (Visitor, String) {
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let fields = [("name", "Ada"), ("role", "Nurse"), ("plan", "quick")];
    let begun = send(house, &ada, "/api/start_interview", "/", &fields).await;
    let path = own(house, &begun);
    for text in [said(1).as_str(), said(2).as_str(), SHORT] {
        say(house, &ada, &path, text).await;
    }
    (ada, path)
}

/// Where a form leads, without the server's name.
fn own(house: &House, response: &Response) -> String {
    leads_to(response).trim_start_matches(&house.base).to_owned()
}

fn id_of(path: &str) -> &str {
    path.split('/').nth(2).unwrap()
}

async fn say(house: &House, visitor: &Visitor, path: &str, text: &str) {
    let (_, html) = page(house, visitor, path).await;
    let fields = [("id", id_of(path)), ("turn_id", &hidden(&html, "turn_id")), ("text", text)];
    leads_to(&send(house, visitor, "/api/answer", path, &fields).await);
}

async fn retry(house: &House, visitor: &Visitor, path: &str, answer: &str, manner: &str) -> Response {
    let fields = [("id", id_of(path)), ("answer", answer), ("manner", manner)];
    send(house, visitor, "/api/retry", path, &fields).await
}

async fn fork(house: &House, visitor: &Visitor, path: &str, answer: &str) -> Response {
    send(house, visitor, "/api/fork", path, &[("id", id_of(path)), ("answer", answer)]).await
}

async fn exported(house: &House, visitor: &Visitor, path: &str) -> Value {
    let (status, json) = page(house, visitor, &format!("{path}/export?format=json")).await;
    assert_eq!(status, StatusCode::OK, "{json}");
    serde_json::from_str(&json).unwrap()
}

#[tokio::test]
async fn a_question_is_answered_again_and_the_takes_stand_side_by_side() {
    let house = House::start().await;
    let (ada, path) = held(&house).await;
    let before = exported(&house, &ada, &path).await;
    let take = own(&house, &retry(&house, &ada, &path, "6", "same").await);
    assert_eq!(own(&house, &retry(&house, &ada, &path, "6", "same").await), take, "pressed twice it is one");
    let (_, html) = page(&house, &ada, &take).await;
    for part in ["Second take", ", question ", "First take", SHORT] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(page(&house, &ada, &format!("{take}/takes")).await.1.contains("not answered yet"));

    say(&house, &ada, &take, LONG).await;
    let (status, html) = page(&house, &ada, &format!("{take}/takes")).await;
    assert_eq!(status, StatusCode::OK);
    let words = |text: &str| text.split_whitespace().count();
    let longer = format!("{} words longer", words(LONG) - words(SHORT));
    let compared = house.engine.compare(SessionId::parse(id_of(&take)).unwrap(), None).await.unwrap();
    let (.., comparison) = compared.beside.unwrap();
    for part in [longer.as_str(), &comparison.sentence(), "Third take", SHORT] {
        assert!(html.contains(part), "{part}: {html}");
    }
    // It is found again from the answer, in the transcript and in the notes.
    let link = format!("href=\"{take}/takes\"");
    for from in [path.clone(), format!("{path}/report")] {
        let (_, html) = page(&house, &ada, &from).await;
        assert!(html.contains(&link) && html.contains("second take"), "{from}: {html}");
    }

    // The third, asked for where the two are compared.
    let third = own(&house, &retry(&house, &ada, &take, "2", "same").await);
    say(&house, &ada, &third, SHORT).await;
    let (_, html) = page(&house, &ada, &format!("{third}/takes")).await;
    assert!(html.contains("words shorter") && html.contains("Fourth take"), "{html}");
    let (_, html) = page(&house, &ada, &format!("{third}/takes?with=1")).await;
    assert!(html.contains("Nothing changed that we could find or count."), "{html}");
    let (_, home) = page(&house, &ada, "/").await;
    assert!(home.contains("second take, ") && home.contains("third take, "), "{home}");
    assert_eq!(exported(&house, &ada, &path).await, before, "nothing of the interview changed by it");

    // Deleted on its own, either way.
    leads_to(&send(&house, &ada, "/api/delete_interview", "/", &[("id", id_of(&path))]).await);
    let (status, html) = page(&house, &ada, &format!("{third}/takes")).await;
    assert!(status == StatusCode::OK && html.contains("words shorter"), "{status} {html}");
    leads_to(&send(&house, &ada, "/api/delete_interview", "/", &[("id", id_of(&third))]).await);
    assert_eq!(exported(&house, &ada, &take).await["messages"][1]["text"], LONG);
    assert!(page(&house, &ada, &format!("{take}/takes")).await.1.contains("There is no other take"));
}

#[tokio::test]
async fn an_interview_goes_on_differently_and_both_are_whole() {
    let house = House::start().await;
    let (ada, path) = held(&house).await;
    let before = exported(&house, &ada, &path).await;
    let other = own(&house, &fork(&house, &ada, &path, "6").await);
    let (_, html) = page(&house, &ada, &other).await;
    assert!(html.contains("This interview branches off here.") && html.contains(&path), "{html}");
    say(&house, &ada, &other, LONG).await;
    let forked = exported(&house, &ada, &other).await;
    let shared = |file: &Value| file["messages"].as_array().unwrap()[..5].to_vec();
    assert_eq!(shared(&forked), shared(&before));
    assert_eq!(forked["messages"][5]["text"], LONG);
    assert_eq!((&forked["origin"]["kind"], &forked["origin"]["seq"]), (&"fork".into(), &5.into()));
    assert_eq!(exported(&house, &ada, &path).await, before);
    assert!(page(&house, &ada, &path).await.1.contains("alternative"));
    leads_to(&send(&house, &ada, "/api/delete_interview", "/", &[("id", id_of(&path))]).await);
    assert_eq!(exported(&house, &ada, &other).await["messages"], forked["messages"]);
    let (status, html) = page(&house, &ada, &other).await;
    assert!(status == StatusCode::OK && html.contains("which is deleted"), "{html}");
}

#[tokio::test]
async fn nobody_else_reaches_a_take_or_a_fork_or_begins_one() {
    let house = House::start().await;
    let (ada, path) = held(&house).await;
    let take = own(&house, &retry(&house, &ada, &path, "6", "strict").await);
    let other = own(&house, &fork(&house, &ada, &path, "6").await);
    let eve = Visitor::of(&house.get("/").send().await.unwrap());
    for own in [&take, &other] {
        for more in ["", "/report", "/takes", "/events", "/export", "/export?format=json"] {
            let (status, html) = page(&house, &eve, &format!("{own}{more}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{own}{more}");
            assert!(!html.contains("settlement") && !html.contains("invoices"), "{own}{more}: {html}");
        }
    }
    assert_eq!(page(&house, &ada, &format!("{other}/takes")).await.0, StatusCode::NOT_FOUND, "it is no take");
    let stored = async || house.engine.children(SessionId::parse(id_of(&path)).unwrap()).await.unwrap().len();
    assert_eq!(stored().await, 2);
    for (of, answer) in [(&path, "4"), (&take, "2"), (&other, "2")] {
        // A form goes back to where it stood, which is not there for her.
        let back = own(&house, &retry(&house, &eve, of, answer, "same").await);
        assert_eq!(page(&house, &eve, &back).await.0, StatusCode::NOT_FOUND);
        let back = own(&house, &fork(&house, &eve, of, answer).await);
        assert_eq!(page(&house, &eve, &back).await.0, StatusCode::NOT_FOUND);
        let fields = [("id", id_of(of)), ("text", "I am Ada."), ("turn_id", "eve")];
        assert!(!send(&house, &eve, "/api/answer", of, &fields).await.status().is_success());
        let deleted = send(&house, &eve, "/api/delete_interview", "/", &[("id", id_of(of))]).await;
        assert!(!deleted.status().is_success());
        assert_eq!(page(&house, &ada, of).await.0, StatusCode::OK);
    }
    assert_eq!(stored().await, 2, "nothing came of it");
}

#[tokio::test]
async fn what_cannot_be_begun_says_why_where_it_was_asked_for() {
    let house = House::start_with(|s| s.browser_interviews = 2, std::sync::Arc::new(engine::BuiltIn)).await;
    let (ada, path) = held(&house).await;
    let take = own(&house, &retry(&house, &ada, &path, "6", "same").await);
    for (manner, answer, why) in [
        ("kind", "6", "Please choose how the question is to be asked again."),
        ("strict", "6", "You have 2 interviews here"),
    ] {
        let back = own(&house, &retry(&house, &ada, &path, answer, manner).await);
        assert_eq!(back, path);
        let (_, html) = page(&house, &ada, &back).await;
        assert!(html.contains(why), "{html}");
        assert!(!page(&house, &ada, &back).await.1.contains(why), "it is said once");
    }
    leads_to(&send(&house, &ada, "/api/delete_interview", "/", &[("id", id_of(&take))]).await);
    let fields = [("id", id_of(&path)), ("answer", "3"), ("manner", "same"), ("from", "notes")];
    let back = own(&house, &send(&house, &ada, "/api/retry", &path, &fields).await);
    assert_eq!(back, format!("{path}/report"));
    assert!(page(&house, &ada, &back).await.1.contains("There is no answer there that can be given again."));
}

#[tokio::test]
async fn a_take_is_spoken_and_stands_beside_the_typed_one() {
    let house = House::start().await;
    let (ada, path) = held(&house).await;
    let fields = [("id", id_of(&path)), ("answer", "6"), ("manner", "same"), ("mode", "voice")];
    let begun = send(&house, &ada, "/api/retry", &path, &fields).await;
    assert!(begun.headers()["location"].to_str().unwrap().ends_with("#voice"), "it goes on in the room");
    let take = own(&house, &begun);
    let id = SessionId::parse(id_of(&take)).unwrap();
    let stored = async || house.engine.snapshot(id).await.unwrap();
    assert!(stored().await.messages.is_empty(), "the interviewer opens it there");
    for (event, text) in [("start", ""), ("user_turn", LONG)] {
        let turn = json!({"session_id": id_of(&take), "turn_id": event, "event_type": event, "text": text, "modality": "voice"});
        let (status, body) = house.engine_post("/engine/next_turn/", &turn).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    assert!(stored().await.status.is_completed());
    let spoke = json!({ "turn": "user_turn", "spoke_ms": 14_000, "played_ms": 14_300 });
    house.engine.note(id, "voice_turn", spoke).await.unwrap();
    let (_, html) = page(&house, &ada, &format!("{take}/takes")).await;
    assert!(html.contains(", 14 s<") && html.contains(", 19 words<"), "each by what is known of it: {html}");
    assert!(html.contains("14 words longer") && html.contains(r#"value="voice" checked"#), "{html}");
    let (_, home) = page(&house, &ada, "/").await;
    assert!(home.contains("second take, under a minute, spoken"), "{home}");
}

#[tokio::test]
async fn a_replay_tells_what_was_skipped_and_where_another_way_was_gone() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let fields = [("name", "Ada"), ("role", "Nurse"), ("plan", "quick")];
    let path = own(&house, &send(&house, &ada, "/api/start_interview", "/", &fields).await);
    say(&house, &ada, &path, &said(1)).await;
    let (_, html) = page(&house, &ada, &path).await;
    let fields = [("id", id_of(&path)), ("turn_id", &hidden(&html, "turn_id")), ("request", "skip")];
    leads_to(&send(&house, &ada, "/api/ask", &path, &fields).await);
    let (_, html) = page(&house, &ada, &format!("{path}/replay")).await;
    let place = |html: &str, part: &str| html.find(part).unwrap_or_else(|| panic!("{part} is not in {html}"));
    let skipped = place(&html, "(Skipped.)");
    assert!(place(&html, "id=\"line-3\"") < skipped && skipped < place(&html, "id=\"line-4\""), "{html}");
    assert_eq!((html.matches("(Skipped.)").count(), html.matches("branches off").count()), (1, 0));

    let other = own(&house, &fork(&house, &ada, &path, "2").await);
    let (_, html) = page(&house, &ada, &format!("{other}/replay")).await;
    assert_eq!(html.matches("branches off").count(), 0, "nothing was said on the other way yet");
    say(&house, &ada, &other, LONG).await;
    let (_, html) = page(&house, &ada, &format!("{other}/replay")).await;
    let branches = place(&html, "(This interview branches off here.)");
    assert!(place(&html, "id=\"line-1\"") < branches && branches < place(&html, "id=\"line-2\""), "{html}");
}

#[tokio::test]
async fn what_came_from_an_interview_is_deleted_on_its_own() {
    let house = House::start().await;
    let (ada, path) = held(&house).await;
    let other = own(&house, &fork(&house, &ada, &path, "4").await);
    say(&house, &ada, &other, LONG).await;
    let before = exported(&house, &ada, &path).await;
    let fields = [("id", id_of(&other)), ("from", "interviews")];
    leads_to(&send(&house, &ada, "/api/delete_interview", "/interviews", &fields).await);
    assert_eq!(page(&house, &ada, &other).await.0, StatusCode::NOT_FOUND);
    assert_eq!(exported(&house, &ada, &path).await, before);
}

#[tokio::test]
async fn a_take_offers_a_line_that_runs_out_until_it_is_answered() {
    let house = House::start().await;
    let (ada, path) = held(&house).await;
    assert!(!page(&house, &ada, &path).await.1.contains("class=\"drain\""), "no take");
    for (manner, article, minutes) in [("same", "a", 4), ("harder", "a", 6), ("strict", "an", 8)] {
        let take = own(&house, &retry(&house, &ada, &path, "4", manner).await);
        let take = take.split('#').next().unwrap();
        let (_, html) = page(&house, &ada, take).await;
        assert!(html.contains(&format!("Show {article} {minutes}-minute timer")), "{manner}: {html}");
        assert!(html.contains(&format!("data-minutes=\"{minutes}\"")), "{manner}: {html}");
        if manner == "same" {
            say(&house, &ada, take, LONG).await;
            assert!(!page(&house, &ada, take).await.1.contains("class=\"drain\""), "it is over");
        }
    }
}
