//! What stands open in what was told: a story without its end or without a deed, something told in passing, a share that
//! nobody named. While it does, neither the topic nor the part changes.

use super::SURE;
use super::decide::ABOUT;
use super::right::MOTIVES;
use crate::heard::{AnswerAnalysis, AnswerKind, Element, ParticularKind};
use crate::listen::{
    FollowUpCue, NarrativeTense, SLIPPED, acts_alone, asks_for_a_mistake, begins_with_slip, ends_in_own_deed,
    hook, measured_change, mentions_harm, narrative_tense, offer, tells_a_change, tells_a_deed,
    tells_of_injury, words_of_deeds,
};
use crate::reading::{
    AnswerReading, Ask, OPEN, Part, Probe, Role, SentenceReading, Situation, THERE, Tone, Who,
};
use crate::session::Session;
use crate::{LinePurpose, Message};

/// So many sentences tell what they did, of at least so many words.
const TOLD_DEEDS: u32 = 2;
const DEED_WORDS: u32 = 14;
/// Who introduces themselves in more words than this has told enough for a question of another kind.
const RICH: u32 = 28;
/// What a setback taught is asked for where it is at least so likely the best question.
const TEACHES: u16 = 400;
/// The topic that asks for something that went wrong.
pub(super) const FAILURE: &str = "failure";
/// Who gives their reasons in more words than this has given them.
const GIVEN: u32 = 60;
/// A story is only named in so many words.
const NAMED: u32 = 4;

impl Session {
    /// The question that anybody would ask now, because what was told is only half told.
    pub(super) fn half_told_probe(&self, reading: &AnswerReading) -> Option<Probe> {
        if self.stage().kind.closes() {
            return None;
        }
        let open = [
            (Probe::Depth, self.invites_follow_up()),
            (Probe::Depth, self.is_only_named()),
            (Probe::FirstStep, self.slip_is_open()),
            (Probe::FirstStep, self.deed_is_open(reading)),
            (Probe::Motivation, self.motive_is_open(reading)),
            (Probe::Depth, self.leaves_a_hook()),
            (Probe::OwnPart, self.share_is_open(reading)),
            (Probe::FirstStep, self.deed_is_thin(reading) && self.is_in_trouble(reading)),
            (Probe::Detail, self.deed_is_thin(reading)),
            (Probe::Result, self.outcome_is_open(reading)),
            (Probe::Detail, self.way_is_open(reading)),
            (Probe::Learned, self.lesson_is_open(reading)),
        ];
        open.into_iter().find(|(_, open)| *open).map(|(probe, _)| probe)
    }

    /// Whether the candidate says themselves that there is something to ask about: several stories of which none is chosen,
    /// harm that is only mentioned, an offer to say more.
    pub(super) fn invites_follow_up(&self) -> bool {
        let stage = self.stage();
        if stage.kind.closes() || !stage.follow_ups.is_empty() || self.occasion.asked.contains(&Probe::Depth)
        {
            return false;
        }
        match offer(&self.open_answer(), stage.kind.tells_stories()) {
            Some(FollowUpCue::Several | FollowUpCue::More) => true,
            Some(FollowUpCue::Harm) => !self.asked_about_harm(),
            None => false,
        }
    }

    /// Whether a story is only named, in a word or two: "The recall."
    fn is_only_named(&self) -> bool {
        let few = |heard: &AnswerAnalysis| heard.kind == AnswerKind::Answer && heard.words <= NAMED;
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && self.occasion.asked.is_empty()
            && self.heard.as_ref().is_some_and(few)
            && !tells_a_deed(&self.open_answer())
    }

    /// Whether harm that was told of, or mentioned, was asked about before, or met with a word of care.
    fn asked_about_harm(&self) -> bool {
        self.transcript.windows(2).any(|pair| {
            let asked = pair[1].why.as_ref().is_some_and(|why| {
                why.purpose == LinePurpose::Care
                    || why.probe == Some(Probe::Depth) && why.purpose == LinePurpose::Probe
            });
            asked && (mentions_harm(&pair[0].text) || tells_of_injury(&pair[0].text))
        })
    }

    /// Whether a part was told, in this answer or before it.
    pub(super) fn has_told_part(&self, reading: &AnswerReading, part: Part) -> bool {
        let by_words = || match part {
            Part::Result => measured_change(&self.open_answer()),
            // Who tells a story as if it went on has told it all the same: "So we make a tent ..."
            Part::Action => {
                let answer = self.open_answer();
                self.stage().kind.tells_stories()
                    && narrative_tense(&answer) != Some(NarrativeTense::Event)
                    && words_of_deeds(&answer) >= DEED_WORDS as usize
            }
            Part::Reflection => {
                self.occasion.parts.contains(&Part::Action) && tells_a_change(&self.open_answer())
            }
            Part::OwnPart => acts_alone(&self.open_answer()),
            Part::Situation | Part::Task | Part::People | Part::Numbers => false,
        };
        self.occasion.parts.contains(&part) || reading.tells(part) || by_words()
    }

    /// Whether nothing was asked yet about this occasion that asks for the same sort of thing, and there is room for one
    /// more question.
    fn may_ask(&self, ask: Ask, more: usize) -> bool {
        let occasion = &self.occasion;
        occasion.asked.iter().all(|asked| asked.ask() != ask)
            && occasion.asked.len() < self.stage().max_probes as usize + more
    }

    /// Whether somebody has just said what they want, or why they apply, and nobody has asked yet what is behind it.
    fn motive_is_open(&self, reading: &AnswerReading) -> bool {
        let occasion = &self.occasion;
        let words = self.heard.as_ref().map_or(0, |heard| heard.words);
        let beside = [Situation::Blank, Situation::OffTopic];
        self.stage().kind.introduces()
            && self.tells_a_motive()
            && occasion.asked.is_empty()
            && self.here.turns + ABOUT <= self.stage().max_turns
            && !(occasion.made_smaller || occasion.made_concrete || occasion.redirected)
            && words <= GIVEN
            && !reading.situation().is_some_and(|first| beside.contains(&first))
    }

    /// Whether what is being told is what they want, or why they apply.
    pub(super) fn tells_a_motive(&self) -> bool {
        self.occasion.topic.as_deref().is_some_and(|topic| MOTIVES.contains(&topic))
    }

    /// Whether the introduction has room for one more question about what was told: so that most of its topics can be
    /// followed up, and none twice.
    fn may_follow_up(&self) -> bool {
        let stage = self.stage();
        let before = self.transcript.iter().filter(|message| message.stage == stage.id);
        let asked =
            before.filter_map(|message| message.why.as_ref()).filter(|why| why.probe == Some(Probe::Depth));
        asked.count() < (stage.max_turns / 2) as usize
    }

    /// Whether an introduction ends in something hinted at or said with weight: whoever listens asks about that first. The
    /// first answer may as well end with something that they did: "and I covered for the team lead".
    fn leaves_a_hook(&self) -> bool {
        // Who has told much is asked about something in particular, and not for more of it.
        let words = self.heard.as_ref().map_or(0, |heard| heard.words);
        let first = self.here.turns <= 1;
        self.stage().kind.introduces()
            && !(first && words > RICH)
            && self.occasion.asked.is_empty()
            && self.may_follow_up()
            && (hook(&self.open_answer()).is_some() || first && ends_in_own_deed(&self.open_answer()))
    }

    /// Whether a slip of their own was told and not how it came about.
    fn slip_is_open(&self) -> bool {
        let short = |heard: &AnswerAnalysis| heard.words <= SLIPPED && !heard.has(Element::Reasoning);
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && self.occasion.asked.is_empty()
            && !self.occasion.cared
            && self.occasion.slip
            && self.heard.as_ref().is_some_and(short)
    }

    /// Whether nobody can tell whose work it was: only "we", or a deed without a doer.
    fn share_is_open(&self, reading: &AnswerReading) -> bool {
        let claimed = reading.shows(Situation::TeamClaim, SURE);
        let nobodys =
            self.has_told_part(reading, Part::Action) && !self.has_told_part(reading, Part::OwnPart);
        !self.occasion.cared
            && (claimed && self.may_ask(Ask::OwnPart, 0) || nobodys && self.may_ask(Ask::OwnPart, 1))
    }

    /// Whether a story has a deed of a few words and no more: what they did themselves is what it is told for. After a
    /// mistake of their own nobody asks for more of that.
    fn deed_is_thin(&self, reading: &AnswerReading) -> bool {
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && !self.occasion.cared
            && !self.tells_own_mistake(reading)
            && !self.was_asked_how()
            && (self.has_told_part(reading, Part::Action) || self.occasion.deeds > 0)
            // Words alone do not say which sentences tell of deeds.
            && !reading.wants.is_empty()
            && (self.occasion.deeds < TOLD_DEEDS || self.occasion.deed_words < DEED_WORDS)
            && reading.situation() != Some(Situation::CompleteStory)
            && self.may_ask(Ask::Detail, 0)
    }

    /// Whether this occasion was asked for as how something is done: then that is what was told.
    pub(super) fn was_asked_how(&self) -> bool {
        let question = self.occasion_question().to_lowercase();
        ["walk me through", "talk me through", "take me through", "step by step"]
            .iter()
            .any(|asks| question.contains(asks))
    }

    /// Whether they were asked what they did and have told it in more than a few words: then the way is told.
    pub(super) fn has_told_how(&self) -> bool {
        self.occasion.asked.contains(&Probe::FirstStep)
            && words_of_deeds(&self.open_answer()) >= DEED_WORDS as usize
    }

    /// Whether this occasion was asked for as something that they got wrong.
    fn asked_for_a_mistake(&self) -> bool {
        self.stage().kind.tells_stories() && asks_for_a_mistake(&self.occasion_question())
    }

    /// The question that asked for this occasion, whole even where its line was interrupted; empty if none did.
    fn occasion_question(&self) -> String {
        let opens = |message: &&Message| {
            let why = message.why.as_ref();
            why.is_some_and(|why| matches!(why.purpose, LinePurpose::Question | LinePurpose::Transition))
        };
        let line = self.transcript.iter().rev().find(opens);
        line.map(|line| self.question_at(line)).unwrap_or_default()
    }

    /// Whether a story has only its trouble so far: something is wrong, or nothing that they did themselves is told.
    fn is_in_trouble(&self, reading: &AnswerReading) -> bool {
        self.occasion.asked.is_empty() && (reading.is_setback() || !tells_a_deed(&self.open_answer()))
    }

    /// Whether what is told went wrong by their own doing.
    pub(super) fn tells_own_mistake(&self, reading: &AnswerReading) -> bool {
        self.occasion.topic.as_deref() == Some(FAILURE)
            || self.asked_for_a_mistake()
            || self.occasion.slip
            || begins_with_slip(&self.open_answer())
            || reading.shows(Situation::OwnMistake, SURE)
    }

    /// Whether something came of it and nothing says how.
    fn way_is_open(&self, reading: &AnswerReading) -> bool {
        let there = |part: Part| self.has_told_part(reading, part);
        let unsaid = reading.shows(Situation::MethodUnexplained, SURE);
        let no_deed = there(Part::Situation) && there(Part::Result) && !there(Part::Action);
        // Who says why they want this work is not asked how that is done.
        self.stage().kind.tells_stories()
            && (unsaid || no_deed)
            && !reading.is_setback()
            && self.may_ask(Ask::Detail, 0)
    }

    /// Whether a mistake was told to its end and nothing says what became of it since.
    fn lesson_is_open(&self, reading: &AnswerReading) -> bool {
        let ended = self.has_told_part(reading, Part::Result)
            || self.occasion.asked.iter().any(|asked| asked.ask() == Ask::Result);
        // What a mistake taught is not asked before it is told what they did about it.
        let done = self.has_told_part(reading, Part::Action)
            || self.occasion.asked.iter().any(|asked| matches!(asked.ask(), Ask::Detail | Ask::OwnPart));
        let taught = self.occasion.setback
            && reading
                .probes
                .first()
                .is_some_and(|first| first.what == Probe::Learned && first.likely >= TEACHES);
        self.stage().kind.tells_stories()
            && (self.tells_own_mistake(reading) || taught)
            && (done && ended)
            && !self.has_told_part(reading, Part::Reflection)
            && !self.occasion.cared
            && self.may_ask(Ask::Learned, 1)
    }

    /// Whether an answer ends with something that went wrong and that others did: what followed is still to be told.
    fn ends_in_trouble(&self, reading: &AnswerReading) -> bool {
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
                    Situation::Unfinished
                        | Situation::SaidNo
                        | Situation::DecisionUnexplained
                        | Situation::OwnMistake
                )
        });
        trouble && !else_to_ask
    }

    /// Whether a story was begun and neither this answer nor one before it says what came of it: without its end a story
    /// says little, and may take one question more than others.
    pub(super) fn outcome_is_open(&self, reading: &AnswerReading) -> bool {
        if !self.stage().kind.tells_stories() {
            return false;
        }
        let there = |part: Part| self.has_told_part(reading, part);
        // One occasion was asked for, and this is it.
        let occasion = self.occasion.made_concrete
            || self.occasion.asked.iter().any(|asked| asked.ask() == Ask::Example);
        let acted = reading.sentences.iter().any(is_own_deed);
        // What reads as a result is none where its end is what a listener wants most.
        let measured = measured_change(&self.open_answer());
        let wanted = !measured && reading.probes.first().is_some_and(|first| first.what == Probe::Result);
        // What follows a question about an occasion goes on with it.
        let goes_on = !self.occasion.asked.is_empty();
        // A story that is under way and stops too early goes on, whoever acts in it.
        let unfinished = goes_on && reading.open >= OPEN && there(Part::Situation);
        let begun = (there(Part::Action) || occasion && acted || unfinished)
            && (there(Part::Situation) || there(Part::Task) || occasion || goes_on);
        begun
            && (!there(Part::Result) || wanted || self.ends_in_trouble(reading))
            && self.may_ask(Ask::Result, 1)
    }

    /// Whether an occasion was asked for and the answer names somebody or a place: that is one, however it is told.
    pub(super) fn mentions_proper_name(&self) -> bool {
        let name =
            |heard: &AnswerAnalysis| heard.particulars.iter().any(|one| one.kind == ParticularKind::Name);
        self.stage().kind.tells_stories()
            && self.stage().follow_ups.is_empty()
            && self.heard.as_ref().is_some_and(|heard| heard.kind == AnswerKind::Answer && name(heard))
    }

    /// Whether a story was begun and nothing is told that was done in it: then that is what anybody wants to hear.
    fn deed_is_open(&self, reading: &AnswerReading) -> bool {
        let there = |part: Part| self.has_told_part(reading, part);
        // What was told is no story: there is nothing that could have been done about it.
        let named = self.mentions_proper_name();
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
fn is_event_sentence(sentence: &SentenceReading) -> bool {
    sentence.roles.first().is_some_and(|role| {
        role.likely >= SURE && matches!(role.what, Role::Situation | Role::Action | Role::Result)
    })
}

/// Whether a sentence tells of something that the candidate did, alone or with others.
pub(super) fn is_own_deed(sentence: &SentenceReading) -> bool {
    let surely = sentence.roles.iter().any(|role| role.what == Role::Action && role.likely >= THERE);
    let first = sentence.roles.first().is_some_and(|role| role.what == Role::Action);
    (surely || first && is_event_sentence(sentence)) && matches!(sentence.who, Who::I | Who::We)
}
