//! Keep, work on, next: at most a sentence each.

use interview::listen::measured_change;
use serde::Serialize;

use crate::aspect::Aspect;
use crate::statement::{Book, StatementKind};
use crate::story::Story;
use crate::{Quotation, Statement};

/// What to practise next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextPractice {
    /// What, with words that tell which story it is about.
    pub statement: Statement,
    /// The topic to practise; empty if the question had none.
    pub topic: String,
    /// The number of the message that answers the story's question, by which that is asked again. `None` where a follow-up
    /// brought the story, which says nothing without what was told before it.
    pub answer: Option<u32>,
    /// What of the story it aims at.
    pub aspect: Aspect,
}

/// What is best worth keeping.
pub(crate) fn choose_keep(stories: &[Story], book: &mut Book<'_>) -> Option<Statement> {
    let said = |aspect: Aspect| move |story: &Story| story.surely_said(aspect).cloned();
    // How much better it got is no bad news, whatever it got better from.
    let fit = |quote: &Quotation| measured_change(quote.text()) || !is_bad_news(quote.text());
    let came = |story: &Story| story.surely_said(Aspect::Result).filter(|quote| fit(quote)).cloned();
    // The figure is one of what came of it.
    let with_figure = |story: &Story| {
        let (figure, result) = (story.surely_said(Aspect::Number)?, came(story)?);
        let both = figure.seq() == result.seq()
            && figure.place().start < result.place().end
            && result.place().start < figure.place().end;
        both.then(|| figure.clone()).filter(fit)
    };
    let candidates = [
        ("figure", "Here you say what came of it, with a figure", best_quotation(stories, with_figure)),
        ("result", "Here you say what came of it", best_quotation(stories, came)),
        (
            "reflection",
            "Here you say what you learnt from it",
            best_quotation(stories, said(Aspect::Reflection)),
        ),
        ("action", "Here you say what you did yourself", best_quotation(stories, said(Aspect::Action))),
        (
            "situation",
            "Here you say what the situation was",
            best_quotation(stories, said(Aspect::Situation)),
        ),
    ];
    candidates.into_iter().find_map(|(key, text, quote)| {
        let quote = quote.filter(|quote| !book.has_struck(StatementKind::Keep, quote))?;
        book.accept_unless_struck(Statement::new(StatementKind::Keep, format!("keep.{key}"), text, quote))
    })
}

/// Words of what went wrong, or was paid for it.
const BAD_NEWS: &str = "cost costs extra late loss lost lose losing delay delayed missed fail failed failing broke broken wrong sick overran \
    overrun angry unhappy complained died dead injured fined wasted hated refused cancelled closed sacked worse instead only threw binned \
    unfortunately sadly shouted cried hurt ruined sued blamed quit";

/// Whether it tells of what went wrong: nobody wants to be praised for that.
fn is_bad_news(text: &str) -> bool {
    let low = text.to_lowercase();
    let mut words = low.split(|c: char| !c.is_alphanumeric());
    words.any(|word| BAD_NEWS.split_whitespace().any(|bad| bad == word))
}

/// A quotation that says how much something changed, if there is one, else that of the fullest story; of equals the one of
/// the fittest length. One that is right is worth more than a count of all.
fn best_quotation(stories: &[Story], quote: impl Fn(&Story) -> Option<Quotation>) -> Option<Quotation> {
    let full = |story: &Story| Aspect::ALL.into_iter().filter(|aspect| story.says(*aspect)).count();
    let found = stories.iter().filter_map(|story| Some((full(story), quote(story)?)));
    let fittest = |quote: &Quotation| quote.text().split_whitespace().count().abs_diff(14) / 6;
    // The first of equals.
    let worth =
        |full: usize, quote: &Quotation| (measured_change(quote.text()), !is_bad_news(quote.text()), full);
    let best = found.min_by_key(|(full, quote)| (std::cmp::Reverse(worth(*full, quote)), fittest(quote)));
    best.map(|(_, quote)| quote)
}

/// In which order gaps are worth working on, and how much. No figure is: many a good story needs none.
const WORTH: [(Aspect, usize); 5] = [
    (Aspect::Result, 10),
    (Aspect::Action, 9),
    (Aspect::Part, 8),
    (Aspect::Reflection, 5),
    (Aspect::Situation, 5),
];

/// What is best worth working on, and which aspect that is.
pub(crate) fn work_on(stories: &[Story], book: &mut Book<'_>) -> Option<(Aspect, Statement)> {
    let mut gaps: Vec<(usize, Aspect)> = WORTH
        .iter()
        .map(|(aspect, worth)| (worth * stories.iter().filter(|story| story.lacks(*aspect)).count(), *aspect))
        .filter(|(weight, _)| *weight > 0)
        .collect();
    // The first of equals stays first.
    gaps.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    gaps.into_iter().find_map(|(_, aspect)| {
        let lacking: Vec<&Story> = stories.iter().filter(|story| story.lacks(aspect)).collect();
        let ends = |story: &&Story| story.mark(aspect)?.statement()?.quotes().first().cloned();
        let mut quotes = lacking.iter().filter_map(ends);
        let first = quotes.next()?;
        let (n, sought) = (lacking.len(), aspect.sought());
        let text = match (n, stories.len()) {
            (1, 1) => format!("We found no {sought} in your story; it ends with"),
            (1, all) => format!("We found no {sought} in one of {all} stories; it ends with"),
            (n, all) if n == all => {
                format!("We found no {sought} in any of {all} stories; the first ends with")
            }
            (n, all) => format!("We found no {sought} in {n} of {all} stories; the first ends with"),
        };
        let statement =
            Statement::new(StatementKind::WorkOn, format!("work_on.{}", aspect.key()), text, first);
        let statement = book.accept_unless_struck(quotes.fold(statement, Statement::with_quotation))?;
        Some((aspect, statement))
    })
}

/// What of a story is worth working on.
fn gaps(story: &Story) -> impl Iterator<Item = Aspect> {
    story.missing().filter(|aspect| WORTH.iter().any(|(known, _)| known == aspect))
}

/// What to practise: a story that lacks what is worth working on, else one that lacks something.
pub(crate) fn choose_next_practice(
    stories: &[Story],
    work_on: Option<Aspect>,
    book: &mut Book<'_>,
) -> Option<NextPractice> {
    // Of what is there much can be made; a story of which little is there is another matter.
    let told = |story: &Story| Aspect::ALL.into_iter().filter(|aspect| story.says(*aspect)).count() >= 2;
    let worth =
        |story: &Story| (work_on.is_some_and(|aspect| story.lacks(aspect)), told(story), gaps(story).count());
    let mut ranked: Vec<&Story> = stories.iter().filter(|story| gaps(story).count() > 0).collect();
    // The first of equals stays first.
    ranked.sort_by_key(|story| std::cmp::Reverse(worth(story)));
    ranked.into_iter().find_map(|story| {
        let aspect = work_on.filter(|aspect| story.lacks(*aspect)).or_else(|| gaps(story).next())?;
        let aim = match aspect {
            Aspect::Situation => "start with what the situation was",
            Aspect::Part | Aspect::Action => "say \u{201c}I\u{201d} for what you did",
            Aspect::Result => "go on to how it ended",
            Aspect::Number => "put a figure to it",
            Aspect::Reflection => "add what you learnt from it",
        };
        let text = format!("Tell this story again, and {aim}");
        let id = format!("next.{}", story.question);
        // What it was about says which story better than how it began: "Can I say the clinic, is that all right?"
        let about = story.said(Aspect::Situation).or(story.said(Aspect::Action)).unwrap_or(&story.begins);
        let statement =
            book.accept_unless_struck(Statement::new(StatementKind::Next, id, text, about.clone()))?;
        let answer = story.answers.first().copied().filter(|_| story.own_question);
        Some(NextPractice { statement, topic: story.topic.clone(), answer, aspect })
    })
}
