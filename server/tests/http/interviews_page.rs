//! The page of all interviews, by plain forms.

use engine::{Turn, TurnKind};
use interview::{Modality, TurnId};
use reqwest::StatusCode;

use crate::forms::{leads_to, page, send};
use crate::house::{House, Visitor};

async fn rows(house: &House, visitor: &Visitor, query: &str) -> (usize, String) {
    let (status, html) = page(house, visitor, &format!("/interviews{query}")).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    (html.matches("<li id=\"interview-").count(), html)
}

#[tokio::test]
async fn interviews_are_named_found_and_deleted_by_their_own_browser_alone() {
    let house = House::start().await;
    let (ada, first) = house.visitor().await;
    let second = house.interview_of(&ada).await;
    let (bob, theirs) = house.visitor().await;
    assert_eq!(rows(&house, &ada, "").await.0, 2);

    let label = "  The <good> one &\n friends ";
    let fields = [("id", &*first.to_string()), ("label", label)];
    let named = send(&house, &ada, "/api/label_interview", "/interviews", &fields).await;
    assert_eq!(leads_to(&named), "/interviews");
    let (found, html) = rows(&house, &ada, "?find=GOOD%20friends").await;
    assert!(found == 1 && html.contains("The &lt;good&gt; one &amp; friends"), "{html}");
    assert_eq!(rows(&house, &ada, "?find=nothing+of+the+kind").await.0, 0);
    // By what was said in it, too, and by both together; another browser finds its own alone.
    for of in [second, theirs] {
        let turn = |n: &str, kind| Turn { id: TurnId(n.to_owned()), modality: Modality::Text, kind };
        house.engine.turn(of, turn("start", TurnKind::Start)).await.unwrap();
        let said = TurnKind::Said("I rewrote the settlement job at our shop in spring.".to_owned());
        house.engine.turn(of, turn("said", said)).await.unwrap();
    }
    for (words, wanted) in
        [("Settlement", 1), ("settlement+backend", 1), ("settlement+friends", 0), ("backend", 2)]
    {
        assert_eq!(rows(&house, &ada, &format!("?find={words}")).await.0, wanted, "{words}");
    }
    assert!(rows(&house, &ada, "?find=settlement").await.1.contains(&format!("interview-{second}")));
    let (found, html) = rows(&house, &ada, "?find=%3Cscript%3E%22").await;
    assert!(found == 0 && !html.contains("<script>\""), "what is sought is shown as it was typed: {html}");

    // A name that is too long is refused in words, and the old one stays.
    let long = "n".repeat(81);
    let fields = [("id", &*first.to_string()), ("label", long.as_str())];
    send(&house, &ada, "/api/label_interview", "/interviews", &fields).await;
    let (_, html) = rows(&house, &ada, "").await;
    assert!(html.contains("at most 80 characters") && html.contains("The &lt;good&gt; one"), "{html}");

    // Another browser's is neither seen nor named.
    let fields = [("id", &*theirs.to_string()), ("label", "mine")];
    send(&house, &ada, "/api/label_interview", "/interviews", &fields).await;
    let (found, html) = rows(&house, &bob, "").await;
    assert!(found == 1 && !html.contains("mine"), "{html}");

    let fields = [("id", &*second.to_string()), ("from", "interviews")];
    let deleted = send(&house, &ada, "/api/delete_interview", "/interviews", &fields).await;
    assert_eq!(leads_to(&deleted), "/interviews");
    assert_eq!(rows(&house, &ada, "").await.0, 1);
    send(&house, &ada, "/api/delete_interviews", "/interviews", &[("from", "interviews")]).await;
    let (found, html) = rows(&house, &ada, "").await;
    assert!(found == 0 && html.contains("No interviews yet"), "{html}");
    assert_eq!(rows(&house, &bob, "").await.0, 1);
}

#[tokio::test]
async fn what_is_due_is_practised_by_one_button() {
    let house = House::start().await;
    let (ada, id) = house.visitor().await;
    let said =
        |n: usize, kind: TurnKind| Turn { id: TurnId(format!("t{n}")), modality: Modality::Text, kind };
    house.engine.turn(id, said(99, TurnKind::Start)).await.unwrap();
    for n in 0..10 {
        let text = format!(
            "The ledger of our shop number {n} did not add up for weeks and nobody knew the cause. I wrote a job that \
             replayed the payments of it and asked the bank for its files."
        );
        if house.engine.turn(id, said(n, TurnKind::Said(text))).await.is_err() {
            break;
        }
    }
    let (_, html) = rows(&house, &ada, "").await;
    let form = html.split_once("action=\"/api/practise\"").expect("something is due").1;
    let topic = crate::forms::hidden(form, "topic");
    let fields = [("id", &*id.to_string()), ("topic", topic.as_str()), ("from", "interviews")];
    let begun = send(&house, &ada, "/api/practise", "/interviews", &fields).await;
    let path = leads_to(&begun);
    assert!(path.starts_with("/interview/") && !path.contains(&id.to_string()), "{path}");
    // Pressed twice it is begun once.
    let press = || send(&house, &ada, "/api/practise", "/interviews", &fields);
    let (one, other) = tokio::join!(press(), press());
    assert_eq!((leads_to(&one), leads_to(&other)), (path.clone(), path));
    assert_eq!(rows(&house, &ada, "").await.0, 2);
}

/// Holds an interview to its end, or says so many things in it.
async fn hold(house: &House, id: engine::SessionId, modality: Modality, words: impl Fn(usize) -> String) {
    let turn = |n: usize, kind| Turn { id: TurnId(format!("t{n}")), modality, kind };
    house.engine.turn(id, turn(0, TurnKind::Start)).await.unwrap();
    for n in 1..60 {
        if house.engine.turn(id, turn(n, TurnKind::Said(words(n)))).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn of_five_interviews_a_contradiction_is_asked_about_until_it_is_settled() {
    let house = House::start().await;
    let (ada, first) = house.visitor().await;
    let mut held = vec![first];
    for _ in 0..4 {
        held.push(house.interview_of(&ada).await);
    }
    for (id, at) in held.iter().zip(0_usize..) {
        let introduction = match at {
            0 => "I lead a team of seven people who build ledgers for a payments company in Leeds.",
            3 => "I lead a team of nine people who build ledgers for a payments company in Leeds.",
            _ => "I build ledgers for a payments company in Leeds and look after their on-call rota.",
        };
        // Each has a smaller team in its stories.
        let what = ["billing", "search", "login", "stock", "payroll", "mail", "maps", "till", "tax", "rota"];
        let story = |n: usize| {
            format!(
                "We were an on-call team of five people. The {} service lost what {} customers sent. I traced it to a retry \
                 without a key, added one, and in the end nothing was lost.",
                what[n % what.len()],
                what[(n + 3 * at + 1) % what.len()]
            )
        };
        let words = |n: usize| if n == 1 { introduction.to_owned() } else { story(n) };
        hold(&house, *id, Modality::Text, words).await;
    }
    let (_, html) = rows(&house, &ada, "").await;
    // Whether they can be compared depends on how many answers a model read in time.
    for part in ["Practise next", "Claims"] {
        assert!(html.contains(&format!(">{part}</h2>")), "{part}: {html}");
    }
    assert_eq!(html.matches("Which is it?").count(), 1, "{html}");
    let question = html.split_once("You said ").unwrap().1.split_once("Which is it?").unwrap().0;
    assert!(question.contains("seven people") && question.contains("nine people"), "{question}");

    let form = html.split_once("action=\"/api/settle_claim\"").unwrap().1;
    let value = |name| crate::forms::hidden(form, name);
    let (id, line, other, other_line) = (value("id"), value("line"), value("other"), value("other_line"));
    let what = value("what");
    let fields = [
        ("id", id.as_str()),
        ("line", &line),
        ("other", &other),
        ("other_line", &other_line),
        ("what", &what),
    ];
    send(&house, &ada, "/api/settle_claim", "/interviews", &fields).await;
    let (_, html) = rows(&house, &ada, "").await;
    assert_eq!(
        html.matches("Which is it?").count(),
        0,
        "neither it nor a smaller team is asked about: {html}"
    );
    assert!(html.contains(">Claims</h2>"));
}

#[tokio::test]
async fn a_row_says_how_it_was_held_and_leads_to_all_that_can_be_done_with_it() {
    let house = House::start().await;
    let (ada, typed) = house.visitor().await;
    let spoken = house.interview_of(&ada).await;
    hold(&house, typed, Modality::Text, crate::house::said).await;
    let turn = |n: &str, kind| Turn { id: TurnId(n.to_owned()), modality: Modality::Voice, kind };
    house.engine.turn(spoken, turn("start", TurnKind::Start)).await.unwrap();
    house.engine.turn(spoken, turn("said", TurnKind::Said(crate::house::said(1)))).await.unwrap();
    let (_, html) = rows(&house, &ada, "").await;
    for (id, how) in [(typed, "typed, under a minute"), (spoken, "spoken, part 1 of")] {
        let row =
            html.split_once(&format!("<li id=\"interview-{id}\"")).unwrap().1.split_once("</li>").unwrap().0;
        assert!(row.contains(how), "{how}: {row}");
        let links: Vec<&str> =
            row.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let named = |end: &str| links.iter().any(|link| link.split('#').next().unwrap().ends_with(end));
        assert!(named("/report") && named("/share") && named(&format!("/?again={id}")), "{links:?}");
        for link in links {
            let (status, html) = page(&house, &ada, link).await;
            assert_eq!(status, StatusCode::OK, "{link}: {html}");
        }
    }
}

#[tokio::test]
async fn what_did_not_come_up_of_a_posting_is_asked_about() {
    let house = House::start().await;
    let visitor = Visitor::of(&house.get("/").send().await.unwrap());
    let posting = "- Experience with PostgreSQL\n- You mentor younger engineers\n- You speak Portuguese";
    let fields =
        [("name", "Ada"), ("role", "Backend engineer"), ("plan", "quick"), ("job_description", posting)];
    let begun = send(&house, &visitor, "/api/start_interview", "/", &fields).await;
    let path = leads_to(&begun).trim_start_matches(&house.base).to_owned();
    let id = engine::SessionId::parse(path.split(['/', '#']).nth(2).unwrap()).unwrap();
    let words = |n: usize| format!("{} It all ran on PostgreSQL.", crate::house::said(n));
    for n in 1..20 {
        let turn =
            Turn { id: TurnId(format!("t{n}")), modality: Modality::Text, kind: TurnKind::Said(words(n)) };
        if house.engine.turn(id, turn).await.is_err() {
            break;
        }
    }
    let id = id.to_string();
    let fields = [("id", id.as_str()), ("topic", ""), ("element", "")];
    let begun = send(&house, &visitor, "/api/practise", "/interviews", &fields).await;
    let path = leads_to(&begun).trim_start_matches(&house.base).to_owned();
    let (_, json) =
        page(&house, &visitor, &format!("{}/export?format=json", path.split('#').next().unwrap())).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let asked_for = json["profile"]["job_description"].as_str().unwrap();
    assert!(asked_for.contains("Portuguese") && asked_for.contains("mentor"), "{asked_for}");
    assert!(!asked_for.contains("PostgreSQL"), "that did come up: {asked_for}");
    let line = json["messages"][0]["text"].as_str().unwrap();
    assert!(line.contains("Portuguese") || line.contains("mentor"), "{line}");
}
