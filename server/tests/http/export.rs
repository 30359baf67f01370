//! An interview as a file.

use std::process::Stdio;

use engine::{Remark, SessionId};
use interview::Manner;
use reqwest::StatusCode;
use serde_json::{Value, json};

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
        house.engine.take(parent, 4, Manner::Same).await.unwrap(),
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
        assert_eq!((&whole["schema"], &whole["origin"]), (&json!(3), &origin));
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
    assert_eq!((&json["schema"], comments.len()), (&json!(3), 2));
    assert_eq!(
        (&comments[0]["line"], &comments[0]["author"], &comments[0]["text"]),
        (&json!(2), &json!("Sam *Lee*"), &json!("Say what it cost.\n# And to whom."))
    );
    assert!(comments[0]["created_at"].as_str().unwrap().starts_with("20"));
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
