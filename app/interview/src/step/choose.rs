//! What to ask after an answer, by what was understood of it: only for what is missing, what matters most first, with
//! tact.

use super::SURE;
use crate::bank::best_fit;
use crate::heard::Feeling;
use crate::listen::{
    AskedBack, Loss, asks_back, conflicts, declines, loss, takes_back, tells_of_injury, told_before,
};
use crate::moves::Move;
use crate::next::{StoryStanding, likeliest};
use crate::reading::{AnswerReading, Ask, HardEventOwner, OPEN, Part, Probe, Situation, WEIGHS};
use crate::session::Session;
use crate::{Message, Speaker};

/// A hard event beside something else is met with care from here on.
const CARE: u16 = 430;
/// Their own hard event is met with care from here on, where it is what most is to be noticed.
const OWN: u16 = 400;
/// Anybody's hard event is met with care from here on, also where something else about the answer is likelier still.
const HARD: u16 = 700;
/// From here on an answer is beside the question.
const BESIDE: u16 = 600;
/// A kind of question that is at least as likely as this is plainly the right one.
const PLAINLY: u16 = 850;
/// An answer of fewer words than this that tells of nothing done says little.
const FEW: u32 = 16;
/// From here on most good interviewers would ask it.
pub(super) const MOST_WOULD: f32 = 0.5;
/// Below this hardly anybody would.
pub(super) const HARDLY: f32 = 0.08;
/// What may follow a word of care: nothing that weighs what they did.
const GENTLE: &[Probe] = &[Probe::Learned, Probe::Transfer, Probe::Collaboration, Probe::Depth];

/// What to do after an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FollowUpChoice {
    /// A word of care, and a question that goes on with it as the person does.
    Care(Probe),
    /// A question about what was told.
    Probe(Probe),
    /// A question about what they say of themselves.
    Move(Move),
    /// An easier way in.
    Smaller,
    /// Back to the question.
    Redirect,
    /// Something else.
    NewTopic,
}

impl Session {
    /// What to do after an answer with this reading.
    pub(super) fn choose(&self, reading: &AnswerReading) -> FollowUpChoice {
        let occasion = &self.occasion;
        let said = self.open_answer();
        if declines(&said) || told_before(&said) {
            return FollowUpChoice::NewTopic;
        }
        if reading.shows(Situation::Blank, SURE) && self.says_little(reading) && !occasion.made_smaller {
            return FollowUpChoice::Smaller;
        }
        // Who asks whether it counts has told something.
        let offers = matches!(asks_back(&said), Some(AskedBack::Fit | AskedBack::Worry));
        let beside = !offers && (reading.shows(Situation::OffTopic, SURE) || self.is_dodged(reading));
        if beside && !occasion.redirected {
            return FollowUpChoice::Redirect;
        }
        if let Some(probe) = self.care(reading, &said) {
            return FollowUpChoice::Care(probe);
        }
        if occasion.asked.last() == Some(&Probe::CloseGently) && self.says_little(reading) {
            return FollowUpChoice::NewTopic;
        }
        if !self.stage().follow_ups.is_empty() {
            return self.follow_up(reading);
        }
        if self.contradicts_earlier(&said) {
            return FollowUpChoice::Probe(Probe::Clarify);
        }
        if self.invites_follow_up() {
            return FollowUpChoice::Probe(Probe::Depth);
        }
        if self.is_model_read_introduction(reading) {
            return self.introduce(reading);
        }
        if self.is_model_read_story(reading) {
            let likeliest = self.likeliest(reading);
            return match self.half_told_probe(reading).filter(|probe| is_likely_enough(*probe, &likeliest)) {
                Some(probe) => FollowUpChoice::Probe(probe),
                None => self.next(reading, &likeliest),
            };
        }
        // What they want was said, and what is behind it: more of it is no use.
        if self.stage().kind.introduces() && self.tells_a_motive() && self.half_told_probe(reading).is_none()
        {
            return FollowUpChoice::NewTopic;
        }
        // Words alone miss half of all results: then a story that sounds complete counts more.
        let open = self.half_told_probe(reading);
        let sure = |probe: &Probe| *probe != Probe::Result || !reading.wants.is_empty();
        if let Some(probe) = open.filter(sure) {
            return FollowUpChoice::Probe(probe);
        }
        // A complete story gets a new topic, unless something in it still wants to be asked about more than that.
        let new_topic =
            |among: usize| reading.probes.iter().take(among).any(|one| one.what == Probe::NewTopic);
        let told_out = reading.shows(Situation::CompleteStory, SURE)
            && (new_topic(2) || !occasion.asked.is_empty())
            || occasion.covered && new_topic(1)
            || self.has_asked_enough(reading);
        if told_out || occasion.asked.len() >= self.most_probes(reading) {
            return FollowUpChoice::NewTopic;
        }
        open.or_else(|| self.best(reading)).map_or(FollowUpChoice::NewTopic, FollowUpChoice::Probe)
    }

    /// True for a story that a model has read: then what to ask next was learnt.
    fn is_model_read_story(&self, reading: &AnswerReading) -> bool {
        self.stage().kind.tells_stories() && !reading.wants.is_empty()
    }

    /// What a good interviewer would ask next, as far as it is right here.
    fn next(&self, reading: &AnswerReading, likeliest: &[(Ask, f32)]) -> FollowUpChoice {
        let occasion = &self.occasion;
        let most = self.most_probes(reading);
        for &(ask, likely) in likeliest {
            // One question more than usual is asked where most would ask it.
            let room = if likely >= MOST_WOULD { most + 1 } else { most };
            if ask == Ask::NewTopic || likely < HARDLY || occasion.asked.len() >= room {
                break;
            }
            if let Some(probe) = self.probe_for_ask(ask, reading) {
                return FollowUpChoice::Probe(probe);
            }
        }
        FollowUpChoice::NewTopic
    }

    pub(super) fn likeliest(&self, reading: &AnswerReading) -> Vec<(Ask, f32)> {
        likeliest(&self.standing(reading))
    }

    /// Where what is being told stands.
    pub(super) fn standing<'a>(&'a self, reading: &'a AnswerReading) -> StoryStanding<'a> {
        let occasion = &self.occasion;
        StoryStanding {
            reading,
            words: self.heard.as_ref().map_or(0, |heard| heard.words),
            told: &occasion.parts,
            asked: &occasion.asked,
            topic: occasion.topic.as_deref().unwrap_or_default(),
        }
    }

    /// Whether a story is not left without this question: it is the first that follows it, or most would ask it.
    pub(super) fn must_ask(&self, probe: Probe, reading: &AnswerReading) -> bool {
        let most_would = || {
            let first = self.likeliest(reading).into_iter().next();
            first.is_some_and(|(ask, likely)| ask == probe.ask() && likely >= MOST_WOULD)
        };
        self.is_model_read_story(reading) && (self.occasion.asked.is_empty() || most_would())
    }

    /// The question of a kind that is right now: the one that was read to be, else the one whose best line goes best with
    /// the answer.
    fn probe_for_ask(&self, ask: Ask, reading: &AnswerReading) -> Option<Probe> {
        if ask == Ask::CloseGently {
            return None;
        }
        let right = |probe: &Probe| probe.ask() == ask && self.is_right(*probe, reading);
        // What came of it, before what others said of it.
        if right(&Probe::Result) {
            return Some(Probe::Result);
        }
        // A deed that is told is asked about as one, and not for what was done first.
        if right(&Probe::Detail)
            && self.has_told_part(reading, Part::Action)
            && !self.tells_own_mistake(reading)
        {
            return Some(Probe::Detail);
        }
        let read = reading.probes.iter().map(|one| one.what).find(right);
        let fits = |probe: &Probe| best_fit(reading, *probe).unwrap_or(i32::MIN);
        read.or_else(|| Probe::ALL.iter().copied().filter(right).max_by_key(fits))
    }

    /// What to ask after a word of care, where what was told is painful and was not met with one yet.
    fn care(&self, reading: &AnswerReading, said: &str) -> Option<Probe> {
        if self.occasion.cared {
            return None;
        }
        let died = loss(said);
        if died == Some(Loss::Close) {
            // Nobody asks what can be learnt of it: the candidate says whether to go on with it at all.
            return Some(Probe::CloseGently);
        }
        let sure_of = |what: Situation, among: usize, likely: u16| {
            let mut first = reading.situations.iter().take(among);
            first.any(|one| one.what == what && one.likely >= likely)
        };
        // What is hard for a patient or a pupil is their work: only what plainly weighs gets a word then.
        let own = reading.whose == Some(HardEventOwner::Own);
        let hard = sure_of(Situation::HardEvent, 1, WEIGHS)
            || sure_of(Situation::HardEvent, 2, HARD)
            || own && (sure_of(Situation::HardEvent, 1, OWN) || sure_of(Situation::HardEvent, 2, CARE));
        // Somebody was hurt, and the one who tells of it was in it, and not only near it by trade.
        let sore = [Situation::HardEvent, Situation::EmotionShown, Situation::OwnMistake];
        let hurt = tells_of_injury(said) && reading.situations.iter().any(|one| sore.contains(&one.what));
        let moved = reading.is_setback() && sure_of(Situation::EmotionShown, 1, CARE);
        let weighs = (hard || moved) && reading.whose != Some(HardEventOwner::Minor);
        // Words alone take a code for bereavement for one: where a model has read the answer, it has to see pain too.
        let seen = reading.wants.is_empty() || reading.situations.iter().any(|one| sore.contains(&one.what));
        let painful =
            seen && self.heard.as_ref().is_some_and(|heard| heard.feeling == Some(Feeling::Painful));
        (weighs || hurt || died.is_some() || painful).then(|| {
            // After an accident nobody asks what it is good for.
            let free = !hurt && (hard || !moved);
            // While they say who they are, the kind thing is to go on to what they want.
            let introduction = self.stage().kind.introduces();
            if introduction && self.is_right(Probe::Motivation, &AnswerReading::default()) {
                return Probe::Motivation;
            }
            let wanted = self.ranked(reading).find(|probe| free && GENTLE.contains(probe));
            // A story is not told yet of which nobody knows what they did: that first, if it was not their own blow.
            let unfinished = reading.open >= OPEN && reading.situation() == Some(Situation::Unfinished);
            let half = self.stage().kind.tells_stories()
                && (unfinished || !self.has_told_part(reading, Part::Action));
            if half && died.is_none() && reading.whose != Some(HardEventOwner::Own) {
                return Probe::Detail;
            }
            wanted.unwrap_or(Probe::Learned)
        })
    }

    /// Whether an answer does not fit an earlier one, or the CV: that is asked about once in an interview.
    fn contradicts_earlier(&self, said: &str) -> bool {
        let asked = self.transcript.iter().filter_map(|message| message.why.as_ref());
        if asked.into_iter().any(|why| why.probe == Some(Probe::Clarify)) || self.occasion.cared {
            return false;
        }
        let is_answer = |message: &&Message| message.speaker == Speaker::Candidate;
        let open = self.transcript.iter().rev().take_while(is_answer).count();
        let before = &self.transcript[..self.transcript.len() - open];
        let earlier: Vec<&str> =
            before.iter().filter(is_answer).map(|message| message.text.as_str()).collect();
        !earlier.is_empty() && takes_back(said)
            || conflicts(said, earlier.iter().copied().chain([self.profile.cv.as_str()]))
    }

    /// Whether something else was answered than what was asked: the question is put once more.
    fn is_dodged(&self, reading: &AnswerReading) -> bool {
        self.stage().kind.tells_stories()
            && reading.shows(Situation::Dodge, BESIDE)
            && !self.has_told_part(reading, Part::Action)
            && !reading.tells(Part::Result)
    }

    /// The first question that the plan wants to follow and that is right now.
    fn follow_up(&self, reading: &AnswerReading) -> FollowUpChoice {
        let stage = self.stage();
        let mut right = stage.follow_ups.iter().copied().filter(|probe| self.is_right(*probe, reading));
        let next = right.next().filter(|_| self.occasion.asked.len() < stage.max_probes as usize);
        next.map_or(FollowUpChoice::NewTopic, FollowUpChoice::Probe)
    }

    /// Whether a whole story was told and asked about: one more question is one too many, unless it is plainly the right
    /// one.
    fn has_asked_enough(&self, reading: &AnswerReading) -> bool {
        let occasion = &self.occasion;
        let plainly = |probe: Probe| {
            let read = reading.probes.iter().find(|one| one.what == probe);
            read.is_some_and(|one| one.likely >= PLAINLY)
        };
        self.stage().kind.tells_stories()
            && occasion.covered
            && !occasion.asked.is_empty()
            && !self.outcome_is_open(reading)
            && !self.ranked(reading).next().is_some_and(plainly)
    }

    /// Whether an answer is a few words that tell of nothing done: "I don't know" may begin a whole answer.
    pub(super) fn says_little(&self, reading: &AnswerReading) -> bool {
        let words = self.heard.as_ref().map_or(0, |heard| heard.words);
        words < FEW && !reading.has(Part::Action)
    }

    /// How many questions may follow one occasion: now and then one fewer, so that interviews differ; not where what is
    /// told stops too early.
    fn most_probes(&self, reading: &AnswerReading) -> usize {
        let most = self.stage().max_probes as usize;
        let turn = self.seed.rotate_left(self.used.len() as u32 * 5 + 3) % 4;
        if most > 1 && turn == 0 && reading.open < OPEN { most - 1 } else { most }
    }
}

/// Whether what plainly stands open is asked for, beside what was learnt: not where hardly anybody would ask it, nor where
/// most would ask something else.
fn is_likely_enough(open: Probe, likeliest: &[(Ask, f32)]) -> bool {
    let likely = likeliest.iter().find(|(ask, _)| *ask == open.ask()).map_or(0.0, |(_, likely)| *likely);
    let best = likeliest.first().map_or(0.0, |(_, likely)| *likely);
    likely >= best || likely >= HARDLY && best < MOST_WOULD
}
