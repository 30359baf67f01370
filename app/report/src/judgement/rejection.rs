//! Why a statement of a model's is dropped.

use serde::Serialize;

/// Why a statement of a model's is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementRejection {
    /// It cannot be read, or is about no story.
    Unreadable,
    /// It quotes what was not said.
    Quotation,
    /// It has a number that was not said.
    Number,
    /// It has a name that was not said.
    Name,
    /// It tells more than was said.
    Invented,
    /// It judges what cannot be judged here: the person, how they felt, how they sounded.
    OutOfBounds,
    /// It is too long, or no plain text.
    Unfit,
    /// No second reply judged the same story.
    Alone,
}

impl StatementRejection {
    /// What was wrong with it, after "it".
    pub fn words(self) -> &'static str {
        match self {
            Self::Unreadable => "could not be read",
            Self::Quotation => "quoted what you did not say",
            Self::Number => "had a number that you did not give",
            Self::Name => "had a name that you did not give",
            Self::Invented => "went beyond what you said",
            Self::OutOfBounds => "judged you instead of your story",
            Self::Unfit => "used formatting or ran too long",
            Self::Alone => "came up in only one of its answers",
        }
    }
}
