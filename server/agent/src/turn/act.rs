//! What the floor says is to be done, and what it is told of our voice.

use tokio::time::Instant;

use crate::interview::{NotCaught, NoticedPauses};

/// What our voice does, as far as the floor is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlayoutState {
    /// Nothing.
    Silent,
    /// It speaks.
    Playing,
    /// It speaks softly: somebody else may be speaking.
    Ducked,
    /// It stopped for somebody, and may go on.
    Held,
}

/// A turn that is over.
#[derive(Clone, Debug, PartialEq)]
pub struct FinishedTurn {
    /// Its id.
    pub turn: String,
    /// What was said; never blank.
    pub text: String,
    /// When speech began.
    pub began: Instant,
    /// When speech ended.
    pub ended: Instant,
    /// When its words were known.
    pub heard: Instant,
    /// How likely the end was held to be.
    pub finished: Option<f32>,
    /// The pauses within it.
    pub pauses: NoticedPauses,
    /// How sure hearing is of the words, from 0 to 1, where it tells.
    pub sure: Option<f32>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum FloorAction {
    /// Ask how likely it is that they have finished, for this pause.
    Judge(u32),
    /// Readings are wanted fast, or no longer so.
    Hurry(bool),
    /// Speak softly.
    Duck,
    /// Speak as before.
    Unduck,
    /// Stop speaking, and keep the place.
    Hold,
    /// Go on where it stopped.
    Resume,
    /// Show these words of a turn.
    Caption {
        /// The turn.
        turn: String,
        /// All its words so far.
        text: String,
        /// Whether they will not change.
        last: bool,
    },
    /// Show no words of this turn any more: they are not what was said.
    Uncaption(String),
    /// Prepare a reply to a turn that may be over.
    Propose {
        /// The turn.
        turn: String,
        /// Its words.
        text: String,
    },
    /// The turn goes on: what was prepared is void.
    Withdraw,
    /// End the utterance for hearing.
    Commit {
        /// Whether its last words are awaited: they are not where the turn has its words already.
        wanted: bool,
    },
    /// Forget the utterance for hearing.
    Discard,
    /// Hearing has not answered: begin it anew.
    Reopen,
    /// The turn is over.
    Take(FinishedTurn),
    /// Say so: somebody spoke, and it is no record, or not all of it.
    Missed(NotCaught),
    /// Somebody speaks: silence counts from now.
    Activity,
}
