//! With figures: one browser floods, slow clients hold connections, bodies are huge, secrets are guessed and every
//! event stream that there may be is open; another person's interview goes on.
//!
//! All of it comes from addresses of the loopback, which Linux has without asking. Times are printed and not asserted:
//! what is asserted is that every answer is answered, while most of the flood is turned away.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use app::view::Update;
use engine::{BuiltIn, NewSession, SessionId};
use futures::future::join_all;
use futures::{StreamExt as _, stream};
use interview::{Profile, Seniority, Speaker};
use patience::PATIENCE;
use reqwest::{Body, Client, StatusCode};
use server::open_files;
use server::request_guard::shares::STREAMS_A_BROWSER;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::house::{House, Program, Visitor, said};

/// How many event streams there are to be, each of another interview.
const STREAMS: usize = 2_000;
/// From how many addresses.
const CROWD: u8 = 20;
/// Slow clients of each sort.
const SLOW: usize = 100;
const TURNS: usize = 8;

/// The crowd's browsers and interviews, made beforehand.
async fn crowd(
    settings: impl FnOnce(&mut server::ServerSettings),
    streams: usize,
) -> Vec<(String, SessionId)> {
    let house = House::start_with(settings, Arc::new(BuiltIn)).await;
    let each = STREAMS_A_BROWSER.min(25);
    let browsers = join_all((0..streams.div_ceil(each)).map(|_| house.visitor())).await;
    let profile = Profile::new("Ada Byron", "Backend engineer", Seniority::Senior, "", "").unwrap();
    let create = |visitor: &Visitor| {
        let new = NewSession {
            owner: Some(visitor.owner.clone()),
            candidate_id: None,
            profile: profile.clone(),
            plan: "standard".into(),
        };
        let (engine, cookie) = (house.engine.clone(), visitor.cookie.clone());
        async move { (cookie, engine.create(new).await.unwrap()) }
    };
    let owners = browsers.iter().flat_map(|(visitor, _)| std::iter::repeat_n(visitor, each));
    let mut made = join_all(owners.map(create)).await;
    made.truncate(streams);
    assert!(house.stop().await);
    made
}

/// What came of the requests of one sort: statuses (0: cut off) and how often.
#[derive(Clone, Default)]
struct Counts(Arc<Mutex<BTreeMap<u16, usize>>>);

impl Counts {
    fn count(&self, sent: reqwest::Result<reqwest::Response>) {
        let status = sent.map_or(0, |response| response.status().as_u16());
        *self.0.lock().unwrap().entry(status).or_default() += 1;
    }

    fn of(&self, status: u16) -> usize {
        self.0.lock().unwrap().get(&status).copied().unwrap_or(0)
    }

    fn only(&self, statuses: &[u16]) {
        let counts = self.0.lock().unwrap();
        assert!(counts.keys().all(|status| statuses.contains(status)), "{counts:?}");
    }
}

fn client(last: u8) -> Client {
    let client = Client::builder().local_address(IpAddr::from([127, 0, 0, last]));
    client.redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build().unwrap()
}

async fn connect(base: &str, last: u8) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::new(IpAddr::from([127, 0, 0, last]), 0)).unwrap();
    socket.connect(base.trim_start_matches("http://").parse().unwrap()).await.unwrap()
}

/// An event stream that was opened and is not read any further, or the status that it was refused with.
async fn open_stream(base: &str, last: u8, cookie: &str, id: SessionId) -> Result<TcpStream, u16> {
    let mut stream = connect(base, last).await;
    let head = format!("GET /interview/{id}/events HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    match std::str::from_utf8(&status).unwrap().rsplit(' ').next().unwrap().parse().unwrap() {
        200 => Ok(stream),
        status => Err(status),
    }
}

/// A person with a browser, in an interview.
struct Person<'b> {
    base: &'b str,
    client: Client,
    cookie: String,
    id: SessionId,
}

impl<'b> Person<'b> {
    fn post(&self, function: &str, accept: &str, body: String) -> reqwest::RequestBuilder {
        let request = self.client.post(format!("{}/api/{function}", self.base)).header("origin", self.base);
        let request = request.header("cookie", &self.cookie).header("accept", accept).body(body);
        request.header("content-type", "application/x-www-form-urlencoded")
    }

    async fn begin(base: &'b str) -> Self {
        let client = client(1);
        let cookie = Visitor::of(&client.get(base).send().await.unwrap()).cookie;
        let mut person = Self { base, client, cookie, id: SessionId::parse(&"0".repeat(32)).unwrap() };
        let form = "name=Ada&role=Engineer&seniority=senior&plan=standard".to_owned();
        let started = person.post("start_interview", "text/html", form).send().await.unwrap();
        let page = started.headers()["location"].to_str().unwrap();
        let id = page.trim_start_matches("/interview/").split('#').next().unwrap();
        person.id = SessionId::parse(id).unwrap();
        person
    }

    /// Gives answers; how long each took to be answered rightly.
    async fn answer_all(&self, pause: Duration) -> Vec<Duration> {
        let mut took = Vec::new();
        for n in 1..=TURNS {
            let text = said(n);
            let encoded: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
            let body = format!("id={}&turn_id=t-{n}&text={encoded}&since=0", self.id);
            let began = Instant::now();
            let response = self.post("answer", "application/json", body).send().await.unwrap();
            let status = response.status();
            let update: Update = response.json().await.unwrap_or_else(|error| panic!("{status}: {error}"));
            took.push(began.elapsed());
            let mut newest = update.messages.iter().rev();
            let (line, answer) = (newest.next().unwrap(), newest.next().unwrap());
            assert_eq!((status, line.speaker), (StatusCode::OK, Speaker::Interviewer));
            assert_eq!((answer.speaker, answer.text.as_str()), (Speaker::Candidate, text.as_str()));
            tokio::time::sleep(pause).await;
        }
        took.sort_unstable();
        took
    }
}

fn in_ms(took: &[Duration]) -> String {
    let ms = |d: Duration| d.as_secs_f64() * 1_000.0;
    format!("p50 {:.1} ms, max {:.1} ms", ms(took[took.len() / 2]), ms(*took.last().unwrap()))
}

/// Memory of a process in MB.
fn memory(process: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<usize>().unwrap() / 1_024
}

/// What goes on beside the interview until it is told to stop.
struct Load {
    base: String,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Load {
    /// Sends this again and again, so many at a time.
    fn flood(
        &self,
        at_a_time: usize,
        send: impl Fn() -> reqwest::RequestBuilder + Clone + Send + 'static,
    ) -> Counts {
        let counts = Counts::default();
        for _ in 0..at_a_time {
            let (counts, stop, send) = (counts.clone(), self.stop.clone(), send.clone());
            self.tasks.spawn(async move {
                while !stop.is_cancelled() {
                    counts.count(send().send().await);
                }
            });
        }
        counts
    }

    /// Clients that begin like this and go on byte by byte, or read nothing.
    fn slow(&self, begins: &str) {
        for _ in 0..SLOW {
            let (base, stop, begins) = (self.base.clone(), self.stop.clone(), begins.to_owned());
            self.tasks.spawn(async move {
                let mut stream = connect(&base, 3).await;
                stream.write_all(begins.as_bytes()).await.unwrap();
                while !stop.is_cancelled() && stream.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(400)).await;
                }
            });
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_costs_nobody_else_their_interview() {
    let mut report = String::from("\nunder abuse, debug build:\n");
    let streams = STREAMS.min(open_files::raise_limit_for(STREAMS + 1_000).saturating_sub(1_000));
    assert!(streams > 0, "the system allows too few open files for this test: raise its limit (ulimit -Hn)");
    if streams < STREAMS {
        writeln!(report, "  ONLY {streams} of {STREAMS} streams: the system allows no more open files")
            .unwrap();
    }
    let (dir, site) = (tempfile::tempdir().unwrap(), crate::house::site());
    let data = dir.path().join("data");
    std::fs::write(site.path().join("assets/large-1.bin"), vec![7; 8 << 20]).unwrap();
    let crowd = crowd(|s| s.data.clone_from(&data), streams).await;
    let more = ["--log", "warn", "--max-streams", &streams.to_string()];
    let program = Program::start(&data, site.path(), Stdio::null(), &more);
    let (base, process) = (program.base.as_str(), program.child.id());

    let calm = Person::begin(base).await.answer_all(Duration::ZERO).await;
    let before = memory(process);
    let person = Person::begin(base).await;

    let opened = stream::iter(crowd.iter().enumerate()).map(|(n, (cookie, id))| {
        open_stream(base, 10 + u8::try_from(n % usize::from(CROWD)).unwrap(), cookie, *id)
    });
    let opened: Vec<_> = opened.buffer_unordered(64).collect().await;
    let held: Vec<TcpStream> = opened.into_iter().map(|stream| stream.expect("a stream for each")).collect();
    let with_streams = memory(process);
    assert_eq!(
        open_stream(base, 1, &person.cookie, person.id).await.err(),
        Some(503),
        "all places are taken"
    );

    let load = Load { base: base.to_owned(), stop: CancellationToken::new(), tasks: TaskTracker::new() };
    let cookie = Visitor::of(&client(2).get(base).send().await.unwrap()).cookie;
    let of_one_browser = load.flood(8, {
        let (client, page) = (client(2), format!("{base}/how"));
        move || client.get(&page).header("cookie", &cookie)
    });
    let guesses = load.flood(2, {
        let (client, address) = (client(5), format!("{base}/engine/sessions/x/"));
        move || client.get(&address).header("x-ingest-secret", "a guess")
    });
    let huge = load.flood(4, {
        let (client, base) = (client(4), base.to_owned());
        move || {
            let pieces = (0..64).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 32 << 10]));
            let request = client.post(format!("{base}/api/answer")).header("origin", &base);
            request.body(Body::wrap_stream(stream::iter(pieces)))
        }
    });
    load.slow("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
    let origin = format!("Host: {}\r\nOrigin: {base}\r\n", base.trim_start_matches("http://"));
    load.slow(&format!("POST /api/answer HTTP/1.1\r\n{origin}Content-Length: 100000\r\n\r\n"));
    load.slow("GET /assets/large-1.bin HTTP/1.1\r\nHost: localhost\r\n\r\nGET /slow HTTP/1.1\r\nX-Slow: ");

    // The person's page has no stream, and does without.
    let asked = person.post("catch_up", "application/json", format!("id={}&since=0", person.id));
    assert_eq!(asked.send().await.unwrap().status(), StatusCode::OK);
    let loaded = person.answer_all(Duration::from_millis(400)).await;
    let at_most = memory(process);
    load.stop.cancel();
    load.tasks.close();
    load.tasks.wait().await;

    writeln!(report, "  turns: alone {}; under load {}", in_ms(&calm), in_ms(&loaded)).unwrap();
    writeln!(
        report,
        "  {streams} streams open, {} slow clients; flood of one browser: {} taken, {} refused (429)",
        3 * SLOW,
        of_one_browser.of(200),
        of_one_browser.of(429)
    )
    .unwrap();
    writeln!(
        report,
        "  huge bodies: {} too large (413), {} too many (429), {} cut off; guessed secrets: {} wrong (401), {} refused (429)",
        huge.of(413),
        huge.of(429),
        huge.of(0),
        guesses.of(401),
        guesses.of(429)
    )
    .unwrap();
    writeln!(
        report,
        "  memory: {before} MB before, {with_streams} MB with the streams, {at_most} MB under load"
    )
    .unwrap();
    // Not through `println!`, which is shown of tests that fail alone.
    std::io::stderr().write_all(report.as_bytes()).unwrap();

    assert_eq!(loaded.len(), TURNS);
    of_one_browser.only(&[200, 429]);
    guesses.only(&[401, 429]);
    // Whether the refusal is read before the connection closes on a body that nobody reads is a race.
    huge.only(&[413, 429, 0]);
    assert!(of_one_browser.of(429) > of_one_browser.of(200), "most of the flood was refused");
    assert!(guesses.of(429) > guesses.of(401));
    assert!(huge.of(413) > 0);
    let alive = held.iter().filter(|s| !matches!(s.try_read(&mut [0; 4_096]), Ok(0))).count();
    assert_eq!(alive, streams, "nobody who follows quietly was cut off");
    let export = format!("{base}/interview/{}/export?format=json", person.id);
    let export = person.client.get(export).header("cookie", &person.cookie).send().await.unwrap();
    let export = export.text().await.unwrap();
    assert!((1..=TURNS).all(|n| export.matches(&said(n)).count() == 1), "each answer is kept, once");
}
