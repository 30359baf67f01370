//! An interview's changes as server-sent events.

use std::pin::Pin;

use app::view::{ReplyInProgress, Update};
use engine::{SessionId, Turn, TurnKind};
use futures::{Stream, StreamExt as _};
use interview::{Modality, TurnId};
use patience::StandStill;
use reqwest::StatusCode;

use crate::house::{House, Visitor, WordByWord, said};

type Bytes = Box<dyn Stream<Item = Vec<u8>> + Send>;

/// What a browser's `EventSource` reads.
struct Reader {
    bytes: Pin<Bytes>,
    text: String,
}

#[derive(Debug)]
enum Told {
    Update(u64, Update),
    Partial(ReplyInProgress),
}

impl Reader {
    async fn open(house: &House, visitor: &Visitor, id: SessionId, last: Option<&str>) -> Self {
        let request = house.get(&format!("/interview/{id}/events")).header("cookie", &visitor.cookie);
        let request = match last {
            Some(last) => request.header("last-event-id", last),
            None => request,
        };
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        let bytes: Bytes = Box::new(response.bytes_stream().map(|b| b.unwrap_or_default().to_vec()));
        Self { bytes: Box::into_pin(bytes), text: String::new() }
    }

    /// The next event; `None` at the end.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| event.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
                let Some(data) = field("data:") else { continue };
                return Some(match field("event:").unwrap() {
                    "update" => Told::Update(
                        field("id:").unwrap().parse().unwrap(),
                        serde_json::from_str(data).unwrap(),
                    ),
                    "partial" => Told::Partial(serde_json::from_str(data).unwrap()),
                    other => panic!("{other}"),
                });
            }
            let more = patience::soon("an event", self.bytes.next()).await?;
            self.text.push_str(std::str::from_utf8(&more).unwrap());
        }
    }

    async fn update(&mut self) -> (u64, Update) {
        match self.next().await {
            Some(Told::Update(id, update)) => (id, update),
            other => panic!("{other:?}"),
        }
    }
}

fn turn(id: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(id.to_owned()), modality: Modality::Text, kind }
}

fn seqs(update: &Update) -> Vec<u32> {
    update.messages.iter().map(|m| m.seq).collect()
}

#[tokio::test]
async fn a_reader_gets_what_it_missed_and_no_more() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    house.engine.turn(id, turn("t-0", TurnKind::Start)).await.unwrap();
    let mut reader = Reader::open(&house, &visitor, id, None).await;
    let (seen, all) = reader.update().await;
    assert_eq!((seqs(&all), all.version), (vec![1], seen));
    house.engine.turn(id, turn("t-1", TurnKind::Said(said(1)))).await.unwrap();
    let (seen, update) = reader.update().await;
    assert_eq!(seqs(&update), [2, 3]);
    drop(reader);

    for n in 2..5 {
        house.engine.turn(id, turn(&format!("t-{n}"), TurnKind::Said(said(n)))).await.unwrap();
    }
    let mut reader = Reader::open(&house, &visitor, id, Some(&seen.to_string())).await;
    let (newest, missed) = reader.update().await;
    assert_eq!(seqs(&missed), [4, 5, 6, 7, 8, 9]);
    let mut other_tab = Reader::open(&house, &visitor, id, Some(&newest.to_string())).await;
    assert_eq!(seqs(&other_tab.update().await.1), [] as [u32; 0], "nothing was missed, and that is told");
    // A reply that is cut comes again.
    let heard = missed.messages[5].text.split_whitespace().take(3).collect::<Vec<_>>().join(" ");
    house.engine.turn(id, turn("t-4", TurnKind::Heard(heard))).await.unwrap();
    for reader in [&mut reader, &mut other_tab] {
        let (_, update) = reader.update().await;
        assert_eq!((seqs(&update), update.messages[0].cut), (vec![9], true));
    }
    for unknown in ["999999", "yesterday", "-1", ""] {
        let mut reader = Reader::open(&house, &visitor, id, Some(unknown)).await;
        assert_eq!(seqs(&reader.update().await.1).len(), 9, "one that cannot be resumed gets everything");
    }
}

#[tokio::test]
async fn words_appear_as_they_are_written() {
    let _still = StandStill::begin();
    let writer = WordByWord::new();
    writer.hold_back();
    let house = House::start_with(|_| (), writer.clone()).await;
    let (visitor, id) = house.visitor().await;
    let mut reader = Reader::open(&house, &visitor, id, None).await;
    assert!(seqs(&reader.update().await.1).is_empty());
    let engine = house.engine.clone();
    let reply = tokio::spawn(async move { engine.turn(id, turn("t-0", TurnKind::Start)).await.unwrap() });
    let (_, update) = reader.update().await;
    assert!(update.messages.is_empty() && update.replying, "that a reply is being written is told at once");
    let mut words = Vec::new();
    let last = loop {
        writer.let_through(1);
        match reader.next().await.unwrap() {
            Told::Partial(partial) => {
                assert_eq!(partial.turn, "t-0");
                words.push(partial.text);
            }
            Told::Update(_, update) => break update,
        }
    };
    let reply = reply.await.unwrap();
    assert_eq!((last.messages[0].text.as_str(), last.replying), (reply.text.as_str(), false));
    assert!(words.len() > 3, "{words:?}");
    assert!(words.windows(2).all(|w| w[1].len() > w[0].len() && w[1].starts_with(&w[0])), "{words:?}");
    assert!(words.iter().all(|w| reply.text.starts_with(w.trim_end())), "{words:?}");
}

#[tokio::test]
async fn a_reader_that_does_not_read_holds_nothing_up() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    house.engine.turn(id, turn("t-0", TurnKind::Start)).await.unwrap();
    let mut reader = Reader::open(&house, &visitor, id, None).await;
    // Many changes while nobody reads; then everything is there, each once, in order.
    for n in 1..12 {
        let said = format!("{} {}", said(n), "and so on ".repeat(300));
        if house.engine.turn(id, turn(&format!("t-{n}"), TurnKind::Said(said))).await.is_err() {
            break;
        }
    }
    let newest = house.engine.snapshot(id).await.unwrap();
    let mut got = Vec::new();
    loop {
        let (version, update) = reader.update().await;
        got.extend(seqs(&update));
        if version == newest.version {
            break;
        }
    }
    assert_eq!(got, (1..=u32::try_from(newest.messages.len()).unwrap()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stream_ends_when_the_interview_is_deleted() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    let mut reader = Reader::open(&house, &visitor, id, None).await;
    reader.update().await;
    house.engine.delete(id).await.unwrap();
    assert!(reader.next().await.is_none());
    let again =
        house.get(&format!("/interview/{id}/events")).header("cookie", &visitor.cookie).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn streams_end_politely_at_the_stop() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    let mut reader = Reader::open(&house, &visitor, id, None).await;
    reader.update().await;
    assert!(house.stop().await, "an open page does not hold the stop up");
    assert!(reader.next().await.is_none());
}
