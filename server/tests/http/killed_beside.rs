//! `kill -9` while sound is written, shared and deleted, while links are made, commented by and revoked, and while a model's
//! view of an interview comes in: what was acknowledged is there and whole, what was not harms nothing, and nothing is left
//! of what was deleted.
//!
//! The test starts itself once more as the process that is killed: sound comes from the voice agent, not over HTTP.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Lines};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use engine::{Engine, EngineError, NewReadingLink, NewSession, Owner, Remark, SessionId, Turn, TurnKind};
use futures::future::join_all;
use interview::{Modality, Profile, Seniority, TurnId};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::SOUND_FOLDER;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::house::{House, said, site};
use crate::judged::FakeJudge;

/// Names the data folder to the process that is killed.
const DATA: &str = "KILLED_BESIDE_DATA";
const TEST: &str = "killed_beside::what_is_kept_beside_an_interview_survives_kills";
/// How often it is killed at least; more often, until each kind of deed was done.
const KILLS: usize = 10;
const MOST_KILLS: usize = 60;
/// After at most so many deeds.
const DEEDS: u64 = 100;
/// How many interviews are held at once, of so many answers; after every so many one is forked, and after the next one
/// read by a link.
const AT_ONCE: usize = 3;
const ANSWERS: usize = 10;
const FORKED: usize = 4;
/// By which an interview is shared for good.
const PRESS: &str = "press";
/// Decides when.
const SEED: u64 = 0x50_0BED;
/// 20 ms of silence in Opus.
const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// What the process says that it has done, or is about to.
#[derive(Debug, Serialize, Deserialize)]
enum Deed {
    Begun(String),
    /// The sound of this turn is kept.
    Kept(String, String),
    /// An interview that shares so much sound with another.
    Forked(String, usize),
    Ended(String),
    /// A model has given so many verdicts.
    Judged(String, usize),
    Struck(String, String),
    /// A link was made, with this secret.
    Shared(String, String),
    /// A reader has made a comment of this id.
    Remarked(String, String),
    /// The link of this secret is about to be revoked, or is.
    Revoking(String, String),
    Revoked(String, String),
    Deleting(String),
    Deleted(String),
}

fn tell(deed: &Deed) {
    // On a line of its own, whatever else is printed.
    println!("\n{}", serde_json::to_string(deed).unwrap());
}

fn judge() -> Arc<FakeJudge> {
    Arc::new(FakeJudge(Semaphore::new(Semaphore::MAX_PERMITS)))
}

fn owner() -> Owner {
    Owner("somebody".to_owned())
}

fn spoken(turn: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(turn.to_owned()), modality: Modality::Voice, kind }
}

/// Says something and has it recorded, as the voice agent does: the sound is kept once the turn was taken. Returns the
/// number of the answer.
async fn answer(engine: &Engine, id: SessionId, turn: &str, n: usize) -> u32 {
    let recording = engine.record(id, &TurnId(turn.to_owned())).await.unwrap();
    let mut recording = recording.expect("it is switched on");
    for _ in 0..100 + n % 7 * 50 {
        recording.write(&SILENCE).await.unwrap();
    }
    let reply = engine.turn(id, spoken(turn, TurnKind::Said(said(n)))).await.unwrap();
    recording.keep().await.unwrap();
    reply.seq - 1
}

/// The comment of this id.
fn remark(id: &str) -> Remark {
    let text = format!("{id}: say what it cost.");
    Remark { id: id.to_owned(), line: 1, author: "Sam".to_owned(), text }
}

/// Shares an interview, has it commented, and revokes another link to it.
async fn share(engine: &Engine, id: SessionId, n: usize) {
    let name = id.to_string();
    let share = async |press: &str| engine.share_once(id, press, false, false).await.unwrap();
    let link = share(PRESS).await.secret;
    tell(&Deed::Shared(name.clone(), link.clone()));
    let comment = format!("comment-{n}");
    engine.remark(&link, remark(&comment)).await.unwrap();
    tell(&Deed::Remarked(name.clone(), comment));
    if n == FORKED + 1 {
        let NewReadingLink { secret, link } = share(&format!("press-{n}")).await;
        tell(&Deed::Shared(name.clone(), secret.clone()));
        tell(&Deed::Revoking(name.clone(), secret.clone()));
        engine.unshare(id, &link.digest).await.unwrap();
        tell(&Deed::Revoked(name, secret));
    }
}

/// The report as programs get it.
async fn report(house: &House, id: &str) -> Value {
    let (status, report) = house.engine_get(&format!("/engine/sessions/{id}/report/")).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    report
}

/// The verdicts of a model, once they are there.
async fn verdicts(house: &House, id: &str) -> Vec<Value> {
    let came = async {
        loop {
            if let Some(verdicts) = report(house, id).await["judgements"]["verdicts"].as_array() {
                return verdicts.clone();
            }
            sleep(Duration::from_millis(2)).await;
        }
    };
    patience::soon("a model is asked again for what was cut off", came).await
}

/// The process that is killed: holds interviews until then.
async fn work(data: &Path) {
    let site = site();
    let house = House::start_on(data, site.path(), judge()).await;
    join_all((0..AT_ONCE).map(|worker| hold(&house, worker))).await;
}

async fn hold(house: &House, worker: usize) {
    let engine = &house.engine;
    for round in worker.. {
        let profile = Profile::new("Ada Byron", "Backend engineer", Seniority::Senior, "", "").unwrap();
        let new =
            NewSession { owner: Some(owner()), candidate_id: None, profile, plan: "standard".to_owned() };
        let id = engine.create(new).await.unwrap();
        let name = id.to_string();
        engine.turn(id, spoken("start", TurnKind::Start)).await.unwrap();
        engine.keep_sound(id, true).await.unwrap();
        tell(&Deed::Begun(name.clone()));
        for n in 1..=ANSWERS {
            let turn = format!("turn-{n}");
            let seq = answer(engine, id, &turn, n).await;
            tell(&Deed::Kept(name.clone(), turn));
            if n % FORKED == 1 {
                share(engine, id, n).await;
            }
            if n.is_multiple_of(FORKED) {
                let fork = engine.fork(id, seq).await.unwrap();
                tell(&Deed::Forked(fork.to_string(), n - 1));
            }
        }
        engine.turn(id, spoken("end", TurnKind::End)).await.unwrap();
        tell(&Deed::Ended(name.clone()));
        let judged = verdicts(house, &name).await;
        tell(&Deed::Judged(name.clone(), judged.len()));
        let statement = judged[0]["statement"]["id"].as_str().unwrap();
        engine.strike(id, statement).await.unwrap();
        tell(&Deed::Struck(name.clone(), statement.to_owned()));
        if round.is_multiple_of(2) {
            tell(&Deed::Deleting(name.clone()));
            engine.delete(id).await.unwrap();
            tell(&Deed::Deleted(name));
        }
    }
}

/// That process, which ends with the test.
struct Killed(Child, Lines<BufReader<ChildStdout>>);

impl Killed {
    fn start(data: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([TEST, "--exact", "--nocapture"]).env(DATA, data);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self(child, lines)
    }

    fn deeds(&mut self) -> impl Iterator<Item = Deed> {
        self.1.by_ref().map_while(Result::ok).filter_map(|line| serde_json::from_str(&line).ok())
    }

    /// All that it did until it was killed, after so many deeds and a moment.
    fn until(mut self, deeds: u64, moment: Duration) -> Vec<Deed> {
        let mut done: Vec<Deed> = self.deeds().take(deeds as usize).collect();
        assert_eq!(done.len() as u64, deeds, "it goes on until it is killed");
        std::thread::sleep(moment);
        self.0.kill().unwrap();
        self.0.wait().unwrap();
        // What it had told by then; of the last, perhaps, a part.
        done.extend(self.deeds());
        done
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What is known of an interview.
#[derive(Debug, Default)]
struct Known {
    kept: BTreeSet<String>,
    /// It is a fork that shares so much sound.
    shared: Option<usize>,
    ended: bool,
    judged: Option<usize>,
    struck: Option<String>,
    /// The secrets of its links, and of those that were or may be revoked, with whether they were.
    shared_by: BTreeSet<String>,
    revoked: BTreeMap<String, bool>,
    /// Its comments.
    remarked: BTreeSet<String>,
    deleting: bool,
    deleted: bool,
    /// It went on after the process was killed.
    went_on: bool,
}

impl Known {
    /// Checks its links and what was written by them.
    async fn check_margin(&mut self, engine: &Engine, id: SessionId) {
        if self.shared.is_some() {
            return;
        }
        for secret in &self.shared_by {
            let revoked = self.revoked.get(secret);
            match engine.shared(secret).await {
                Ok(_) => assert_ne!(revoked, Some(&true), "{self:?}"),
                Err(error) => {
                    assert!(revoked.is_some() && matches!(error, EngineError::NotFound), "{self:?}: {error}");
                }
            }
        }
        // What was cut off is asked for again, and is the same if it was there.
        let link = engine.share_once(id, PRESS, false, false).await.unwrap().secret;
        let made: Vec<&String> = self.shared_by.iter().filter(|it| !self.revoked.contains_key(*it)).collect();
        let ours = made.is_empty() || made.contains(&&link);
        assert!(ours, "{self:?}");
        for comment in &self.remarked {
            engine.remark(&link, remark(comment)).await.unwrap();
        }
        let kept = engine.comments(id).await.unwrap();
        let ids: BTreeSet<String> = kept.iter().map(|comment| comment.id.clone()).collect();
        assert!(ids.len() == kept.len() && self.remarked.is_subset(&ids), "{self:?}: {kept:?}");
        assert!(ids.len() <= self.remarked.len() + 1, "the one that was cut off, at most: {kept:?}");
        for comment in kept {
            assert_eq!(comment.text, remark(&comment.id).text);
        }
        self.remarked = ids;
        self.shared_by.insert(link);
    }
}

/// Whether nothing is read by a link of this secret.
async fn opens_nothing(house: &House, secret: &str) -> bool {
    matches!(house.engine.shared(secret).await, Err(EngineError::NotFound))
}

#[derive(Default)]
struct Ledger {
    all: BTreeMap<String, Known>,
    /// How often what was done.
    done: BTreeMap<&'static str, usize>,
}

impl Ledger {
    fn take(&mut self, deed: Deed) {
        let (id, kind) = match &deed {
            Deed::Begun(id) => (id, "begun"),
            Deed::Kept(id, _) => (id, "kept"),
            Deed::Forked(id, _) => (id, "forked"),
            Deed::Ended(id) => (id, "ended"),
            Deed::Judged(id, _) => (id, "judged"),
            Deed::Struck(id, _) => (id, "struck"),
            Deed::Shared(id, _) => (id, "shared"),
            Deed::Remarked(id, _) => (id, "remarked"),
            Deed::Revoking(id, _) => (id, "revoking"),
            Deed::Revoked(id, _) => (id, "revoked"),
            Deed::Deleting(id) => (id, "deleting"),
            Deed::Deleted(id) => (id, "deleted"),
        };
        *self.done.entry(kind).or_default() += 1;
        let known = self.all.entry(id.clone()).or_default();
        match deed {
            Deed::Begun(_) => {}
            Deed::Kept(_, turn) => drop(known.kept.insert(turn)),
            Deed::Forked(_, shared) => known.shared = Some(shared),
            Deed::Ended(_) => known.ended = true,
            Deed::Judged(_, verdicts) => known.judged = Some(verdicts),
            Deed::Struck(_, statement) => known.struck = Some(statement),
            Deed::Shared(_, secret) => drop(known.shared_by.insert(secret)),
            Deed::Remarked(_, comment) => drop(known.remarked.insert(comment)),
            Deed::Revoking(_, secret) => drop(known.revoked.insert(secret, false)),
            Deed::Revoked(_, secret) => drop(known.revoked.insert(secret, true)),
            Deed::Deleting(_) => known.deleting = true,
            Deed::Deleted(_) => known.deleted = true,
        }
    }

    async fn check(&mut self, house: &House) {
        let folder = house.settings.data.join(SOUND_FOLDER);
        no_file_is_half_written_or_nobodys(house, &folder).await;
        for (name, known) in &mut self.all {
            let id = SessionId::parse(name).unwrap();
            let snapshot = match house.engine.snapshot(id).await {
                Ok(snapshot) => snapshot,
                Err(error) => {
                    assert!(known.deleting && matches!(error, EngineError::NotFound), "{known:?}: {error}");
                    assert!(!folder.join(name).exists(), "{known:?}");
                    for secret in &known.shared_by {
                        assert!(opens_nothing(house, secret).await, "{known:?}");
                    }
                    continue;
                }
            };
            assert!(!known.deleted, "{known:?}");
            if known.deleting {
                // Its sound goes first; it can be deleted again.
                house.engine.delete(id).await.unwrap();
                assert!(!folder.join(name).exists());
                continue;
            }
            known.check_margin(&house.engine, id).await;
            let sounds = house.engine.sounds(id).await.unwrap();
            for sound in &sounds {
                assert!(is_whole(&house.engine.sound(id, sound.seq).await.unwrap()), "{known:?}: {sound:?}");
            }
            let turn_of = |seq| snapshot.messages.iter().find(|(message, _)| message.seq == seq);
            let heard: BTreeSet<String> = sounds
                .iter()
                .filter_map(|sound| turn_of(sound.seq))
                .map(|(message, _)| message.turn.0.clone())
                .collect();
            assert!(known.kept.is_subset(&heard), "{known:?}: {heard:?}");
            if let Some(shared) = known.shared {
                assert_eq!(heard.len(), shared, "{known:?}: {heard:?}");
                continue;
            }
            if known.ended {
                let verdicts = verdicts(house, name).await;
                let stands =
                    |statement: &String| verdicts.iter().any(|it| it["statement"]["id"] == **statement);
                assert!(!known.struck.as_ref().is_some_and(stands), "{known:?}: {verdicts:#?}");
                let judged = known.judged.get_or_insert(verdicts.len());
                // One that was struck, and not acknowledged, may be gone or not.
                assert!((*judged - 1..=*judged).contains(&verdicts.len()), "{judged}: {verdicts:#?}");
            } else if !snapshot.status.is_completed() && !known.went_on {
                let n = snapshot.messages.len();
                answer(&house.engine, id, "on", n).await;
                known.kept.insert("on".to_owned());
                known.went_on = true;
            }
        }
    }
}

/// How many answers were being written when the process ended.
fn half_written(folder: &Path) -> usize {
    let Ok(sessions) = std::fs::read_dir(folder) else { return 0 };
    let files = sessions.flat_map(|session| std::fs::read_dir(session.unwrap().path()).unwrap());
    files.filter(|file| file.as_ref().unwrap().path().extension() == Some(OsStr::new("part"))).count()
}

/// All that lies in the folder of sound belongs to an interview that is there, and nothing is half written.
async fn no_file_is_half_written_or_nobodys(house: &House, folder: &Path) {
    let Ok(sessions) = std::fs::read_dir(folder) else { return };
    for session in sessions.map(|session| session.unwrap().path()) {
        let id = SessionId::parse(session.file_name().unwrap().to_str().unwrap()).unwrap();
        house.engine.snapshot(id).await.unwrap();
        for file in std::fs::read_dir(&session).unwrap().map(|file| file.unwrap().path()) {
            let kept =
                file.extension() == Some(OsStr::new("ogg")) || file.file_name() == Some(OsStr::new("on"));
            assert!(kept, "{}", file.display());
        }
    }
}

/// Whether this is an Ogg file from its first page to its last.
fn is_whole(mut rest: &[u8]) -> bool {
    let mut last = false;
    while !rest.is_empty() {
        let Some(sizes) = rest.get(26).and_then(|count| rest.get(27..27 + usize::from(*count))) else {
            return false;
        };
        let length = 27 + sizes.len() + sizes.iter().map(|size| usize::from(*size)).sum::<usize>();
        if !rest.starts_with(b"OggS") || last || rest.len() < length {
            return false;
        }
        last = rest[5] & 4 != 0;
        rest = &rest[length..];
    }
    last
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_beside_an_interview_survives_kills() {
    if let Some(data) = std::env::var_os(DATA) {
        return work(Path::new(&data)).await;
    }
    let (folder, site) = (tempfile::tempdir().unwrap(), site());
    let data = folder.path().join("data");
    let (mut ledger, mut random, mut kills, mut half) = (Ledger::default(), SEED, 0, 0);
    let kinds = 12;
    while kills < KILLS || ledger.done.len() < kinds {
        assert!(kills < MOST_KILLS, "{:?}", ledger.done);
        // xorshift64
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let (deeds, moment) = (1 + random % DEEDS, Duration::from_micros(random >> 32 & 0x7ff));
        let process = Killed::start(&data);
        let done = tokio::task::spawn_blocking(move || process.until(deeds, moment)).await.unwrap();
        done.into_iter().for_each(|deed| ledger.take(deed));
        half += half_written(&data.join(SOUND_FOLDER));
        let house = House::start_on(&data, site.path(), judge()).await;
        ledger.check(&house).await;
        assert!(house.stop().await);
        kills += 1;
    }
    println!("{kills} kills (seed {SEED:#x}), {half} answers half written: {:?}", ledger.done);
    assert!(half > 0, "the kills must fall into answers whose sound is being written");
    let house = House::start_on(&data, site.path(), judge()).await;
    house.engine.delete_all(&owner()).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(data.join(SOUND_FOLDER)).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    house.stop().await;
}
