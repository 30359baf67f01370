//! Logs as programs read them: one JSON object a line.

use std::fs::{self, File};

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::house::{Program, SECRET, client, said, site, someone};

#[tokio::test]
async fn every_line_is_an_object_with_what_it_is_about() {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let (data, log) = (dir.path().join("data"), dir.path().join("log"));
    let mut command = Program::command(&["--port", "0", "--log", "debug", "--log-format", "json"]);
    command.arg("--data").arg(&data).arg("--site").arg(site.path()).stderr(File::create(&log).unwrap());
    // A port that nobody listens on.
    command.env("INTERVIEWOS_INGEST_SECRET", SECRET).env("OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
    let program = Program::begin(command);
    let (client, base) = (client(), &program.base);
    let post = async |path: &str, body: Value| {
        let request = client.post(format!("{base}{path}")).header("x-ingest-secret", SECRET).json(&body);
        let response = request.send().await.unwrap();
        let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
        (id, response.json::<Value>().await.unwrap())
    };
    let (_, made) = post("/engine/sessions/", someone()).await;
    let session = &made["session_id"];
    let turn = |turn: &str, event: &str, text: &str| json!({"session_id": session, "turn_id": turn, "event_type": event, "text": text});
    let (started, _) = post("/engine/next_turn/", turn("t-0", "start", "")).await;
    let (answered, _) = post("/engine/next_turn/", turn("t-1", "user_turn", &said(1))).await;
    let (refused, _) = post("/engine/next_turn/", turn("t-1", "user_turn", &said(2))).await;
    client.get(format!("{base}/healthz")).send().await.unwrap();
    // A browser without scripts.
    let page = client.get(format!("{base}/")).send().await.unwrap();
    let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let form = async |path: &str, body: String| {
        let request = client.post(format!("{base}{path}")).header("origin", base).header("cookie", &cookie);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.header("accept", "text/html").body(body).send().await.unwrap()
    };
    let began =
        form("/api/start_interview", "name=Ada&role=Nurse&plan=quick&cv=&job_description=".into()).await;
    let own = began.headers()["location"].to_str().unwrap().split(['/', '#']).nth(2).unwrap().to_owned();
    let typed = form("/api/answer", format!("id={own}&turn_id=t-1&text=I+nursed+for+9+years.")).await;
    let typed = typed.headers()["x-request-id"].to_str().unwrap().to_owned();
    drop(program);

    let log = fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &lines {
        assert!(line["timestamp"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{line}");
        for field in ["level", "target", "message"] {
            assert!(line[field].is_string(), "{field}: {line}");
        }
        assert!(line.as_object().unwrap().values().all(|v| !v.is_object() && !v.is_array()), "{line}");
    }
    let about = |request: &str, message: &str| {
        let found: Vec<&Value> = lines
            .iter()
            .filter(|line| line["request.id"] == *request && line["message"] == *message)
            .collect();
        assert_eq!(found.len(), 1, "{message}, once: {log}");
        found[0].clone()
    };
    for (request, kind) in [(&started, "start"), (&answered, "said")] {
        let line = about(request, "answered");
        assert_eq!(line["request.method"], "POST");
        assert_eq!(line["request.route"], "/engine/next_turn/");
        assert_eq!((&line["session.id"], &line["response.status"]), (session, &json!(200)));
        assert!(line["response.duration_ms"].is_u64() && line["level"] == "INFO", "{line}");
        // The turn's own lines are within the request although it runs on when its caller goes away.
        let line = about(request, "a turn was taken");
        assert_eq!((&line["session.id"], &line["turn.kind"]), (session, &json!(kind)));
        assert_eq!(line["turn.source"], "fallback");
        assert!(line["turn.duration_ms"].is_u64() && line["level"] == "INFO", "{line}");
        let line = about(request, "the writer failed");
        assert_eq!((&line["session.id"], &line["reason"]), (session, &json!("unreachable")));
        assert_eq!((&line["level"], &line["writer"]), (&json!("WARN"), &json!("openai")));
    }
    let line = about(&refused, "answered");
    assert_eq!(line["response.status"], 409, "{line}");
    assert_eq!(about(&refused, "a turn was not taken")["reason"], "turn_mismatch");
    let line = about(&typed, "answered");
    assert_eq!((&line["request.route"], &line["session.id"]), (&json!("/api/answer"), &json!(own)));
    assert_eq!(about(&typed, "a turn was taken")["session.id"], json!(own));
    let quiet: Vec<&Value> = lines.iter().filter(|line| line["request.route"] == "/healthz").collect();
    assert!(quiet.len() == 1 && quiet[0]["level"] == "DEBUG", "{quiet:?}");
}
