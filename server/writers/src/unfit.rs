//! Why a model's line is not said.

use interview::{Brief, LineDefect, unfit_words};
use thiserror::Error;

/// What is wrong with a line, in words that a model can mend it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Reason {
    /// The rules of the interview refuse it.
    #[error(transparent)]
    Rules(#[from] LineDefect),
    /// The line, or its question, is longer than can be held in the head.
    #[error("it was too long; say it in at most forty words")]
    TooLong,
    /// It stops in the middle of a sentence.
    #[error("it stopped in the middle of a sentence; finish it")]
    Unfinished,
    /// It is not in the interview's language, or in none.
    #[error("it was not in plain English; use English only")]
    Language,
    /// It holds lists, links, code, tags or placeholders.
    #[error("it held formatting or placeholders; write plain sentences only")]
    Markup,
    /// It speaks of itself, of its instructions, or about the candidate instead of to them.
    #[error("it spoke about itself or its directions; speak to the person, about their work")]
    Meta,
    /// It holds a piece of the prompt.
    #[error("it repeated its directions; use words of your own")]
    Leak,
    /// It promises something about the outcome or about what follows.
    #[error("it made a promise; promise nothing about the outcome or what follows")]
    Promise,
    /// It praises or judges.
    #[error("it judged the answer; no praise and no verdict, acknowledge by content or not at all")]
    Verdict,
    /// It asks about what no interviewer may ask.
    #[error("it touched something private; ask about work only")]
    Private,
    /// It ends the interview, or goes on to another part, where that is not due.
    #[error("it ended or left this part of the interview; stay in it")]
    Stage,
    /// It gives advice.
    #[error("it gave advice; ask, and advise nothing")]
    Advice,
    /// It is sarcastic.
    #[error("it sounded sarcastic; stay plain and kind")]
    Sarcasm,
    /// It blames.
    #[error("it put the blame on the person; ask what happened, without reproach")]
    Blame,
    /// It puts an answer into the person's mouth.
    #[error("it led the person to an answer; ask openly")]
    Leading,
    /// It states a name or a figure that nobody gave.
    #[error("it named something that was never said; take up only what was said or stands in the papers")]
    Unsaid,
    /// It says the person's words over again.
    #[error("it said the person's own words over again; take up a few of them at most, and ask")]
    Echo,
    /// It was said before, word for word.
    #[error("it was said before in the same words; say it in others")]
    SaidBefore,
}

impl Reason {
    /// All of them, each code once.
    pub const ALL: [Self; 21] = [
        Self::Rules(LineDefect::Empty),
        Self::Rules(LineDefect::NoQuestion),
        Self::Rules(LineDefect::ManyQuestions),
        Self::Rules(LineDefect::Repeats),
        Self::TooLong,
        Self::Unfinished,
        Self::Language,
        Self::Markup,
        Self::Meta,
        Self::Leak,
        Self::Promise,
        Self::Verdict,
        Self::Private,
        Self::Stage,
        Self::Advice,
        Self::Sarcasm,
        Self::Blame,
        Self::Leading,
        Self::Unsaid,
        Self::Echo,
        Self::SaidBefore,
    ];

    /// A word for logs, records and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rules(LineDefect::Empty) => "unfit_empty",
            Self::Rules(LineDefect::TooLong) | Self::TooLong => "unfit_too_long",
            Self::Rules(LineDefect::NoQuestion) => "unfit_no_question",
            Self::Rules(LineDefect::ManyQuestions) => "unfit_many_questions",
            Self::Rules(LineDefect::Repeats) => "unfit_repeats",
            Self::Unfinished => "unfit_unfinished",
            Self::Language => "unfit_language",
            Self::Markup => "unfit_markup",
            Self::Meta => "unfit_meta",
            Self::Leak => "unfit_leak",
            Self::Promise => "unfit_promise",
            Self::Verdict => "unfit_verdict",
            Self::Private => "unfit_private",
            Self::Stage => "unfit_stage",
            Self::Advice => "unfit_advice",
            Self::Sarcasm => "unfit_sarcasm",
            Self::Blame => "unfit_blame",
            Self::Leading => "unfit_leading",
            Self::Unsaid => "unfit_unsaid",
            Self::Echo => "unfit_echo",
            Self::SaidBefore => "unfit_said_before",
        }
    }
}

/// A line that is refused: why, and the words of it that are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRefusal {
    /// Why.
    pub reason: Reason,
    /// The words, for the model alone; empty if it is the whole line.
    pub words: String,
}

impl LineRefusal {
    /// For this reason, because of these words.
    pub(crate) fn of(reason: Reason, words: &str) -> Self {
        Self { reason, words: words.to_owned() }
    }

    /// Because a line is unfit by the rules of the interview.
    pub(crate) fn by_rules(unfit: LineDefect, brief: &Brief, text: &str) -> Self {
        Self { reason: unfit.into(), words: unfit_words(brief, text, unfit) }
    }

    /// Why, and which words, for the model.
    pub(crate) fn message_for_model(&self) -> String {
        if self.words.is_empty() {
            self.reason.to_string()
        } else {
            format!("{} (\"{}\")", self.reason, self.words)
        }
    }
}

impl From<Reason> for LineRefusal {
    fn from(reason: Reason) -> Self {
        Self { reason, words: String::new() }
    }
}
