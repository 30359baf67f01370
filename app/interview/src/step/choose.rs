//! What to ask after an answer, by what was understood of it: only for what is missing, what matters most first, with
//! tact.

use crate::StageKind;
use crate::heard::{Element, Feeling, Heard, Kind, Voice};
use crate::listen::{Loss, loss};
use crate::reading::{
    Likely, OPEN, Part, Probe, Reading, Role, SentenceReading, Situation, THERE, Tone, Who, Whose,
};
use crate::session::Session;

/// From here on a situation decides by itself.
const SURE: u16 = 300;
/// A hard event beside something else is met with care from here on.
const CARE: u16 = 350;
/// A kind of question that is less likely than this to be what a good interviewer asks is not asked.
const WORTH_ASKING: u16 = 120;
/// Among how many kinds of question the one whose lines go best with the answer is chosen.
const AMONG: usize = 4;
/// How often one thing is aimed at while the same occasion is told.
const MOST_ALIKE: usize = 2;

/// A kind of question that is at least as likely as this is plainly the right one.
const PLAINLY: u16 = 850;
/// Among so many of the last sentences is what was told in passing.
const LAST: usize = 2;
/// So many sentences of what happened are told in passing.
const IN_PASSING: usize = 2;
/// How often an introduction is left for what was told in passing.
const MOST_HOOKS: usize = 2;
/// The topics that ask why they want this work, and what they want next.
const MOTIVES: &[&str] = &["motivation", "next"];
/// An answer of fewer words than this that tells of nothing done says little.
const FEW: u32 = 16;

/// What to do after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    /// A word of care, and a question that goes on with it as the person does.
    Care(Probe),
    /// A question about what was told.
    Probe(Probe),
    /// An easier way in.
    Smaller,
    /// Back to the question.
    Redirect,
    /// Something else.
    NewTopic,
}

impl Session {
    /// What to do after an answer with this reading.
    pub(super) fn choose(&self, reading: &Reading) -> Choice {
        let occasion = &self.occasion;
        let is = |situation: Situation| {
            reading.situations.first().is_some_and(|first| first.what == situation && first.likely >= SURE)
        };
        if is(Situation::Blank) && self.says_little(reading) && !occasion.made_smaller {
            return Choice::Smaller;
        }
        if is(Situation::OffTopic) && !occasion.redirected {
            return Choice::Redirect;
        }
        let died = loss(&self.open_answer());
        if died == Some(Loss::Close) && !occasion.cared {
            // Nobody asks what can be learnt of it: the candidate says whether to go on with it at all.
            return Choice::Care(Probe::CloseGently);
        }
        let mut beside = reading.situations.iter().take(2);
        let hard = (is(Situation::HardEvent)
            || beside.any(|one| one.what == Situation::HardEvent && one.likely >= CARE))
            && reading.whose != Some(Whose::Minor)
            || died.is_some();
        let painful = self.heard.as_ref().is_some_and(|heard| heard.feeling == Some(Feeling::Painful));
        if (hard || painful) && !occasion.cared {
            let gentle = [Probe::Learned, Probe::Transfer, Probe::Collaboration, Probe::Depth];
            let wanted = self.ranked(reading).find(|probe| gentle.contains(probe));
            return Choice::Care(wanted.unwrap_or(Probe::Learned));
        }
        if occasion.asked.last() == Some(&Probe::CloseGently) && self.says_little(reading) {
            return Choice::NewTopic;
        }
        if !self.stage().follow_ups.is_empty() {
            return self.follow_up(reading);
        }
        if self.deed_is_open(reading) {
            return Choice::Probe(Probe::FirstStep);
        }
        if self.leaves_a_hook(reading) {
            return Choice::Probe(Probe::Depth);
        }
        // Words alone miss half of all results: then a story that sounds complete counts more.
        let open = self.outcome_is_open(reading);
        if open && !reading.wants.is_empty() {
            return Choice::Probe(Probe::Result);
        }
        // A complete story gets a new topic, unless something in it still wants to be asked about more than that.
        let new_topic =
            |among: usize| reading.probes.iter().take(among).any(|one| one.what == Probe::NewTopic);
        let told_out = is(Situation::CompleteStory) && (new_topic(2) || !occasion.asked.is_empty())
            || occasion.covered && new_topic(1)
            || self.is_asked_out(reading);
        if told_out || occasion.asked.len() >= self.most_probes() {
            return Choice::NewTopic;
        }
        if open {
            return Choice::Probe(Probe::Result);
        }
        self.best(reading).map_or(Choice::NewTopic, Choice::Probe)
    }

    /// The first question that the plan wants to follow and that is right now.
    fn follow_up(&self, reading: &Reading) -> Choice {
        let stage = self.stage();
        let mut right = stage.follow_ups.iter().copied().filter(|probe| self.is_right(*probe, reading));
        let next = right.next().filter(|_| self.occasion.asked.len() < stage.max_probes as usize);
        next.map_or(Choice::NewTopic, Choice::Probe)
    }

    /// Of the kinds of question that are right now, the one that is likely and whose best line goes best with the answer.
    fn best(&self, reading: &Reading) -> Option<Probe> {
        let asks = |probe: &Probe| !matches!(probe, Probe::NewTopic | Probe::CloseGently);
        let mut right: Vec<Probe> = Vec::new();
        for probe in self.ranked(reading).filter(asks) {
            if !right.contains(&probe) && right.len() < AMONG {
                right.push(probe);
            }
        }
        let likely = |probe: Probe| {
            let read = reading.probes.iter().find(|one| one.what == probe);
            i64::from(read.map_or(WORTH_ASKING, |one| one.likely))
        };
        let first = right.first().copied();
        let best = right.into_iter().filter_map(|probe| {
            let fit = i64::from(crate::bank::best_fit(reading, probe)?);
            Some((fit + likely(probe), probe))
        });
        // The first of those that are alike.
        best.rev().max_by_key(|(score, _)| *score).map(|(_, probe)| probe).or(first)
    }

    /// Whether a whole story was told and asked about: one more question is one too many, unless it is plainly the right
    /// one.
    fn is_asked_out(&self, reading: &Reading) -> bool {
        let occasion = &self.occasion;
        let plainly = |probe: Probe| {
            let read = reading.probes.iter().find(|one| one.what == probe);
            read.is_some_and(|one| one.likely >= PLAINLY)
        };
        self.stage().kind == StageKind::Experience
            && occasion.covered
            && !occasion.asked.is_empty()
            && !self.outcome_is_open(reading)
            && !self.ranked(reading).next().is_some_and(plainly)
    }

    /// Whether an introduction ends in something that happened, told in passing: whoever listens asks about that first.
    fn leaves_a_hook(&self, reading: &Reading) -> bool {
        let stage = self.stage();
        let before = self.transcript.iter().filter(|message| message.stage == stage.id);
        let asked =
            before.filter_map(|message| message.why.as_ref()).filter(|why| why.probe == Some(Probe::Depth));
        let happened = |sentence: &SentenceReading| {
            sentence.roles.first().is_some_and(|role| {
                role.likely >= SURE && matches!(role.what, Role::Situation | Role::Action | Role::Result)
            })
        };
        let told = reading.sentences.iter().filter(|sentence| happened(sentence)).count();
        let last = reading.sentences.iter().rev().take(LAST);
        stage.kind == StageKind::Introduction
            && self.occasion.asked.is_empty()
            && asked.count() < MOST_HOOKS
            // More of it than that is a story, which is asked about as one.
            && (1..=IN_PASSING).contains(&told)
            && told < reading.sentences.len()
            && last.into_iter().any(happened)
    }

    /// Whether an answer ends with something that went wrong and that others did: what followed is still to be told.
    fn ends_in_trouble(&self, reading: &Reading) -> bool {
        let last = reading.sentences.last();
        let trouble = last.is_some_and(|last| {
            last.tone == Tone::Setback
                && last.who != Who::I
                && !last.roles.iter().any(|role| role.what == Role::Reflection)
        });
        let else_to_ask = reading.situations.first().is_some_and(|first| {
            first.likely >= 2 * SURE
                && !matches!(
                    first.what,
                    Situation::Unfinished | Situation::SaidNo | Situation::DecisionUnexplained
                )
        });
        trouble && !else_to_ask
    }

    /// Whether an answer is a few words that tell of nothing done: "I don't know" may begin a whole answer.
    fn says_little(&self, reading: &Reading) -> bool {
        let words = self.heard.as_ref().map_or(0, |heard| heard.words);
        words < FEW && !reading.has(Part::Action)
    }

    /// Whether a story was begun and neither this answer nor one before it says what came of it: without its end a story
    /// says little.
    pub(super) fn outcome_is_open(&self, reading: &Reading) -> bool {
        let there = |part: Part| self.told(reading, part);
        let first = reading.situations.first();
        // An introduction is no story, unless one was begun in it.
        let story = self.stage().kind == StageKind::Experience
            || reading.open >= OPEN
            || first.is_some_and(|first| first.what == Situation::Unfinished && first.likely >= SURE);
        let begun = there(Part::Action) && (there(Part::Situation) || there(Part::Task));
        story
            && begun
            && (!there(Part::Result) || self.ends_in_trouble(reading))
            && self.occasion.asked.iter().all(|asked| asked.ask() != Probe::Result.ask())
            && self.occasion.asked.len() < self.stage().max_probes as usize
            && first.is_none_or(|first| first.what != Situation::TeamClaim)
    }

    /// Whether a part was told, in this answer or before it. What reads as a result may be one more step: where the answer
    /// stops too early, it is none.
    fn told(&self, reading: &Reading, part: Part) -> bool {
        self.occasion.parts.contains(&part)
            || reading.has(part) && (part != Part::Result || reading.open < OPEN)
    }

    /// Whether a story was begun and nothing is told that was done in it: then that is what anybody wants to hear.
    fn deed_is_open(&self, reading: &Reading) -> bool {
        let there = |part: Part| self.told(reading, part);
        // What was told is no story: there is nothing that could have been done about it.
        let no_story = reading.situations.first().is_some_and(|first| {
            first.likely >= SURE
                && matches!(
                    first.what,
                    Situation::Generality
                        | Situation::ListOfDuties
                        | Situation::Dodge
                        | Situation::ShortFact
                        | Situation::GenericMotivation
                        | Situation::SpecificMotivation
                )
        });
        let begun = match self.stage().kind {
            StageKind::Experience => !no_story,
            StageKind::Introduction => there(Part::Situation) && !no_story,
            StageKind::Closing => false,
        };
        begun
            && !there(Part::Action)
            && reading.open >= OPEN
            && self.occasion.asked.len() < self.stage().max_probes as usize
            && self.occasion.asked.iter().all(|asked| asked.ask() != Probe::FirstStep.ask())
    }

    /// How many questions may follow one occasion: now and then one fewer, so that interviews differ.
    fn most_probes(&self) -> usize {
        let most = self.stage().max_probes as usize;
        let turn = self.seed.rotate_left(self.used.len() as u32 * 5 + 3) % 4;
        if most > 1 && turn == 0 { most - 1 } else { most }
    }

    /// The kinds of question that are right now, the best first.
    fn ranked<'a>(&'a self, reading: &'a Reading) -> impl Iterator<Item = Probe> + 'a {
        let read = reading.probes.iter().filter(|one| one.likely >= WORTH_ASKING).map(|one| one.what);
        // Where the model sees nothing more, what is missing of a story is still worth a question.
        let missing = reading.missing.iter().filter_map(|part| asks_for(part.what));
        let rest = match self.stage().kind {
            StageKind::Experience => &[Probe::OwnPart, Probe::Result, Probe::Learned][..],
            StageKind::Introduction | StageKind::Closing => &[],
        };
        let all = read.chain(missing).chain(rest.iter().copied());
        all.filter(move |probe| self.is_right(*probe, reading))
    }

    /// Whether a kind of question asks for something that is missing, was not asked for twice, and is kind.
    fn is_right(&self, probe: Probe, reading: &Reading) -> bool {
        let asked = &self.occasion.asked;
        let there = |part: Part| self.told(reading, part);
        let told = match probe {
            Probe::Result => there(Part::Result),
            Probe::Measure | Probe::Scale => there(Part::Numbers) && there(Part::Result),
            Probe::OwnPart => there(Part::OwnPart) && reading.situation() != Some(Situation::TeamClaim),
            Probe::Learned | Probe::Differently => there(Part::Reflection),
            Probe::Context | Probe::Task => there(Part::Situation) && there(Part::Task),
            Probe::Example => there(Part::Situation) && there(Part::Action),
            Probe::Motivation => MOTIVES.iter().any(|topic| self.used.iter().any(|used| used == topic)),
            Probe::Collaboration
            | Probe::Clarify
            | Probe::FirstStep
            | Probe::Detail
            | Probe::Depth
            | Probe::Timeline
            | Probe::Reasoning
            | Probe::Alternatives
            | Probe::TradeOff
            | Probe::Priorities
            | Probe::Obstacle
            | Probe::HardMoment
            | Probe::OtherSide
            | Probe::Reaction
            | Probe::Transfer
            | Probe::NewTopic
            | Probe::CloseGently => false,
        };
        let alike = asked.iter().filter(|before| before.ask() == probe.ask()).count();
        let tactless = reading.is_setback()
            && matches!(
                probe,
                Probe::Reasoning | Probe::Measure | Probe::Motivation | Probe::Priorities | Probe::TradeOff
            )
            && !matches!(
                reading.situation(),
                Some(Situation::SaidNo | Situation::RuleBent | Situation::TurningPoint | Situation::CvGap)
            );
        !told && !tactless && alike < MOST_ALIKE && !asked.contains(&probe)
    }

    /// Adds what an answer held to the occasion.
    pub(super) fn take_in_reading(&mut self, reading: &Reading) {
        for part in Part::ALL.iter().copied().filter(|part| self.told(reading, *part)).collect::<Vec<_>>() {
            if !self.occasion.parts.contains(&part) {
                self.occasion.parts.push(part);
            }
        }
        self.occasion.parts.sort_unstable();
        // Why they want it is asked once, in whatever words.
        let wants = |sentence: &SentenceReading| {
            sentence.roles.iter().any(|role| role.what == Role::Motivation && role.likely >= THERE)
        };
        if self.stage().kind == StageKind::Introduction && reading.sentences.iter().any(wants) {
            for topic in MOTIVES {
                if !self.used.iter().any(|used| used == topic) {
                    self.used.push((*topic).to_owned());
                }
            }
        }
        // A story told early is not asked for again.
        let told = reading.situations.first().filter(|first| first.likely >= SURE).map(|first| first.what);
        let topic = match told {
            Some(Situation::OwnMistake) => Some("failure"),
            Some(Situation::OneSidedConflict) => Some("conflict"),
            Some(_) | None => None,
        };
        if let Some(topic) = topic.filter(|topic| !self.used.iter().any(|used| used == topic)) {
            self.used.push(topic.to_owned());
        }
    }
}

/// The question that asks for a part.
fn asks_for(part: Part) -> Option<Probe> {
    match part {
        Part::OwnPart | Part::Action => Some(Probe::OwnPart),
        Part::Result => Some(Probe::Result),
        Part::Reflection => Some(Probe::Learned),
        Part::Situation | Part::Task => Some(Probe::Context),
        Part::Numbers => Some(Probe::Measure),
        Part::People => None,
    }
}

/// The element that a question is about, for writers that are briefed by elements.
pub(super) fn element_of(probe: Probe) -> Option<Element> {
    Some(match probe {
        Probe::OwnPart => Element::Role,
        Probe::Collaboration => Element::Team,
        Probe::FirstStep | Probe::Detail | Probe::Depth | Probe::Example | Probe::Clarify => Element::Action,
        Probe::Context | Probe::Timeline => Element::Situation,
        Probe::Task | Probe::Priorities => Element::Task,
        Probe::Scale | Probe::Measure => Element::Scale,
        Probe::Reasoning | Probe::Alternatives | Probe::TradeOff | Probe::Motivation => Element::Reasoning,
        Probe::Obstacle | Probe::HardMoment => Element::Obstacle,
        Probe::Result | Probe::Reaction | Probe::OtherSide => Element::Result,
        Probe::Learned | Probe::Differently | Probe::Transfer => Element::Reflection,
        Probe::NewTopic | Probe::CloseGently => return None,
    })
}

/// A reading by the words that were listened for alone, where no model has read the answer. It names a situation only
/// where words tell it surely.
pub(super) fn by_words(heard: &Heard, introduction: bool) -> Reading {
    let own = heard.has(Element::Action) && heard.voice != Voice::We;
    let there = |part: Part| match part {
        Part::Situation => heard.has(Element::Situation) || heard.has(Element::Obstacle),
        Part::Task => heard.has(Element::Task),
        Part::Action => heard.has(Element::Action),
        Part::Result => heard.has(Element::Result),
        Part::Reflection => heard.has(Element::Reflection),
        Part::OwnPart => own,
        Part::People => heard.has(Element::Team),
        Part::Numbers => heard.has_numbers(),
    };
    let likely = |part: Part| if there(part) { 800 } else { 200 };
    let parts = Part::ALL.iter().map(|part| Likely { what: *part, likely: likely(*part) }).collect();
    let situation = match (heard.kind, heard.feeling, heard.voice) {
        (_, Some(Feeling::Painful), _) => Some(Situation::HardEvent),
        (Kind::Short, ..) => Some(Situation::ShortFact),
        (Kind::Vague, ..) => Some(Situation::Generality),
        (_, _, Voice::We) if heard.has(Element::Action) => Some(Situation::TeamClaim),
        _ => None,
    };
    let wanted: &[Probe] = match (introduction, situation) {
        (_, Some(Situation::HardEvent)) => &[Probe::Learned, Probe::Transfer],
        (_, Some(Situation::ShortFact | Situation::Generality)) => &[Probe::Example, Probe::Context],
        (_, Some(Situation::TeamClaim)) => &[Probe::OwnPart, Probe::HardMoment, Probe::Result],
        (true, _) => &[Probe::Example, Probe::Motivation, Probe::Transfer],
        (false, _) => &[Probe::OwnPart, Probe::Result, Probe::Obstacle, Probe::Learned],
    };
    let missing = [Part::OwnPart, Part::Result, Part::Reflection];
    let missing = missing.into_iter().filter(|part| !introduction && !there(*part));
    Reading {
        parts,
        missing: missing.map(|what| Likely { what, likely: 600 }).collect(),
        situations: situation.into_iter().map(|what| Likely { what, likely: 600 }).collect(),
        whose: (situation == Some(Situation::HardEvent)).then_some(Whose::Own),
        probes: wanted.iter().map(|what| Likely { what: *what, likely: 500 }).collect(),
        ..Reading::default()
    }
}
