//! Logs hold identifiers and codes, never what somebody wrote, a cookie, a key or a secret: at every level, in both
//! formats, whatever goes wrong.

use std::fs::{self, File};
use std::io::Write as _;

use futures::future::join_all;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};

use crate::house::{Program, client, site};
use crate::provider::{self, Play};

/// What people wrote.
const NAME: &str = "Zanzibarina";
const ROLE: &str = "Quokkaherder";
const CV: &str = "Cvmarzipan";
const JOB: &str = "Jdpumpernickel";
const ANSWER: &str = "Answerfandango";
const FORM_NAME: &str = "Formbandicoot";
const FORM_ANSWER: &str = "Typedaxolotl";
const TURN: &str = "Turnpistachio";
/// What is in no field that it belongs in: paths, queries, headers, events that there are not.
const STRAY: &str = "Straymarmalade";
/// Secrets of whoever runs it.
const SECRET: &str = "Ingestsaskatoon";
const GEMINI: &str = "Geminitruffle";
const OPENAI: &str = "Openaisorrel";
const BASE_USER: &str = "Baseuserokra";
const BASE_PASSWORD: &str = "Basepasswordkale";
const BASE_TOKEN: &str = "Basetokenchard";
const METRICS: &str = "Metricsturmeric";
/// Presented, and wrong.
const WRONG: &str = "Wrongcoriander";
/// What the model said, and what its server said when it failed.
const MODEL: &str = "Modelcardamom";
const FAULT: &str = "Faultnutmeg";

const PLANTED: [&str; 20] = [
    NAME,
    ROLE,
    CV,
    JOB,
    ANSWER,
    FORM_NAME,
    FORM_ANSWER,
    TURN,
    STRAY,
    SECRET,
    GEMINI,
    OPENAI,
    BASE_USER,
    BASE_PASSWORD,
    BASE_TOKEN,
    METRICS,
    WRONG,
    MODEL,
    FAULT,
    "{sent}",
];

/// A server as it was run, and what came out of it.
struct Run {
    log: String,
    /// The interview of the engine API.
    id: String,
    /// What is private too, and known only afterwards.
    private: Vec<String>,
}

/// Runs the program with these flags while an interview is held by the engine API and one by forms.
async fn run(flags: &[&str]) -> Run {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let (data, log) = (dir.path().join("data"), dir.path().join("log"));
    let provider = provider::start(vec![
        Play::Line("Welcome. What brought you to Modelcardamom and to this work?"),
        Play::Status(429, "Faultnutmeg: {sent}"),
        Play::Garbage("Faultnutmeg {sent}"),
        Play::Line("What did Modelcardamom look like before you began?"),
        Play::Line("```Modelcardamom``` {sent}"),
        Play::Line("```Modelcardamom``` {sent}"),
        Play::Error("Faultnutmeg: {sent}"),
        Play::Cut("At Modelcardamom it"),
        Play::Line("What did Modelcardamom look like before you began?"),
    ])
    .await;
    let mut command = Program::command(&["--port", "0", "--writer", "openai"]);
    command.args(flags).arg("--data").arg(&data).arg("--site").arg(site.path());
    command.stderr(File::create(&log).unwrap());
    for (name, value) in [
        ("INTERVIEWOS_INGEST_SECRET", SECRET),
        ("INTERVIEWOS_METRICS_TOKEN", METRICS),
        ("GEMINI_API_KEY", GEMINI),
        ("OPENAI_API_KEY", OPENAI),
        ("OPENAI_BASE_URL", &format!("http://{BASE_USER}:{BASE_PASSWORD}@{provider}/v1?token={BASE_TOKEN}")),
    ] {
        command.env(name, value);
    }
    let program = tokio::task::spawn_blocking(move || Program::begin(command)).await.unwrap();
    let talk = Talk { client: client(), base: program.base.clone() };
    let (id, mut private) = talk.engine_api().await;
    private.extend(talk.forms().await);
    talk.strays(&id).await;
    let ready = program.ready.clone();
    drop(program);
    let key = fs::read(data.join("cookie-key")).unwrap();
    private.push(key.iter().take(8).map(|b| format!("{b:02x}")).collect());
    Run { log: ready + &fs::read_to_string(log).unwrap(), id, private }
}

struct Talk {
    client: Client,
    base: String,
}

impl Talk {
    async fn post(&self, path: &str, secret: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.base)).header("x-ingest-secret", secret);
        request.json(&body).send().await.unwrap().json().await.unwrap_or_default()
    }

    /// An interview in which the model and its server do all that they can do wrong. Returns its id and what was
    /// said in it.
    async fn engine_api(&self) -> (String, Vec<String>) {
        let new = json!({"candidate_name": NAME, "role": ROLE, "cv": format!("At {CV} I led a team."), "job_description": format!("{JOB} at {MODEL}")});
        let made = self.post("/engine/sessions/", SECRET, new).await;
        let id = made["session_id"].as_str().unwrap().to_owned();
        let turn = |turn: &str, event: &str, text: &str| json!({"session_id": id, "turn_id": format!("{TURN}-{turn}"), "event_type": event, "text": text});
        let mut replies = Vec::new();
        let mut sources = Vec::new();
        for n in 0..7 {
            let said = format!("At {ANSWER} I moved {n}0 ledgers to Kafka, and the errors fell by half.");
            let turn = if n == 0 { turn("0", "start", "") } else { turn(&n.to_string(), "user_turn", &said) };
            let reply = self.post("/engine/next_turn/", SECRET, turn).await;
            replies.push(reply["assistant_text"].as_str().unwrap().chars().take(30).collect());
            sources.push(reply["source"].as_str().unwrap().to_owned());
        }
        assert_eq!(sources.concat(), "modelfallbackfallbackmodelfallbackfallbackfallback");
        for (event, text) in [("heard", ANSWER), (STRAY, "x"), ("user_turn", STRAY), ("user_turn", " ")] {
            self.post("/engine/next_turn/", SECRET, turn("1", event, text)).await;
        }
        self.post("/engine/next_turn/", WRONG, turn("9", "user_turn", ANSWER)).await;
        self.post(
            "/engine/next_turn/",
            SECRET,
            json!({"session_id": STRAY, "turn_id": 7, "event_type": STRAY}),
        )
        .await;
        self.post("/engine/sessions/", SECRET, json!({"candidate_name": NAME, "role": ROLE, "plan": STRAY}))
            .await;
        self.post(
            "/engine/sessions/",
            SECRET,
            json!({"candidate_name": STRAY.repeat(500), "role": "", "cv": CV}),
        )
        .await;
        let broken = self.client.post(format!("{}/engine/next_turn/", self.base));
        broken.header("x-ingest-secret", SECRET).body(format!("{{\"text\": \"{STRAY}")).send().await.unwrap();
        self.post("/engine/next_turn/", SECRET, turn("end", "end", "")).await;
        (id, replies)
    }

    fn form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.client.post(format!("{}{path}", self.base)).header("origin", &self.base);
        let request = request.header("referer", format!("{}/", self.base)).header("cookie", cookie);
        let request = request.header("accept", "text/html").body(body.join("&"));
        request.header("content-type", "application/x-www-form-urlencoded")
    }

    async fn page(&self, path: &str, cookie: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.base)).header("cookie", cookie);
        request.send().await.unwrap().text().await.unwrap()
    }

    /// An interview in a browser without scripts. Returns the browser's cookie and identity.
    async fn forms(&self) -> Vec<String> {
        let page = self.client.get(format!("{}/?q={STRAY}", self.base)).send().await.unwrap();
        let cookie = page.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        let new =
            [("name", FORM_NAME), ("role", ROLE), ("plan", "quick"), ("cv", CV), ("job_description", JOB)];
        let started = self.form("/api/start_interview", &cookie, &new).send().await.unwrap();
        let path = started.headers()["location"].to_str().unwrap().split('#').next().unwrap().to_owned();
        let path = path.trim_start_matches(&self.base);
        let id = path.rsplit('/').next().unwrap();
        let following =
            self.client.get(format!("{}{path}/events?x={STRAY}", self.base)).header("cookie", &cookie);
        let mut following = following.send().await.unwrap();
        following.chunk().await.unwrap();
        let answer = [("id", id), ("turn_id", TURN), ("text", FORM_ANSWER)];
        self.form("/api/answer", &cookie, &answer).send().await.unwrap();
        assert!(self.page(path, &cookie).await.contains(FORM_ANSWER), "the answer was taken");
        for fields in [&answer[..1], &[("id", STRAY), ("turn_id", STRAY), ("text", STRAY)], &[(STRAY, STRAY)]]
        {
            self.form("/api/answer", &cookie, fields).send().await.unwrap();
        }
        let forged = format!("{}{STRAY}", &cookie);
        self.form("/api/answer", &forged, &answer).send().await.unwrap();
        for format in ["md", "json", STRAY] {
            self.page(&format!("{path}/export?format={format}"), &cookie).await;
        }
        self.form("/api/finish", &cookie, &[("id", id), ("turn_id", "finish")]).send().await.unwrap();
        let value = cookie.split_once('=').unwrap().1.to_owned();
        vec![cookie[cookie.len() - 36..].to_owned(), value]
    }

    /// Requests that nobody has reason to send.
    async fn strays(&self, id: &str) {
        let cookie = format!("interviewos={STRAY}; {STRAY}={STRAY}");
        for path in [
            format!("/{STRAY}"),
            format!("/api/{STRAY}"),
            format!("/assets/{STRAY}"),
            format!("/engine/{STRAY}/"),
            format!("/interview/{STRAY}"),
            format!("/interview/{id}/events?x={STRAY}"),
        ] {
            self.page(&path, &cookie).await;
        }
        let metrics = async |presented: &str| {
            let request = self.client.get(format!("{}/metrics", self.base)).header("x-forwarded-for", STRAY);
            let request = request.header("authorization", format!("Bearer {presented}"));
            request.header("user-agent", STRAY).send().await.unwrap().status()
        };
        assert_eq!((metrics(METRICS).await.as_u16(), metrics(WRONG).await.as_u16()), (200, 403));
        for noise in [format!("{STRAY}\r\n\r\n"), format!("GET /{STRAY} HTTP/1.1\r\n{STRAY}\r\n\r\n")] {
            let mut stream = std::net::TcpStream::connect(self.base.trim_start_matches("http://")).unwrap();
            stream.write_all(noise.as_bytes()).unwrap();
        }
        let huge =
            self.client.post(format!("{}/engine/next_turn/", self.base)).header("x-ingest-secret", SECRET);
        // The server may close the connection before it has read everything.
        let _ = huge.body(STRAY.repeat(20_000)).send().await;
    }
}

#[tokio::test]
async fn no_log_holds_what_is_private() {
    // A bare level is for the server's own parts; the last two ask the same of all libraries.
    let runs: [&[&str]; 9] = [
        &["--log", "off"],
        &["--log", "error"],
        &["--log", "warn", "--log-format", "json"],
        &["--log", "info"],
        &["--log", "debug", "--log-format", "json"],
        &["--log", "trace"],
        &["--log", "trace", "--log-format", "json"],
        &["--log", "trace,server=trace"],
        &["--log", "trace,server=trace", "--log-format", "json"],
    ];
    let ran = join_all(runs.iter().map(|flags| run(flags))).await;
    for (flags, Run { log, id, private }) in runs.iter().zip(&ran) {
        for private in PLANTED.into_iter().chain(private.iter().map(String::as_str)) {
            let line = log.lines().find(|line| line.contains(private));
            assert!(line.is_none() && private.len() > 5, "{flags:?}: {private}: {line:?}");
        }
        // It was not silence that kept it.
        let level = flags[1];
        let says = |text: &str| log.contains(text);
        assert_eq!(says("the writer failed"), !matches!(level, "off" | "error"), "{flags:?}: {log}");
        let speaks = !matches!(level, "off" | "error" | "warn");
        assert_eq!(
            says("/engine/next_turn/") && says(id) && says("a turn was taken"),
            speaks,
            "{flags:?}: {log}"
        );
        let libraries = level.starts_with("trace,");
        assert_eq!(says("reqwest::connect"), libraries, "{flags:?}: {log}");
        let theirs = |line: &&str| line.contains("TRACE") && line.contains("hyper_util");
        assert_eq!(log.lines().find(theirs), None, "{flags:?}");
        for code in ["http_429", "garbage", "unfit_", "provider_error", "cut_off"] {
            assert_eq!(says(code), !matches!(level, "off" | "error"), "{flags:?}: {code}: {log}");
        }
    }
}
