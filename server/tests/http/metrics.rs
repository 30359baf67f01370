//! What is counted, as Prometheus reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use engine::{BuiltIn, SystemClock};
use reqwest::StatusCode;
use server::secrets::Hidden;
use writers::{OPENAI, guarded};

use crate::house::{House, said};
use crate::provider::{self, Play};

/// What was read: the value of every sample by its name and labels, and the type of every family.
struct Read {
    samples: BTreeMap<String, f64>,
    types: BTreeMap<String, String>,
}

impl Read {
    async fn of(house: &House) -> Self {
        let response = house.get("/metrics").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        Self::parse(&response.text().await.unwrap())
    }

    /// Every line is one of the four that there are, and every sample belongs to a family that was described.
    fn parse(text: &str) -> Self {
        let mut read = Self { samples: BTreeMap::new(), types: BTreeMap::new() };
        let (mut helped, mut last) = (BTreeSet::new(), "");
        for line in text.lines() {
            assert_ne!(last, "# EOF", "nothing comes after the end");
            last = line;
            if line == "# EOF" {
                continue;
            }
            if let Some(meta) = line.strip_prefix("# ") {
                let (what, rest) = meta.split_once(' ').unwrap();
                let (name, value) = rest.split_once(' ').unwrap();
                match what {
                    "HELP" => assert!(value.len() > 10 && helped.insert(name.to_owned()), "{line}"),
                    "UNIT" => assert!(name.ends_with(&format!("_{value}")), "{line}"),
                    "TYPE" => {
                        assert!(read.types.insert(name.to_owned(), value.to_owned()).is_none(), "{line}")
                    }
                    other => panic!("{other}: {line}"),
                }
                continue;
            }
            let (sample, value) = line.rsplit_once(' ').unwrap();
            let name = sample.split('{').next().unwrap();
            assert!(sample == name || sample.ends_with('}'), "{line}");
            let suffixes = ["", "_total", "_bucket", "_sum", "_count", "_info"];
            let family = |suffix: &str| read.types.get(name.strip_suffix(suffix)?).map(String::as_str);
            let kind = suffixes.iter().find_map(|suffix| family(suffix)).unwrap_or_else(|| panic!("{line}"));
            let ends_well = match kind {
                "counter" => name.ends_with("_total"),
                "info" => name.ends_with("_info"),
                "histogram" => ["_bucket", "_sum", "_count"].iter().any(|s| name.ends_with(s)),
                other => other == "gauge",
            };
            assert!(ends_well, "{line}");
            let known = read.samples.insert(sample.to_owned(), value.parse().unwrap());
            assert!(known.is_none(), "twice: {line}");
        }
        assert_eq!(last, "# EOF");
        assert_eq!(helped, read.types.keys().cloned().collect());
        read
    }

    fn get(&self, sample: &str) -> f64 {
        *self.samples.get(sample).unwrap_or_else(|| panic!("{sample}: {:#?}", self.samples))
    }

    /// All samples of this family that are not zero, without their family's name.
    fn counted(&self, family: &str) -> Vec<(&str, f64)> {
        self.samples
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(family)?, *value)))
            .filter(|(rest, value)| (rest.is_empty() || rest.starts_with('{')) && *value != 0.0)
            .collect()
    }
}

#[tokio::test]
async fn turns_are_counted_by_kind_and_source() {
    let house = House::start().await;
    let id = house.session().await;
    let turns = [
        ("t-1", "user_turn", said(1), 409),
        ("t-0", "start", String::new(), 200),
        ("t-1", "user_turn", said(1), 200),
        // The same turn again is no other turn.
        ("t-1", "user_turn", said(1), 200),
        ("t-1", "user_turn", said(2), 409),
        ("t-2", "user_turn", said(2), 200),
        ("t-3", "silence", String::new(), 200),
        ("t-4", "end", String::new(), 200),
        ("t-5", "user_turn", said(5), 409),
    ];
    for (turn, event, text, status) in turns {
        assert_eq!(house.turn(&id, turn, event, &text).await.0, status, "{turn} {event}");
    }
    let read = Read::of(&house).await;
    assert_eq!(
        read.counted("interviewos_turns_total"),
        [
            (r#"{kind="end",source="bank"}"#, 1.0),
            (r#"{kind="said",source="bank"}"#, 2.0),
            (r#"{kind="silence",source="bank"}"#, 1.0),
            (r#"{kind="start",source="bank"}"#, 1.0),
        ]
    );
    assert_eq!(
        read.counted("interviewos_turns_refused_total"),
        [
            (r#"{kind="said",reason="not_started"}"#, 1.0),
            (r#"{kind="said",reason="session_ended"}"#, 1.0),
            (r#"{kind="said",reason="turn_mismatch"}"#, 1.0),
        ]
    );
    assert_eq!(read.get(r#"interviewos_turn_duration_seconds_count{source="bank"}"#), 5.0);
    assert_eq!(read.get(r#"interviewos_turn_duration_seconds_bucket{le="+Inf",source="bank"}"#), 5.0);
    let (shortest, all) = (
        read.get(r#"interviewos_turn_duration_seconds_bucket{le="0.001",source="bank"}"#),
        read.get(r#"interviewos_turn_duration_seconds_sum{source="bank"}"#),
    );
    assert!(shortest <= 5.0 && all > 0.0 && all < 20.0, "{shortest} {all}");
    assert_eq!(read.get("interviewos_interviews_created_total"), 1.0);
    assert_eq!(read.counted("interviewos_interviews_ended_total"), [(r#"{reason="asked"}"#, 1.0)]);
    assert_eq!(read.get("interviewos_sessions_in_memory"), 1.0);
    assert_eq!(read.counted("interviewos_writer_info"), [(r#"{writer="built-in"}"#, 1.0)]);
    for zero in ["writer_failures_total", "guard_rejections_total", "store_failures_total", "panics_total"] {
        assert_eq!(read.counted(&format!("interviewos_{zero}")), [], "{zero}");
    }
    let version = format!("{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(read.counted("interviewos_build_info"), [(version.as_str(), 1.0)]);
    assert!(read.get("process_start_time_seconds") > 1.7e9);

    let requests = read.counted("interviewos_http_requests_total");
    assert_eq!(
        requests,
        [
            (r#"{route="/engine/next_turn/",status="200"}"#, 6.0),
            (r#"{route="/engine/next_turn/",status="409"}"#, 3.0),
            (r#"{route="/engine/sessions/",status="201"}"#, 1.0),
        ]
    );
    let seconds = r#"interviewos_http_request_duration_seconds_count{route="/engine/next_turn/"}"#;
    assert_eq!(read.get(seconds), 9.0);
}

#[tokio::test]
async fn a_model_its_failures_and_what_stood_in_for_it_are_counted() {
    let plays = vec![
        Play::Line("Welcome, Ada. What brought you to backend work?"),
        Play::Status(429, "slow down"),
        Play::Line("What did you do first?"),
        Play::Line("What did you do?\n\n- one\n- two"),
        Play::Line("What did you do?\n\n- one\n- two"),
        Play::Cut("The ledger"),
        Play::Status(500, "no"),
    ];
    let base = format!("http://{}/v1", provider::start(plays).await);
    let writer = guarded(OPENAI.model(&base, "small", None).unwrap(), Arc::new(SystemClock));
    let house = House::start_with(|_| (), Arc::new(writer)).await;
    let id = house.session().await;
    let (_, reply) = house.turn(&id, "t-0", "start", "").await;
    assert_eq!(reply["source"], "model", "{reply}");
    for n in 1..=6 {
        let (status, reply) = house.turn(&id, &format!("t-{n}"), "user_turn", &said(n)).await;
        // A good line in between: what failed before it is forgotten.
        let source = if n == 2 { "model" } else { "fallback" };
        assert_eq!((status, reply["source"].as_str()), (StatusCode::OK, Some(source)), "{n} {reply}");
        let open = Read::of(&house).await.get("interviewos_writer_breaker_open");
        assert_eq!(open, f64::from(u8::from(n >= 5)), "the third failure in a row opens it: {n}");
    }
    let read = Read::of(&house).await;
    assert_eq!(
        read.counted("interviewos_turns_total"),
        [
            (r#"{kind="said",source="fallback"}"#, 5.0),
            (r#"{kind="said",source="model"}"#, 1.0),
            (r#"{kind="start",source="model"}"#, 1.0),
        ]
    );
    assert_eq!(
        read.counted("interviewos_writer_failures_total"),
        [
            (r#"{reason="breaker_open"}"#, 1.0),
            (r#"{reason="cut_off"}"#, 1.0),
            (r#"{reason="http_429"}"#, 1.0),
            (r#"{reason="http_500"}"#, 1.0),
            (r#"{reason="unfit"}"#, 1.0),
        ]
    );
    assert_eq!(read.counted("interviewos_guard_rejections_total"), [(r#"{reason="unfit_unfinished"}"#, 2.0)]);
    assert_eq!(read.get(r#"interviewos_first_words_seconds_count{source="model"}"#), 2.0);
    assert_eq!(read.get(r#"interviewos_turn_duration_seconds_count{source="fallback"}"#), 5.0);
    assert_eq!(read.counted("interviewos_writer_info"), [(r#"{writer="openai"}"#, 1.0)]);
}

#[tokio::test]
async fn what_is_open_is_counted_until_it_closes() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    let open =
        |read: Read| (read.get("interviewos_event_streams_open"), read.get("interviewos_connections_open"));
    let (streams, before) = open(Read::of(&house).await);
    assert!(streams == 0.0 && before >= 1.0, "{before}");
    let path = format!("/interview/{id}/events");
    let follow = async || {
        let mut response = house.get(&path).header("cookie", &visitor.cookie).send().await.unwrap();
        assert!(response.chunk().await.unwrap().is_some());
        response
    };
    let following = [follow().await, follow().await, follow().await];
    let (streams, connections) = open(Read::of(&house).await);
    assert!(streams == 3.0 && connections >= 4.0, "{streams} {connections}");
    drop(following);
    // The server sees it when the system tells it.
    let closed = async {
        while open(Read::of(&house).await).0 > 0.0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    patience::soon("the streams are closed", closed).await;
}

#[tokio::test]
async fn no_label_holds_what_a_client_chose() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    for path in
        ["/Zanzibarina", "/engine/Zanzibarina/", "/api/Zanzibarina", "/assets/Zanzibarina", "/?Zanzibarina"]
    {
        house.get(path).header("user-agent", "Zanzibarina").send().await.unwrap();
    }
    let page = house.get(&format!("/interview/{id}")).header("cookie", &visitor.cookie);
    assert_eq!(page.send().await.unwrap().status(), StatusCode::OK);
    let text = house.get("/metrics").send().await.unwrap().text().await.unwrap();
    let read = Read::parse(&text);
    assert!(!text.contains("Zanzibarina") && !text.contains(&id.to_string()), "{text}");
    let routes: Vec<&str> =
        read.counted("interviewos_http_requests_total").into_iter().map(|(l, _)| l).collect();
    assert_eq!(
        routes,
        [
            r#"{route="(none)",status="404"}"#,
            r#"{route="/",status="200"}"#,
            r#"{route="/api/{*function}",status="400"}"#,
            r#"{route="/assets/{*file}",status="404"}"#,
            r#"{route="/engine/{*rest}",status="401"}"#,
            r#"{route="/interview/{id}",status="200"}"#,
        ]
    );
}

#[tokio::test]
async fn they_are_for_this_machine_and_for_those_with_the_token() {
    let house = House::start_with(
        |settings| settings.metrics_token = Some(Hidden::new("open sesame")),
        Arc::new(BuiltIn),
    )
    .await;
    assert_eq!(house.get("/metrics").send().await.unwrap().status(), StatusCode::OK);
    // As behind a proxy on the same machine.
    let asked = |authorization: &'static str| {
        let request = house.get("/metrics").header("x-forwarded-for", "192.0.2.7");
        request.header("authorization", authorization).send()
    };
    assert_eq!(asked("Bearer open sesame").await.unwrap().status(), StatusCode::OK);
    for wrong in ["", "Bearer open", "Basic open sesame"] {
        let refused = asked(wrong).await.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{wrong}");
        let sentence = refused.text().await.unwrap();
        assert!(
            sentence.contains("metrics_token") && sentence.contains("Authorization: Bearer"),
            "{sentence}"
        );
        assert!(!sentence.contains("open sesame") && !sentence.contains("interviewos_"), "{sentence}");
    }
}
