//! Finds what an answer holds.
//!
//! Everything goes by word lists and small rules over the tokens of the answer, in one pass each: the same answer
//! is always heard in the same way, and a long one takes milliseconds. The lists stand under `lists/`.

mod asks;
mod cardinal;
mod conflict;
mod deeds;
mod elements;
mod grammar;
mod harm;
mod hook;
mod kind;
mod look;
mod loss;
mod none;
mod parsed;
mod particulars;
mod pattern;
mod remark;
mod substance;
mod tense;
mod token;
mod words;

pub use asks::{AskedBack, FollowUpCue, asks_back, asks_for_a_mistake, asks_the_interviewer, offer};
pub use cardinal::cardinal;
pub use conflict::conflicts;
use deeds::Deed;
pub use harm::{mentions_harm, tells_of_injury};
pub(crate) use hook::SLIPPED;
pub use hook::{
    Hook, begins_with_slip, closes, hook, own_slip, plays_down, speaks_of_you, takes_back, tells_a_change,
    words_of_deeds,
};
pub(crate) use look::wants_the_work;
pub use look::{
    count_figures, ends_in_own_deed, figures, measured_change, sentences, something_happens, stems,
    tells_a_choice, tells_of_the_past,
};
pub use loss::{Loss, loss};
pub use none::has_nothing_to_tell;
pub use parsed::AnswerContext;
use parsed::ParsedAnswer;
pub(crate) use pattern::{PhraseHit, Phrases, PlainWord, words_of};
pub use remark::{declines, denies, told_before};
pub use tense::{NarrativeTense, acts_alone, narrative_tense, tells_a_deed};
use token::AnswerTokenKind;
pub(crate) use token::abbreviated;
use unicode_segmentation::UnicodeSegmentation;
pub(crate) use words::{COURTESY, is_common, is_number_word, is_past, particular, stem};

use crate::heard::{AnswerAnalysis, AnswerKind};

/// Listens to one answer.
pub fn listen(text: &str, context: AnswerContext<'_>) -> AnswerAnalysis {
    let tokens = token::tokens(text);
    let plain = pattern::plain_words(&tokens);
    let deeds = deeds::deeds(&tokens);
    let hits = elements::cues(&plain);
    let has = |section: &str| hits.iter().any(|h| h.section == section);
    let said = ParsedAnswer {
        text,
        context,
        habits: hits.iter().filter(|h| h.section == "habit").count(),
        dated: has("date") || tokens.iter().any(elements::is_year),
        reasons: has("reasoning"),
        has_tool: (0..tokens.len()).any(|i| elements::tool_at(&tokens, i) > 0),
        has_name: particulars::has_name(&tokens),
        particular_figures: tokens
            .iter()
            .any(|t| t.sort == AnswerTokenKind::Figure || is_number_word(&t.low)),
        tokens,
        plain,
        deeds,
    };
    let (kind, about) = kind::kind(&said);
    let (own, common): (Vec<&Deed>, Vec<&Deed>) = said.deeds.iter().partition(|d| !d.we);
    let told = match kind {
        AnswerKind::Answer | AnswerKind::Short | AnswerKind::Vague => true,
        AnswerKind::OffTopic
        | AnswerKind::DontKnow
        | AnswerKind::AsksRepeat
        | AnswerKind::AsksClarify
        | AnswerKind::AsksSkip
        | AnswerKind::AsksMoveOn
        | AnswerKind::AsksStop
        | AnswerKind::AsksWait
        | AnswerKind::Trick
        | AnswerKind::Hostile => false,
    };
    AnswerAnalysis {
        kind,
        elements: if told {
            elements::elements(&said.tokens, &hits, !own.is_empty(), said.has_tool)
        } else {
            Vec::new()
        },
        voice: elements::voice(&said.plain, own.len(), common.len()),
        words: u32::try_from(text.unicode_words().count()).unwrap_or(u32::MAX),
        hedges: elements::hedges(&said.plain, &hits),
        feeling: elements::feeling(&said.plain, &hits),
        particulars: if told { particulars::particulars(&said) } else { Vec::new() },
        about,
    }
}
