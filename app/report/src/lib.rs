//! What can be learnt from an interview.
//!
//! [`report`] is a pure function of what is stored: what was said, how it was understood, when, what the system did
//! wrong, and what the candidate has struck. The same is always reported in the same way, on a server and in a browser.
//!
//! A [`Statement`] rests on at least one [`Quotation`], and a quotation can only be had by finding it in a message: what
//! nobody said cannot be stated. What was not found is "not found", never "not there"; where the system did harm, it is
//! not even that. There is no score.
#![warn(clippy::disallowed_methods)]

mod aspect;
mod aspect_mark;
pub mod carry;
mod compare;
mod competency;
mod delivery;
mod harm;
mod headline;
mod judgement;
mod measure;
mod papers;
mod performance;
mod quotation;
mod quote;
mod sentence;
mod statement;
mod story;
#[cfg(test)]
mod testing;
mod told;
mod wire;

use std::collections::BTreeMap;

use interview::Speaker;
use serde::{Serialize, Serializer};

pub use aspect::Aspect;
pub use aspect_mark::AspectMark;
pub use compare::{AnswerDifference, Comparison, DifferenceKind, Take, compare, last_reply_seq};
pub use competency::{Competency, CompetencyLevel, source, topics_of};
pub use delivery::{Delivery, length};
pub use harm::{Harm, PauseSummary, SpokenTurnMetrics, Trouble, VoiceRoomFault};
pub use headline::NextPractice;
pub use judgement::{
    BetterWording, JudgeReplies, Judgeable, Judgements, StatementRejection, StoryVerdict, TIMES, TokenUsage,
    judgeable,
};
pub use measure::Measures;
pub use papers::PaperCoverage;
pub use performance::Performance;
pub use quotation::Quotation;
pub use statement::{LONGEST_ID, Statement, StatementKind};
pub use story::{Story, StorylessReply};
pub use told::is_standalone_question;

/// The version of what a report holds and of the rules that it is made by.
pub const SCHEMA: u32 = 2;

/// What can be learnt from an interview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many answers were given.
    pub answers: usize,
    /// What went well.
    pub keep: Option<Statement>,
    /// What to work on.
    pub work_on: Option<Statement>,
    /// What to practise next.
    pub next: Option<NextPractice>,
    /// The stories, in order.
    pub stories: Vec<Story>,
    /// The questions that brought no story, in order.
    pub replies: Vec<StorylessReply>,
    /// What the posting asks for.
    pub posting: Option<PaperCoverage>,
    /// What the CV names.
    pub cv: Option<PaperCoverage>,
    /// Competencies.
    pub competencies: Vec<Competency>,
    /// How it was spoken.
    pub delivery: Option<Delivery>,
    /// What a model makes of the stories, as far as it holds.
    pub judgements: Option<Judgements>,
    /// What the system did to answers, by the number of their message.
    pub harms: BTreeMap<u32, Vec<Harm>>,
    /// The statements that the candidate has struck, as they would stand.
    pub struck: Vec<Statement>,
}

/// Looks back at an interview.
pub fn report(of: &Performance<'_>) -> Report {
    let harms = harm::harms(of.messages, of.spoken, of.troubles);
    let told = told::question_threads(of);
    let mut book = statement::Book::new(of.struck);
    let (stories, replies) = story::stories(&told, of, &harms, &mut book);
    let keep = headline::choose_keep(&stories, &mut book);
    let work_on = headline::work_on(&stories, &mut book);
    // A take of one question and a practised story are not about the papers.
    let of_papers = of.plan.stages.iter().any(|stage| stage.kind.introduces() || stage.posting);
    let (posting, cv) =
        if of_papers { (of.profile.job_description.as_str(), of.profile.cv.as_str()) } else { ("", "") };
    let next =
        headline::choose_next_practice(&stories, work_on.as_ref().map(|(aspect, _)| *aspect), &mut book);
    Report {
        answers: of.messages.iter().filter(|m| m.speaker == Speaker::Candidate).count(),
        keep,
        work_on: work_on.map(|(_, statement)| statement),
        next,
        posting: papers::posting(&told, posting, &of.profile.role, &mut book),
        cv: papers::cv(&told, cv, &mut book),
        competencies: competency::competencies(&stories, &told, &mut book),
        delivery: delivery::delivery(of, &harms, &mut book),
        judgements: of.judged.map(|it| judgement::judgements(it, &stories, of.messages, &mut book)),
        stories,
        replies,
        harms,
        struck: book.left_out,
    }
}

impl Report {
    /// Everything stated, in the order of the page.
    pub fn statements(&self) -> Vec<&Statement> {
        let headline =
            [self.keep.as_ref(), self.work_on.as_ref(), self.next.as_ref().map(|next| &next.statement)];
        let stories =
            self.stories.iter().flat_map(|story| &story.marks).filter_map(|(_, mark)| mark.statement());
        let papers = [&self.posting, &self.cv].into_iter().flatten().flat_map(|paper| &paper.heard);
        let competencies = self.competencies.iter().filter_map(|c| c.shown.as_ref().map(|(_, it)| it));
        let delivery = self.delivery.iter().map(|delivery| &delivery.statement);
        let judged = self.judgements.iter().flat_map(|it| {
            let verdicts = it.verdicts.iter().map(|verdict| &verdict.statement);
            verdicts.chain(it.wordings.iter().map(|wording| &wording.statement))
        });
        headline
            .into_iter()
            .flatten()
            .chain(stories)
            .chain(papers)
            .chain(competencies)
            .chain(delivery)
            .chain(judged)
            .collect()
    }
}

/// As programs get it: all statements in one list, and the parts of the page.
#[derive(Serialize)]
struct ReportDocument<'a> {
    schema: u32,
    answers: usize,
    statements: Vec<&'a Statement>,
    next_topic: Option<&'a str>,
    next_answer: Option<u32>,
    stories: &'a [Story],
    replies: &'a [StorylessReply],
    requirements: &'a Option<PaperCoverage>,
    cv: &'a Option<PaperCoverage>,
    competencies: &'a [Competency],
    competencies_source: &'static str,
    delivery: &'a Option<Delivery>,
    judgements: &'a Option<Judgements>,
    harms: &'a BTreeMap<u32, Vec<Harm>>,
    struck: &'a [Statement],
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let written = ReportDocument {
            schema: SCHEMA,
            answers: self.answers,
            statements: self.statements(),
            next_topic: self.next.as_ref().map(|next| next.topic.as_str()),
            next_answer: self.next.as_ref().and_then(|next| next.answer),
            stories: &self.stories,
            replies: &self.replies,
            requirements: &self.posting,
            cv: &self.cv,
            competencies: &self.competencies,
            competencies_source: source(),
            delivery: &self.delivery,
            judgements: &self.judgements,
            harms: &self.harms,
            struck: &self.struck,
        };
        written.serialize(to)
    }
}
