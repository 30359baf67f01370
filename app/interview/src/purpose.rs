//! What a line of the interviewer is for.

use serde::{Deserialize, Serialize};

/// What the next line of the interviewer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinePurpose {
    /// Greets by name and asks the first, easy question.
    Opening,
    /// Asks about a new topic of the stage.
    Question,
    /// Asks for the one thing that is missing from the occasion being told.
    Probe,
    /// Moves to the next stage: acknowledges, bridges, asks its first question.
    Transition,
    /// Says the current question again, a little shorter, because it was asked for.
    Repeat,
    /// Answers "what do you mean?" in a sentence and asks the current question in other words.
    Clarify,
    /// Brings an answer that is beside the point back, once, with the question in other words.
    Redirect,
    /// Makes the question smaller for someone who does not know.
    Smaller,
    /// Asks for one occasion, or the first concrete step, after a vague or very short answer.
    Concrete,
    /// A human word after something painful, and an offer to go on elsewhere.
    Care,
    /// Says that this stays an interview, and asks on.
    Boundary,
    /// Agrees to wait ("give me a moment").
    Wait,
    /// A gentle word into a silence; asks nothing new.
    Nudge,
    /// Offers to move on after a longer silence.
    Offer,
    /// Thanks by name with one true particular; the interview ends with it. No question.
    Closing,
}

impl LinePurpose {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Opening,
        Self::Question,
        Self::Probe,
        Self::Transition,
        Self::Repeat,
        Self::Clarify,
        Self::Redirect,
        Self::Smaller,
        Self::Concrete,
        Self::Care,
        Self::Boundary,
        Self::Wait,
        Self::Nudge,
        Self::Offer,
        Self::Closing,
    ];

    /// True when a line of this purpose asks exactly one question; false when it asks none.
    pub fn asks(self) -> bool {
        match self {
            Self::Closing | Self::Wait | Self::Nudge => false,
            Self::Opening
            | Self::Question
            | Self::Probe
            | Self::Transition
            | Self::Repeat
            | Self::Clarify
            | Self::Redirect
            | Self::Smaller
            | Self::Concrete
            | Self::Care
            | Self::Boundary
            | Self::Offer => true,
        }
    }

    /// True when a line of this purpose asks something new, which must not repeat an earlier question.
    pub fn asks_anew(self) -> bool {
        match self {
            Self::Opening
            | Self::Question
            | Self::Probe
            | Self::Transition
            | Self::Smaller
            | Self::Concrete
            | Self::Care
            | Self::Boundary => true,
            Self::Repeat
            | Self::Clarify
            | Self::Redirect
            | Self::Wait
            | Self::Nudge
            | Self::Offer
            | Self::Closing => false,
        }
    }
}
