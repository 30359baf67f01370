//! What is private is refused by the words and by a model that reads lines; by the words alone where none can.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::{Answer, Reader, Unread, Writer, WriterError};
use futures::StreamExt as _;
use interview::Purpose;
use interview::reading::Reading;
use writers::{Guard, guarded};

use crate::brief::brief;
use crate::scripted::ScriptedModel;

/// Takes every line to be as likely private as this.
struct FakeReader {
    likely: Result<u16, Unread>,
    read: Mutex<Vec<String>>,
}

#[async_trait]
impl Reader for FakeReader {
    async fn read(&self, _: Answer) -> Result<Reading, Unread> {
        Err(Unread::Failed)
    }

    async fn private(&self, line: String) -> Result<u16, Unread> {
        self.read.lock().unwrap().push(line);
        self.likely
    }
}

/// What a line comes to where a model takes it to be so likely private, and what that model read.
async fn judged(line: &'static str, likely: Result<u16, Unread>) -> (Result<String, String>, Vec<String>) {
    let reader = Arc::new(FakeReader { likely, read: Mutex::default() });
    // The same at every try.
    let (model, _) = ScriptedModel::new(&[line, line], 3);
    let guard = Guard::new(Arc::new(model));
    guard.read_by(&(reader.clone() as Arc<dyn Reader>));
    let (mut out, mut end) = (String::new(), None);
    let mut words = guard.write(brief(Purpose::Probe));
    while let Some(next) = words.next().await {
        match next {
            Ok(text) => out.push_str(&text),
            Err(WriterError::Refused(_)) => {}
            Err(error) => end = Some(error.to_string()),
        }
    }
    drop((words, guard));
    (
        end.map_or(Ok(out), Err),
        Arc::into_inner(reader).map_or_else(Vec::new, |r| r.read.into_inner().unwrap()),
    )
}

/// Private, and none of the words by which that is known.
const UNKNOWN: &str = "How did it come out?";
/// Its words say that it is private.
const KNOWN: &str = "Are you planning to have a baby?";

#[tokio::test]
async fn a_model_finds_what_words_do_not_and_clears_what_they_mistake() {
    let refused = || Err("unfit_private".to_owned());
    for (line, likely, what) in [
        (UNKNOWN, Ok(0), Ok(UNKNOWN.to_owned())),
        (UNKNOWN, Ok(499), Ok(UNKNOWN.to_owned())),
        (UNKNOWN, Ok(500), refused()),
        (KNOWN, Ok(0), Ok(KNOWN.to_owned())),
        (KNOWN, Ok(300), refused()),
        (KNOWN, Ok(1000), refused()),
        // Nobody could read it: as its words say.
        (UNKNOWN, Err(Unread::Late), Ok(UNKNOWN.to_owned())),
        (KNOWN, Err(Unread::Late), refused()),
        (KNOWN, Err(Unread::Failed), refused()),
    ] {
        assert_eq!(judged(line, likely).await.0, what, "{line} at {likely:?}");
    }
}

#[tokio::test]
async fn each_beginning_is_read_once_before_it_is_let_out() {
    let line = "Four weeks is not long for that. How did it come out?";
    let (said, read) = judged(line, Ok(0)).await;
    assert_eq!(said.as_deref(), Ok(line));
    assert_eq!(read, ["Four weeks is not long for that.", line]);
    // Nothing of a line is let out that is taken to be private, nor asked about again while more of it comes.
    let (said, read) = judged(line, Ok(900)).await;
    assert_eq!(said, Err("unfit_private".to_owned()));
    let beginning = "Four weeks is not long for that.";
    assert_eq!(read, [beginning, line, beginning, line], "once in each try");
}

#[tokio::test]
async fn the_reader_goes_through_whatever_is_worn_around_the_guard() {
    let clock = Arc::new(engine::testing::FakeClock::new(1_000_000));
    let (model, _) = ScriptedModel::new(&[UNKNOWN, UNKNOWN], 3);
    let worn = guarded(model, clock);
    worn.read_by(&(Arc::new(FakeReader { likely: Ok(1000), read: Mutex::default() }) as Arc<dyn Reader>));
    let words: Vec<_> = worn.write(brief(Purpose::Probe)).collect().await;
    assert_eq!(words.last(), Some(&Err(WriterError::Unfit("unfit_private"))));
}
