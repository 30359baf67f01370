//! The claim ledger: what introductions claimed, beside what stories showed, and where two interviews do not fit together.
//! Whether a claim is true nobody here knows: what does not fit is a question.

mod number;
mod quantity;
mod questions;

use interview::heard::ParticularKind;
use interview::listen::{self, AnswerContext};
use interview::{Message, Speaker, UnixMillis};
use report::Quotation;

use self::quantity::{Quantity, quantities};
use crate::{ReportedInterview, in_order};

/// So many claims of each sort are listed.
const MOST_CLAIMS: usize = 4;
/// So many stories are named beside a claim.
const MOST_SHOWN: usize = 3;

/// What is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClaimKind {
    /// How long they have done something.
    Years,
    /// How many people were led, or in the team.
    Team,
    /// A tool or a technique.
    Tool,
    /// Any other number, with what it counts.
    Figure,
}

/// Words of the person's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerQuote {
    /// In which interview, as a place in what was given.
    pub interview: usize,
    /// The words.
    pub quote: Quotation,
}

/// Something that introductions claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What sort of thing.
    pub sort: ClaimKind,
    /// Where it is claimed, the latest interview first, one place in each.
    pub said: Vec<LedgerQuote>,
    /// Where stories show it, the latest interview first, one place in each. Years are shown by none: see
    /// [`ClaimKind::can_be_shown`].
    pub shown: Vec<LedgerQuote>,
}

/// Two figures for what seems to be one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureDiscrepancy {
    /// What sort of thing.
    pub sort: ClaimKind,
    /// What was said in the earlier interview.
    pub earlier: LedgerQuote,
    /// What was said in the later one.
    pub later: LedgerQuote,
}

/// What was claimed in several interviews.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// What introductions claimed, by sort, the latest claimed first.
    pub claims: Vec<Claim>,
    /// What does not fit together: of each kind of thing one first, what two introductions say before what a story says, the
    /// latest first.
    pub questions: Vec<FigureDiscrepancy>,
}

impl ClaimKind {
    const ALL: [Self; 4] = [Self::Years, Self::Team, Self::Tool, Self::Figure];

    /// Its name in what is kept.
    pub fn key(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Team => "team",
            Self::Tool => "tool",
            Self::Figure => "figure",
        }
    }

    /// The one of this name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.key() == key)
    }

    /// True for what a story can show.
    pub fn can_be_shown(self) -> bool {
        match self {
            Self::Years => false,
            Self::Team | Self::Tool | Self::Figure => true,
        }
    }
}

/// Something said, in an introduction or in a story.
struct Fact {
    sort: ClaimKind,
    said: LedgerQuote,
    /// True if an introduction says it.
    claimed: bool,
    /// The words that make it what it is: a tool's stems, or what is counted.
    key: Vec<String>,
    /// How many, if it is a quantity.
    quantity: Option<Quantity>,
    /// Names in the same sentence.
    names: Vec<String>,
    at: UnixMillis,
}

/// The ledger of these interviews. What `settled` says of figures of one sort in the earlier and the later of two places,
/// both are right, is asked no more, nor is the same of any other two.
pub fn ledger(
    held: &[ReportedInterview<'_>],
    settled: impl Fn(ClaimKind, &LedgerQuote, &LedgerQuote) -> bool,
) -> Ledger {
    let facts: Vec<Fact> = in_order(held).into_iter().flat_map(|at| facts(at, &held[at])).collect();
    Ledger { claims: claims(&facts, held), questions: questions::questions(&facts, settled) }
}

/// What was said in one interview, in order.
fn facts(at: usize, held: &ReportedInterview<'_>) -> Vec<Fact> {
    let mut found = Vec::new();
    for message in held.messages.iter().filter(|message| message.speaker == Speaker::Candidate) {
        let stage = held.plan.stages.iter().find(|stage| stage.id == message.stage);
        if stage.is_some_and(|stage| stage.kind.closes()) {
            continue;
        }
        let claimed = stage.is_some_and(|stage| stage.kind.introduces());
        for place in listen::sentences(&message.text) {
            let sentence = message.text.get(place).unwrap_or_default();
            found.extend(of_sentence(message, sentence, (at, held.at), claimed));
        }
    }
    found
}

fn of_sentence(
    message: &Message,
    sentence: &str,
    (interview, at): (usize, UnixMillis),
    claimed: bool,
) -> Vec<Fact> {
    let heard = listen::listen(sentence, AnswerContext { question: "", role: "", pasted: "" });
    let of_kind =
        |kind| heard.particulars.iter().filter(move |it| it.kind == kind).map(|it| it.words.as_str());
    let names: Vec<String> = of_kind(ParticularKind::Name).map(str::to_lowercase).collect();
    let fact = |sort, words: &str, key, quantity| {
        let quote = Quotation::find(message, words)?;
        let said = LedgerQuote { interview, quote };
        Some(Fact { sort, said, claimed, key, quantity, names: names.clone(), at })
    };
    // Names alone: "a prototype" claims nothing.
    let named = of_kind(ParticularKind::Tool).filter(|tool| tool.chars().any(char::is_uppercase));
    let tools = named.filter_map(|tool| fact(ClaimKind::Tool, tool, listen::stems(tool), None));
    let mut found: Vec<Fact> = tools.filter(|fact| !fact.key.is_empty()).collect();
    found.extend(quantities(sentence).into_iter().filter_map(|it| {
        let words = sentence.get(it.place.clone())?;
        fact(it.sort, words, vec![it.unit.clone(), it.value.to_string()], Some(it))
    }));
    found
}

fn claims(facts: &[Fact], held: &[ReportedInterview<'_>]) -> Vec<Claim> {
    let mut claims: Vec<(&Fact, Claim)> = Vec::new();
    for fact in facts.iter().rev().filter(|fact| fact.claimed) {
        let known = claims.iter_mut().find(|(first, _)| (first.sort, &first.key) == (fact.sort, &fact.key));
        match known {
            Some((_, claim)) => push_once_per_interview(&mut claim.said, &fact.said),
            None => {
                let claim = Claim {
                    sort: fact.sort,
                    said: vec![fact.said.clone()],
                    shown: find_story_evidence(fact, facts, held),
                };
                claims.push((fact, claim));
            }
        }
    }
    let mut listed: Vec<Claim> = Vec::new();
    for (_, claim) in claims {
        if listed.iter().filter(|known| known.sort == claim.sort).count() < MOST_CLAIMS {
            listed.push(claim);
        }
    }
    listed.sort_by_key(|claim| claim.sort);
    listed
}

/// Where stories show what is claimed.
fn find_story_evidence(claim: &Fact, facts: &[Fact], held: &[ReportedInterview<'_>]) -> Vec<LedgerQuote> {
    let mut found = Vec::new();
    if !claim.sort.can_be_shown() {
        return found;
    }
    let stories = || facts.iter().rev().filter(|fact| !fact.claimed);
    match claim.sort {
        // A story may name a tool in words of which no list knows that they are one.
        ClaimKind::Tool => {
            let words = claim.said.quote.text();
            for at in in_order(held).into_iter().rev() {
                let told = held[at].messages.iter().filter(|message| is_story(message, &held[at]));
                let quote = told.filter_map(|message| in_any_case(message, words)).next();
                if let Some(quote) = quote {
                    push_once_per_interview(&mut found, &LedgerQuote { interview: at, quote });
                }
            }
        }
        ClaimKind::Years | ClaimKind::Team | ClaimKind::Figure => {
            for fact in stories().filter(|fact| (fact.sort, &fact.key) == (claim.sort, &claim.key)) {
                push_once_per_interview(&mut found, &fact.said);
            }
        }
    }
    found.truncate(MOST_SHOWN);
    found
}

fn is_story(message: &Message, held: &ReportedInterview<'_>) -> bool {
    let stage = held.plan.stages.iter().find(|stage| stage.id == message.stage);
    message.speaker == Speaker::Candidate && stage.is_none_or(|stage| stage.kind.tells_stories())
}

/// Words where they stand in a message, small or capital.
fn in_any_case(message: &Message, words: &str) -> Option<Quotation> {
    let (text, sought) = (message.text.to_ascii_lowercase(), words.to_ascii_lowercase());
    let places = text.match_indices(&sought).filter_map(|(at, _)| message.text.get(at..at + sought.len()));
    places.filter_map(|found| Quotation::find(message, found)).next()
}

/// Takes in what is the first of its interview.
fn push_once_per_interview(all: &mut Vec<LedgerQuote>, said: &LedgerQuote) {
    if !all.iter().any(|known| known.interview == said.interview) {
        all.push(said.clone());
    }
}
