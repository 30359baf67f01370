//! The table, and the same figures for programs.

use serde_json::{Value, json};

use crate::machine::MachineSnapshot;
use crate::plan::SpeechWorkload;
use crate::python::Cost;
use crate::run::{RecognitionScores, RoundTrip};
use crate::samples::LatencySamples;
use crate::turns::Turns;

/// What was measured.
#[derive(Debug, Default)]
pub(crate) struct SpeechMeasurements {
    /// Resident bytes with one and two threads: at the start, hearing, hearing and speaking.
    pub(crate) memory: Vec<[u64; 3]>,
    pub(crate) memory_python: Option<[u64; 3]>,
    pub(crate) first_audio: Vec<(usize, LatencySamples, Option<LatencySamples>)>,
    pub(crate) round_trip: RoundTrip,
    pub(crate) round_trip_python: Option<RoundTrip>,
    pub(crate) sets: Vec<(&'static str, RecognitionScores, Option<RecognitionScores>)>,
    pub(crate) turns: Vec<Turns>,
}

/// What a run brought.
#[derive(Debug)]
pub struct SpeechBenchReport {
    head: String,
    rows: Vec<[String; 4]>,
    json: Value,
}

impl SpeechBenchReport {
    pub(crate) fn new(
        before: &MachineSnapshot,
        after: &MachineSnapshot,
        amounts: SpeechWorkload,
        told: &SpeechMeasurements,
    ) -> Self {
        let others = after.others_since(before);
        let head = format!(
            "Measured {} on {}, {} cores, of which other programs took {others:.0} %. Ours: a thread for each core, \
             {} streams at once in real time where words are counted. Python: moonshine-voice 0.1.0 and hibari-tts \
             0.2.1 with the same models, audio as fast as it takes it.",
            before.date, before.processor, before.cores, amounts.lanes
        );
        let mut rows = Rows(Vec::new());
        hearing_rows(&mut rows, told);
        speaking_rows(&mut rows, told);
        latency_rows(&mut rows, told);
        memory_rows(&mut rows, told);
        let json = json!({
            "machine": { "date": before.date, "processor": before.processor, "cores": before.cores,
                "others_percent": others },
            "units": "word errors in counts, times in ms, costs in seconds, memory in bytes",
            "lanes": amounts.lanes,
            "hearing": told.sets.iter().map(|(name, ours, theirs)| json!({
                "set": name, "ours": heard_json(ours), "python": theirs.as_ref().map(heard_json),
            })).collect::<Vec<_>>(),
            "round_trip": { "ours": trip_json(&told.round_trip),
                "python": told.round_trip_python.as_ref().map(trip_json) },
            "first_audio": told.first_audio.iter().map(|(sessions, ours, theirs)| json!({
                "sessions": sessions, "ours": ours.json(), "python": theirs.as_ref().map(LatencySamples::json),
            })).collect::<Vec<_>>(),
            "turns": told.turns.iter().map(|turns| json!({
                "sessions": turns.sessions, "answered": turns.turns.json(),
                "since_speech": turns.since_speech.json(), "judged": turns.judged.json(),
                "interims": turns.gaps.json(), "cost": cost_json(turns.cost), "quarters": turns.quarters,
            })).collect::<Vec<_>>(),
            "memory": { "ours": told.memory, "python": told.memory_python },
        });
        Self { head, rows: rows.0, json }
    }

    /// The table, in Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "{}\n\n| what | ours | Python packages | ours / theirs |\n|---|---|---|---|\n",
            self.head
        );
        for row in &self.rows {
            text.push_str(&format!("| {} |\n", row.join(" | ")));
        }
        text
    }

    /// The same for programs.
    pub fn json(&self) -> &Value {
        &self.json
    }
}

struct Rows(Vec<[String; 4]>);

impl Rows {
    /// A row of figures on both sides; the ratio where it has a meaning.
    fn both<T>(
        &mut self,
        what: &str,
        ours: &T,
        theirs: Option<&T>,
        text: impl Fn(&T) -> String,
        value: impl Fn(&T) -> f64,
    ) {
        let ratio = theirs.map(&value).filter(|theirs| *theirs > 0.0).map(|theirs| value(ours) / theirs);
        self.0.push([
            what.to_owned(),
            text(ours),
            theirs.map_or("-".to_owned(), text),
            ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}")),
        ]);
    }

    fn ours(&mut self, what: String, figure: String) {
        self.0.push([what, figure, "-".to_owned(), "-".to_owned()]);
    }
}

fn hearing_rows(rows: &mut Rows, told: &SpeechMeasurements) {
    for (name, ours, theirs) in &told.sets {
        let theirs = theirs.as_ref();
        if ours.errors.said == 0 {
            let words = |heard: &RecognitionScores| {
                format!("{} words made up in {:.0} s", heard.errors.wrong, heard.cost.audio)
            };
            rows.both(&format!("hearing {name}"), ours, theirs, words, |heard| heard.errors.wrong as f64);
            continue;
        }
        let words = |heard: &RecognitionScores| {
            let errors = heard.errors;
            format!("{:.1} % ({} of {})", errors.rate(), errors.wrong, errors.said)
        };
        rows.both(&format!("word errors: {name}"), ours, theirs, words, |heard| heard.errors.rate());
        let [before, after, all] = ours.terms;
        if all > 0 {
            rows.0.push([
                format!("terms right of {all}: {name}"),
                format!("{after} mended · {before} as heard"),
                theirs.map_or("-".to_owned(), |heard| heard.terms[1].to_string()),
                "-".to_owned(),
            ]);
        }
    }
    let theirs = total(told.sets.iter().map(|(_, _, theirs)| theirs.as_ref().map(|heard| heard.cost)));
    if let Some(ours) = total(told.sets.iter().map(|(_, ours, _)| Some(ours.cost))) {
        let what = "hearing as a stream: processor for a minute of audio";
        rows.both(what, &ours, theirs.as_ref(), minute, per_minute);
    }
    if let Some(alone) = told.turns.first() {
        let [first, last] = alone.quarters;
        rows.ours(
            format!("the same in an answer of {:.0} s: first quarter, last quarter", alone.cost.audio),
            format!("{:.1} s, {:.1} s", first * 60.0, last * 60.0),
        );
    }
    let trip = told.round_trip_python.as_ref();
    let (ours, theirs) = (told.round_trip.reading, trip.map(|trip| trip.reading));
    rows.both(
        "reading sentences as wholes: processor for a minute of audio",
        &ours,
        theirs.as_ref(),
        minute,
        per_minute,
    );
    rows.both("reading sentences as wholes, one at a time", &ours, theirs.as_ref(), real_time, faster);
}

fn speaking_rows(rows: &mut Rows, told: &SpeechMeasurements) {
    let trip = told.round_trip_python.as_ref();
    let words = |trip: &RoundTrip| {
        format!("{:.1} % ({} of {})", trip.errors.rate(), trip.errors.wrong, trip.errors.said)
    };
    rows.both("word errors: text to own speech and back", &told.round_trip, trip, words, |trip| {
        trip.errors.rate()
    });
    let (ours, theirs) = (told.round_trip.speaking, trip.map(|trip| trip.speaking));
    rows.both("speaking: processor for a minute of speech", &ours, theirs.as_ref(), minute, per_minute);
    rows.both("speaking, one sentence at a time", &ours, theirs.as_ref(), real_time, faster);
}

fn latency_rows(rows: &mut Rows, told: &SpeechMeasurements) {
    for (sessions, ours, theirs) in &told.first_audio {
        let what = format!("first audio of a line, {}", at_once(*sessions));
        rows.both(&what, ours, theirs.as_ref(), LatencySamples::text, |samples| {
            samples.percentile(0.5).unwrap_or_default()
        });
    }
    for turns in &told.turns {
        let (sessions, count) = (at_once(turns.sessions), turns.turns.0.len());
        rows.ours(
            format!("pause noticed to words and end of turn known, {sessions} ({count} pauses)"),
            turns.turns.text(),
        );
        rows.ours(format!("the same from where speech ended, {sessions}"), turns.since_speech.text());
        rows.ours(format!("Smart Turn alone, {sessions}"), turns.judged.text());
        rows.ours(format!("between interims, {sessions}"), turns.gaps.text());
    }
}

fn memory_rows(rows: &mut Rows, told: &SpeechMeasurements) {
    for (number, [_, hearing, both]) in told.memory.iter().enumerate() {
        let python = told.memory_python.as_ref().filter(|_| number == 0);
        let name = if number == 0 { "one thread" } else { "two threads" };
        let value = |bytes: &u64| *bytes as f64;
        rows.both(
            &format!("memory, hearing loaded, {name}"),
            hearing,
            python.map(|at| &at[1]),
            mebibytes,
            value,
        );
        rows.both(
            &format!("memory, hearing and speaking loaded, {name}"),
            both,
            python.map(|at| &at[2]),
            mebibytes,
            value,
        );
    }
}

/// All of them together, if all are there.
fn total(costs: impl Iterator<Item = Option<Cost>>) -> Option<Cost> {
    let mut sum = Cost::default();
    for cost in costs {
        let Cost { wall, cpu, audio } = cost?;
        sum = Cost { wall: sum.wall + wall, cpu: sum.cpu + cpu, audio: sum.audio + audio };
    }
    Some(sum)
}

fn at_once(sessions: usize) -> String {
    if sessions == 1 { "1 session".to_owned() } else { format!("{sessions} sessions at once") }
}

fn per_minute(cost: &Cost) -> f64 {
    cost.cpu * 60.0 / cost.audio.max(1e-9)
}

fn minute(cost: &Cost) -> String {
    format!("{:.2} s", per_minute(cost))
}

fn faster(cost: &Cost) -> f64 {
    cost.audio / cost.wall.max(1e-9)
}

fn real_time(cost: &Cost) -> String {
    format!("{:.0} × real time", faster(cost))
}

fn mebibytes(bytes: &u64) -> String {
    format!("{:.0} MiB", *bytes as f64 / 1_048_576.0)
}

fn cost_json(cost: Cost) -> Value {
    json!({ "wall": cost.wall, "cpu": cost.cpu, "audio": cost.audio })
}

fn heard_json(heard: &RecognitionScores) -> Value {
    let [before, after, all] = heard.terms;
    json!({
        "wrong": heard.errors.wrong, "said": heard.errors.said,
        "terms": { "as_heard": before, "mended": after, "all": all },
        "cost": cost_json(heard.cost), "interims": heard.gaps.json(), "wrong_texts": heard.wrong,
    })
}

fn trip_json(trip: &RoundTrip) -> Value {
    json!({
        "wrong": trip.errors.wrong, "said": trip.errors.said,
        "speaking": cost_json(trip.speaking), "reading": cost_json(trip.reading), "wrong_texts": trip.wrong,
    })
}
