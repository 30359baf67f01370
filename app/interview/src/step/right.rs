//! Which kinds of question are right after an answer, and which is the best of them.

use crate::reading::{AnswerReading, Ask, OPEN, Part, Probe, Situation};
use crate::session::Session;
use crate::stage::MOTIVE;

/// A kind of question that is less likely than this to be what a good interviewer asks is not asked.
const WORTH_ASKING: u16 = 120;
/// Among how many kinds of question the one whose lines go best with the answer is chosen.
const AMONG: usize = 4;
/// How often one thing is aimed at while the same occasion is told.
const MOST_ALIKE: usize = 2;
/// The topics that ask why they want this work, and what they want next.
pub(super) const MOTIVES: &[&str] = &[MOTIVE, "next"];
/// The topic that asks what they do today.
const PRESENT: &str = "present";
/// A kind of question that is less likely than this is not surely right: something that is always right is better.
const UNSURE: u16 = 450;

impl Session {
    /// Of the kinds of question that are right now, the one that is likely and whose best line goes best with the answer.
    pub(super) fn best(&self, reading: &AnswerReading) -> Option<Probe> {
        let asks = |probe: &Probe| {
            !matches!(probe, Probe::NewTopic | Probe::CloseGently) && self.suits_the_part(*probe, reading)
        };
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
        if self.is_unsure(reading, first.map(likely)) && self.is_right(Probe::Depth, reading) {
            // What happened is told: then what they did about it is always right to ask.
            let what_they_did = reading.tells(Part::Situation) && self.is_right(Probe::FirstStep, reading);
            return Some(if what_they_did { Probe::FirstStep } else { Probe::Depth });
        }
        let best = right.into_iter().filter_map(|probe| {
            let fit = i64::from(crate::bank::best_fit(reading, probe)?);
            Some((fit + likely(probe), probe))
        });
        // The first of those that are alike.
        best.rev().max_by_key(|(score, _)| *score).map(|(_, probe)| probe).or(first)
    }

    /// Whether a kind of question can be about what people say of themselves: who has told of nothing done is not asked
    /// for its parts.
    fn suits_the_part(&self, probe: Probe, reading: &AnswerReading) -> bool {
        let introduction = self.stage().kind.introduces();
        let acted = reading.tells(Part::Action);
        match probe.ask() {
            Ask::Example | Ask::Motivation | Ask::NewTopic | Ask::CloseGently => true,
            Ask::Detail => !introduction || acted || probe == Probe::Depth,
            Ask::Hard => !introduction || acted || self.occasion.topic.as_deref() == Some(PRESENT),
            Ask::Context => !introduction,
            Ask::OwnPart | Ask::Reasoning | Ask::OtherSide | Ask::Result | Ask::Learned => {
                !introduction || acted
            }
        }
    }

    /// Whether nothing says surely what to ask: then whoever listens asks for more of it.
    fn is_unsure(&self, reading: &AnswerReading, likely: Option<i64>) -> bool {
        let unsure = likely.is_none_or(|likely| likely < i64::from(UNSURE));
        let new = self.occasion.asked.is_empty() && !self.occasion.made_concrete && !reading.wants.is_empty();
        unsure
            && new
            && self.stage().follow_ups.is_empty()
            && self.stage().kind.tells_stories()
            && !self.has_told_part(reading, Part::Action)
    }

    /// The kinds of question that are right now, the best first.
    pub(super) fn ranked<'a>(&'a self, reading: &'a AnswerReading) -> impl Iterator<Item = Probe> + 'a {
        let read = reading.probes.iter().filter(|one| one.likely >= WORTH_ASKING).map(|one| one.what);
        // Where the model sees nothing more, what is missing of a story is still worth a question.
        let missing = reading.missing.iter().filter_map(|part| probe_for_part(part.what));
        let rest = self.stage().kind.traits().probes;
        let all = read.chain(missing).chain(rest.iter().copied());
        all.filter(move |probe| self.is_right(*probe, reading))
    }

    /// Whether a story was not told to its end: nobody says what it taught them before they have told it.
    fn is_half_told(&self, reading: &AnswerReading) -> bool {
        let known = |part: Part, ask: Ask| {
            self.has_told_part(reading, part) || self.occasion.asked.iter().any(|asked| asked.ask() == ask)
        };
        let done = known(Part::Action, Ask::Detail) || known(Part::OwnPart, Ask::OwnPart);
        // What came of it on the way is not its end, where it is read to go on.
        let asked = self.occasion.asked.iter().any(|asked| asked.ask() == Ask::Result);
        let ended = asked || self.has_told_part(reading, Part::Result) && reading.open < OPEN;
        self.stage().kind.tells_stories() && self.stage().follow_ups.is_empty() && !(done && ended)
    }

    /// Whether nobody knows yet what was done: nothing can have come of it.
    fn is_deed_unknown(&self, reading: &AnswerReading) -> bool {
        let asked = |ask: Ask| self.occasion.asked.iter().any(|asked| asked.ask() == ask);
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && !reading.wants.is_empty()
            && self.occasion.deeds == 0
            && !self.has_told_part(reading, Part::Action)
            && !asked(Ask::Detail)
            && !asked(Ask::OwnPart)
    }

    /// Whether a kind of question asks for something that is missing, was not asked for twice, and is kind.
    pub(super) fn is_right(&self, probe: Probe, reading: &AnswerReading) -> bool {
        let asked = &self.occasion.asked;
        let there = |part: Part| self.has_told_part(reading, part);
        let told = match probe {
            // Who says who they are has told of nothing yet that could have an end.
            Probe::Result => {
                let background = self.stage().kind.introduces() && !there(Part::Action);
                there(Part::Result) || self.is_deed_unknown(reading) || background
            }
            Probe::Measure | Probe::Reaction if self.is_deed_unknown(reading) => true,
            Probe::Measure | Probe::Scale => there(Part::Numbers) && there(Part::Result),
            Probe::OwnPart => there(Part::OwnPart) && reading.situation() != Some(Situation::TeamClaim),
            Probe::Learned | Probe::Differently => there(Part::Reflection) || self.is_half_told(reading),
            Probe::Transfer => self.is_half_told(reading),
            Probe::Context | Probe::Task => there(Part::Situation) && there(Part::Task),
            // Who is telling of one occasion is not asked for one.
            Probe::Example => {
                let general = [Situation::Generality, Situation::ListOfDuties, Situation::Dodge];
                let told_one = self.stage().kind.tells_stories()
                    && !asked.is_empty()
                    && !reading.situation().is_some_and(|first| general.contains(&first));
                there(Part::Situation) && there(Part::Action) || self.mentions_proper_name() || told_one
            }
            Probe::Motivation => MOTIVES.iter().any(|topic| self.used.iter().any(|used| used == topic)),
            // Who says who they are has begun nothing that could be told from its first step.
            Probe::FirstStep => self.stage().kind.introduces() && !there(Part::Action),
            Probe::Detail => self.was_asked_how() || self.has_told_how(),
            Probe::Collaboration
            | Probe::Clarify
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
            | Probe::NewTopic
            | Probe::CloseGently => false,
        };
        let alike = asked.iter().filter(|before| before.ask() == probe.ask()).count();
        !told && !self.is_tactless(probe, reading) && alike < MOST_ALIKE && !asked.contains(&probe)
    }

    /// Whether a question weighs what they did where something weighs on them.
    pub(super) fn is_tactless(&self, probe: Probe, reading: &AnswerReading) -> bool {
        reading.is_setback()
            && matches!(
                probe,
                Probe::Reasoning
                    | Probe::Measure
                    | Probe::Motivation
                    | Probe::Priorities
                    | Probe::TradeOff
                    | Probe::Transfer
            )
            && !matches!(
                reading.situation(),
                Some(Situation::SaidNo | Situation::RuleBent | Situation::TurningPoint | Situation::CvGap)
            )
    }
}

/// The question that asks for a part.
fn probe_for_part(part: Part) -> Option<Probe> {
    match part {
        Part::OwnPart | Part::Action => Some(Probe::OwnPart),
        Part::Result => Some(Probe::Result),
        Part::Reflection => Some(Probe::Learned),
        Part::Situation | Part::Task => Some(Probe::Context),
        Part::Numbers => Some(Probe::Measure),
        Part::People => None,
    }
}
