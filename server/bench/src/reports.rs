//! What the report on a long interview costs: the pure function that the program calls, on one thread.

use std::collections::BTreeSet;
use std::hint::black_box;

use anyhow::{Context as _, Result};
use interview::{
    LinePurpose, LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId,
};
use report::{Performance, SpokenTurnMetrics, report};
use tokio::time::Instant;

use crate::program::cpu_of;
use crate::samples::{RunSamples, TimedRun};
use crate::words::answer;

/// How many answers the interview has: three times as many as the longest plan brings.
pub(crate) const ANSWERS: usize = 60;
const POSTING: &str = "We look for:\n- Experience with PostgreSQL and Elasticsearch\n- Led incident reviews\n\
    - Python or Rust\n- Work with auditors\n- Mentoring of junior colleagues\n- On-call for payment systems";

/// Makes it so often.
pub(crate) fn measure(times: usize) -> Result<RunSamples> {
    let profile = Profile::new("Ada Byron", "Backend engineer", Seniority::Senior, "", POSTING)?;
    let plan = Plan::all().into_iter().next().context("there are plans")?;
    let (messages, spoken) = interview(&plan);
    let struck = BTreeSet::new();
    let of = Performance {
        profile: &profile,
        plan: &plan,
        messages: &messages,
        spoken: &spoken,
        troubles: &[],
        struck: &struck,
        judged: None,
    };
    // The lists of words are read once, the first time.
    black_box(report(&of));
    let (mut go, before) = (TimedRun::default(), cpu_of("self")?);
    for _ in 0..times {
        let began = Instant::now();
        black_box(report(black_box(&of)));
        go.each.push(began.elapsed());
    }
    go.whole = go.each.iter().sum();
    go.cpu = cpu_of("self")?.saturating_sub(before);
    let mut samples = RunSamples::default();
    samples.push(go);
    Ok(samples)
}

/// Questions to the topics of a plan, over and over, each with a spoken answer.
fn interview(plan: &Plan) -> (Vec<Message>, Vec<SpokenTurnMetrics>) {
    let topics: Vec<(&str, &str)> = plan
        .stages
        .iter()
        .flat_map(|s| s.topics.iter().map(|topic| (s.id.as_str(), topic.as_str())))
        .collect();
    let said = (0..ANSWERS).zip(topics.iter().cycle()).flat_map(|(n, (stage, topic))| {
        let why = LineRationale::new(LinePurpose::Question, Some((*topic).to_owned()));
        let asked = Message {
            seq: 0,
            speaker: Speaker::Interviewer,
            stage: (*stage).to_owned(),
            modality: Modality::Voice,
            text: "Can you tell me about one time when that happened, and what you did?".to_owned(),
            at: 0,
            turn: TurnId(format!("turn-{n}")),
            source: Some(LineSource::Bank),
            why: Some(why),
            cut: false,
            reading: None,
            original: None,
        };
        let told = Message {
            speaker: Speaker::Candidate,
            text: answer(n),
            turn: TurnId(format!("turn-{}", n + 1)),
            source: None,
            why: None,
            ..asked.clone()
        };
        [asked, told]
    });
    let messages: Vec<Message> =
        (1..).zip(said).map(|(seq, m)| Message { seq, at: i64::from(seq) * 30_000, ..m }).collect();
    let answers = messages.iter().filter(|m| m.speaker == Speaker::Candidate);
    let spoken = answers
        .map(|m| SpokenTurnMetrics {
            turn: m.turn.0.clone(),
            spoke: 30_000,
            replied: 900,
            ..SpokenTurnMetrics::default()
        })
        .collect();
    (messages, spoken)
}
