//! One line for each purpose.

use super::scene::{LineFragment, Scene, continues_story, matches_frame};
use super::written::{LineConditions, has_people, lines, situation_key};
use super::{fit, named, supposes};
use crate::heard::AnswerKind;
use crate::listen::{NarrativeTense, declines, narrative_tense, tells_a_choice};
use crate::moves::Move;
use crate::reading::{Ask, Probe, Situation};
use crate::stage::MOTIVE;
use crate::{Brief, LinePurpose, WriterLine};

/// An acknowledgement goes before one question in so many; more of them sound like a habit.
const ACKNOWLEDGED: usize = 8;
/// A word about the turn goes before one new topic in so many.
const ANNOUNCED: usize = 4;

/// So many lines lie between two that name something that was told of, at least.
const NAMED_APART: usize = 2;
/// How many of the things that were told of last may be named.
const NAMED_MOST: usize = 3;
/// Lines whose fit differs by less than this (in thousandths) are tried in any order.
const ABOUT_AS_GOOD: usize = 300;
/// A reason to apply of so many words, at most, is a bare wish: what is behind it may be asked.
const WISH: u32 = 7;
/// The lines after reasons to apply.
pub(super) const AHEAD: &str = "move.ahead";
/// The fit of a line of which nothing is known: it comes last.
const UNKNOWN: i32 = -9_000;

/// A line with how well it goes with the answer, if that is known.
type ScoredFragment = (Option<i32>, LineFragment);

/// The line that a brief asks for.
pub(super) fn compose(brief: &Brief) -> Option<WriterLine> {
    let scene = Scene::of(brief);
    match brief.purpose {
        LinePurpose::Opening => scene.opening(),
        LinePurpose::Question => scene.question(),
        LinePurpose::Probe => scene.probe(),
        LinePurpose::Transition => scene.transition(),
        LinePurpose::Repeat => scene.repeat(),
        LinePurpose::Clarify => scene.clarify(),
        LinePurpose::Redirect => scene.redirect(),
        LinePurpose::Smaller => scene.smaller(),
        LinePurpose::Concrete => scene.concrete(),
        LinePurpose::Care => scene.care(),
        LinePurpose::Boundary => scene.boundary(),
        LinePurpose::Wait => scene.said("wait"),
        LinePurpose::Nudge => scene.said("nudge"),
        LinePurpose::Offer => scene.said("offer"),
        LinePurpose::Closing => scene.closing(),
    }
}

impl Scene<'_> {
    fn opening(&self) -> Option<WriterLine> {
        let greeting = match self.name {
            Some(_) => self.moment("opening"),
            None => self.words("opening", "nameless"),
        };
        let what = self.words("opening", if self.role.is_some() { "what" } else { "what_roleless" });
        let leads = self.pairs(&greeting, &what);
        self.first_of(self.fallback_tiers(self.topic()), |_| leads.clone())
    }

    fn question(&self) -> Option<WriterLine> {
        let topic = self.topic();
        // Someone nervous gets the smaller question first.
        let small = self.nervous().then(|| self.smaller_of(topic));
        let motive = self.asks_why_they_apply().then(|| self.moment("motive.role"));
        let tiers = small.into_iter().chain(motive).chain(self.fallback_tiers(topic));
        self.first_of(tiers, |scene| {
            let back = scene.reply_to_question();
            if !back.is_empty() {
                back
            } else if scene.nervous() {
                scene.words("nervous", "lead")
            } else if scene.has_nothing_to_tell() {
                scene.moment("none.lead")
            } else if scene.declined() {
                scene.moment("decline.lead")
            } else if scene.reminded() {
                scene.moment("told.lead")
            } else if scene.said_what_weighs() {
                scene.moment("weight.lead")
            } else if scene.brief.stage.kind.tells_stories() && scene.roll(ANNOUNCED) == 0 {
                scene.words("transition", "within")
            } else {
                vec![LineFragment::none()]
            }
        })
    }

    /// What a written line for this kind of question is to fit here.
    pub(super) fn fit(&self, probe: Probe) -> LineConditions {
        let reading = self.brief.reading.as_deref();
        // What is hard for them is asked of who they are today, while they say that.
        let introduction = self.brief.stage.kind.introduces();
        let of_deeds = supposes::asks_about_deed(probe) && !(introduction && probe.ask() == Ask::Hard);
        // A story is asked for as something over, until it turns out to be a habit. An introduction may tell of either,
        // and only a question about what was done goes by it.
        let story = self.brief.stage.kind.tells_stories();
        let (over, told) = match (story, narrative_tense(self.current_answer())) {
            (true, Some(NarrativeTense::Habit)) if of_deeds => (Some(false), true),
            (true, _) => (Some(true), false),
            (false, Some(NarrativeTense::Event)) if introduction && of_deeds => (Some(true), true),
            (false, Some(NarrativeTense::Habit)) if introduction && of_deeds => (Some(false), true),
            (false, None) if introduction && of_deeds => (None, true),
            (false, _) => (Some(false), false),
        };
        LineConditions {
            setback: self.is_setback(),
            people: reading.is_some_and(has_people),
            student: self.student(),
            choice: tells_a_choice(self.current_answer()),
            over,
            told,
            job: self.standing.has_job(),
        }
    }

    /// Whether what was told last is a setback.
    pub(super) fn is_setback(&self) -> bool {
        self.brief
            .reading
            .as_deref()
            .is_some_and(|reading| reading.is_setback() || reading.situation() == Some(Situation::HardEvent))
    }

    /// The lines for a kind of question after what was told: those of the situation, then those that are right after
    /// any answer, each with how well it goes with the answer.
    fn scored(&self, probe: Probe) -> Vec<Vec<ScoredFragment>> {
        let fit = self.fit(probe);
        let reading = self.brief.reading.as_deref();
        let key = reading.and_then(|reading| situation_key(reading, probe));
        let places = key.iter().map(String::as_str).chain(["any"]);
        places
            .map(|place| {
                let fitting = lines().asks(place, probe).iter().filter(|line| line.fits(fit));
                let scored = self.shuffled(fitting).into_iter().filter_map(|line| {
                    let score = reading.and_then(|reading| fit::fit(reading, line.name));
                    Some((score, self.filled(&line.text)?))
                });
                scored.collect()
            })
            .collect()
    }

    /// The lines for a kind of question after what was told, in the order in which they are tried.
    fn lines_for(&self, probe: Probe) -> Vec<Vec<LineFragment>> {
        self.in_order(self.scored(probe), Vec::new())
    }

    /// Where it is known how lines go with the answer, the best first; else tier by tier, without the named ones.
    fn in_order(
        &self,
        tiers: Vec<Vec<ScoredFragment>>,
        named: Vec<ScoredFragment>,
    ) -> Vec<Vec<LineFragment>> {
        if self.brief.reading.as_deref().is_none_or(|reading| reading.wants.is_empty()) {
            return tiers
                .into_iter()
                .map(|tier| tier.into_iter().map(|(_, piece)| piece).collect())
                .collect();
        }
        let all = tiers.into_iter().flatten().chain(named);
        // Those that are about as good come in an order of this line's own.
        let mut all: Vec<(i32, LineFragment)> = all
            .map(|(score, piece)| (score.unwrap_or(UNKNOWN) + self.roll(ABOUT_AS_GOOD) as i32, piece))
            .collect();
        all.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        vec![all.into_iter().map(|(_, piece)| piece).collect()]
    }

    /// The lines that name something that was told of, with how well they go with the answer. None where one of the last
    /// two lines did so, nor where it is not known how well they go.
    fn naming(&self, probe: Probe) -> Vec<ScoredFragment> {
        let (Some(reading), Some(last)) = (self.brief.reading.as_deref(), self.brief.recent.last()) else {
            return Vec::new();
        };
        // Lines that name something ask for what is over; and what was learnt is not learnt of one thing in it.
        let habit = self.fit(probe);
        if reading.wants.is_empty() || habit.told && habit.over != Some(true) || probe.ask() == Ask::Learned {
            return Vec::new();
        }
        let lately = self.brief.said.iter().take(NAMED_APART);
        if lately.into_iter().any(|line| named::all().any(|(_, _, frame)| matches_frame(line, frame))) {
            return Vec::new();
        }
        let mut pieces = Vec::new();
        for one in named::named(&last.answer, reading).into_iter().take(NAMED_MOST) {
            for frame in named::asks(one.class, probe) {
                let name = fit::name(&format!("named_{}", one.class), probe, frame);
                let text = frame.replace("{x}", &one.phrase);
                pieces.push((fit::fit(reading, name), LineFragment { text, frame }));
            }
        }
        self.shuffled(pieces)
    }

    /// What may be said before a question about what was told: mostly nothing.
    fn acks(&self) -> Vec<LineFragment> {
        let back = self.reply_to_question();
        if !back.is_empty() {
            return back;
        }
        if self.nervous() {
            return self.words("nervous", "lead");
        }
        // What is wrong in a story is no matter for "Okay, thanks".
        let begun = self.brief.probe == Some(Probe::FirstStep);
        let plain = if begun { Vec::new() } else { self.plain_acks() };
        let none = vec![LineFragment::none()];
        if self.roll(ACKNOWLEDGED) == 0 { [plain, none].concat() } else { [none, plain].concat() }
    }

    fn probe(&self) -> Option<WriterLine> {
        let Some(probe) = self.brief.probe else { return self.question() };
        let tiers = self
            .move_lines()
            .or_else(|| self.plain(probe))
            .into_iter()
            .chain([self.by_name(probe)])
            .chain(self.in_order(self.scored(probe), self.naming(probe)));
        if self.brief.leaving.is_some() {
            // "Let's stay with that. And then?" does not go together.
            let whole =
                tiers.map(|tier| tier.into_iter().filter(|ask| !continues_story(&ask.text)).collect());
            return self.first_of(whole, |scene| scene.words("transition", "stay"));
        }
        self.first_of(tiers, Self::acks).or_else(|| self.question())
    }

    /// Whether what is new is why they apply for the role: asked for in these words, and not what they like in general.
    fn asks_why_they_apply(&self) -> bool {
        self.brief.stage.kind.introduces() && self.role.is_some() && self.topic() == MOTIVE
    }

    /// Whether what was said last is why they apply for the role: whoever has given their reasons is not asked for them again.
    pub(super) fn has_said_why(&self) -> bool {
        self.asks_why_they_apply() && self.brief.heard.as_ref().is_some_and(|heard| heard.words > WISH)
    }

    /// The lines of the move that is made, while they introduce themselves.
    fn move_lines(&self) -> Option<Vec<LineFragment>> {
        let made = self.brief.made?;
        let over = match (narrative_tense(self.current_answer()), made) {
            (Some(NarrativeTense::Habit), _) => false,
            // A course of life is told in the past, and its last job goes on.
            (_, Move::Day | Move::Draw | Move::Hard | Move::Pick) => !self.standing.has_job(),
            (Some(NarrativeTense::Event) | None, _) => true,
        };
        let fit = LineConditions { over: Some(over), ..self.fit(made.probe()) };
        let key =
            if made == Move::Behind && self.has_said_why() { AHEAD } else { &format!("move.{}", made.key()) };
        let lines = lines().moment(key).iter().filter(|line| line.fits(fit));
        Some(self.shuffled(lines).into_iter().filter_map(|line| self.filled(&line.text)).collect())
    }

    /// After a hard event: one sentence of care, then on with it as the person does.
    fn care(&self) -> Option<WriterLine> {
        let probe = self.brief.probe.unwrap_or(Probe::Learned);
        let fit = self.fit(probe);
        if probe == Probe::CloseGently {
            return self
                .assemble(&self.moment("care.loss"), &self.moment("care.stay"))
                .or_else(|| self.question());
        }
        let key = self.brief.reading.as_deref().and_then(|reading| situation_key(reading, probe));
        let own = key.iter().filter(|key| key.starts_with("hard_event")).flat_map(|key| lines().acks(key));
        let own = own.filter(|ack| ack.fits(fit));
        let mut leads: Vec<LineFragment> =
            self.shuffled(own).into_iter().filter_map(|ack| self.filled(&ack.text)).collect();
        leads.extend(self.moment("ack.hard"));
        // A condolence for what does not hurt is worse than none.
        if !self.surely_weighs() {
            leads = self.moment("ack.told");
        }
        let asks = self.brief.probe.map(|probe| self.lines_for(probe)).unwrap_or_default();
        self.first_of(asks, |_| leads.clone()).or_else(|| self.question())
    }

    fn transition(&self) -> Option<WriterLine> {
        let traits = self.brief.stage.kind.traits();
        let key = traits.student_lead.filter(|_| self.student()).unwrap_or(traits.lead);
        let leads = self.words("transition", key);
        // What was said last with weight, or not to be said at all, is not walked past.
        let word = match (declines(self.current_answer()), self.said_what_weighs()) {
            (true, _) => self.moment("decline.short"),
            (false, true) => self.moment("weight.lead"),
            (false, false) => Vec::new(),
        };
        let leads = if word.is_empty() { leads } else { self.pairs(&word, &leads) };
        self.first_of(self.fallback_tiers(self.topic()), |_| leads.clone())
    }

    fn repeat(&self) -> Option<WriterLine> {
        let Some(open) = self.brief.question.as_deref().and_then(shortened) else { return self.question() };
        let ask = LineFragment { text: open, frame: "" };
        self.assemble(&self.moment("request.repeat"), &[ask]).or_else(|| self.question())
    }

    fn clarify(&self) -> Option<WriterLine> {
        let about = self.brief.heard.as_ref().and_then(|heard| heard.about.as_deref());
        let known = about.and_then(|asked| self.bank.sense(asked));
        // What followed an answer is asked again in the plainest words: "I mean the end of it. What came of it?"
        let behind = self.brief.stage.kind.introduces();
        let key = |probe: Probe| if behind && probe.ask() == Ask::Reasoning { "behind" } else { probe.key() };
        let plainer = self.brief.probe.map(|probe| self.moment(&format!("plainer.{}", key(probe))));
        if let (None, Some(plainer)) = (known, plainer) {
            let leads = self.words("clarify", "lead");
            return self.assemble(&leads, &plainer).or_else(|| self.redirect());
        }
        let explained = match (known, self.brief.missing, self.bank.topic(self.topic())) {
            (Some((word, sense)), _, _) => {
                let frame = self.bank.words("clarify", "word").first()?;
                frame.replace("{word}", word).replace("{sense}", sense)
            }
            (None, Some(missing), _) => self.bank.frames(self.probe_key(missing)).explain.clone(),
            (None, None, Some(topic)) => topic.means.clone(),
            (None, None, None) => return self.redirect(),
        };
        let explained = LineFragment { text: explained, frame: "" };
        let mut leads = self.pairs(&self.words("clarify", "lead"), std::slice::from_ref(&explained));
        if self.roll(2) == 0 {
            leads.insert(0, explained);
        }
        self.assemble(&leads, &self.other_words())
    }

    /// Back to the question, in other words: the same once more, word for word, sounds like a rebuke.
    fn redirect(&self) -> Option<WriterLine> {
        let open = self.brief.question.as_deref().and_then(shortened);
        let same = open.map(|text| LineFragment { text, frame: "" });
        let asks: Vec<LineFragment> = self.other_words().into_iter().chain(same).collect();
        self.assemble(&self.words("redirect", "lead"), &asks)
    }

    /// The open question in other words: what was probed for, else the topic's.
    fn other_words(&self) -> Vec<LineFragment> {
        match self.brief.missing {
            Some(missing) => {
                let again = &self.bank.frames(self.probe_key(missing)).again;
                self.shuffled(again).into_iter().map(|frame| LineFragment::plain(frame)).collect()
            }
            None => {
                let again = self.bank.topic(self.topic()).map_or(&[][..], |topic| topic.again.as_slice());
                let open = self.brief.question.as_deref().unwrap_or("");
                let asked = |frame: &&String| !open.contains(frame.as_str());
                self.shuffled(again.iter().filter(asked))
                    .into_iter()
                    .map(|frame| LineFragment::plain(frame))
                    .collect()
            }
        }
    }

    fn smaller(&self) -> Option<WriterLine> {
        let topic = self.topic();
        // The same question with less to it: another question would leave the first one unanswered.
        let easier = self.brief.stage.kind.traits().easier;
        let same = easier.map(|key| self.moment(key)).unwrap_or_default();
        let leads =
            if self.nervous() { self.words("nervous", "lead") } else { self.words("smaller", "lead") };
        let tiers = [same, self.smaller_of(topic)].into_iter().chain(self.fallback_tiers(topic));
        self.first_of(tiers, |_| leads.clone())
    }

    fn smaller_of(&self, topic: &str) -> Vec<LineFragment> {
        let own = self.bank.topic(topic).map_or(&[][..], |words| words.smaller.as_slice());
        self.shuffled(own).into_iter().map(|frame| LineFragment::plain(frame)).collect()
    }

    fn concrete(&self) -> Option<WriterLine> {
        let short = self.brief.heard.as_ref().is_some_and(|heard| heard.kind == AnswerKind::Short);
        let topic = self.topic();
        let own = self.bank.topic(topic).map_or(&[][..], |words| words.occasion.as_slice());
        let own: Vec<LineFragment> =
            self.shuffled(own).into_iter().map(|frame| LineFragment::plain(frame)).collect();
        let story = self.brief.stage.kind.tells_stories();
        // What was said in general is asked for as it last happened; what was only named, as it went; in an introduction a
        // bare phrase is a new way into the topic. A bare phrase to a question about a story may be longer.
        // "Sorry, I'm a bit nervous" has nothing in it to tell more of.
        let own = if self.nervous() { [self.smaller_of(topic), own].concat() } else { own };
        let tiers = match (short, self.brief.probe.is_some() && !self.nervous(), story) {
            (true, true, _) => [self.moment("plain.more"), own],
            (true, false, true) => [self.moment("plain.named"), own],
            (true, false, false) => [own, self.moment("plain.example")],
            (false, _, _) => [self.moment("plain.example"), own],
        };
        let tiers = tiers.into_iter().chain(self.fallback_tiers(topic));
        let back = self.reply_to_question();
        self.first_of(tiers, |scene| match (scene.nervous(), scene.plays_down()) {
            _ if !back.is_empty() => back.clone(),
            (true, _) => scene.words("nervous", "lead"),
            (false, true) => scene.moment("modest.lead"),
            (false, false) => vec![LineFragment::none()],
        })
    }

    fn boundary(&self) -> Option<WriterLine> {
        let hostile = self.brief.heard.as_ref().is_some_and(|heard| heard.kind == AnswerKind::Hostile);
        let leads = self.words("boundary", if hostile { "hostile" } else { "trick" });
        let topic = self.topic();
        let tiers = [self.reworded(topic)].into_iter().chain(self.fallback_tiers(topic));
        self.first_of(tiers, |_| leads.clone())
    }

    /// A line that asks nothing about the work, different from the last ones.
    fn said(&self, part: &str) -> Option<WriterLine> {
        let lines = self.words(part, "line");
        let new = lines.iter().find(|p| self.fresh(&p.text)).or(lines.first())?;
        Some(WriterLine { text: new.text.clone(), took_up: None })
    }

    fn closing(&self) -> Option<WriterLine> {
        let named = match self.name {
            Some(_) => self.moment("closing.goodbye"),
            None => self.pairs(&self.words("closing", "nameless"), &self.words("closing", "next")),
        };
        let named = if self.asked_back() {
            self.pairs(&self.moment("closing.asked"), &self.moment("closing.brief"))
        } else {
            named
        };
        let goodbye = named.iter().find(|p| self.fresh(&p.text)).or(named.first())?;
        Some(WriterLine { text: goodbye.text.clone(), took_up: None })
    }

    /// The first tier that has something unasked.
    fn first_of(
        &self,
        tiers: impl IntoIterator<Item = Vec<LineFragment>>,
        leads: impl Fn(&Self) -> Vec<LineFragment>,
    ) -> Option<WriterLine> {
        tiers.into_iter().find_map(|asks| self.assemble(&leads(self), &asks))
    }

    /// Two half lines in one, every first with every second.
    fn pairs(&self, firsts: &[LineFragment], seconds: &[LineFragment]) -> Vec<LineFragment> {
        let both = |first: &LineFragment, second: &LineFragment| LineFragment {
            text: format!("{} {}", first.text, second.text),
            frame: "",
        };
        firsts.iter().flat_map(|first| seconds.iter().map(move |second| both(first, second))).collect()
    }
}

/// A question without its lead-in: from the part that asks on. `None` when nothing can be asked again.
fn shortened(open: &str) -> Option<String> {
    let sentence = crate::check::question_of(open).trim();
    // "What can you tell me about that?" asks for nothing without the sentence before it.
    if sentence.ends_with(" that?") && open.contains(": ") {
        return Some(open.trim().to_owned());
    }
    let after =
        [": ", ", then: "].iter().filter_map(|mark| sentence.find(mark).map(|at| at + mark.len())).max();
    let rest = after.map_or(sentence, |at| &sentence[at..]);
    let rest = if rest.split_whitespace().count() < 4 { sentence } else { rest };
    let rest = rest.replace("“", "").replace("”", "");
    let mut letters = rest.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().collect::<String>() + letters.as_str())
}
