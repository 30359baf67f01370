//! Logs hold identifiers and codes, never what somebody wrote, a cookie or a secret.

use std::fs::{self, File};

use serde_json::json;

use crate::house::{Program, SECRET, client, site};

const PLANTED: [&str; 8] = [
    "Zanzibarina",
    "Quokkaherder",
    "Cvmarzipan",
    "Jdpumpernickel",
    "Answerfandango",
    "Turnpistachio",
    "Wrongmarmalade",
    "Formbandicoot",
];

#[tokio::test]
async fn no_log_holds_what_somebody_wrote() {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let log = dir.path().join("log");
    let program = Program::start(
        &dir.path().join("data"),
        site.path(),
        File::create(&log).unwrap().into(),
        &["--log", "trace"],
    );
    let [name, role, cv, job, said, broken, wrong, form] = PLANTED;
    let (client, base) = (client(), &program.base);
    let post = async |path: &str, secret: &str, body: serde_json::Value| {
        let request = client.post(format!("{base}{path}")).header("x-ingest-secret", secret).json(&body);
        request.send().await.unwrap().text().await.unwrap()
    };
    let new = json!({"candidate_name": name, "role": role, "cv": format!("At {cv} I led a team."), "job_description": job});
    let made = post("/engine/sessions/", SECRET, new).await;
    let made: serde_json::Value = serde_json::from_str(&made).unwrap();
    let id = made["session_id"].as_str().unwrap();
    let turn = |turn: &str, event: &str, text: &str| json!({"session_id": id, "turn_id": turn, "event_type": event, "text": text});
    post("/engine/next_turn/", SECRET, turn("t-0", "start", "")).await;
    let words = format!("At {said} I moved 40 ledgers to Kafka, and the errors fell by half.");
    let reply = post("/engine/next_turn/", SECRET, turn("t-1", "user_turn", &words)).await;
    post("/engine/next_turn/", SECRET, turn("t-1", "heard", "not heard")).await;
    post("/engine/next_turn/", SECRET, turn("t-2", broken, "x")).await;
    post("/engine/next_turn/", wrong, turn("t-3", "user_turn", said)).await;
    post("/engine/next_turn/", SECRET, json!({"session_id": said, "turn_id": 7, "event_type": said})).await;
    let page = client.get(format!("{base}/?q={said}")).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    for path in [format!("/{said}"), format!("/interview/{id}"), format!("/interview/{id}/events?x={said}")] {
        client.get(format!("{base}{path}")).header("cookie", &cookie).send().await.unwrap();
    }
    for path in ["/api/start_interview", "/api/anything"] {
        let request = client.post(format!("{base}{path}")).header("origin", base).header("cookie", &cookie);
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("name={form}&x={form}"))
            .send()
            .await
            .unwrap();
    }
    drop(program);
    let log = fs::read_to_string(log).unwrap();
    assert!(log.contains("/engine/next_turn/") && log.contains(id) && log.contains("status=200"), "{log}");
    let key = fs::read(dir.path().join("data/cookie-key")).unwrap();
    let key: String = key.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
    let reply: String = reply["assistant_text"].as_str().unwrap().chars().take(30).collect();
    let others = [SECRET, &reply, &cookie[cookie.len() - 36..], &key];
    for private in PLANTED.into_iter().chain(others) {
        let line = log.lines().find(|line| line.contains(private));
        assert!(line.is_none() && private.len() > 6, "{private}: {line:?}");
    }
}
