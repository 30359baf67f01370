//! What happens to a session, and what follows from it.

use serde::{Deserialize, Serialize};

use crate::reading::AnswerReading;
use crate::{AskId, Brief, LineSource, Message, Modality, Status, TurnId, UnixMillis, WriterFailure};

/// Something a candidate asks for with a button rather than with words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// The same question again.
    Repeat,
    /// Another question.
    Skip,
    /// The next stage.
    MoveOn,
    /// A moment to think.
    Wait,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The interview is opened. A second time it changes nothing.
    Start {
        /// The caller's turn.
        turn: TurnId,
        /// How the candidate begins.
        modality: Modality,
    },
    /// The candidate said something.
    Said {
        /// The caller's turn.
        turn: TurnId,
        /// The words; not blank.
        text: String,
        /// How they were said.
        modality: Modality,
        /// What was understood of all that was said since the last line, this included; `None`: it goes by words alone.
        reading: Option<Box<AnswerReading>>,
    },
    /// The candidate pressed a button that asks for something.
    Asked {
        /// The caller's turn.
        turn: TurnId,
        /// What is asked for.
        request: Request,
    },
    /// The candidate has been silent for long, as judged by a voice worker.
    Silence {
        /// The caller's turn.
        turn: TurnId,
    },
    /// The candidate is speaking, cannot be heard, or is still listening to a line: restarts the silence timer. It
    /// records nothing, and changes nothing unless the interview is under way: words go on after a pause, not noise.
    Activity {
        /// How the candidate takes part from now on: how long a silence may be depends on it.
        modality: Modality,
    },
    /// A writer gave the line that was asked for.
    Line {
        /// Which ask it answers; a line for another ask is dropped.
        ask: AskId,
        /// The words.
        text: String,
        /// What of the candidate's words it takes up, if the writer says so.
        took_up: Option<String>,
        /// Whose words they are.
        source: LineSource,
    },
    /// The filler of a brief was said while its line is waited for.
    StoodBy {
        /// Which ask it was.
        ask: AskId,
    },
    /// A writer will give no line.
    WriterFailed {
        /// Which ask it was.
        ask: AskId,
        /// What went wrong.
        failure: WriterFailure,
        /// The words that the candidate has seen of it; what stands in for the line goes on after them.
        shown: String,
    },
    /// A reply was interrupted: only this much of it was heard.
    Heard {
        /// The turn of the reply.
        turn: TurnId,
        /// The words that were heard: the beginning of the reply.
        text: String,
    },
    /// The candidate has corrected an answer: this is what they said. Also after the end.
    Corrected {
        /// The number of its message, which [`crate::may_correct`] allows.
        seq: u32,
        /// The words; not blank.
        text: String,
        /// What is understood, with these words, of all that was said between the lines around it; `None`: it goes by
        /// words alone.
        reading: Option<Box<AnswerReading>>,
    },
    /// An answer is understood that was not in time, when it was given. Nothing that was said changes by it.
    Understood {
        /// The number of the last message of the answer.
        seq: u32,
        /// What is understood of all that was said between the lines around it.
        reading: Box<AnswerReading>,
    },
    /// The interview is to end now.
    End {
        /// The caller's turn.
        turn: TurnId,
    },
    /// Time has passed.
    Tick,
}

/// Something to do or to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// A message was added to the transcript.
    Record(Message),
    /// A message was cut to what was heard, or corrected, or is understood anew: this is its new form.
    Amend(Message),
    /// Words are wanted from the writer.
    Ask(Box<Brief>),
    /// Nobody waits for this ask any more.
    Cancel(AskId),
    /// A stage was entered.
    Entered {
        /// Its id.
        stage: String,
        /// When.
        at: UnixMillis,
    },
    /// The status changed.
    Became(Status),
    /// The writer was replaced by the built-in interviewer for one line, for this reason.
    FellBack {
        /// Which ask it was.
        ask: AskId,
        /// Why.
        failure: WriterFailure,
    },
}
