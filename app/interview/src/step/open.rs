//! What stands open in what was told: a story without its end or without a deed, something told in passing, a share that
//! nobody named. While it does, neither the topic nor the part changes.

use super::SURE;
use crate::heard::{Heard, Kind, ParticularKind};
use crate::listen::{ends_in_own_deed, measured_change, tells_a_deed};
use crate::reading::{Ask, OPEN, Part, Probe, Reading, Role, SentenceReading, Situation, THERE, Tone, Who};
use crate::session::Session;

/// Among so many of the last sentences is what was told in passing.
const LAST: usize = 2;
/// So many sentences of what happened are told in passing.
const IN_PASSING: usize = 2;
/// So many sentences tell what they did, of at least so many words.
const TOLD_DEEDS: u32 = 2;
const DEED_WORDS: u32 = 14;
/// Who introduces themselves in more words than this has told enough for a question of another kind.
const RICH: u32 = 28;
/// What a setback taught is asked for where it is at least so likely the best question.
const TEACHES: u16 = 400;
/// The topic that asks for something that went wrong.
pub(super) const FAILURE: &str = "failure";
/// How often an introduction is left for what was told in passing.
const MOST_HOOKS: usize = 2;

impl Session {
    /// The question that anybody would ask now, because what was told is only half told.
    pub(super) fn stands_open(&self, reading: &Reading) -> Option<Probe> {
        if self.stage().kind.closes() {
            return None;
        }
        let open = [
            (Probe::FirstStep, self.deed_is_open(reading)),
            (Probe::Depth, self.leaves_a_hook(reading)),
            (Probe::OwnPart, self.share_is_open(reading)),
            (Probe::FirstStep, self.deed_is_thin(reading) && self.is_in_trouble(reading)),
            (Probe::Detail, self.deed_is_thin(reading)),
            (Probe::Result, self.outcome_is_open(reading)),
            (Probe::Detail, self.way_is_open(reading)),
            (Probe::Learned, self.lesson_is_open(reading)),
        ];
        open.into_iter().find(|(_, open)| *open).map(|(probe, _)| probe)
    }

    /// Whether a part was told, in this answer or before it.
    pub(super) fn told(&self, reading: &Reading, part: Part) -> bool {
        self.occasion.parts.contains(&part)
            || reading.tells(part)
            || part == Part::Result && measured_change(&self.open_answer())
    }

    /// Whether nothing was asked yet about this occasion that asks for the same sort of thing, and there is room for one
    /// more question.
    fn may_ask(&self, ask: Ask, more: usize) -> bool {
        let occasion = &self.occasion;
        occasion.asked.iter().all(|asked| asked.ask() != ask)
            && occasion.asked.len() < self.stage().max_probes as usize + more
    }

    /// Whether an introduction ends in something that happened, told in passing: whoever listens asks about that first. The
    /// first answer may as well end with something that they did: "and I covered for the team lead".
    fn leaves_a_hook(&self, reading: &Reading) -> bool {
        let stage = self.stage();
        let before = self.transcript.iter().filter(|message| message.stage == stage.id);
        let asked =
            before.filter_map(|message| message.why.as_ref()).filter(|why| why.probe == Some(Probe::Depth));
        // Who has told much is asked about something in particular, and not for more of it.
        let words = self.heard.as_ref().map_or(0, |heard| heard.words);
        if !stage.kind.introduces()
            || self.here.turns <= 1 && words > RICH
            || !self.occasion.asked.is_empty()
            || asked.count() >= MOST_HOOKS
        {
            return false;
        }
        let told = reading.sentences.iter().filter(|sentence| happened(sentence)).count();
        let mut last = reading.sentences.iter().rev().take(LAST);
        // More of it than that is a story, which is asked about as one; so is what was told from its beginning to its end.
        let whole = [Part::Situation, Part::Action, Part::Result].iter().all(|part| reading.has(*part));
        let in_passing = (1..=IN_PASSING).contains(&told) && told < reading.sentences.len() && !whole;
        let deed = self.here.turns <= 1 && told == 0 && ends_in_own_deed(&self.open_answer());
        in_passing && last.any(happened) || deed
    }

    /// Whether nobody can tell whose work it was: only "we", or a deed without a doer.
    fn share_is_open(&self, reading: &Reading) -> bool {
        let claimed = reading.shows(Situation::TeamClaim, SURE);
        let nobodys = self.told(reading, Part::Action) && !self.told(reading, Part::OwnPart);
        !self.occasion.cared
            && (claimed && self.may_ask(Ask::OwnPart, 0) || nobodys && self.may_ask(Ask::OwnPart, 1))
    }

    /// Whether a story has a deed of a few words and no more: what they did themselves is what it is told for. After a
    /// mistake of their own nobody asks for more of that.
    fn deed_is_thin(&self, reading: &Reading) -> bool {
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && !self.occasion.cared
            && !self.went_wrong(reading)
            && (self.told(reading, Part::Action) || self.occasion.deeds > 0)
            // Words alone do not say which sentences tell of deeds.
            && !reading.wants.is_empty()
            && (self.occasion.deeds < TOLD_DEEDS || self.occasion.deed_words < DEED_WORDS)
            && reading.situation() != Some(Situation::CompleteStory)
            && self.may_ask(Ask::Detail, 0)
    }

    /// Whether a story has only its trouble so far: something is wrong, or nothing that they did themselves is told.
    fn is_in_trouble(&self, reading: &Reading) -> bool {
        self.occasion.asked.is_empty() && (reading.is_setback() || !tells_a_deed(&self.open_answer()))
    }

    /// Whether what is told went wrong by their own doing.
    fn went_wrong(&self, reading: &Reading) -> bool {
        self.occasion.topic.as_deref() == Some(FAILURE) || reading.shows(Situation::OwnMistake, SURE)
    }

    /// Whether something came of it and nothing says how.
    fn way_is_open(&self, reading: &Reading) -> bool {
        let there = |part: Part| self.told(reading, part);
        let unsaid = reading.shows(Situation::MethodUnexplained, SURE);
        let no_deed = there(Part::Situation) && there(Part::Result) && !there(Part::Action);
        // Who says why they want this work is not asked how that is done.
        self.stage().kind.tells_stories()
            && (unsaid || no_deed)
            && !reading.is_setback()
            && self.may_ask(Ask::Detail, 0)
    }

    /// Whether a mistake was told to its end and nothing says what became of it since.
    fn lesson_is_open(&self, reading: &Reading) -> bool {
        let ended = self.told(reading, Part::Result)
            || self.occasion.asked.iter().any(|asked| asked.ask() == Ask::Result);
        // What a mistake taught is not asked before it is told what they did about it.
        let done = self.told(reading, Part::Action)
            || self.occasion.asked.iter().any(|asked| matches!(asked.ask(), Ask::Detail | Ask::OwnPart));
        let taught = self.occasion.setback
            && reading
                .probes
                .first()
                .is_some_and(|first| first.what == Probe::Learned && first.likely >= TEACHES);
        self.stage().kind.tells_stories()
            && (self.went_wrong(reading) || taught)
            && (done && ended)
            && !self.told(reading, Part::Reflection)
            && !self.occasion.cared
            && self.may_ask(Ask::Learned, 1)
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

    /// Whether a story was begun and neither this answer nor one before it says what came of it: without its end a story
    /// says little, and may take one question more than others.
    pub(super) fn outcome_is_open(&self, reading: &Reading) -> bool {
        let there = |part: Part| self.told(reading, part);
        let introduction = self.stage().kind.introduces();
        // One occasion was asked for, and this is it.
        let occasion = self.occasion.made_concrete && !introduction
            || self.occasion.asked.iter().any(|asked| asked.ask() == Ask::Example);
        let acted = reading.sentences.iter().any(is_own_deed);
        let to_the_deed = introduction && ends_in_a_deed(reading);
        // What reads as a result is none where its end is what a listener wants most.
        let measured = measured_change(&self.open_answer());
        let wanted = !measured && reading.probes.first().is_some_and(|first| first.what == Probe::Result);
        // An introduction is no story, unless one was begun in it.
        let story =
            !introduction || occasion || to_the_deed || wanted || reading.shows(Situation::Unfinished, SURE);
        // What follows a question about an occasion goes on with it.
        let goes_on = !introduction && !self.occasion.asked.is_empty();
        let begun = (there(Part::Action) || occasion && acted)
            && (there(Part::Situation) || there(Part::Task) || occasion || to_the_deed || goes_on);
        story
            && begun
            && (!there(Part::Result) || wanted || to_the_deed || self.ends_in_trouble(reading))
            && self.may_ask(Ask::Result, 1)
    }

    /// Whether an occasion was asked for and the answer names somebody or a place: that is one, however it is told.
    pub(super) fn names_one(&self) -> bool {
        let name = |heard: &Heard| heard.particulars.iter().any(|one| one.kind == ParticularKind::Name);
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && self.heard.as_ref().is_some_and(|heard| heard.kind == Kind::Answer && name(heard))
    }

    /// Whether a story was begun and nothing is told that was done in it: then that is what anybody wants to hear.
    fn deed_is_open(&self, reading: &Reading) -> bool {
        let there = |part: Part| self.told(reading, part);
        // What was told is no story: there is nothing that could have been done about it.
        let named = self.names_one();
        let no_story = !named
            && reading.situations.first().is_some_and(|first| {
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
        let begun = self.stage().kind.tells_stories() && !no_story;
        begun
            && !there(Part::Action)
            && (reading.open >= OPEN || named)
            && self.occasion.asked.len() < self.stage().max_probes as usize
            && self.occasion.asked.iter().all(|asked| asked.ask() != Probe::FirstStep.ask())
    }
}

/// Whether a sentence tells of something that happened.
fn happened(sentence: &SentenceReading) -> bool {
    sentence.roles.first().is_some_and(|role| {
        role.likely >= SURE && matches!(role.what, Role::Situation | Role::Action | Role::Result)
    })
}

/// Whether a sentence tells of something that the candidate did, alone or with others.
pub(super) fn is_own_deed(sentence: &SentenceReading) -> bool {
    let surely = sentence.roles.iter().any(|role| role.what == Role::Action && role.likely >= THERE);
    let first = sentence.roles.first().is_some_and(|role| role.what == Role::Action);
    (surely || first && happened(sentence)) && matches!(sentence.who, Who::I | Who::We)
}

/// Whether a story of more than one sentence ends with something done, of which nothing came yet.
fn ends_in_a_deed(reading: &Reading) -> bool {
    let result = |sentence: &SentenceReading| sentence.roles.iter().any(|role| role.what == Role::Result);
    let told = reading.sentences.iter().filter(|sentence| happened(sentence)).count();
    told >= 2 && reading.sentences.last().is_some_and(|last| is_own_deed(last) && !result(last))
}
