//! Reads a plan from TOML, and says in which line it is wrong.

use serde::Deserialize;
use toml::Spanned;

use super::{Plan, PlanError, SilenceThresholds, Stage};
use crate::reading::Probe;
use crate::{Millis, StageKind, bank};

/// An interview in which nothing happens for this long is closed, unless the plan says otherwise.
const ABANDON_HOURS: u32 = 24 * 7;
/// No stage takes more turns than this; the bank is made for less.
const MOST_TURNS: u32 = 40;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFile {
    id: Spanned<String>,
    title: Spanned<String>,
    abandon_hours: Option<Spanned<u32>>,
    goodbye: Option<Spanned<String>>,
    silence: Silences,
    stage: Spanned<Vec<FileStage>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Silences {
    text: Spanned<Seconds>,
    voice: Spanned<Seconds>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    nudge: u32,
    offer: u32,
    pause: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileStage {
    id: Spanned<String>,
    title: Spanned<String>,
    goal: String,
    kind: Spanned<StageKind>,
    topics: Spanned<Vec<Spanned<String>>>,
    cover: Spanned<u32>,
    min_turns: Spanned<u32>,
    max_turns: Spanned<u32>,
    max_probes: u32,
    minutes: Spanned<u32>,
    #[serde(default)]
    follow_ups: Vec<Probe>,
    ask: Option<Spanned<String>>,
    #[serde(default)]
    posting: bool,
}

/// Says what is wrong at a place of the file.
struct Checker<'a>(&'a str);

impl Checker<'_> {
    fn wrong<T>(&self, at: &Spanned<T>, what: impl Into<String>) -> PlanError {
        self.at(at.span().start, what)
    }

    fn at(&self, offset: usize, what: impl Into<String>) -> PlanError {
        let line = 1 + self.0.as_bytes().iter().take(offset).filter(|b| **b == b'\n').count();
        PlanError { line, what: what.into() }
    }

    fn require<T>(&self, holds: bool, at: &Spanned<T>, what: impl Into<String>) -> Result<(), PlanError> {
        if holds { Ok(()) } else { Err(self.wrong(at, what)) }
    }
}

pub(super) fn parse(text: &str) -> Result<Plan, PlanError> {
    let check = Checker(text);
    let file: PlanFile = toml::from_str(text)
        .map_err(|error| check.at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
    check.require(is_id(file.id.get_ref()), &file.id, ID_RULE)?;
    check.require(!file.title.get_ref().trim().is_empty(), &file.title, "the title is empty")?;
    check.require(!file.stage.get_ref().is_empty(), &file.stage, "a plan needs at least one [[stage]]")?;
    let hours = file.abandon_hours.as_ref().map_or(ABANDON_HOURS, |hours| *hours.get_ref());
    if let Some(at) = &file.abandon_hours {
        check.require(hours > 0, at, "`abandon_hours` must be at least 1")?;
    }
    let abandon = Millis::from(hours) * 3_600_000;
    if let Some(goodbye) = &file.goodbye {
        check.require(!goodbye.get_ref().trim().is_empty(), goodbye, "`goodbye` is empty")?;
    }
    let silence_text = silence(&check, &file.silence.text, abandon)?;
    let silence_voice = silence(&check, &file.silence.voice, abandon)?;

    let mut stages: Vec<Stage> = Vec::new();
    let last = file.stage.get_ref().len() - 1;
    for (index, raw) in file.stage.into_inner().into_iter().enumerate() {
        let stage = stage(&check, raw, &stages, (index, last))?;
        stages.push(stage);
    }
    Ok(Plan {
        id: file.id.into_inner(),
        title: file.title.into_inner(),
        stages,
        silence_text,
        silence_voice,
        abandon,
        goodbye: file.goodbye.map(Spanned::into_inner),
    })
}

const ID_RULE: &str = "an id is lower-case letters and digits joined by `_`, such as `past_experience`";

fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn silence(
    check: &Checker<'_>,
    raw: &Spanned<Seconds>,
    abandon: Millis,
) -> Result<SilenceThresholds, PlanError> {
    let Seconds { nudge, offer, pause } = *raw.get_ref();
    let rising = 0 < nudge && nudge < offer && offer < pause && Millis::from(pause) * 1000 < abandon;
    check.require(rising, raw, "silences must rise: 0 < nudge < offer < pause < abandon_hours")?;
    let millis = |seconds: u32| Millis::from(seconds) * 1000;
    Ok(SilenceThresholds { nudge: millis(nudge), offer: millis(offer), pause: millis(pause) })
}

fn stage(
    check: &Checker<'_>,
    raw: FileStage,
    before: &[Stage],
    (index, last): (usize, usize),
) -> Result<Stage, PlanError> {
    check.require(is_id(raw.id.get_ref()), &raw.id, ID_RULE)?;
    let taken = before.iter().any(|stage| stage.id == *raw.id.get_ref());
    check.require(!taken, &raw.id, format!("the stage `{}` is there twice", raw.id.get_ref()))?;
    check.require(!raw.title.get_ref().trim().is_empty(), &raw.title, "the title is empty")?;
    let closing = raw.kind.get_ref().closes();
    // One stage alone may be about anything: the last line ends it.
    let fits = last == 0 || closing == (index == last);
    check.require(fits, &raw.kind, "the last stage, and only the last, is of kind `closing`")?;
    if let Some(ask) = &raw.ask {
        check.require(!ask.get_ref().trim().is_empty(), ask, "`ask` is empty")?;
    }
    check.require(!raw.topics.get_ref().is_empty(), &raw.topics, "a stage needs at least one topic")?;
    let known = bank::topics();
    let mut topics: Vec<String> = Vec::new();
    for topic in raw.topics.get_ref() {
        let name = topic.get_ref();
        let what = || format!("there are no questions for `{name}`; known topics: {}", known.join(", "));
        check.require(known.contains(&name.as_str()), topic, what())?;
        check.require(!topics.contains(name), topic, format!("the topic `{name}` is there twice"))?;
        topics.push(name.clone());
    }
    let cover = *raw.cover.get_ref();
    let fits = cover >= 1 && cover as usize <= topics.len();
    check.require(fits, &raw.cover, format!("`cover` must be between 1 and the {} topics", topics.len()))?;
    let (min, max) = (*raw.min_turns.get_ref(), *raw.max_turns.get_ref());
    check.require(min >= 1, &raw.min_turns, "`min_turns` must be at least 1")?;
    let fits = max >= min && max <= MOST_TURNS;
    check.require(
        fits,
        &raw.max_turns,
        format!("`max_turns` must be between `min_turns` and {MOST_TURNS}"),
    )?;
    let minutes = *raw.minutes.get_ref();
    check.require((1..=240).contains(&minutes), &raw.minutes, "`minutes` must be between 1 and 240")?;
    Ok(Stage {
        id: raw.id.into_inner(),
        title: raw.title.into_inner(),
        goal: raw.goal,
        kind: raw.kind.into_inner(),
        topics,
        cover,
        min_turns: min,
        max_turns: max,
        max_probes: raw.max_probes,
        budget: Millis::from(minutes) * 60_000,
        follow_ups: raw.follow_ups,
        ask: raw.ask.map(Spanned::into_inner),
        posting: raw.posting,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANDARD: &str = include_str!("../../plans/standard.toml");

    #[test]
    fn the_programs_own_plans_are_right() {
        let plans = Plan::all();
        assert_eq!(plans[0].id, "standard", "it is offered first");
        let minutes = |id: &str| plans.iter().find(|plan| plan.id == id).map(Plan::minutes);
        assert_eq!((minutes("standard"), minutes("quick")), (Some(20), Some(5)));
        let ids: std::collections::BTreeSet<&str> = plans.iter().map(|plan| plan.id.as_str()).collect();
        assert_eq!(ids.len(), plans.len(), "each has an id of its own");
    }

    /// Replaces one line of the standard plan; gives the line and the error.
    fn spoilt(from: &str, to: &str) -> (usize, PlanError) {
        let at = STANDARD.find(from).expect("the plan has this line");
        let line = 1 + STANDARD[..at].matches('\n').count();
        (line, parse(&STANDARD.replacen(from, to, 1)).expect_err("the plan is spoilt"))
    }

    #[test]
    fn a_wrong_plan_is_told_what_is_wrong_and_where() {
        let table = [
            ("id = \"standard\"", "id = \"Full interview\"", "lower-case"),
            ("id = \"past_experience\"", "id = \"self_introduction\"", "twice"),
            ("title = \"Past Experience\"", "title = \" \"", "empty"),
            ("kind = \"experience\"", "kind = \"closing\"", "only the last"),
            ("kind = \"experience\"", "kind = \"exam\"", "unknown variant"),
            ("topics = [\"open_door\"]", "topics = [\"pay\"]", "no questions for `pay`"),
            ("topics = [\"open_door\"]", "topics = []", "at least one topic"),
            ("topics = [\"open_door\"]", "topics = [\"open_door\", \"open_door\"]", "twice"),
            ("cover = 3", "cover = 11", "between 1 and the 10"),
            ("cover = 3", "covers = 3", "unknown field"),
            ("min_turns = 3", "min_turns = 0", "at least 1"),
            ("max_turns = 6", "max_turns = 2", "between `min_turns`"),
            ("minutes = 6", "minutes = 0", "between 1 and 240"),
            ("minutes = 6", "minutes = six", ""),
        ];
        for (from, to, what) in table {
            let (line, error) = spoilt(from, to);
            assert_eq!(error.line, line, "{to}: {error}");
            assert!(error.what.contains(what), "{to}: {error}");
        }
        let (line, error) = spoilt("nudge = 300", "nudge = 3000");
        assert!(error.what.contains("rise") && error.line.abs_diff(line) <= 1, "{error}");
        assert!(parse("").is_err());
    }
}
