//! What a small model understood of an answer. A reading is a value: it comes with the answer, is stored with its message,
//! and decides nothing; the rules do.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $key:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $key)] $item,)*
        }

        impl $name {
            /// All of them, in the order of the labels that the model is trained on.
            pub const ALL: &[Self] = &[$(Self::$item,)*];

            /// Its name in data files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$item => $key,)* }
            }

            /// The one of this name.
            pub fn from_key(key: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|item| item.key() == key)
            }
        }
    };
}

words! {
    /// What a sentence does.
    Role {
        /// Who they are, where they work.
        Background = "background",
        /// The context, the problem.
        Situation = "situation",
        /// What they had to achieve; a responsibility, a constraint.
        Task = "task",
        /// Something concretely done.
        Action = "action",
        /// What came of it.
        Result = "result",
        /// What they learnt, would do differently, think of it.
        Reflection = "reflection",
        /// Why they want or like something.
        Motivation = "motivation",
        /// A general view, how they usually work.
        Opinion = "opinion",
        /// Does not know, refuses, jokes, is off topic.
        Nonanswer = "nonanswer",
        /// Greeting, small talk, throat clearing.
        Filler = "filler",
    }
}

words! {
    /// Who acts in a sentence.
    Who {
        /// The candidate.
        I = "I",
        /// A group with the candidate in it.
        We = "we",
        /// Somebody else.
        Other = "other",
        /// Nobody.
        None = "none",
    }
}

words! {
    /// How what a sentence tells went.
    Tone {
        /// A failure, mistake, loss, illness, dismissal, conflict.
        Setback = "setback",
        /// It went well.
        Success = "success",
        /// Neither.
        Neutral = "neutral",
    }
}

words! {
    /// What an answer can hold.
    Part {
        /// The context, the problem.
        Situation = "situation",
        /// What was to be achieved.
        Task = "task",
        /// What was done.
        Action = "action",
        /// What came of it.
        Result = "result",
        /// What they make of it.
        Reflection = "reflection",
        /// What the candidate did, as apart from others.
        OwnPart = "own_part",
        /// Other persons.
        People = "people",
        /// Figures, counts, lengths of time.
        Numbers = "numbers",
    }
}

words! {
    /// What a skilled interviewer notices in an answer.
    Situation {
        /// Something got better, and no number says how much.
        ClaimWithoutFigure = "claim_without_figure",
        /// A measured change.
        FigureBeforeAfter = "figure_before_after",
        /// Somebody refused or resisted.
        SaidNo = "said_no",
        /// A rule was broken or stretched.
        RuleBent = "rule_bent",
        /// Their own mistake.
        OwnMistake = "own_mistake",
        /// Others are blamed.
        OthersBlamed = "others_blamed",
        /// The story stops before its end.
        Unfinished = "unfinished",
        /// Only "we".
        TeamClaim = "team_claim",
        /// No occasion.
        Generality = "generality",
        /// A choice without its reason.
        DecisionUnexplained = "decision_unexplained",
        /// An outcome without how.
        MethodUnexplained = "method_unexplained",
        /// A change of path: career, job, city.
        TurningPoint = "turning_point",
        /// Death, illness, dismissal, accident, burn-out.
        HardEvent = "hard_event",
        /// Plays their own part down.
        Modesty = "modesty",
        /// Is proud of it.
        Pride = "pride",
        /// A conflict told from one side.
        OneSidedConflict = "one_sided_conflict",
        /// Answers something else.
        Dodge = "dodge",
        /// Nothing is missing.
        CompleteStory = "complete_story",
        /// A job described, nothing that happened.
        ListOfDuties = "list_of_duties",
        /// "I like people."
        GenericMotivation = "generic_motivation",
        /// A reason of their own.
        SpecificMotivation = "specific_motivation",
        /// A gap in the CV.
        CvGap = "cv_gap",
        /// Nothing to do with the question.
        OffTopic = "off_topic",
        /// Does not know.
        Blank = "blank",
        /// A bare phrase.
        ShortFact = "short_fact",
        /// Detail without its purpose.
        TechnicalHeavy = "technical_heavy",
        /// Does not fit what was said.
        Contradiction = "contradiction",
        /// Moved by what they tell.
        EmotionShown = "emotion_shown",
    }
}

words! {
    /// Kinds of next question that ask for the same sort of thing.
    Ask {
        /// The candidate's own share.
        OwnPart = "own_part",
        /// One occasion, or what was meant.
        Example = "example",
        /// How it was done, from the first step on.
        Detail = "detail",
        /// What it was about, for whom, how large.
        Context = "context",
        /// Why, and instead of what.
        Reasoning = "reasoning",
        /// What was hardest, what stood in the way.
        Hard = "hard",
        /// How the others saw it.
        OtherSide = "other_side",
        /// What came of it, and how they know.
        Result = "result",
        /// What it left behind, what they would do differently.
        Learned = "learned",
        /// Why they want this, what they bring along.
        Motivation = "motivation",
        /// Something else: nothing is missing.
        NewTopic = "new_topic",
        /// An easier way in.
        CloseGently = "close_gently",
    }
}

words! {
    /// Kinds of next question.
    Probe {
        /// Which share was theirs.
        OwnPart = "own_part",
        /// Who else was in it, and how the work was shared.
        Collaboration = "collaboration",
        /// One occasion.
        Example = "example",
        /// What was meant.
        Clarify = "clarify",
        /// How it began.
        FirstStep = "first_step",
        /// How it was done.
        Detail = "detail",
        /// More of the same.
        Depth = "depth",
        /// What it was about.
        Context = "context",
        /// What was to be achieved.
        Task = "task",
        /// How large it was.
        Scale = "scale",
        /// When, and for how long.
        Timeline = "timeline",
        /// Why it was done so.
        Reasoning = "reasoning",
        /// What else could have been done.
        Alternatives = "alternatives",
        /// What it cost.
        TradeOff = "trade_off",
        /// What came first.
        Priorities = "priorities",
        /// What stood in the way.
        Obstacle = "obstacle",
        /// Which moment was hardest.
        HardMoment = "hard_moment",
        /// How the others saw it.
        OtherSide = "other_side",
        /// What came of it.
        Result = "result",
        /// How they know, and how much.
        Measure = "measure",
        /// What others said.
        Reaction = "reaction",
        /// What it left behind.
        Learned = "learned",
        /// What they would do differently.
        Differently = "differently",
        /// What of it serves them now.
        Transfer = "transfer",
        /// Why they want it.
        Motivation = "motivation",
        /// Something else.
        NewTopic = "new_topic",
        /// An easier way in.
        CloseGently = "close_gently",
    }
}

impl Probe {
    /// The sort of thing that it asks for.
    pub fn ask(self) -> Ask {
        match self {
            Self::OwnPart | Self::Collaboration => Ask::OwnPart,
            Self::Example | Self::Clarify => Ask::Example,
            Self::FirstStep | Self::Detail | Self::Depth => Ask::Detail,
            Self::Context | Self::Task | Self::Scale | Self::Timeline => Ask::Context,
            Self::Reasoning | Self::Alternatives | Self::TradeOff | Self::Priorities => Ask::Reasoning,
            Self::Obstacle | Self::HardMoment => Ask::Hard,
            Self::OtherSide => Ask::OtherSide,
            Self::Result | Self::Measure | Self::Reaction => Ask::Result,
            Self::Learned | Self::Differently => Ask::Learned,
            Self::Transfer | Self::Motivation => Ask::Motivation,
            Self::NewTopic => Ask::NewTopic,
            Self::CloseGently => Ask::CloseGently,
        }
    }
}

/// How a hard event concerns the candidate, who said no, who bent a rule: what tact depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HardEventOwner {
    /// The candidate's own: their illness, their refusal, their breach.
    Own,
    /// Somebody else's.
    Other,
    /// Nothing that weighs.
    Minor,
}

/// Something with how likely it is, in thousandths, so that readings can be compared and stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Likely<T> {
    /// What.
    pub what: T,
    /// How likely, from 0 to 1000.
    pub likely: u16,
}

/// One sentence, read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentenceReading {
    /// Where it is in the answer, in bytes.
    pub start: u32,
    /// The byte after it.
    pub end: u32,
    /// What it does, with those that are at least half likely; the likeliest first, and at least one.
    pub roles: Vec<Likely<Role>>,
    /// Who acts.
    pub who: Who,
    /// How it went.
    pub tone: Tone,
}

/// What was understood of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerReading {
    /// How likely each part is there, in the order of [`Part::ALL`].
    pub parts: Vec<Likely<Part>>,
    /// What is to be noticed, the likeliest first, at most three.
    pub situations: Vec<Likely<Situation>>,
    /// Whose the hard event, the refusal or the breach is, if one of those may be there.
    pub whose: Option<HardEventOwner>,
    /// What a skilled interviewer would still want, the most wanted first.
    pub missing: Vec<Likely<Part>>,
    /// What to ask next, the best first, at most four: of each sort the best kind, as likely as the sort is.
    pub probes: Vec<Likely<Probe>>,
    /// Short noun phrases of the answer that can stand after "about" in a question to the candidate, the best first.
    pub handles: Vec<String>,
    /// Its sentences, in order.
    pub sentences: Vec<SentenceReading>,
    /// How likely it stops before what came of what it tells, in thousandths.
    #[serde(default)]
    pub open: u16,
    /// What it leaves to be asked, as numbers that the bank's lines are compared with ([`crate::bank`]); none where it
    /// was read before there were any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wants: Vec<i8>,
}

/// From here on a part is taken to be there: what is there is never asked for.
pub const THERE: u16 = 500;

/// From here on an answer stops before what came of what it tells, though it has something that reads as a result.
pub const OPEN: u16 = 700;

/// From here on a hard event weighs, whoever it happened to.
pub(crate) const WEIGHS: u16 = 600;

/// From here on a second kind of question is as good as the first.
const MUCH: u16 = 600;

impl AnswerReading {
    /// How likely this part is there, in thousandths.
    pub fn likely(&self, part: Part) -> u16 {
        self.parts.iter().find(|known| known.what == part).map_or(0, |known| known.likely)
    }

    /// Whether this part is there.
    pub fn has(&self, part: Part) -> bool {
        self.likely(part) >= THERE
    }

    /// Whether this part is told. What reads as a result may be one more step: where the answer stops too early, or where
    /// its end is much wanted, it is none.
    pub fn tells(&self, part: Part) -> bool {
        let wanted = || {
            let of_result = |probe: &&Likely<Probe>| probe.what == Probe::Result;
            let first = self.probes.first().filter(of_result);
            first.or(self.probes.get(1).filter(of_result).filter(|second| second.likely >= MUCH)).is_some()
        };
        self.has(part) && (part != Part::Result || self.open < OPEN && !wanted())
    }

    /// Whether this is what is most to be noticed, and at least so likely.
    pub fn shows(&self, situation: Situation, likely: u16) -> bool {
        self.situations.first().is_some_and(|first| first.what == situation && first.likely >= likely)
    }

    /// What is most to be noticed.
    pub fn situation(&self) -> Option<Situation> {
        self.situations.first().map(|known| known.what)
    }

    /// Whether what is told is a setback: most of what is told, or how it ends.
    pub fn is_setback(&self) -> bool {
        let told: Vec<Tone> = self.sentences.iter().map(|sentence| sentence.tone).collect();
        let count = |tone| told.iter().filter(|one| **one == tone).count();
        count(Tone::Setback) > count(Tone::Success) && count(Tone::Setback) * 3 >= told.len()
            || told.last() == Some(&Tone::Setback)
    }
}
