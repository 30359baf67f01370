//! What a turn costs the rules: reading an answer by its words, composing the next line, telling questions apart.

use divan::{Bencher, black_box};
use interview::fingerprint::Fingerprint;
use interview::listen::{AnswerContext, listen};
use interview::{
    Brief, Effect, Event, LineSource, Modality, Plan, Profile, Seniority, Session, TurnId, WriterTimeouts,
    bank,
};

/// 60 words.
const ANSWER: &str = "Last spring our payment export began to drop orders at night, and nobody could say which \
    ones. I wrote a small check that compared both sides every hour and found that the vendor had changed a field \
    without telling us. I called them, agreed on a test for every release, and since then we have not lost a single \
    order.";

/// Somebody who says more than anybody wants to hear: 300 words.
fn long_answer() -> String {
    [ANSWER; 5].join(" ")
}

const CV: &str = "Ada Brook\nSenior engineer, Northwind, 2019 - 2023\n- Led the migration of the ledger to PostgreSQL\n\
    Backend developer at Harbour Books (2016-2019)\nSkills: Rust, Kafka, PostgreSQL";
const POSTING: &str = "We are looking for a backend engineer.\n- Experience with incident response, on call\n\
    - Ability to explain risk to non-specialists\nYou will run our payment services.";
const QUESTION: &str = "Tell me about a time when something that you were responsible for broke.";

/// What the candidates of these interviews say, in turn.
const ANSWERS: [&str; 3] = [
    ANSWER,
    "We were four on the team and I owned the import. The hardest week was in June, when two of us were ill and the \
     release could not move. I cut the scope to what the shops needed on Monday and told the manager what would be late.",
    "I learned to ask for the numbers first. My lead and I disagreed about the queue, so I measured both for a week, and \
     we took hers, because it lost nothing when a broker went down.",
];

fn main() {
    divan::main();
}

fn context() -> AnswerContext<'static> {
    AnswerContext { question: QUESTION, role: "Backend engineer", pasted: CV }
}

/// An interview under way, in which so many answers were given and replied to, and the brief for what is asked next.
fn interview_after(answers: usize) -> (Session, Brief) {
    let plan = Plan::named("standard").expect("the program's own plan");
    let profile = Profile::new("Ada Brook", "Backend engineer", Seniority::Senior, CV, POSTING);
    let profile = profile.expect("a fit profile");
    let mut session = Session::new(plan, profile, WriterTimeouts::default(), 7, Vec::new(), 0);
    let start = Event::Start { turn: TurnId("start".into()), modality: Modality::Text };
    let mut brief = asked(&session.step(start, 0));
    for at in 0..answers {
        reply(&mut session, &brief, now(at));
        brief = asked(&session.step(said(at), now(at)));
    }
    (session, brief)
}

/// A minute for each answer.
fn now(at: usize) -> i64 {
    i64::try_from(at).expect("a few") * 60_000
}

fn said(at: usize) -> Event {
    let text = ANSWERS[at % ANSWERS.len()].into();
    Event::Said { turn: TurnId(format!("t{at}")), text, modality: Modality::Text, reading: None }
}

fn asked(effects: &[Effect]) -> Brief {
    let ask = |effect: &Effect| if let Effect::Ask(brief) = effect { Some((**brief).clone()) } else { None };
    effects.iter().find_map(ask).expect("a line is wanted")
}

fn reply(session: &mut Session, brief: &Brief, now: i64) {
    let line = bank::compose(brief).expect("the bank has a line");
    let (text, took_up) = (line.text, line.took_up);
    session.step(Event::Line { ask: brief.ask, text, took_up, source: LineSource::Bank }, now);
}

#[divan::bench]
fn hear_60_words() {
    black_box(listen(black_box(ANSWER), context()));
}

#[divan::bench]
fn hear_300_words(bencher: Bencher<'_, '_>) {
    let answer = long_answer();
    bencher.bench(|| listen(black_box(&answer), context()));
}

/// The line that follows so many answers: the more was asked, the more it must not repeat.
#[divan::bench(args = [1, 8])]
fn compose_after_answers(bencher: Bencher<'_, '_>, answers: usize) {
    let (_, brief) = interview_after(answers);
    bencher.bench(|| bank::compose(black_box(&brief)));
}

/// All that the rules do between an answer and its reply.
#[divan::bench]
fn whole_turn(bencher: Bencher<'_, '_>) {
    let (mut session, brief) = interview_after(4);
    reply(&mut session, &brief, now(4));
    bencher.with_inputs(|| session.clone()).bench_values(|mut session| {
        let brief = asked(&session.step(said(5), now(5)));
        reply(&mut session, &brief, now(5));
        session
    });
}

#[divan::bench]
fn fingerprint_a_question() -> Fingerprint {
    Fingerprint::of(black_box(QUESTION))
}

/// Whether a question was among the forty of the interviews before.
#[divan::bench]
fn compare_with_40_questions(bencher: Bencher<'_, '_>) {
    let earlier: Vec<Fingerprint> = bank::lines()
        .iter()
        .filter(|line| line.text.ends_with('?'))
        .take(40)
        .map(|line| Fingerprint::of(&line.example))
        .collect();
    assert_eq!(earlier.len(), 40);
    let new = Fingerprint::of(QUESTION);
    bencher.bench(|| earlier.iter().any(|one| one.collides(black_box(&new))));
}
