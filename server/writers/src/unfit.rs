//! Why a model's line is not said.

use thiserror::Error;

/// What is wrong with a line, in words that a model can mend it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Reason {
    /// The rules of the interview refuse it.
    #[error(transparent)]
    Rules(#[from] interview::Unfit),
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
    /// It was said before, word for word.
    #[error("it was said before in the same words; say it in others")]
    SaidBefore,
}

impl Reason {
    /// All of them, each code once.
    pub const ALL: [Self; 15] = [
        Self::Rules(interview::Unfit::Empty),
        Self::Rules(interview::Unfit::NoQuestion),
        Self::Rules(interview::Unfit::ManyQuestions),
        Self::Rules(interview::Unfit::Repeats),
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
        Self::SaidBefore,
    ];

    /// A word for logs, records and metrics.
    pub fn code(self) -> &'static str {
        match self {
            Self::Rules(interview::Unfit::Empty) => "unfit_empty",
            Self::Rules(interview::Unfit::TooLong) | Self::TooLong => "unfit_too_long",
            Self::Rules(interview::Unfit::NoQuestion) => "unfit_no_question",
            Self::Rules(interview::Unfit::ManyQuestions) => "unfit_many_questions",
            Self::Rules(interview::Unfit::Repeats) => "unfit_repeats",
            Self::Unfinished => "unfit_unfinished",
            Self::Language => "unfit_language",
            Self::Markup => "unfit_markup",
            Self::Meta => "unfit_meta",
            Self::Leak => "unfit_leak",
            Self::Promise => "unfit_promise",
            Self::Verdict => "unfit_verdict",
            Self::Private => "unfit_private",
            Self::Stage => "unfit_stage",
            Self::SaidBefore => "unfit_said_before",
        }
    }
}
