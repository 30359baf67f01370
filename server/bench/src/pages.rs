//! What a browser asks for: pages, and answers through the page's own server function.

use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::time::Instant;

use crate::http::{Connection, escaped};
use crate::load::side_by_side;
use crate::program::Program;
use crate::samples::TimedRun;
use crate::words::answer;

/// Answers given in one interview before the next is begun; no interview is over by then.
const TURNS: usize = 5;

/// A browser with an interview.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// Its cookie.
    pub(crate) cookie: String,
    /// The id of its interview.
    pub(crate) interview: String,
}

impl Visitor {
    /// Starts an interview as the form of the first page does; with no cookie (`""`) a browser first opens that page,
    /// which gives it one.
    pub(crate) async fn start(program: &Program, connection: &mut Connection, cookie: &str) -> Result<Self> {
        let mut cookie = cookie.to_owned();
        if cookie.is_empty() {
            connection.expect(200, "GET /", "", b"").await?;
            let set = connection.header("set-cookie").context("the first page gives a cookie")?;
            cookie = set.split(';').next().unwrap_or_default().to_owned();
        }
        let form = format!("{}accept: text/html\r\n", program.form(&cookie));
        let fields = "name=Ada+Byron&role=Backend+engineer&seniority=senior";
        connection.expect(303, "POST /api/start_interview", &form, fields.as_bytes()).await?;
        let place = connection.header("location").context("a started interview has a page")?;
        let interview = place.trim_start_matches("/interview/").trim_end_matches("#now").to_owned();
        Ok(Self { cookie, interview })
    }

    /// Where its interview is.
    pub(crate) fn page(&self) -> String {
        format!("/interview/{}", self.interview)
    }

    /// Answers as the page does, and gives the version that it then knows.
    pub(crate) async fn answer(
        &self,
        program: &Program,
        connection: &mut Connection,
        turn: usize,
        since: u64,
    ) -> Result<u64> {
        let form = format!("{}accept: application/json\r\n", program.form(&self.cookie));
        let text = escaped(&answer(turn));
        let body = format!("id={}&turn_id=turn-{turn}&text={text}&since={since}", self.interview);
        connection.expect(200, "POST /api/answer", &form, body.as_bytes()).await?;
        let update: serde_json::Value = serde_json::from_slice(connection.body())?;
        update["version"].as_u64().context("an update has a version")
    }
}

/// A browser with some interviews behind it, and one with some answers given.
pub(crate) async fn regular(program: &Program) -> Result<Visitor> {
    let mut connection = Connection::open(program.address).await?;
    let mut visitor = Visitor::start(program, &mut connection, "").await?;
    for _ in 0..4 {
        let cookie = visitor.cookie.clone();
        visitor = Visitor::start(program, &mut connection, &cookie).await?;
        visitor.cookie = cookie;
    }
    let mut since = 0;
    for turn in 0..TURNS {
        since = visitor.answer(program, &mut connection, turn, since).await?;
    }
    Ok(visitor)
}

/// Loads a page over so many connections at once, so often over each.
pub(crate) async fn load(
    program: &Program,
    visitor: &Visitor,
    path: &str,
    connections: usize,
    times: usize,
) -> Result<TimedRun> {
    let line = format!("GET {path}");
    let headers = format!("cookie: {}\r\naccept: text/html\r\n", visitor.cookie);
    let mut workers = Vec::with_capacity(connections);
    for _ in 0..connections {
        let mut connection = Connection::open(program.address).await?;
        let (line, headers) = (line.clone(), headers.clone());
        workers.push(async move {
            let mut each = Vec::with_capacity(times);
            for _ in 0..times {
                let began = Instant::now();
                connection.expect(200, &line, &headers, b"").await?;
                each.push(began.elapsed());
            }
            Ok(each)
        });
    }
    side_by_side(program, workers).await
}

/// Answers one at a time through the page's server function. Starting interviews is not counted.
pub(crate) async fn answers(program: &Program, turns: usize) -> Result<TimedRun> {
    let mut connection = Connection::open(program.address).await?;
    let mut go = TimedRun::default();
    while go.each.len() < turns {
        let visitor = Visitor::start(program, &mut connection, "").await?;
        let (mut since, cpu) = (0, program.cpu()?);
        for turn in 0..TURNS.min(turns - go.each.len()) {
            let began = Instant::now();
            since = visitor.answer(program, &mut connection, turn, since).await?;
            go.each.push(began.elapsed());
        }
        go.cpu += program.cpu()?.saturating_sub(cpu);
    }
    go.whole = go.each.iter().sum::<Duration>();
    Ok(go)
}
