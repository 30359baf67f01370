//! What a report is made of, described for programs. The crate `report` writes it; a test holds the two together.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Words of the candidate's.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiQuote {
    /// The number of the message.
    seq: u32,
    /// The words, which stand in the message as they are here.
    text: String,
}

/// A sentence about the interview, with the words that it rests on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiStatement {
    /// Its name: the same statement on the same words has the same.
    id: String,
    /// `keep`, `work_on`, `next`, `story`, `posting`, `cv`, `competency`, `delivery`, `judgement` or `wording`.
    kind: String,
    /// The sentence; the first quotation goes with its end.
    text: String,
    /// What it rests on; never empty.
    quotes: Vec<ApiQuote>,
}

/// From and to.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiRange {
    least: usize,
    most: usize,
}

/// What was counted of the answers to a question.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiMeasures {
    /// Their words.
    words: usize,
    /// How many words such a question usually wants.
    wants: ApiRange,
    /// How long they took to say, in milliseconds; null unless all of them were spoken and measured.
    spoke_ms: Option<i64>,
    /// How often they say "I", "me", "my".
    own: usize,
    /// How often they say "we", "us", "our".
    common: usize,
    /// Hedges: "kind of", "I guess", "maybe".
    hedges: u32,
    /// Their figures, each with the words around it.
    figures: Vec<ApiQuote>,
    /// What the system did to them: `heard_badly`, `dropout`, `cut_in_on`, `question_broken` or `late_line`.
    harms: Vec<String>,
}

/// What there is of an aspect of a story.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiMark {
    /// `situation`, `part`, `action`, `result`, `number` or `reflection`.
    aspect: String,
    /// `said`, `partly`, `unclear` (nobody can tell), `not_found`, or `struck`: the candidate has said that this is wrong.
    mark: String,
    /// It as a statement; not there where it is unclear or struck.
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<ApiStatement>,
}

/// A story.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiStory {
    /// What it is about, in a few words.
    title: String,
    /// The topic's key in the plan; empty if it has none.
    topic: String,
    /// The number of the question's message.
    question: u32,
    /// The numbers of the messages that tell it.
    answers: Vec<u32>,
    /// How it begins.
    begins: ApiQuote,
    /// What there is of each aspect, in their order.
    marks: Vec<ApiMark>,
    /// What was counted of it.
    measures: ApiMeasures,
}

/// How much of a competency was shown.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiShown {
    /// `weak`, `sound` or `strong`.
    level: String,
    /// What carries it, with two quotations or more.
    statement: ApiStatement,
}

/// A competency of which a story was told.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiCompetency {
    /// Its name.
    name: String,
    /// What the best answer showed of it; null where not enough was said.
    shown: Option<ApiShown>,
}

/// A spoken answer that is not measured.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiLeftOut {
    /// The number of its message.
    seq: u32,
    /// What the system did to it, as in `measures`.
    harm: String,
}

/// Pauses of a second or more.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiPauses {
    /// How many.
    count: usize,
    /// The longest, in milliseconds.
    longest_ms: i64,
}

/// How the spoken answers were spoken, as far as it was measured.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiDelivery {
    /// It in a sentence or two, with how the longest answer begins.
    statement: ApiStatement,
    /// How many answers are measured.
    answers: usize,
    /// Those that are not, and why.
    left_out: Vec<ApiLeftOut>,
    /// Words a minute.
    words_a_minute: usize,
    /// The longest answer, in milliseconds.
    longest_ms: i64,
    /// Pauses of a second or more within the answers; null where they were not measured.
    pauses: Option<ApiPauses>,
    /// "Um", "er" and the like, as far as hearing wrote them down.
    fillers: usize,
    /// Of a hundred words said in those exchanges, how many were the candidate's.
    share: usize,
}

/// A question that brought no story.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiReply {
    /// What it is about, in a few words.
    title: String,
    /// The number of the question's message.
    question: u32,
    /// The numbers of the messages that answer it; none if it was passed over.
    answers: Vec<u32>,
    /// How the answer begins; null if there is none.
    begins: Option<ApiQuote>,
    /// What was counted of it.
    measures: ApiMeasures,
}

/// What a posting asks for, or a CV names.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiPaper {
    /// What came up of it: an answer names it, or answers a question on it.
    came_up: Vec<ApiStatement>,
    /// Its lines that no answer names in these words.
    not_in_these_words: Vec<String>,
}

/// The lowest and the highest level of several.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiBand {
    /// `weak`, `sound` or `strong`.
    least: String,
    most: String,
}

/// How a model judges a story.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiVerdict {
    /// The number of the message that asks for the story.
    question: u32,
    /// The levels that it was given.
    level: ApiBand,
    /// By how many replies; two at least.
    times: usize,
    /// Why.
    statement: ApiStatement,
}

/// A story in better words.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiWording {
    /// The number of the message that asks for the story.
    question: u32,
    /// The words, and what they rest on.
    statement: ApiStatement,
}

/// What a model's replies cost.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiTokens {
    /// Tokens that it read.
    read: u64,
    /// Tokens that it wrote.
    written: u64,
}

/// What a model makes of the stories, as far as each quotation, number and name of it is found in them.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiJudgements {
    /// The model.
    model: String,
    /// How many replies there were.
    replies: usize,
    /// What they cost; null where its server does not say so.
    tokens: Option<ApiTokens>,
    /// The stories that were judged.
    verdicts: Vec<ApiVerdict>,
    /// Stories in better words.
    wordings: Vec<ApiWording>,
    /// How many statements were dropped: `unreadable`, `quotation`, `number`, `name`, `invented`, `out_of_bounds`, `unfit`
    /// or `alone`.
    dropped: BTreeMap<String, usize>,
}

/// A report.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiReport {
    /// The version of what a report holds.
    schema: u32,
    /// How many answers were given.
    answers: usize,
    /// Everything stated, in the order of the page.
    statements: Vec<ApiStatement>,
    /// The topic that `next` is about; null where there is nothing to practise.
    next_topic: Option<String>,
    /// The message of which a take tells the story of `next` again; null where there is nothing to practise, and where a
    /// follow-up brought the story.
    next_answer: Option<u32>,
    /// The stories, in order.
    stories: Vec<ApiStory>,
    /// The questions that brought no story.
    replies: Vec<ApiReply>,
    /// What the posting asks for; null where it names nothing.
    requirements: Option<ApiPaper>,
    /// The same of the CV.
    cv: Option<ApiPaper>,
    /// Each competency of which a story was told.
    competencies: Vec<ApiCompetency>,
    /// Where the levels come from.
    competencies_source: String,
    /// How it was spoken; null for what was typed, and where too little was measured.
    delivery: Option<ApiDelivery>,
    /// What a model makes of the stories; null where none was asked, or it has not replied yet.
    judgements: Option<ApiJudgements>,
    /// What the system did to answers, by the number of their message; named as in `measures`.
    harms: BTreeMap<String, Vec<String>>,
    /// What the candidate has struck.
    struck: Vec<ApiStatement>,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use interview::{
        LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
    };
    use report::{PauseSummary, Performance, SpokenTurnMetrics, Trouble, VoiceRoomFault};

    use super::*;

    /// A message of an interview; without a topic it is an answer.
    fn message(seq: u32, topic: Option<&str>, text: &str) -> Message {
        let why = topic.map(|topic| LineRationale::new(LinePurpose::Question, Some(topic.to_owned())));
        Message {
            seq,
            speaker: if why.is_some() { Speaker::Interviewer } else { Speaker::Candidate },
            stage: "past_experience".to_owned(),
            modality: Modality::Voice,
            text: text.to_owned(),
            at: i64::from(seq) * 60_000,
            turn: TurnId(format!("turn-{seq}")),
            source: why.as_ref().map(|_| LineSource::Bank),
            why,
            cut: false,
            reading: None,
            original: None,
        }
    }

    #[test]
    fn what_is_described_is_what_is_given() {
        let story = "When I joined the warehouse in 2019 the stock never matched. I counted every aisle myself, and I \
            wrote a list for the night shift. In the end we lost 12 pallets a month less. I learned to ask early.";
        let messages = [
            message(1, Some("ownership"), "What did you own?"),
            message(2, None, story),
            message(3, Some("conflict"), "And when you disagreed?"),
            message(4, None, story),
            message(5, Some("failure"), "And when it went wrong?"),
            message(6, None, "Not now."),
        ];
        let profile =
            Profile::new("Ada", "Stock clerk", Seniority::Mid, "", "- Experience with ledgers").unwrap();
        let plan = Plan::named("standard").unwrap();
        let spoken = |seq| SpokenTurnMetrics {
            turn: format!("turn-{seq}"),
            spoke: 40_000,
            replied: 900,
            pauses: Some(PauseSummary { count: 1, longest: 1_500 }),
            sure: Some(90),
        };
        let troubles = [Trouble { at: messages[3].at, what: VoiceRoomFault::Hearing }];
        let of = |messages, struck: &BTreeSet<String>| {
            let spoken = [spoken(2), spoken(4)];
            let (profile, plan) = (&profile, &plan);
            let of = Performance {
                profile,
                plan,
                messages,
                spoken: &spoken,
                troubles: &troubles,
                struck,
                judged: None,
            };
            serde_json::to_value(report::report(&of)).unwrap()
        };
        let struck = BTreeSet::from(["story.1.action".to_owned()]);
        for (given, has_all) in [
            (of(&[], &BTreeSet::new()), false),
            (of(&messages, &BTreeSet::new()), true),
            (of(&messages, &struck), true),
        ] {
            let described: ApiReport = serde_json::from_value(given.clone()).unwrap();
            let counts = [described.stories.len(), described.replies.len(), described.competencies.len()];
            assert_eq!(counts.iter().all(|n| *n > 0), has_all, "{counts:?}");
            assert_eq!(described.delivery.as_ref().is_some_and(|it| !it.left_out.is_empty()), has_all);
            assert_eq!(serde_json::to_value(described).unwrap(), given);
        }
        let mark = &of(&messages, &struck)["stories"][0]["marks"][2];
        assert_eq!(*mark, serde_json::json!({ "aspect": "action", "mark": "struck" }));
    }
}
