//! Main questions: those of the field of work, of everybody, and of what was pasted.

use super::families;
use super::pasted::{Phrase, from_cv, from_posting};
use super::scene::{LineFragment, Scene};
use super::wishes::wishes;
use super::written::lines;
use crate::heard::Element;
use crate::listen::stems;

/// What nobody is asked for who has just told of an injury or a death.
const MISHAPS: [&str; 4] = ["accident", "slip", "mistake", "worse than"];

impl Scene<'_> {
    /// The key of the words that explain what is asked for: in an introduction some have words of their own.
    pub(super) fn probe_key(&self, element: Element) -> &'static str {
        match (self.brief.stage.kind.introduces(), element) {
            (true, Element::Reasoning) => "introduction_reasoning",
            (true, Element::Reflection) => "introduction_reflection",
            (true, Element::Situation) => "introduction_situation",
            (_, Element::Situation) => "situation",
            (_, Element::Task) => "task",
            (_, Element::Action) => "action",
            (_, Element::Result) => "result",
            (_, Element::Reasoning) => "reasoning",
            (_, Element::Obstacle) => "obstacle",
            (_, Element::Role) => "role",
            (_, Element::Team) => "team",
            (_, Element::Scale) => "scale",
            (_, Element::Technology) => "technology",
            (_, Element::Date) => "date",
            (_, Element::Reflection) => "reflection",
        }
    }

    /// The topic of the brief if the bank knows it, else one of the stage's kind.
    pub(super) fn topic(&self) -> &str {
        let known = self.brief.topic.as_deref().filter(|topic| self.bank.topic(topic).is_some());
        let of_kind = self.brief.stage.kind.traits().topics;
        known.unwrap_or_else(|| of_kind[self.roll(of_kind.len())])
    }

    /// The main questions of a topic for this person, the best first.
    pub(super) fn questions(&self, topic: &str) -> Vec<LineFragment> {
        if topic == "open_door" {
            return self.moment("closing.open_door");
        }
        let mut all = if self.brief.stage.posting { self.lines_of_posting() } else { Vec::new() };
        let pick = |texts: &'static [String]| -> Vec<LineFragment> {
            self.shuffled(texts).into_iter().filter_map(|text| self.filled(text)).collect()
        };
        let general = pick(families::general().questions(topic));
        let own = match (self.student(), self.field) {
            (true, _) => pick(families::student().questions(topic)),
            (false, Some(field)) => pick(field.questions(topic)),
            (false, None) => Vec::new(),
        };
        if self.turn_of_pasted(topic) {
            all.extend(self.pasted(topic));
        }
        // The field's own question comes first three times of four, the general one the fourth.
        if self.student() || self.roll(4) > 0 {
            all.extend(own.into_iter().chain(general));
        } else {
            all.extend(general.into_iter().chain(own));
        }
        all.retain(|ask| self.standing.fits(topic, &ask.text));
        if self.told_of_harm() {
            all.retain(|ask| !MISHAPS.iter().any(|word| ask.text.contains(word)));
        }
        all
    }

    /// Whether it is the turn of the CV or the posting.
    fn turn_of_pasted(&self, topic: &str) -> bool {
        let lately =
            |line: &String| line.contains("CV") || line.contains("posting") || line.contains("In this role");
        let fits = matches!(topic, "present" | "pride" | "trade" | "role_fit")
            || self.brief.stage.kind.tells_stories();
        let stories = self.brief.stage.kind.tells_stories();
        let posting = stories && !self.brief.profile.job_description.trim().is_empty();
        let often = match topic {
            "pride" | "trade" | "role_fit" => 4,
            _ if posting => 2,
            _ => 1,
        };
        fits && !self.brief.said.iter().any(lately) && self.roll(5) < often
    }

    /// Questions about something in the CV or the posting.
    fn pasted(&self, topic: &str) -> Vec<LineFragment> {
        let posting = matches!(topic, "role_fit") || self.brief.stage.kind.tells_stories();
        let experience = self.brief.stage.kind.tells_stories();
        let profile = &self.brief.profile;
        let mut asks = Vec::new();
        if posting && (topic != "trade" || self.roll(2) == 0 || profile.cv.trim().is_empty()) {
            let student = if self.student() { "student_" } else { "" };
            let said: Vec<String> =
                self.brief.so_far.answers.iter().flat_map(|answer| stems(answer)).collect();
            let wanted = from_posting(&profile.job_description).into_iter();
            for phrase in self.shuffled(wanted.filter(|phrase| !is_heard(phrase.words(), &said))) {
                let (key, words) = match phrase {
                    Phrase::Thing(words) if is_doing(&words) => ("doing", words),
                    Phrase::Thing(words) => ("thing", words),
                    Phrase::Deed(words) => ("deed", words),
                    Phrase::Place(_) => continue,
                };
                asks.extend(self.about(self.bank.words("posting", &format!("{student}{key}")), &words));
            }
        }
        if topic != "role_fit" && (!experience || topic == "trade") {
            // "I saw Northwind in your CV" comes late where they have just spoken of it.
            let told = self.brief.so_far.answers.join(" ").to_lowercase();
            let new = |phrase: &Phrase| !matches!(phrase, Phrase::Place(name) if told.contains(&name.to_lowercase()));
            for phrase in self.shuffled(from_cv(&profile.cv).into_iter().filter(new)) {
                let (key, words) = match phrase {
                    Phrase::Thing(_) if topic != "trade" => continue,
                    Phrase::Thing(words) => ("tool", words),
                    Phrase::Deed(words) => ("deed", words),
                    Phrase::Place(words) => ("place", words),
                };
                asks.extend(self.about(self.bank.words("cv", key), &words));
            }
        }
        asks
    }

    /// The posting, line by line, without those that were asked about: as what it asks for where that can be said in a
    /// question, else as it stands.
    fn lines_of_posting(&self) -> Vec<LineFragment> {
        let profile = &self.brief.profile;
        let student = if self.student() { "student_" } else { "" };
        let asked = |words: &str| self.brief.said.iter().any(|said| said.contains(words));
        let lines =
            wishes(&profile.job_description, &profile.role).into_iter().map(|line| {
                match from_posting(&line).into_iter().next() {
                    Some(Phrase::Thing(words)) if line.ends_with(&words) => {
                        let key = if is_doing(&words) { "doing" } else { "thing" };
                        (format!("{student}{key}"), words)
                    }
                    Some(Phrase::Deed(words)) if line == words => (format!("{student}deed"), words),
                    Some(_) | None => ("line".to_owned(), line),
                }
            });
        let open = lines.filter(|(_, words)| !asked(words));
        open.flat_map(|(key, words)| self.about(self.bank.words("posting", &key), &words)).collect()
    }

    /// The frames with these words in the place of `{x}`, in an order of this line's own.
    pub(super) fn about(
        &self,
        frames: impl IntoIterator<Item = &'static String>,
        words: &str,
    ) -> Vec<LineFragment> {
        let frames = self.shuffled(frames).into_iter();
        frames.map(|frame| LineFragment { text: frame.replace("{x}", words), frame }).collect()
    }

    /// Everything that can still be asked when the first choice is used up, one tier after another: the topic, the
    /// topic in other words, the other topics of the stage, and in the end what is right after any answer. A tier is
    /// made when it is reached.
    pub(super) fn fallback_tiers<'s>(
        &'s self,
        topic: &'s str,
    ) -> impl Iterator<Item = Vec<LineFragment>> + 's {
        let kind_topics = self.brief.stage.kind.traits().topics;
        let others: Vec<&'s str> =
            self.shuffled(kind_topics).into_iter().copied().filter(|other| *other != topic).collect();
        let again = others.clone();
        let own = [Self::questions, Self::reworded].into_iter().map(move |ask| ask(self, topic));
        let more = others.into_iter().map(|other| self.questions(other));
        let more = more.chain(again.into_iter().map(|other| self.reworded(other)));
        own.chain(more)
    }

    /// A topic in other words, then asked for an occasion, then smaller.
    pub(super) fn reworded(&self, topic: &str) -> Vec<LineFragment> {
        let Some(words) = self.bank.topic(topic) else { return Vec::new() };
        let lists = [&words.again, &words.occasion, &words.smaller].into_iter();
        lists.flat_map(|list| self.shuffled(list)).filter_map(|frame| self.filled(frame)).collect()
    }

    /// What is said at a moment of the interview, in an order of this line's own.
    pub(super) fn moment(&self, key: &str) -> Vec<LineFragment> {
        let lines = lines().moment(key).iter();
        self.shuffled(lines).into_iter().filter_map(|line| self.filled(&line.text)).collect()
    }
}

/// Whether most words of a phrase were said already: nobody asks for that.
fn is_heard(phrase: &str, said: &[String]) -> bool {
    let wanted = stems(phrase);
    wanted.iter().filter(|stem| said.contains(stem)).count() * 2 > wanted.len()
}

/// Whether a phrase names something that is done: "leading managers", "coaching".
fn is_doing(phrase: &str) -> bool {
    phrase.split_whitespace().next().is_some_and(|first| first.len() > 5 && first.ends_with("ing"))
}
