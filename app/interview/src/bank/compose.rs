//! One line for each purpose.

use super::data::kind_key;
use super::scene::{Piece, Scene};
use super::weave::{fit, is_person, sayable};
use crate::heard::{Feeling, Kind, Particular, ParticularKind};
use crate::listen::{Heeded, listen};
use crate::{Brief, Line, Purpose, StageKind};

/// The line that a brief asks for.
pub(super) fn compose(brief: &Brief) -> Option<Line> {
    let scene = Scene::of(brief);
    match brief.purpose {
        Purpose::Opening => scene.opening(),
        Purpose::Question => scene.question(),
        Purpose::Probe => scene.probe(),
        Purpose::Transition => scene.transition(),
        Purpose::Repeat => scene.repeat(),
        Purpose::Clarify => scene.clarify(),
        Purpose::Redirect => scene.redirect(),
        Purpose::Smaller => scene.smaller(),
        Purpose::Concrete => scene.concrete(),
        Purpose::Care => scene.care(),
        Purpose::Boundary => scene.boundary(),
        Purpose::Wait => scene.said("wait"),
        Purpose::Nudge => scene.said("nudge"),
        Purpose::Offer => scene.said("offer"),
        Purpose::Closing => scene.closing(),
    }
}

impl Scene<'_> {
    fn opening(&self) -> Option<Line> {
        let greeting = self.words("opening", if self.name.is_some() { "greeting" } else { "nameless" });
        let what = self.words("opening", if self.role.is_some() { "what" } else { "what_roleless" });
        let leads = self.pairs(&greeting, &what);
        let topic = self.topic();
        let tiers = vec![self.first_questions(topic)];
        let tiers = tiers.into_iter().chain(self.otherwise(topic));
        self.first_of(tiers, |_| leads.clone())
    }

    fn question(&self) -> Option<Line> {
        let topic = self.topic();
        // Someone nervous gets the smaller question first.
        let small = self.nervous().then(|| self.smaller_of(topic));
        let tiers = small.into_iter().chain(self.otherwise(topic));
        self.first_of(tiers, |scene| scene.leads("leave"))
    }

    fn probe(&self) -> Option<Line> {
        let Some(missing) = self.brief.missing else { return self.question() };
        let key = self.probe_key(missing);
        let leads = self.leads("stay");
        let (woven, bare) = (self.woven(key), self.bare(key));
        let mirrored = self.mirrors("stay");
        // Mostly the question itself takes up the words; else they go before a plain one; now and then neither.
        let about_them = self.brief.stage.kind == StageKind::Introduction;
        let first = match self.roll(10) {
            _ if self.nervous() => self.assemble(&leads, if woven.is_empty() { &bare } else { &woven }),
            roll if !woven.is_empty() && (roll < 6 || about_them) => self.assemble(&[Piece::none()], &woven),
            6..=8 if !mirrored.is_empty() => self.assemble(&mirrored, &bare),
            _ => self.assemble(&leads, &bare),
        };
        let rest = || {
            self.first_of(vec![woven, bare, self.again(key), self.woven("follow_up")], |s| s.leads("stay"))
        };
        first.or_else(rest).or_else(|| self.question())
    }

    fn transition(&self) -> Option<Line> {
        let heard = self.mirrors("transition");
        let plain = if self.brief.stage.kind == StageKind::Closing { "plain_closing" } else { "plain" };
        let heard = if heard.is_empty() { self.words("transition", plain) } else { heard };
        let key = match (self.brief.stage.kind, self.student()) {
            (StageKind::Introduction, _) => "to_introduction",
            (StageKind::Experience, false) => "to_experience",
            (StageKind::Experience, true) => "to_experience_student",
            (StageKind::Closing, _) => "to_closing",
        };
        let leads = self.pairs(&heard, &self.words("transition", key));
        self.first_of(self.otherwise(self.topic()), |_| leads.clone())
    }

    fn repeat(&self) -> Option<Line> {
        let Some(open) = self.brief.question.as_deref().and_then(shortened) else { return self.question() };
        let ask = Piece { text: open, frame: "", took_up: None };
        self.assemble(&self.words("repeat", "lead"), &[ask]).or_else(|| self.question())
    }

    fn clarify(&self) -> Option<Line> {
        let about = self.brief.heard.as_ref().and_then(|heard| heard.about.as_deref());
        let known = about.and_then(|asked| self.bank.sense(asked));
        let explained = match (known, self.brief.missing, self.bank.topic(self.topic())) {
            (Some((word, sense)), _, _) => {
                let frame = self.bank.words("clarify", "word").first()?;
                frame.replace("{word}", word).replace("{sense}", sense)
            }
            (None, Some(missing), _) => self.bank.frames(self.probe_key(missing)).explain.clone(),
            (None, None, Some(topic)) => topic.means.clone(),
            (None, None, None) => return self.redirect(),
        };
        let explained = Piece { text: explained, frame: "", took_up: None };
        let mut leads = self.pairs(&self.words("clarify", "lead"), std::slice::from_ref(&explained));
        if self.roll(2) == 0 {
            leads.insert(0, explained);
        }
        self.assemble(&leads, &self.other_words())
    }

    fn redirect(&self) -> Option<Line> {
        self.assemble(&self.words("redirect", "lead"), &self.other_words())
    }

    /// The open question in other words: the element's while probing, else the topic's.
    fn other_words(&self) -> Vec<Piece> {
        match self.brief.missing {
            Some(missing) => self.again(self.probe_key(missing)),
            None => {
                let again = self.bank.topic(self.topic()).map_or(&[][..], |topic| topic.again.as_slice());
                let open = self.brief.question.as_deref().unwrap_or("");
                let asked = |frame: &&String| !open.contains(frame.as_str());
                self.shuffled(again.iter().filter(asked))
                    .into_iter()
                    .map(|frame| Piece::plain(frame))
                    .collect()
            }
        }
    }

    fn again(&self, key: &str) -> Vec<Piece> {
        self.shuffled(&self.bank.frames(key).again).into_iter().map(|frame| Piece::plain(frame)).collect()
    }

    fn smaller(&self) -> Option<Line> {
        let topic = self.topic();
        let own = self.smaller_of(topic);
        let leads =
            if self.nervous() { self.words("nervous", "lead") } else { self.words("smaller", "lead") };
        let tiers = vec![own, self.bare("smaller")];
        let tiers = tiers.into_iter().chain(self.otherwise(topic));
        self.first_of(tiers, |_| leads.clone())
    }

    fn smaller_of(&self, topic: &str) -> Vec<Piece> {
        let own = self.bank.topic(topic).map_or(&[][..], |words| words.smaller.as_slice());
        self.shuffled(own).into_iter().map(|frame| Piece::plain(frame)).collect()
    }

    fn concrete(&self) -> Option<Line> {
        let short = self.brief.heard.as_ref().is_some_and(|heard| heard.kind == Kind::Short);
        let key = if short { "short" } else { "concrete" };
        let topic = self.topic();
        let own = self.bank.topic(topic).map_or(&[][..], |words| words.occasion.as_slice());
        let own: Vec<Piece> = self.shuffled(own).into_iter().map(|frame| Piece::plain(frame)).collect();
        // "The first step" is asked of a story; about themselves people are asked by the topic.
        let story = self.brief.stage.kind == StageKind::Experience;
        let plain =
            if story && (short || self.roll(2) == 0) { [self.bare(key), own] } else { [own, self.bare(key)] };
        let mut tiers = vec![self.woven(key)];
        tiers.extend(plain);
        let tiers = tiers.into_iter().chain(self.otherwise(topic));
        self.first_of(tiers, |scene| match (short, scene.roll(3)) {
            (true, _) | (false, 0) => vec![Piece::none()],
            (false, _) => scene.words("concrete", "lead"),
        })
    }

    fn care(&self) -> Option<Line> {
        let leads = self.pairs(&self.words("care", "lead"), &self.words("care", "offer"));
        let mut tiers = vec![self.bare("easy")];
        if self.brief.stage.kind == StageKind::Introduction {
            tiers.push(self.questions("strengths"));
        }
        let tiers = tiers.into_iter().chain(self.otherwise(self.topic()));
        self.first_of(tiers, |_| leads.clone())
    }

    fn boundary(&self) -> Option<Line> {
        let hostile = self.brief.heard.as_ref().is_some_and(|heard| heard.kind == Kind::Hostile);
        let leads = self.words("boundary", if hostile { "hostile" } else { "trick" });
        let topic = self.topic();
        let tiers = vec![self.reworded(topic)];
        let tiers = tiers.into_iter().chain(self.otherwise(topic));
        self.first_of(tiers, |_| leads.clone())
    }

    /// A line that asks nothing about the work, different from the last ones.
    fn said(&self, part: &str) -> Option<Line> {
        let lines = self.words(part, "line");
        let new = lines.iter().find(|p| self.fresh(&p.text)).or(lines.first())?;
        Some(Line { text: new.text.clone(), took_up: None })
    }

    fn closing(&self) -> Option<Line> {
        let thanks = self.words("closing", if self.name.is_some() { "thanks" } else { "nameless" });
        let thanks = thanks.iter().find(|p| self.fresh(&p.text)).or(thanks.first())?;
        let next = self.words("closing", "next");
        let remembered = self.remembered();
        let parts = [Some(thanks), remembered.as_ref(), next.first()];
        let text = parts.into_iter().flatten().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ");
        Some(Line { text, took_up: remembered.and_then(|p| p.took_up) })
    }

    /// One true thing that they said: the keepsake, else the most particular of the last answer.
    fn remembered(&self) -> Option<Piece> {
        let all = self.brief.heard.as_ref().map_or(&[][..], |heard| heard.particulars.as_slice());
        let keepsake = self.brief.keepsake.as_deref().map(str::trim).filter(|words| !words.is_empty());
        if let Some(words) = keepsake {
            let same = |p: &&Particular| p.words == words || p.to_you == words;
            let told = self.told();
            let known = all.iter().chain(&told).find(same).filter(|p| fit(p));
            return match known {
                Some(p) => self.words("closing", kind_key(p.kind)).first().map(|f| Piece::woven(f.frame, p)),
                None => self.quoted(words),
            };
        }
        let told = |kind: ParticularKind| self.particulars.iter().find(move |p| p.kind == kind);
        let order = [
            ParticularKind::Saying,
            ParticularKind::Deed,
            ParticularKind::Turn,
            ParticularKind::Thing,
            ParticularKind::Name,
        ];
        let p = order.into_iter().find_map(told)?;
        self.words("closing", kind_key(p.kind)).first().map(|f| Piece::woven(f.frame, p))
    }

    /// What the last answers hold, listened to again.
    fn told(&self) -> Vec<Particular> {
        let heard = self.brief.recent.iter().rev().map(|exchange| {
            let role = &self.brief.profile.role;
            listen(&exchange.answer, Heeded { question: &exchange.question, role, pasted: "" })
        });
        heard.filter(|h| h.feeling != Some(Feeling::Painful)).flat_map(|h| h.particulars).collect()
    }

    /// A keepsake of which nothing more is known: as a deed if it begins like one, in quotation marks if the words
    /// are the candidate's own, else as it is. `None` when it cannot be said aloud.
    fn quoted(&self, words: &str) -> Option<Piece> {
        let bare: Vec<String> = words.split(' ').map(str::to_lowercase).collect();
        let has = |known: &[&str]| bare.iter().any(|w| known.contains(&w.as_str()));
        // The first person is right in a quotation; the other limits hold.
        let own = ["i", "my", "we", "our", "me", "us", "mine"];
        let rest = words
            .split(' ')
            .filter(|w| !own.contains(&w.to_lowercase().as_str()))
            .collect::<Vec<_>>()
            .join(" ");
        if !sayable(&rest) || bare.len() > 14 || is_person(words) {
            return None;
        }
        let deed = bare.len() > 1 && (bare[0].ends_with("ed") || PAST.contains(&bare[0].as_str()));
        let key = match (has(&own), deed) {
            (false, true) => "deed",
            (false, false) if has(&["you", "your", "yours", "yourself"]) => "unknown",
            (true, _) | (false, false) => "quoted",
        };
        let frame = self.words("closing", key).first()?.frame;
        Some(Piece { text: frame.replace("{x}", words), frame, took_up: Some(words.to_owned()) })
    }

    /// What may go before a question: often nothing, mostly a particular, sometimes a plain word; calm words
    /// for someone nervous.
    fn leads(&self, part: &str) -> Vec<Piece> {
        if self.nervous() {
            return self.words("nervous", "lead");
        }
        let answered = self.brief.heard.as_ref().is_some_and(|heard| heard.kind.is_answer());
        let plain = if answered { self.words(part, "plain") } else { Vec::new() };
        let none = vec![Piece::none()];
        match self.roll(100) {
            0..40 => [none, plain].concat(),
            40..85 => [self.mirrors(part), none, plain].concat(),
            _ => [plain, none].concat(),
        }
    }

    /// Half sentences that take up what was said, the most particular first.
    fn mirrors(&self, part: &str) -> Vec<Piece> {
        let made = self.particulars.iter().take(3).flat_map(|p| {
            let frames = self.shuffled(self.bank.words(part, kind_key(p.kind)));
            frames.into_iter().map(|frame| Piece::woven(frame, p)).collect::<Vec<_>>()
        });
        made.collect()
    }

    /// The first tier that has something unasked.
    fn first_of(
        &self,
        tiers: impl IntoIterator<Item = Vec<Piece>>,
        leads: impl Fn(&Self) -> Vec<Piece>,
    ) -> Option<Line> {
        tiers.into_iter().find_map(|asks| self.assemble(&leads(self), &asks))
    }

    /// Two half lines in one, every first with every second.
    fn pairs(&self, firsts: &[Piece], seconds: &[Piece]) -> Vec<Piece> {
        let both = |first: &Piece, second: &Piece| Piece {
            text: format!("{} {}", first.text, second.text),
            frame: "",
            took_up: first.took_up.clone(),
        };
        firsts.iter().flat_map(|first| seconds.iter().map(move |second| both(first, second))).collect()
    }
}

/// Irregular verbs that a deed often begins with.
const PAST: [&str; 30] = [
    "wrote", "led", "built", "ran", "made", "took", "told", "found", "began", "set", "cut", "kept", "went",
    "gave", "brought", "taught", "rebuilt", "held", "drew", "sold", "won", "put", "met", "chose", "rewrote",
    "spoke", "sat", "left", "got", "saw",
];

/// A question without its lead-in: from the part that asks on. `None` when nothing can be asked again.
fn shortened(open: &str) -> Option<String> {
    let sentence = crate::check::question_of(open).trim();
    let after =
        [": ", ", then: "].iter().filter_map(|mark| sentence.find(mark).map(|at| at + mark.len())).max();
    let rest = after.map_or(sentence, |at| &sentence[at..]);
    let rest = if rest.split_whitespace().count() < 4 { sentence } else { rest };
    let rest = rest.replace("“", "").replace("”", "");
    let mut letters = rest.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().collect::<String>() + letters.as_str())
}
