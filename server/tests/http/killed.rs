//! `kill -9` at random points of many turns, typed and spoken, loses nothing that was acknowledged, doubles nothing, and
//! leaves every interview able to go on. Of spoken turns the interviewer is interrupted now and then: only what was heard
//! of the line is kept; the candidate corrects what was heard now and then, strikes a statement of the report, answers a
//! question again, and has the interview go on differently.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::house::{Program, SECRET, client, said, site, someone};

/// How often the process is killed.
const KILLS: usize = 40;
/// After at most so many turns, and somewhere in the next.
const TURNS: usize = 24;
/// How many interviews are held at once, and how many of them by voice.
const AT_ONCE: usize = 4;
const SPOKEN: usize = 2;
/// Every third spoken line is interrupted after so many words.
const INTERRUPTED: usize = 4;
/// Of every so many spoken answers one is corrected.
const CORRECTED: usize = 2;
/// After every so many typed answers a take and a fork are begun.
const BRANCHED: usize = 2;
/// What a correction puts before the words that were heard.
const RIGHT: &str = "To be exact: ";
/// Decides when; print it, change it, find out.
const SEED: u64 = 0x1D0_5EED;

/// One interview, with what its caller knows of it.
#[derive(Default)]
struct Held {
    id: Option<String>,
    /// Turns that were answered, in order: id, words, answer.
    acknowledged: Vec<(String, String, Value)>,
    /// The turn that was sent and not answered.
    open: Option<(String, String)>,
    /// It is spoken.
    spoken: bool,
    /// The line of this turn was interrupted after these words, and that was sent and not answered.
    cut: Option<(String, String)>,
    /// The answer of the last turn is to read like this, and that was sent and not answered.
    correction: Option<String>,
    /// Answers that read otherwise than they were heard: the turn, and the words at first.
    corrected: Vec<(String, String)>,
    /// Statements that were struck; the last of them may not be answered yet.
    struck: Vec<String>,
    strike: Option<String>,
    /// Takes and forks that were asked for; the last of them may not be answered yet.
    branches: Vec<Branch>,
    /// How many turns have been made.
    made: usize,
    /// How many turns were answered, of all interviews.
    answered: Arc<AtomicUsize>,
}

/// A take or a fork of an interview.
struct Branch {
    /// `takes` or `forks`.
    kind: &'static str,
    /// The number of the answer.
    answer: u64,
    /// What was said before it.
    shared: Vec<Value>,
    /// Its id, once that was told.
    id: Option<String>,
}

fn event(turn: &str, words: &str) -> &'static str {
    if turn.starts_with("start") {
        "start"
    } else if words.is_empty() {
        "silence"
    } else {
        "user_turn"
    }
}

async fn send(client: &Client, base: &str, path: &str, body: &Value) -> Option<(StatusCode, Value)> {
    let request = client.post(format!("{base}{path}")).header("x-ingest-secret", SECRET).json(body);
    let response = request.send().await.ok()?;
    Some((response.status(), response.json().await.ok()?))
}

/// Tells something that is answered with nothing; false if no answer came.
async fn told(client: &Client, base: &str, path: &str, body: &Value) -> bool {
    let request = client.post(format!("{base}{path}")).header("x-ingest-secret", SECRET).json(body);
    let Ok(response) = request.send().await else { return false };
    assert_eq!(response.status(), StatusCode::NO_CONTENT, "{path}: {body}");
    true
}

/// All messages of a session.
fn messages(session: &Value) -> Vec<Value> {
    session["messages"].as_array().expect("messages").clone()
}

/// The messages of turns that are made here: whoever talks and is silent for long is spoken to by the interviewer itself.
fn made_here(stored: &[Value]) -> Vec<Value> {
    let own = |message: &&Value| message["turn_id"].as_str().is_some_and(|turn| turn.starts_with("quiet-"));
    stored.iter().filter(|message| !own(message)).cloned().collect()
}

impl Held {
    /// Sends a turn; false if no answer came.
    async fn turn(&mut self, client: &Client, base: &str, turn: String, words: String) -> bool {
        let id = self.id.as_ref().expect("it was created");
        let body = json!({
            "session_id": id, "turn_id": turn, "event_type": event(&turn, &words), "text": words,
            "modality": if self.spoken { "voice" } else { "text" },
        });
        self.open = Some((turn.clone(), words.clone()));
        let Some((status, answer)) = send(client, base, "/engine/next_turn/", &body).await else {
            return false;
        };
        assert_eq!(status, StatusCode::OK, "{turn}: {answer}");
        self.open = None;
        self.acknowledged.push((turn, words, answer));
        self.answered.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Interrupts the last line; false if no answer came.
    async fn interrupt(&mut self, client: &Client, base: &str) -> bool {
        let (turn, _, answer) = self.acknowledged.last().expect("there is a line");
        let (turn, line) = (turn.clone(), answer["assistant_text"].as_str().expect("a line").to_owned());
        let heard: String = line.split_inclusive(' ').take(INTERRUPTED).collect();
        self.cut = Some((turn, heard.trim().to_owned()));
        self.tell_cut(client, base).await
    }

    /// Tells (again) how much was heard of a line that was interrupted; false if no answer came.
    async fn tell_cut(&mut self, client: &Client, base: &str) -> bool {
        let Some((turn, heard)) = &self.cut else { return true };
        let body = json!({
            "session_id": self.id, "turn_id": turn, "event_type": "heard", "text": heard, "modality": "voice",
        });
        let Some((status, cut)) = send(client, base, "/engine/next_turn/", &body).await else { return false };
        assert_eq!(status, StatusCode::OK, "{turn}: {cut}");
        let (of, _, answer) = self.acknowledged.last_mut().expect("it was acknowledged");
        assert_eq!(of, turn);
        let kept = cut["assistant_text"].as_str().expect("what is kept");
        assert!(kept.starts_with(heard.as_str()), "{kept}");
        answer["assistant_text"] = json!(kept);
        self.cut = None;
        true
    }

    /// Corrects the answer of the last turn; false if no answer came.
    async fn correct(&mut self, client: &Client, base: &str) -> bool {
        let (_, words, _) = self.acknowledged.last().expect("there is an answer");
        self.correction = Some(format!("{RIGHT}{words}"));
        self.tell_correction(client, base).await
    }

    /// Tells (again) what the last answer was; false if no answer came.
    async fn tell_correction(&mut self, client: &Client, base: &str) -> bool {
        let Some(right) = self.correction.clone() else { return true };
        let (turn, words, answer) = self.acknowledged.last_mut().expect("it was acknowledged");
        let seq = answer["message_seq"].as_u64().expect("a number") - 1;
        let path = format!("/engine/sessions/{}/corrections/", self.id.as_ref().expect("it was created"));
        if !told(client, base, &path, &json!({ "seq": seq, "text": right })).await {
            return false;
        }
        self.corrected.push((turn.clone(), std::mem::replace(words, right)));
        self.correction = None;
        true
    }

    /// Strikes a statement of the report that is not struck yet; false if no answer came.
    async fn strike(&mut self, client: &Client, base: &str) -> bool {
        let Some(report) = self.report(client, base).await else { return false };
        let stated = report["statements"].as_array().expect("statements").iter();
        self.strike = stated.filter_map(|it| it["id"].as_str()).next().map(str::to_owned);
        self.tell_strike(client, base).await
    }

    /// Tells (again) what is wrong in the report; false if no answer came.
    async fn tell_strike(&mut self, client: &Client, base: &str) -> bool {
        let Some(statement) = self.strike.clone() else { return true };
        let path = format!("/engine/sessions/{}/strikes/", self.id.as_ref().expect("it was created"));
        if !told(client, base, &path, &json!({ "statement": statement })).await {
            return false;
        }
        self.struck.extend(self.strike.take());
        true
    }

    /// Begins a take and a fork of the last answer; false if no answer came.
    async fn branch(&mut self, client: &Client, base: &str) -> bool {
        let seq = self.acknowledged.last().and_then(|(.., answer)| answer["message_seq"].as_u64());
        let answer = seq.expect("a number") - 1;
        let Some(stored) = self.read(client, base, self.id.as_deref()).await else { return false };
        let shared: Vec<Value> =
            messages(&stored).into_iter().filter(|m| m["seq"].as_u64() < Some(answer)).collect();
        for kind in ["takes", "forks"] {
            self.branches.push(Branch { kind, answer, shared: shared.clone(), id: None });
            if self.tell_branch(client, base, self.branches.len() - 1).await.is_none() {
                return false;
            }
        }
        true
    }

    /// Asks (again) for a take or a fork; `None` if no answer came.
    async fn tell_branch(&mut self, client: &Client, base: &str, at: usize) -> Option<String> {
        let Branch { kind, answer, .. } = &self.branches[at];
        let path = format!("/engine/sessions/{}/{kind}/", self.id.as_ref().expect("it was created"));
        let (status, made) = send(client, base, &path, &json!({ "answer": answer })).await?;
        assert_eq!(status, StatusCode::CREATED, "{path}: {made}");
        let id = made["session_id"].as_str().expect("an id").to_owned();
        self.branches[at].id = Some(id.clone());
        Some(id)
    }

    /// Checks that each take and fork is there once and whole, and goes on.
    async fn check_branches(&mut self, client: &Client, base: &str) {
        for at in 0..self.branches.len() {
            let told = self.branches[at].id.clone();
            let id = self.tell_branch(client, base, at).await.expect("an answer");
            let Branch { kind, shared, answer, .. } = &self.branches[at];
            assert!(told.is_none_or(|told| told == id), "asked for again it is the same: {kind} of {answer}");
            let stored = self.read(client, base, Some(&id)).await.expect("an answer");
            let (number, expected) = if *kind == "takes" { (2, &[][..]) } else { (1, shared.as_slice()) };
            assert_eq!(stored["origin"]["number"], json!(number), "there is one: {stored:#?}");
            assert_eq!(stored["origin"]["parent"], json!(self.id), "{stored:#?}");
            assert_eq!(messages(&stored), expected, "{kind} of {answer}");
            let (event, text) =
                if *kind == "takes" { ("start", String::new()) } else { ("user_turn", said(self.made)) };
            let turn = json!({ "session_id": id, "turn_id": "on", "event_type": event, "text": text });
            let (status, on) = send(client, base, "/engine/next_turn/", &turn).await.expect("an answer");
            assert_eq!(status, StatusCode::OK, "{on}");
        }
        self.branches.clear();
    }

    async fn read(&self, client: &Client, base: &str, id: Option<&str>) -> Option<Value> {
        let url = format!("{base}/engine/sessions/{}/", id.expect("it was created"));
        client.get(url).header("x-ingest-secret", SECRET).send().await.ok()?.json().await.ok()
    }

    async fn report(&self, client: &Client, base: &str) -> Option<Value> {
        let url = format!("{base}/engine/sessions/{}/report/", self.id.as_ref()?);
        client.get(url).header("x-ingest-secret", SECRET).send().await.ok()?.json().await.ok()
    }

    /// Talks until the process is gone.
    async fn talk(&mut self, client: &Client, base: &str) {
        loop {
            let over = self.acknowledged.last().is_some_and(|(_, _, answer)| answer["status"] == "completed");
            if over || self.id.is_none() {
                let answered = Arc::clone(&self.answered);
                *self = Self { made: self.made, spoken: self.spoken, answered, ..Self::default() };
                let Some((status, made)) = send(client, base, "/engine/sessions/", &someone()).await else {
                    return;
                };
                assert_eq!(status, StatusCode::CREATED, "{made}");
                self.id = made["session_id"].as_str().map(str::to_owned);
            }
            self.made += 1;
            let (turn, words) = match self.acknowledged.is_empty() {
                true => (format!("start-{}", self.made), String::new()),
                false => (format!("turn-{}", self.made), said(self.made)),
            };
            if !self.turn(client, base, turn, words).await {
                return;
            }
            if self.spoken && self.made.is_multiple_of(3) && !self.interrupt(client, base).await {
                return;
            }
            let answered = self.acknowledged.last().is_some_and(|(_, words, _)| !words.is_empty());
            let corrects = self.spoken && answered && self.made.is_multiple_of(CORRECTED);
            let branches = !self.spoken && answered && self.made.is_multiple_of(BRANCHED);
            if branches && !self.branch(client, base).await {
                return;
            }
            if corrects && !(self.correct(client, base).await && self.strike(client, base).await) {
                return;
            }
        }
    }

    async fn stored(&self, client: &Client, base: &str) -> Vec<Value> {
        let url = format!("{base}/engine/sessions/{}/", self.id.as_ref().expect("it was created"));
        let response = client.get(url).header("x-ingest-secret", SECRET).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json::<Value>().await.unwrap()["messages"].as_array().unwrap().clone()
    }

    /// Checks what is stored against what was acknowledged, then takes up the turn that was cut off.
    async fn check(&mut self, client: &Client, base: &str) {
        if self.id.is_none() {
            return;
        }
        self.compare(&self.stored(client, base).await, false);
        if self.correction.is_some() {
            assert!(self.tell_correction(client, base).await);
            self.compare(&self.stored(client, base).await, true);
        }
        if self.strike.is_some() || !self.struck.is_empty() {
            assert!(self.tell_strike(client, base).await);
            let report = self.report(client, base).await.expect("a report");
            let stated = report["statements"].as_array().expect("statements");
            for struck in &self.struck {
                assert!(
                    stated.iter().all(|it| it["id"] != json!(struck)),
                    "{struck} was struck: {stated:#?}"
                );
            }
        }
        if self.cut.is_some() {
            assert!(self.tell_cut(client, base).await);
            self.compare(&self.stored(client, base).await, true);
        }
        self.check_branches(client, base).await;
        let Some((turn, words)) = self.open.take() else { return };
        assert!(self.turn(client, base, turn.clone(), words.clone()).await);
        let stored = self.stored(client, base).await;
        self.compare(&stored, true);
        let answer = self.acknowledged.last().expect("it was just answered").2.clone();
        assert!(self.turn(client, base, turn, words).await);
        assert_eq!(
            self.acknowledged.pop().expect("it was just answered").2,
            answer,
            "the same turn, the same answer"
        );
        let again = self.stored(client, base).await;
        assert_eq!(made_here(&again), made_here(&stored), "and nothing new");
    }

    /// What is stored must be the acknowledged turns in order, and after them at most the open one.
    fn compare(&self, stored: &[Value], settled: bool) {
        for (message, seq) in stored.iter().zip(1..) {
            assert_eq!(message["seq"], json!(seq), "{stored:#?}");
        }
        let stored = made_here(stored);
        let mut rest = stored.as_slice();
        for (turn, words, answer) in &self.acknowledged {
            let (of_turn, after) =
                rest.split_at(rest.iter().take_while(|m| m["turn_id"] == json!(turn)).count());
            rest = after;
            let (asked, said): (Vec<_>, Vec<_>) = of_turn.iter().partition(|m| m["speaker"] == "candidate");
            assert_eq!(asked.len(), usize::from(!words.is_empty()), "{turn}: {asked:#?}");
            for answer in asked {
                let at_first =
                    self.corrected.iter().find(|(of, _)| of == turn).map(|(_, words)| json!(words));
                let as_told = answer["text"] == json!(words) && answer["original"] == json!(at_first);
                // One that was sent and not answered may be kept or not.
                let last = self.acknowledged.last().is_some_and(|(of, ..)| of == turn);
                let open = self.correction.as_ref().filter(|_| last);
                let kept = open.is_some_and(|right| {
                    answer["text"] == json!(right) && answer["original"] == json!(words)
                });
                assert!(as_told || kept, "{turn}: {answer:#?}");
            }
            let spoken = if self.spoken { "voice" } else { "text" };
            assert!(of_turn.iter().all(|m| m["modality"] == spoken), "{of_turn:#?}");
            let cut = self.cut.as_ref().filter(|(of, _)| of == turn).map(|(_, heard)| heard);
            let is_cut = |text: &Value| {
                cut.zip(text.as_str()).is_some_and(|(heard, text)| text.starts_with(heard.as_str()))
            };
            let [line] = said.as_slice() else { panic!("{turn}: {said:#?}") };
            assert_eq!(line["seq"], answer["message_seq"], "{turn}");
            assert!(line["text"] == answer["assistant_text"] || is_cut(&line["text"]), "{turn}: {line}");
        }
        let open = self.open.as_ref().map(|(turn, _)| json!(turn));
        assert!(rest.iter().all(|m| Some(&m["turn_id"]) == open.as_ref()) && rest.len() <= 2, "{rest:#?}");
        assert!(!settled || rest.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let answered = Arc::new(AtomicUsize::new(0));
    let new = |at| Held { spoken: at < SPOKEN, answered: Arc::clone(&answered), ..Held::default() };
    let mut held: Vec<Held> = (0..AT_ONCE).map(new).collect();
    let (mut random, mut cut_off, mut acknowledged) = (SEED, 0, 0);
    let (mut spoken_cut_off, mut mended_cut_off, mut branches_cut_off) = (0, 0, 0);
    for _ in 0..KILLS {
        let mut program = Program::start(data.path(), site.path(), Stdio::null(), &[]);
        let (client, base) = (client(), program.base.clone());
        for one in &mut held {
            one.check(&client, &base).await;
        }
        // xorshift64
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let (turns, part) = (1 + random as usize % TURNS, (random >> 32) as u32 % 1_000);
        let (begun, first) = (Instant::now(), answered.load(Ordering::Relaxed));
        let kill = async {
            let since = || answered.load(Ordering::Relaxed) - first;
            while since() < turns {
                sleep(Duration::from_millis(1)).await;
            }
            // This machine's pace decides how long a turn is.
            sleep(begun.elapsed() / u32::try_from(since()).unwrap() * part / 1_000).await;
            program.kill();
        };
        let before: usize = held.iter().map(|h| h.made).sum();
        let talking = futures::future::join_all(held.iter_mut().map(|one| one.talk(&client, &base)));
        futures::future::join(kill, talking).await;
        cut_off += held.iter().filter(|one| one.open.is_some()).count();
        let in_speech = |one: &&Held| one.spoken && (one.open.is_some() || one.cut.is_some());
        spoken_cut_off += held.iter().filter(in_speech).count();
        mended_cut_off += held.iter().filter(|one| one.correction.is_some() || one.strike.is_some()).count();
        let waits = |one: &&Held| one.branches.iter().any(|branch| branch.id.is_none());
        branches_cut_off += held.iter().filter(waits).count();
        acknowledged += held.iter().map(|h| h.made).sum::<usize>() - before;
    }
    let program = Program::start(data.path(), site.path(), Stdio::null(), &[]);
    for one in &mut held {
        one.check(&client(), &program.base).await;
    }
    println!(
        "{KILLS} kills, {acknowledged} turns, {cut_off} cut off, {spoken_cut_off} of them spoken; \
         {mended_cut_off} corrections and strikes and {branches_cut_off} takes and forks cut off (seed {SEED:#x})"
    );
    assert!(branches_cut_off > 0, "the kills must fall into takes and forks, too");
    assert!(
        mended_cut_off >= KILLS / 8,
        "the kills must fall into corrections and strikes, too: {mended_cut_off}"
    );
    assert!(spoken_cut_off >= KILLS / 4, "the kills must fall into spoken turns, too: {spoken_cut_off}");
    assert!(
        cut_off >= KILLS / 2 && acknowledged > KILLS,
        "the kills must fall into turns: {cut_off} of {acknowledged}"
    );
}
