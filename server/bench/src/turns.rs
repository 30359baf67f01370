//! Turns through the engine API, with the built-in writer.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::http::Connection;
use crate::load::side_by_side;
use crate::program::Program;
use crate::samples::TimedRun;
use crate::words::answer;

/// A full interview has at least this many answers; the supply of interviews is reckoned with it.
const LEAST_TURNS: usize = 6;
/// How many connections make interviews and end them.
const MAKERS: usize = 16;

/// One go: so many sessions at once, so many turns of each. Making, opening and ending interviews is not counted.
pub(crate) async fn go(program: &Program, sessions: usize, turns: usize, go: usize) -> Result<TimedRun> {
    let each = turns.div_ceil(LEAST_TURNS);
    let interviews = made(program, sessions * each, go).await?;
    let mut workers = Vec::with_capacity(sessions);
    for (number, own) in interviews.chunks(each).enumerate() {
        let connection = Connection::open(program.address).await?;
        workers.push(worker(connection, own.to_vec(), turns, go * 131 + number * 17));
    }
    let measured = side_by_side(program, workers).await?;
    ended(program, interviews).await?;
    Ok(measured)
}

/// Answers in its interviews, one after the other.
async fn worker(
    mut connection: Connection,
    interviews: Vec<String>,
    turns: usize,
    seed: usize,
) -> Result<Vec<Duration>> {
    let headers = Program::secret();
    let mut interviews = interviews.into_iter();
    let mut interview = interviews.next().context("there is an interview for each session")?;
    let mut each = Vec::with_capacity(turns);
    for turn in 0..turns {
        let body = turn_body(&interview, &format!("turn-{turn}"), "user_turn", &answer(seed + turn));
        let began = Instant::now();
        connection.expect(200, "POST /engine/next_turn/", &headers, body.as_bytes()).await?;
        each.push(began.elapsed());
        if connection.says(r#""status":"completed""#) && turn + 1 < turns {
            interview = interviews.next().context("interviews were shorter than they should be")?;
        }
    }
    Ok(each)
}

/// New interviews, opened; each of a candidate of its own, since earlier questions are not asked again.
async fn made(program: &Program, count: usize, go: usize) -> Result<Vec<String>> {
    let mut makers = JoinSet::new();
    for maker in 0..MAKERS.min(count) {
        let mut connection = Connection::open(program.address).await?;
        let mine: Vec<usize> = (maker..count).step_by(MAKERS).collect();
        makers.spawn(async move {
            let mut made = Vec::with_capacity(mine.len());
            for number in mine {
                made.push(interview(&mut connection, &format!("{go}-{count}-{number}")).await?);
            }
            anyhow::Ok(made)
        });
    }
    let mut made = Vec::with_capacity(count);
    while let Some(some) = makers.join_next().await {
        made.extend(some??);
    }
    Ok(made)
}

/// A new interview, opened.
pub(crate) async fn interview(connection: &mut Connection, candidate: &str) -> Result<String> {
    let headers = Program::secret();
    let body = json!({
        "candidate_name": "Ada Byron", "candidate_id": candidate, "role": "Backend engineer", "seniority": "senior",
    })
    .to_string();
    connection.expect(201, "POST /engine/sessions/", &headers, body.as_bytes()).await?;
    let created: serde_json::Value = serde_json::from_slice(connection.body())?;
    let id = created["session_id"].as_str().context("a session has an id")?.to_owned();
    let start = turn_body(&id, "start", "start", "");
    connection.expect(200, "POST /engine/next_turn/", &headers, start.as_bytes()).await?;
    Ok(id)
}

/// Gives one answer.
pub(crate) async fn one(connection: &mut Connection, interview: &str) -> Result<()> {
    let body = turn_body(interview, "turn", "user_turn", &answer(0));
    connection.expect(200, "POST /engine/next_turn/", &Program::secret(), body.as_bytes()).await
}

/// Ends what is not over, so that no silence is noticed in the middle of a later go.
async fn ended(program: &Program, interviews: Vec<String>) -> Result<()> {
    let mut enders = JoinSet::new();
    for own in interviews.chunks(interviews.len().div_ceil(MAKERS)) {
        let (own, mut connection) = (own.to_vec(), Connection::open(program.address).await?);
        enders.spawn(async move {
            for id in own {
                let body = turn_body(&id, "end", "end", "");
                let status =
                    connection.ask("POST /engine/next_turn/", &Program::secret(), body.as_bytes()).await?;
                ensure!(matches!(status, 200 | 409), "an end answered {status}");
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = enders.join_next().await {
        done??;
    }
    Ok(())
}

/// A turn as the engine API takes it.
fn turn_body(interview: &str, turn: &str, event: &str, text: &str) -> String {
    json!({ "session_id": interview, "turn_id": turn, "event_type": event, "text": text }).to_string()
}
