//! What can be asked: main questions, probes, and what is made from the candidate's own words.

use super::data::{Frames, topics_of};
use super::pasted::{Phrase, from_cv, from_posting};
use super::scene::{Piece, Scene, shares_word};
use super::weave::woven;
use crate::heard::{Element, Particular, ParticularKind, Voice};
use crate::{RoleFamily, Seniority, StageKind};

/// The key of an element in the files.
pub(super) fn element_key(element: Element) -> &'static str {
    match element {
        Element::Situation => "situation",
        Element::Task => "task",
        Element::Action => "action",
        Element::Result => "result",
        Element::Reasoning => "reasoning",
        Element::Obstacle => "obstacle",
        Element::Role => "role",
        Element::Team => "team",
        Element::Scale => "scale",
        Element::Technology => "technology",
        Element::Date => "date",
        Element::Reflection => "reflection",
    }
}

/// The key of a family in the files.
pub(super) fn family_key(family: RoleFamily) -> &'static str {
    match family {
        RoleFamily::Engineering => "engineering",
        RoleFamily::Data => "data",
        RoleFamily::Product => "product",
        RoleFamily::Sales => "sales",
        RoleFamily::Care => "care",
        RoleFamily::Teaching => "teaching",
        RoleFamily::Operations => "operations",
        RoleFamily::Finance => "finance",
        RoleFamily::Management => "management",
        RoleFamily::General => "general",
    }
}

impl Scene<'_> {
    /// The key of the frames for a missing element: in an introduction some have words of their own.
    pub(super) fn probe_key(&self, element: Element) -> &'static str {
        match (self.brief.stage.kind, element) {
            (StageKind::Introduction, Element::Reasoning) => "introduction_reasoning",
            (StageKind::Introduction, Element::Reflection) => "introduction_reflection",
            (StageKind::Introduction, Element::Situation) => "introduction_situation",
            (StageKind::Introduction | StageKind::Experience | StageKind::Closing, _) => element_key(element),
        }
    }

    /// The easy questions that a conversation may begin with, if the topic has any.
    pub(super) fn first_questions(&self, topic: &str) -> Vec<Piece> {
        let frames = self.bank.questions(topic, if self.student() { "first_student" } else { "first" });
        self.shuffled(frames).into_iter().filter_map(|frame| self.filled(frame)).collect()
    }

    /// The topic of the brief if the bank knows it, else one of the stage's kind.
    pub(super) fn topic(&self) -> &str {
        let known = self.brief.topic.as_deref().filter(|topic| self.bank.topic(topic).is_some());
        let of_kind = topics_of(self.brief.stage.kind);
        known.unwrap_or_else(|| of_kind[self.roll(of_kind.len())])
    }

    /// The main questions of a topic for this person, the best first.
    pub(super) fn questions(&self, topic: &str) -> Vec<Piece> {
        let family = family_key(self.family);
        let pick = |keys: &[&str]| -> Vec<Piece> {
            let lists = keys.iter().flat_map(|key| self.bank.questions(topic, key));
            self.shuffled(lists).into_iter().filter_map(|frame| self.filled(frame)).collect()
        };
        let (own, general) = if self.student() {
            (pick(&["student", &format!("student_{family}")]), pick(&["any"]))
        } else {
            let senior = if matches!(self.brief.profile.seniority, Seniority::Senior | Seniority::Lead) {
                "senior"
            } else {
                ""
            };
            (pick(&[family, if self.software { "software" } else { "" }, senior]), pick(&["any"]))
        };
        let mut all = if self.turn_of_pasted(topic) { self.pasted(topic) } else { Vec::new() };
        // The trade's own question comes first two times of three, the general one the third.
        if self.student() || self.roll(3) > 0 {
            all.extend(own.into_iter().chain(general));
        } else {
            all.extend(general.into_iter().chain(own));
        }
        all
    }

    /// Whether it is the turn of the CV or the posting.
    fn turn_of_pasted(&self, topic: &str) -> bool {
        let lately =
            |line: &String| line.contains("CV") || line.contains("posting") || line.contains("In this role");
        let fits = matches!(topic, "present" | "pride" | "trade" | "role_fit")
            || self.brief.stage.kind == StageKind::Experience;
        let often = if matches!(topic, "pride" | "trade" | "role_fit") { 4 } else { 1 };
        fits && !self.brief.said.iter().any(lately) && self.roll(5) < often
    }

    /// Questions about something in the CV or the posting.
    fn pasted(&self, topic: &str) -> Vec<Piece> {
        let posting = matches!(topic, "role_fit") || self.brief.stage.kind == StageKind::Experience;
        let experience = self.brief.stage.kind == StageKind::Experience;
        let profile = &self.brief.profile;
        let mut asks = Vec::new();
        if posting && (topic != "trade" || self.roll(2) == 0 || profile.cv.trim().is_empty()) {
            let student = if self.student() { "student_" } else { "" };
            for phrase in self.shuffled(from_posting(&profile.job_description)) {
                let (key, words) = match phrase {
                    Phrase::Thing(words) => ("thing", words),
                    Phrase::Deed(words) => ("deed", words),
                    Phrase::Place(_) => continue,
                };
                asks.extend(self.about("posting", &format!("{student}{key}"), &words));
            }
        }
        if topic != "role_fit" && (!experience || topic == "trade") {
            for phrase in self.shuffled(from_cv(&profile.cv)) {
                let (key, words) = match phrase {
                    Phrase::Thing(_) if topic != "trade" => continue,
                    Phrase::Thing(words) => ("tool", words),
                    Phrase::Deed(words) => ("deed", words),
                    Phrase::Place(words) => ("place", words),
                };
                asks.extend(self.about("cv", key, &words));
            }
        }
        asks
    }

    fn about(&self, part: &str, key: &str, words: &str) -> Vec<Piece> {
        let frames = self.shuffled(self.bank.words(part, key));
        frames.into_iter().map(|frame| Piece { text: woven(frame, words), frame, took_up: None }).collect()
    }

    /// Frames of an element that take up what was just said, the most particular first.
    pub(super) fn woven(&self, key: &str) -> Vec<Piece> {
        // A number says least about a person: in an introduction it comes last.
        let about_them = self.brief.stage.kind == StageKind::Introduction;
        let (numbers, others): (Vec<&Particular>, Vec<&Particular>) =
            self.particulars.iter().copied().partition(|p| about_them && p.kind == ParticularKind::Number);
        let made = others.into_iter().chain(numbers).flat_map(|particular| {
            let frames = self.shuffled(self.bank.woven(key, particular.kind));
            frames.into_iter().map(|frame| Piece::woven(frame, particular)).collect::<Vec<_>>()
        });
        made.collect()
    }

    /// Frames of an element that take up nothing; those for "we" first when only "we" was said.
    pub(super) fn bare(&self, key: &str) -> Vec<Piece> {
        let frames: &Frames = self.bank.frames(key);
        let we =
            self.brief.heard.as_ref().is_some_and(|heard| heard.kind.is_answer() && heard.voice == Voice::We);
        let own = if we { frames.we.as_slice() } else { &[] };
        let own = self.shuffled(own).into_iter().chain(self.shuffled(&frames.plain));
        // What the open question said already goes last.
        let open = self.brief.question.as_deref().unwrap_or("");
        let (new, echo): (Vec<_>, Vec<_>) = own.partition(|frame| !shares_word(open, frame));
        new.into_iter().chain(echo).map(|frame| Piece::plain(frame)).collect()
    }

    /// Everything that can still be asked when the first choice is used up, one tier after another: the topic
    /// in other words, the other topics of the stage, follow-ups from the candidate's own words. A tier is made
    /// when it is reached.
    pub(super) fn otherwise<'s>(&'s self, topic: &'s str) -> impl Iterator<Item = Vec<Piece>> + 's {
        let kind_topics = topics_of(self.brief.stage.kind);
        let others: Vec<&'s str> =
            self.shuffled(kind_topics).into_iter().copied().filter(|other| *other != topic).collect();
        let again = others.clone();
        let own = [Self::questions, Self::reworded].into_iter().map(move |ask| ask(self, topic));
        let more = others.into_iter().map(|other| self.questions(other));
        let more = more.chain(again.into_iter().map(|other| self.reworded(other)));
        let last: [fn(&Self) -> Vec<Piece>; 3] =
            [|scene| scene.woven("follow_up"), Self::echoes, |scene| scene.bare("follow_up")];
        own.chain(more).chain(last.into_iter().map(move |ask| ask(self)))
    }

    /// A topic in other words, then asked for an occasion, then smaller.
    pub(super) fn reworded(&self, topic: &str) -> Vec<Piece> {
        let Some(words) = self.bank.topic(topic) else { return Vec::new() };
        let lists = [&words.again, &words.occasion, &words.smaller].into_iter();
        lists.flat_map(|list| self.shuffled(list)).filter_map(|frame| self.filled(frame)).collect()
    }

    /// Follow-ups from earlier answers, listened to again.
    fn echoes(&self) -> Vec<Piece> {
        let pasted = String::new();
        let mut asks = Vec::new();
        for exchange in self.brief.recent.iter().rev() {
            let context = crate::listen::Heeded {
                question: &exchange.question,
                role: &self.brief.profile.role,
                pasted: &pasted,
            };
            let heard = crate::listen::listen(&exchange.answer, context);
            for particular in super::weave::usable(Some(&heard)) {
                let frames = self.shuffled(self.bank.woven("follow_up", particular.kind));
                asks.extend(frames.into_iter().map(|frame| Piece::woven(frame, particular)));
            }
        }
        asks
    }
}
