//! What a model makes of the stories, as far as it can be checked.
//!
//! Its replies are kept as they came and checked each time that the report is made, against the transcript as it is then.
//! What quotes, counts or names something that was not said in the story itself is dropped, and counted. A story is judged
//! by at least two replies, or not at all; where they differ, the level is a band.

mod check;
mod draft;
mod number;
mod rejection;
mod replies;

use std::collections::{BTreeMap, BTreeSet};

use interview::{Message, Speaker};
use serde::Serialize;

use crate::statement::{Book, StatementKind};
use crate::{CompetencyLevel, Quotation, Statement, Story, wire};
use check::StoryEvidence;
use draft::{Draft, QuotedClaim};
pub use rejection::StatementRejection;
pub use replies::{JudgeReplies, TokenUsage};

/// How often a model is asked for the same.
pub const TIMES: usize = 3;
/// Replies that have to agree that a story can be judged at all.
const LEAST: usize = 2;

/// What was left of a model's replies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgements {
    /// The model.
    pub model: String,
    /// How many replies there were.
    pub replies: usize,
    /// What they cost, as far as it is known.
    pub tokens: Option<TokenUsage>,
    /// The stories that were judged, in order.
    pub verdicts: Vec<StoryVerdict>,
    /// Stories in better words, in order.
    pub wordings: Vec<BetterWording>,
    /// How many statements were dropped, and why.
    pub dropped: BTreeMap<StatementRejection, usize>,
}

/// How a story was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoryVerdict {
    /// The number of the message that asks for the story.
    pub question: u32,
    /// The lowest and the highest level that it was given.
    #[serde(serialize_with = "wire::range")]
    pub level: (CompetencyLevel, CompetencyLevel),
    /// By how many replies.
    pub times: usize,
    /// Why, in the words of a reply of the middle level.
    pub statement: Statement,
}

/// A story in better words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BetterWording {
    /// The number of the message that asks for the story.
    pub question: u32,
    /// The words, and what they rest on.
    pub statement: Statement,
}

/// A story that a model may judge: its question, and what was said to it, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgeable {
    /// The number of the message that asks for it.
    pub question: u32,
    /// What was said: by whom, and the words.
    pub said: Vec<(Speaker, String)>,
}

/// The stories that can be judged: those whose words the system did not lose.
pub fn judgeable(stories: &[Story], messages: &[Message]) -> Vec<Judgeable> {
    let fit = stories.iter().filter(|story| is_judgeable(story));
    let told = fit.map(|story| {
        let last = story.answers.last().copied().unwrap_or(story.question);
        let said = messages.iter().filter(|message| (story.question..=last).contains(&message.seq));
        let said = said.map(|message| (message.speaker, message.text.clone())).collect();
        Judgeable { question: story.question, said }
    });
    told.collect()
}

fn is_judgeable(story: &Story) -> bool {
    !story.measures.harms.iter().any(|harm| harm.hides_words())
}

/// What is left of the replies.
pub(crate) fn judgements(
    judged: &JudgeReplies,
    stories: &[Story],
    messages: &[Message],
    book: &mut Book<'_>,
) -> Judgements {
    let mut dropped: BTreeMap<StatementRejection, usize> = BTreeMap::new();
    let told: BTreeMap<u32, StoryEvidence<'_>> = stories
        .iter()
        .filter(|story| is_judgeable(story))
        .map(|story| (story.question, StoryEvidence::new(messages, &story.answers)))
        .collect();
    let mut verdicts: BTreeMap<u32, Vec<(CompetencyLevel, Statement)>> = BTreeMap::new();
    let mut wordings: BTreeMap<u32, Statement> = BTreeMap::new();
    let mut drop = |why: StatementRejection| *dropped.entry(why).or_default() += 1;
    for reply in &judged.replies {
        // A story is judged once in a reply.
        let mut seen = BTreeSet::new();
        for draft in draft::drafts(reply) {
            let about = draft.and_then(|draft| Some((told.get(&draft.question)?, draft)));
            let Some((told, Draft { question, level, judgement, better })) =
                about.filter(|(_, draft)| seen.insert(draft.question))
            else {
                drop(StatementRejection::Unreadable);
                continue;
            };
            match level.zip(judgement).ok_or(StatementRejection::Unreadable).and_then(|(level, claim)| {
                let quotes = told.check_judgement(&claim)?;
                Ok((level, stated(StatementKind::Judgement, format!("judgement.{question}"), &claim, quotes)))
            }) {
                Ok((level, statement)) => {
                    verdicts.entry(question).or_default().extend(statement.map(|it| (level, it)));
                }
                Err(why) => drop(why),
            }
            match better.map(|claim| Ok((told.check_wording(&claim)?, claim))) {
                // The first that holds is as good as the next.
                Some(Ok((quotes, claim))) if !wordings.contains_key(&question) => {
                    let statement =
                        stated(StatementKind::Wording, format!("wording.{question}"), &claim, quotes);
                    wordings.extend(statement.map(|it| (question, it)));
                }
                Some(Err(why)) => drop(why),
                Some(Ok(_)) | None => {}
            }
        }
    }
    let mut kept = Vec::new();
    for (question, given) in verdicts {
        if given.len() < LEAST {
            *dropped.entry(StatementRejection::Alone).or_default() += given.len();
            continue;
        }
        kept.extend(verdict(question, given, book));
    }
    let wordings = wordings.into_iter();
    let wordings = wordings.filter_map(|(question, it)| {
        Some(BetterWording { question, statement: book.accept_unless_struck(it)? })
    });
    Judgements {
        model: judged.model.clone(),
        replies: judged.replies.len(),
        tokens: judged.tokens,
        verdicts: kept,
        wordings: wordings.collect(),
        dropped,
    }
}

/// The verdict of these, in the order in which they came.
fn verdict(
    question: u32,
    mut given: Vec<(CompetencyLevel, Statement)>,
    book: &mut Book<'_>,
) -> Option<StoryVerdict> {
    // The first of equals stays first.
    given.sort_by_key(|(level, _)| *level);
    let times = given.len();
    let level = (given.first()?.0, given.last()?.0);
    let middle = given.get((times - 1) / 2)?.0;
    let (_, statement) = given.into_iter().find(|(level, _)| *level == middle)?;
    Some(StoryVerdict { question, level, times, statement: book.accept_unless_struck(statement)? })
}

fn stated(kind: StatementKind, id: String, claim: &QuotedClaim, quotes: Vec<Quotation>) -> Option<Statement> {
    let mut quotes = quotes.into_iter();
    let statement = Statement::new(kind, id, claim.text.clone(), quotes.next()?);
    Some(quotes.fold(statement, Statement::with_quotation))
}
