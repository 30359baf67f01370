//! An interview as a file.

use std::process::Stdio;

use engine::{NewSession, Remark, SessionId, Turn, TurnKind};
use interview::{Modality, Profile, Request, RetakeManner, Seniority, TurnId};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::forms::page;
use crate::house::{House, Program, SECRET, Visitor, client, said, site, someone};

async fn held(house: &House) -> (String, String) {
    let (visitor, id) = house.visitor().await;
    let id = id.to_string();
    for (turn, event, text) in [
        ("t-0", "start", ""),
        (
            "t-1",
            "user_turn",
            "# I *led* it.\n- 3 of us\n\n1. We <b>shipped</b> on time, and I cut the cost by 40 percent.",
        ),
        ("t-2", "user_turn", &said(2)),
        ("t-3", "end", ""),
    ] {
        let (status, body) = house.turn(&id, turn, event, text).await;
        assert_eq!(status, StatusCode::OK, "{body}");
    }
    (visitor.cookie, id)
}

#[tokio::test]
async fn an_interview_is_kept_as_markdown_and_as_json() {
    let house = House::start().await;
    let (cookie, id) = held(&house).await;
    let get = async |query: &str| {
        house.get(&format!("/interview/{id}/export{query}")).header("cookie", &cookie).send().await.unwrap()
    };
    let response = get("?format=md").await;
    assert_eq!(response.headers()["content-type"], "text/markdown; charset=utf-8");
    let file = response.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(
        file.starts_with("attachment; filename=\"interview-20")
            && file.ends_with(&format!("-{}.md\"", &id[..8])),
        "{file}"
    );
    let text = response.text().await.unwrap();
    for part in [
        "# Interview: Backend engineer\n",
        "- Candidate: Ada Byron\n",
        "- Level: senior\n",
        "- Status: ended (the candidate finished early)\n",
        "## Self-Introduction\n",
        "**INTERVIEWER** *(",
        "**ADA** *(",
        // What a person wrote is not taken for marks.
        "\\# I \\*led\\* it.  \n\\- 3 of us\n\n1\\. We \\<b\\>shipped\\</b\\> on time",
    ] {
        assert!(text.contains(part), "{part:?} is not in:\n{text}");
    }
    assert_eq!(get("").await.text().await.unwrap(), text, "Markdown is the default");

    let response = get("?format=json").await;
    assert_eq!(response.headers()["content-type"], "application/json");
    let whole: Value = response.json().await.unwrap();
    let seqs: Vec<u64> =
        whole["messages"].as_array().unwrap().iter().map(|m| m["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    assert_eq!(
        (&whole["id"], &whole["profile"]["name"], &whole["plan"]["id"]),
        (&json!(id), &json!("Ada Byron"), &json!("standard"))
    );
    assert!(
        whole["events"].as_array().unwrap().iter().any(|e| e["kind"] == "entered"),
        "{}",
        whole["events"]
    );
    assert!(whole["messages"][0]["why"]["purpose"].is_string());
    assert!(!whole.to_string().contains(&cookie[cookie.len() - 36..]), "whose it is, is nobody's business");

    assert_eq!(get("?format=pdf").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_take_and_a_fork_tell_what_they_came_from() {
    let house = House::start().await;
    let (cookie, id) = held(&house).await;
    let parent = SessionId::parse(&id).unwrap();
    let (take, fork) = (
        house.engine.take(parent, 4, RetakeManner::Same).await.unwrap(),
        house.engine.fork(parent, 4).await.unwrap(),
    );
    let get = async |id: &str, format: &str| {
        let path = format!("/interview/{id}/export?format={format}");
        house.get(&path).header("cookie", &cookie).send().await.unwrap().text().await.unwrap()
    };
    for (child, kind, number, words) in [
        (take, "take", 2, format!("- Second take of line 3 of the interview {id}\n")),
        (fork, "fork", 1, format!("- Branches off from line 3 of the interview {id}\n")),
    ] {
        let child = child.to_string();
        assert!(get(&child, "md").await.contains(&words), "{words}");
        let whole: Value = serde_json::from_str(&get(&child, "json").await).unwrap();
        let origin = json!({ "kind": kind, "parent": id, "seq": 3, "turn_id": "t-1", "number": number });
        assert_eq!((&whole["schema"], &whole["origin"]), (&json!(4), &origin));
    }
    let whole: Value = serde_json::from_str(&get(&id, "json").await).unwrap();
    assert_eq!(whole["origin"], Value::Null);
    // The parent goes; its children are exported as before.
    let shared = get(&fork.to_string(), "json").await;
    house.engine.delete(parent).await.unwrap();
    assert_eq!(get(&fork.to_string(), "json").await, shared);
    // Nobody else gets them.
    let stranger = Visitor::of(&house.get("/").send().await.unwrap());
    let path = format!("/interview/{take}/export?format=json");
    let refused = house.get(&path).header("cookie", &stranger.cookie).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_coach_wrote_is_in_both_files() {
    let house = House::start().await;
    let (cookie, id) = held(&house).await;
    let session = SessionId::parse(&id).unwrap();
    let link = house.engine.share(session, true, true).await.unwrap().secret;
    for (id, line, author, text) in
        [("a", 2, "Sam *Lee*", "Say what it cost.\n# And to whom."), ("b", 0, "", "Good <start>.")]
    {
        let (id, author, text) = (id.to_owned(), author.to_owned(), text.to_owned());
        house.engine.remark(&link, Remark { id, line, author, text }).await.unwrap();
    }
    let get = async |format: &str| {
        let path = format!("/interview/{id}/export?format={format}");
        house.get(&path).header("cookie", &cookie).send().await.unwrap().text().await.unwrap()
    };
    let text = get("md").await;
    let (beside, whole) = (
        text.find("\n> **COACH** *(Sam \\*Lee\\*, 20").expect("beside its line"),
        text.find("\n## On the whole\n\n> **COACH** *(20").expect("on the whole"),
    );
    assert!(text.contains("\n> Say what it cost.\n> \\# And to whom.\n"), "{text}");
    assert!(text.contains("\n> Good \\<start\\>.\n"), "{text}");
    assert!(text.find("**ADA**").unwrap() < beside && beside < whole, "{text}");
    let json: Value = serde_json::from_str(&get("json").await).unwrap();
    let comments = json["comments"].as_array().unwrap();
    assert_eq!((&json["schema"], comments.len()), (&json!(4), 2));
    assert_eq!(
        (&comments[0]["line"], &comments[0]["author"], &comments[0]["text"]),
        (&json!(2), &json!("Sam *Lee*"), &json!("Say what it cost.\n# And to whom."))
    );
    assert!(comments[0]["created_at"].as_str().unwrap().starts_with("20"));
}

#[tokio::test]
async fn why_something_was_asked_and_what_was_skipped_and_corrected_is_in_both_files() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    let said = |n: &str, kind| Turn { id: TurnId(n.to_owned()), modality: Modality::Voice, kind };
    for (n, kind) in [
        ("start", TurnKind::Start),
        ("heard", TurnKind::Said("I led the *lecture* at our shop for four years.".to_owned())),
        ("skip", TurnKind::Asked(Request::Skip)),
    ] {
        house.engine.turn(id, said(n, kind)).await.unwrap();
    }
    house.engine.correct(id, 2, "I led the ledger at our shop for four years.").await.unwrap();
    let get = async |format: &str| {
        let path = format!("/interview/{id}/export?format={format}");
        house.get(&path).header("cookie", &visitor.cookie).send().await.unwrap().text().await.unwrap()
    };
    let (text, json) = (get("md").await, get("json").await);
    let json: Value = serde_json::from_str(&json).unwrap();
    let messages = json["messages"].as_array().unwrap();
    let skipped: Vec<&Value> = messages.iter().filter(|m| m["skipped"] == json!(true)).collect();
    assert_eq!(skipped.len(), 1, "{messages:#?}");
    assert_eq!((&skipped[0]["seq"], &skipped[0]["speaker"]), (&json!(3), &json!("interviewer")));
    assert!(messages.iter().all(|m| m["skipped"].is_boolean()));
    assert_eq!(messages[1]["original"], json!("I led the *lecture* at our shop for four years."));

    let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part:?} is not in:\n{text}"));
    let corrected =
        ", spoken, corrected from \u{201c}I led the \\*lecture\\* at our shop for four years.\u{201d})*";
    assert!(place(corrected) < place("I led the ledger"));
    assert_eq!(text.matches("*(Skipped.)*").count(), 1, "{text}");
    assert!(place(skipped[0]["text"].as_str().unwrap()) < place("*(Skipped.)*"));
    assert!(
        place("*(An easy question first, to begin with.)*") < place(corrected),
        "why the first line was said"
    );
    let lines = text.lines().filter(|line| line.starts_with("**INTERVIEWER**")).count();
    let why = text.lines().filter(|line| line.starts_with("*(") && !line.contains("Skipped")).count();
    assert_eq!(lines, why, "each line says why it was said: {text}");
}

#[tokio::test]
async fn the_cv_and_contact_details_are_left_out_where_that_is_asked_for() {
    let house = House::start().await;
    let visitor = Visitor::of(&house.get("/").send().await.unwrap());
    let profile = Profile::new(
        "Priya Nair",
        "Backend engineer",
        Seniority::Senior,
        "Priya Nair, 12 Acacia Avenue. Led QX-4471 with PostgreSQL for years.",
        "We look for PostgreSQL. Write to jobs@example.com.",
    )
    .unwrap();
    let owner = Some(visitor.owner.clone());
    let new = NewSession { owner, candidate_id: None, profile, plan: "quick".to_owned() };
    let id = house.engine.create(new).await.unwrap();
    let text = |n: usize| match n {
        0 => "I\u{2019}m Priya. Write to priya@example.com or call 07700 900123. I work with PostgreSQL."
            .to_owned(),
        n => format!(
            "I moved ledger {n} to double entry myself, ask nair@example.org, and the errors fell to zero."
        ),
    };
    house
        .engine
        .turn(id, Turn { id: TurnId("s".to_owned()), modality: Modality::Text, kind: TurnKind::Start })
        .await
        .unwrap();
    for n in 0..4 {
        let kind = TurnKind::Said(text(n));
        let turn = Turn { id: TurnId(format!("t{n}")), modality: Modality::Text, kind };
        if house.engine.turn(id, turn).await.is_err() {
            break;
        }
    }
    let get = async |query: &str| {
        let path = format!("/interview/{id}/export?{query}");
        house.get(&path).header("cookie", &visitor.cookie).send().await.unwrap()
    };
    let private = ["@example", "07700", "Acacia", "QX-4471"];
    for format in ["md", "json", "zip"] {
        let read = async |query: &str| {
            let bytes = get(query).await.bytes().await.unwrap();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let whole = read(&format!("format={format}")).await;
        let without = read(&format!("format={format}&leave_out=contacts")).await;
        assert!(
            whole.contains("priya@example.com") && whole.contains("07700"),
            "{format}: everything by default"
        );
        for words in private {
            assert!(!without.contains(words), "{format}: {words} is in {without}");
        }
        assert!(
            without.contains("[left out]")
                && without.contains("Priya")
                && without.contains("to double entry")
        );
        if format == "json" {
            let (whole, without): (Value, Value) =
                (serde_json::from_str(&whole).unwrap(), serde_json::from_str(&without).unwrap());
            assert!(whole["profile"]["cv"].as_str().unwrap().contains("QX-4471"));
            assert_eq!((&without["profile"]["cv"], &without["notes"]["cv"]), (&json!(""), &Value::Null));
            let said = (&whole["contacts_left_out"], &without["contacts_left_out"]);
            assert_eq!(said, (&json!(false), &json!(true)));
            let named = |file: &Value| file["notes"]["statements"].as_array().unwrap().len();
            assert!(named(&without) > 0 && named(&without) <= named(&whole));
        }
    }
    let refused = get("format=md&leave_out=everything").await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.text().await.unwrap().contains("leave_out=contacts"));
    // The page on which it is shared offers it, ticked.
    let (_, html) = page(&house, &visitor, &format!("/interview/{id}/share")).await;
    let form = html.split_once(&format!("action=\"/interview/{id}/export\"")).expect("the form").1;
    let tick = form.split_once("<input").unwrap().1.split_once('>').unwrap().0;
    assert!(
        tick.contains("name=\"leave_out\"")
            && tick.contains("value=\"contacts\"")
            && tick.contains("checked"),
        "{tick}"
    );
}

#[tokio::test]
async fn the_program_exports_while_a_server_runs() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let server = Program::start(data.path(), site.path(), Stdio::null(), &[]);
    let post = async |path: &str, body: Value| -> Value {
        let request =
            client().post(format!("{}{path}", server.base)).header("x-ingest-secret", SECRET).json(&body);
        request.send().await.unwrap().json().await.unwrap()
    };
    let made = post("/engine/sessions/", someone()).await;
    let id = made["session_id"].as_str().unwrap();
    post("/engine/next_turn/", json!({"session_id": id, "turn_id": "a", "event_type": "start"})).await;
    let data = data.path().to_str().unwrap();
    for format in ["md", "json"] {
        let printed = Program::command(&["export", id, "--format", format, "--data", data]).output().unwrap();
        let text = String::from_utf8(printed.stdout).unwrap();
        assert!(
            printed.status.success() && text.contains("Ada"),
            "{}",
            String::from_utf8_lossy(&printed.stderr)
        );
        assert_eq!(serde_json::from_str::<Value>(&text).is_ok(), format == "json");
    }
    let without = Program::command(&["export", id, "--without-contacts", "--data", data]).output().unwrap();
    assert!(without.status.success() && String::from_utf8(without.stdout).unwrap().contains("Ada"));
    for (args, remedy) in [
        (["export", "x", "--data", data], "last part of its address"),
        (["export", "00000000-0000-4000-8000-000000000000", "--data", data], "last part of its address"),
        (["export", id, "--data", "/nowhere"], "--data DIR"),
    ] {
        let refused = Program::command(&args).output().unwrap();
        let said = String::from_utf8(refused.stderr).unwrap();
        assert!(refused.status.code() == Some(1) && said.contains(remedy), "{said}");
    }
}
