//! What was told: the answers to each question, with those to the questions that followed it, sentence by sentence.

use std::collections::BTreeMap;
use std::ops::Range;

use interview::heard::{Feeling, Heard, Kind};
use interview::listen::{self, Heeded};
use interview::reading::{Ask, Likely, Part, Probe, Reading, Situation, Whose};
use interview::{Message, Purpose, Speaker, StageKind, bank};

use crate::sentence::Sentence;
use crate::{Harm, Performance, quote};

/// A question of its own, and everything said to it and to what followed it.
pub(crate) struct Told<'a> {
    pub(crate) question: &'a Message,
    /// The sort of stage it was asked in.
    pub(crate) kind: StageKind,
    /// The topic of the question; empty if it has none.
    pub(crate) topic: &'a str,
    /// What of the candidate's papers the question names, in their words; then it says little of the topic.
    pub(crate) named: Option<String>,
    /// They told of something that weighs on them, or would not speak of it: nothing is asked of how it was told.
    pub(crate) weighs: bool,
    pub(crate) runs: Vec<Run<'a>>,
}

/// What was said to one line of the interviewer's.
pub(crate) struct Run<'a> {
    /// What the line asked for, where it followed what was told.
    pub(crate) asked: Option<Ask>,
    /// The answer; in more than one message if it was taken up again before the next line.
    pub(crate) messages: Vec<&'a Message>,
    pub(crate) heard: Heard,
    /// What a model understood of it, if one read it.
    pub(crate) reading: Option<&'a Reading>,
    pub(crate) sentences: Vec<Sentence<'a>>,
}

/// Fewer words than these make no story that could lack something.
pub(crate) const STORY: usize = 12;
/// From here on something hard is told, in thousandths.
const HARD: u16 = 600;

impl Run<'_> {
    /// True if it is an answer or an attempt at one, not a wish or a refusal.
    pub(crate) fn tells(&self) -> bool {
        matches!(self.heard.kind, Kind::Answer | Kind::Short | Kind::Vague)
    }

    /// True if it tells of something hard that is theirs, or says that they would rather not tell.
    fn weighs(&self) -> bool {
        let hard = |reading: &Reading| {
            let likely =
                |known: &Likely<Situation>| known.what == Situation::HardEvent && known.likely >= HARD;
            reading.whose == Some(Whose::Own) && reading.situations.iter().any(likely)
        };
        let declines = |message: &&Message| listen::declines(&message.text);
        self.reading.is_some_and(hard)
            || self.heard.kind == Kind::AsksSkip
            || self.heard.feeling == Some(Feeling::Painful)
            || self.messages.iter().any(declines)
    }
}

impl<'a> Told<'a> {
    /// What was told in answers.
    pub(crate) fn answers(&self) -> impl Iterator<Item = &Run<'a>> {
        self.runs.iter().filter(|run| run.tells())
    }

    pub(crate) fn sentences(&self) -> impl Iterator<Item = &Sentence<'a>> {
        self.answers().flat_map(|run| &run.sentences)
    }

    /// How many words the answers have.
    pub(crate) fn words(&self) -> usize {
        self.answers().map(|run| run.heard.words as usize).sum()
    }

    /// What the system did to the answers, each once.
    pub(crate) fn harms(&self, harms: &BTreeMap<u32, Vec<Harm>>) -> Vec<Harm> {
        let messages = self.runs.iter().flat_map(|run| &run.messages);
        let mut found: Vec<Harm> = messages.filter_map(|m| harms.get(&m.seq)).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// How likely the answers hold this part, in thousandths; `None` where no model read them.
    pub(crate) fn likely(&self, part: Part) -> Option<u16> {
        self.answers().filter_map(|run| run.reading).map(|reading| reading.likely(part)).max()
    }

    /// The last sentence told, also one of an answer that says they do not know.
    pub(crate) fn last(&self) -> Option<&Sentence<'a>> {
        let told = self.runs.iter().filter(|run| run.tells() || run.heard.kind == Kind::DontKnow);
        told.flat_map(|run| &run.sentences).last()
    }
}

/// True for a line that asks something of its own, not about what was told.
pub fn begins(line: &Message) -> bool {
    let purpose = line.why.as_ref().map(|why| why.purpose);
    matches!(purpose, Some(Purpose::Opening | Purpose::Question | Purpose::Transition))
}

/// True for a line after which something else is told: a question of its own, or the end.
pub(crate) fn turns_away(line: &Message) -> bool {
    begins(line) || line.why.as_ref().is_some_and(|why| why.purpose == Purpose::Closing)
}

/// What was told to the first line, with what followed it.
pub(crate) fn one<'a>(of: &Performance<'a>) -> Option<Told<'a>> {
    of.messages.first().filter(|line| line.speaker == Speaker::Interviewer)?;
    told_from(of, |_, last| last.is_none()).into_iter().next()
}

/// Everything told, by question, in order.
pub(crate) fn told<'a>(of: &Performance<'a>) -> Vec<Told<'a>> {
    told_from(of, |line, last| begins(line) || last.is_some_and(|told| asks_for_another(line, told)))
}

/// True for a line after which another story is told: who is asked for an occasion after having told of one tells of another.
fn asks_for_another(line: &Message, last: &Told<'_>) -> bool {
    let purpose = line.why.as_ref().map(|why| why.purpose);
    matches!(purpose, Some(Purpose::Concrete | Purpose::Smaller))
        && line.text.ends_with('?')
        && !line.text.contains(" more")
        && last.words() >= STORY
}

/// What was told from each line on that is a question of its own, given what was told last.
fn told_from<'a>(
    of: &Performance<'a>,
    is_own: impl Fn(&Message, Option<&Told<'a>>) -> bool,
) -> Vec<Told<'a>> {
    let papers = Papers::of(of);
    let mut all: Vec<Told<'a>> = Vec::new();
    let mut at = 0;
    // What is answered: a line that only nudges or waits asks for nothing else.
    let mut asking: Option<&Message> = None;
    while let Some(line) = of.messages.get(at) {
        at += 1;
        if line.speaker == Speaker::Candidate {
            continue;
        }
        // Care is shown for what was told before it, and is often the last that is said of it.
        if line.why.as_ref().is_some_and(|why| why.purpose == Purpose::Care) {
            all.iter_mut().last().into_iter().for_each(|told| told.weighs = true);
        }
        if is_own(line, all.last()) {
            all.push(papers.asked(line, of));
        } else if let Some(told) = all.last_mut()
            && line.asks_on()
        {
            // What an introduction ended with may be asked on in the next part: then it is a story like any other there.
            told.kind = of.kind_of(line);
        }
        let line = if line.asks_on() { line } else { asking.unwrap_or(line) };
        asking = Some(line);
        let messages: Vec<&Message> =
            of.messages[at..].iter().take_while(|m| m.speaker == Speaker::Candidate).collect();
        at += messages.len();
        if let (Some(told), false) = (all.last_mut(), messages.is_empty()) {
            let run = papers.run(line, messages, of);
            told.weighs |= run.weighs();
            told.runs.push(run);
        }
    }
    all
}

impl Performance<'_> {
    /// The sort of stage that a line belongs to.
    fn kind_of(&self, line: &Message) -> StageKind {
        let stage = self.plan.stages.iter().find(|stage| stage.id == line.stage);
        stage.map_or(StageKind::Experience, |stage| stage.kind)
    }
}

/// What the candidate brought along.
struct Papers {
    pasted: String,
    /// The phrases of it that a question may name.
    phrases: Vec<String>,
}

impl Papers {
    fn of(of: &Performance<'_>) -> Self {
        let (cv, posting) = (&of.profile.cv, &of.profile.job_description);
        let lines = bank::wishes(posting, &of.profile.role);
        let phrases = [bank::named_in_cv(cv), bank::requirements(posting), lines].concat();
        Self { pasted: format!("{cv}\n{posting}"), phrases }
    }

    /// A question that nothing is told to yet.
    fn asked<'a>(&self, question: &'a Message, of: &Performance<'a>) -> Told<'a> {
        let kind = of.kind_of(question);
        let topic = question.why.as_ref().and_then(|why| why.topic.as_deref()).unwrap_or_default();
        let named = self.phrases.iter().find(|phrase| question.text.contains(phrase.as_str())).cloned();
        Told { question, kind, topic, named, weighs: false, runs: Vec::new() }
    }

    /// What was said to a line.
    fn run<'a>(&self, line: &Message, messages: Vec<&'a Message>, of: &Performance<'_>) -> Run<'a> {
        let context = Heeded { question: &line.text, role: &of.profile.role, pasted: &self.pasted };
        let why = line.why.as_ref().filter(|why| matches!(why.purpose, Purpose::Probe | Purpose::Care));
        let asked = why.and_then(|why| why.probe).map(Probe::ask);
        Run { asked, ..run(messages, context) }
    }
}

fn run<'a>(messages: Vec<&'a Message>, context: Heeded<'_>) -> Run<'a> {
    let words: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    let heard = listen::listen(&words.join("\n"), context);
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, message) in messages.iter().enumerate() {
        let end = start + message.text.len();
        // A reading is of all that was said so far.
        let last = messages[at..].iter().rev().find_map(|later| later.reading.as_deref());
        let read =
            last.map(|reading| pieces(message, start..end, reading)).filter(|pieces| !pieces.is_empty());
        sentences.extend(read.unwrap_or_else(|| {
            let places = listen::sentences(&message.text).into_iter();
            let places = places.flat_map(|place| quote::clauses(&message.text, place));
            places.map(|place| Sentence::of(message, place, None)).collect()
        }));
        start = end + 1;
    }
    // "Eleven, I think. No, wait, it was fourteen.": what is taken back was not told.
    let back: Vec<bool> = sentences.iter().skip(1).map(Sentence::takes_back).chain([false]).collect();
    for (sentence, back) in sentences.iter_mut().zip(back) {
        sentence.idle |= back;
    }
    let reading = messages.iter().rev().find_map(|message| message.reading.as_deref());
    Run { asked: None, messages, heard, reading, sentences }
}

/// The sentences of a reading that are in this message, which is at this place of what was read. None if the reading is
/// of other words.
fn pieces<'a>(message: &'a Message, at: Range<usize>, reading: &'a Reading) -> Vec<Sentence<'a>> {
    let mut found = Vec::new();
    for sentence in &reading.sentences {
        let (from, to) = (sentence.start as usize, sentence.end as usize);
        if to <= at.start || from >= at.end || from >= to {
            continue;
        }
        let place = from.max(at.start) - at.start..to.min(at.end) - at.start;
        if message.text.get(place.clone()).is_none() {
            return Vec::new();
        }
        found.push(Sentence::of(message, place, Some(sentence)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{asked, line, said, with};

    #[test]
    fn a_story_that_is_asked_on_in_the_next_part_is_one_story_of_that_part() {
        let here = |message: Message| Message { stage: "self_introduction".to_owned(), ..message };
        let messages = [
            here(asked(1, "What are you proud of?")),
            here(said(2, "The printer jammed every morning in May, so I took the feeder apart one night.")),
            line(3, Purpose::Probe, "Let's turn to your experience, and start right there. What came of it?"),
            said(4, "It never jammed again, and we stopped buying spare feeders."),
            asked(5, "When did you last help somebody?"),
            said(6, "I helped a new driver with the racks last week, and he knows them now."),
        ];
        with(("", ""), &messages, &[], |of| {
            let told = told(of);
            let runs: Vec<usize> = told.iter().map(|told| told.runs.len()).collect();
            assert_eq!(runs, [2, 1]);
            assert!(told.iter().all(|told| told.kind == StageKind::Experience));
        });
    }

    #[test]
    fn care_is_for_what_was_told_before_it() {
        let story = "I had an apprentice who cut his thumb. I drove him to hospital and stayed with him.";
        let weighs = |after: Message| {
            let messages = [asked(1, "How did that come about?"), said(2, story), after];
            with(("", ""), &messages, &[], |of| told(of)[0].weighs)
        };
        assert!(weighs(line(3, Purpose::Care, "That can't have been easy for you.")));
        assert!(!weighs(line(3, Purpose::Closing, "Thank you.")));
    }
}
