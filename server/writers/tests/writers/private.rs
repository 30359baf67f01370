//! What is private is refused by the words and by a model that reads lines; by the words alone where none can.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use engine::{Answer, Reader, ReaderFailure, Writer, WriterError};
use futures::StreamExt as _;
use interview::LinePurpose;
use interview::reading::AnswerReading;
use writers::{LineGuard, guarded};

use crate::brief::brief;
use crate::scripted::ScriptedModel;

/// Takes every line to be as likely private as this.
struct FakeReader {
    likely: Result<u16, ReaderFailure>,
    read: Mutex<Vec<String>>,
}

#[async_trait]
impl Reader for FakeReader {
    async fn read(&self, _: Answer) -> Result<AnswerReading, ReaderFailure> {
        Err(ReaderFailure::Failed)
    }

    async fn private(&self, line: String) -> Result<u16, ReaderFailure> {
        self.read.lock().unwrap().push(line);
        self.likely
    }
}

/// What a line comes to where a model takes it to be so likely private, and what that model read.
async fn judged(
    line: &'static str,
    likely: Result<u16, ReaderFailure>,
) -> (Result<String, String>, Vec<String>) {
    let reader = Arc::new(FakeReader { likely, read: Mutex::default() });
    // The same at every try.
    let (model, _) = ScriptedModel::new(&[line, line], 3);
    let guard = LineGuard::new(Arc::new(model));
    guard.read_by(&(reader.clone() as Arc<dyn Reader>));
    let (mut out, mut end) = (String::new(), None);
    let mut words = guard.write(brief(LinePurpose::Probe));
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

/// Private by its words, whatever a model thinks.
const CERTAIN: &str = "How did your daughter sleep in those weeks?";

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
        // What its words are sure of is not cleared.
        (CERTAIN, Ok(0), refused()),
        // Nobody could read it: as its words say.
        (UNKNOWN, Err(ReaderFailure::Late), Ok(UNKNOWN.to_owned())),
        (KNOWN, Err(ReaderFailure::Late), refused()),
        (KNOWN, Err(ReaderFailure::Failed), refused()),
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
    let words: Vec<_> = worn.write(brief(LinePurpose::Probe)).collect().await;
    assert_eq!(words.last(), Some(&Err(WriterError::Unfit("unfit_private"))));
}

/// Whether a line may be said after these answers, where a model takes it to be so likely private.
fn may_ask(answers: &[&str], line: &str, likely: u16) -> bool {
    let mut brief = brief(LinePurpose::Probe);
    brief.so_far.answers.extend(answers.iter().map(|&answer| answer.to_owned()));
    writers::check(&brief, line, Some(likely)).is_ok()
}

#[test]
fn what_was_volunteered_may_be_taken_up_from_its_work_side_and_no_other() {
    let told = [
        "I came back to the ward after my parental leave, which was long.",
        "My daughter was ill in that week, so I worked nights.",
    ];
    // What is asked, and whether it may be: where a model is sure that it is private, and where it is sure that it is not.
    for (line, sure, clear) in [
        ("How long was your parental leave?", true, true),
        ("What had changed at work when you came back from your parental leave?", true, true),
        ("How did you arrange your shifts while your daughter was ill?", true, true),
        ("How did your daughter sleep in those weeks?", false, true),
        ("Do you plan another baby with your husband soon?", false, false),
        ("How old is your son?", false, false),
        ("How long did your husband stay at home?", false, false),
    ] {
        assert_eq!(may_ask(&told, line, 1000), sure, "{line} at 1000");
        assert_eq!(may_ask(&told, line, 0), clear, "{line} at 0");
        // Told by nobody, or of somebody else's: nothing of it is asked.
        for others in [&[][..], &["The patient's daughter was ill. Her husband was on parental leave."]] {
            assert!(!may_ask(others, line, 1000), "{line} after {others:?}");
        }
    }
}

#[test]
fn one_is_sorry_about_what_was_told_and_asks_nothing_about_it() {
    let told = ["I lost my baby in March, and then I went back to the ledger."];
    let sorry = "I am sorry that you lost your baby.";
    assert!(may_ask(&told, &format!("{sorry} What did Zoë take over in that time?"), 0));
    for question in [
        "Would you like to try again?",
        "Will you ever have another?",
        "How did you cope?",
        "Was it a hard time for your family?",
        "How are you feeling now?",
    ] {
        assert!(!may_ask(&told, &format!("{sorry} {question}"), 0), "{question}");
    }
    // Nobody told of it.
    assert!(!may_ask(&[], &format!("{sorry} What did Zoë take over in that time?"), 0));
    assert!(may_ask(&[], "I will not ask about your family. What did Zoë take over in that time?", 0));
}

#[test]
fn a_wish_to_know_is_read_as_the_question_that_it_is() {
    for (line, straight) in [
        ("I wonder what you left out.", "Tell me what you left out."),
        ("I'd be curious to hear what you left out.", "Tell me what you left out."),
        ("Four weeks, then. I would like to know how you began.", "Four weeks, then. Tell me how you began."),
        ("I wonder whether you are married.", "Tell me whether you are married."),
        ("I would love to hear about your age.", "Tell me about your age."),
        ("What did you leave out?", "What did you leave out?"),
        ("You wondered what to do. What did you do?", "You wondered what to do. What did you do?"),
    ] {
        assert_eq!(interview::manner::rephrase_as_request(line), straight);
    }
}
