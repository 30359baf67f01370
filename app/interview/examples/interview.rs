//! A typed interview on standard input and output, with nothing but the rules and the built-in interviewer:
//! `cargo run -p interview --example interview`. An empty line is silence; the end of input ends it.

use std::io::{BufRead as _, stdin};
use std::time::{SystemTime, UNIX_EPOCH};

use interview::{
    Effect, Event, LineSource, Modality, Plan, Profile, Seniority, Session, Speaker, TurnId, UnixMillis,
    WriterTimeouts, bank,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let plan = Plan::named("standard").ok_or("there is no such plan")?;
    let profile = Profile::new("Ada", "Nurse", Seniority::Mid, "", "")?;
    let mut session = Session::new(plan, profile, WriterTimeouts::default(), 7, Vec::new(), now()?);
    give(&mut session, Event::Start { turn: TurnId("0".into()), modality: Modality::Text })?;
    for (turn, text) in (1..).zip(stdin().lock().lines()) {
        let (turn, text) = (TurnId(turn.to_string()), text?);
        let event = match text.trim() {
            "" => Event::Silence { turn },
            _ => Event::Said { turn, text, modality: Modality::Text, reading: None },
        };
        give(&mut session, event)?;
        if session.status().is_completed() {
            break;
        }
    }
    Ok(())
}

/// Gives the session an event, and performs what follows from it until nothing more does.
fn give(session: &mut Session, event: Event) -> Result<(), Box<dyn std::error::Error>> {
    let mut events = vec![event];
    while let Some(event) = events.pop() {
        for effect in session.step(event, now()?) {
            match effect {
                Effect::Record(message) if message.speaker == Speaker::Interviewer => {
                    println!("{}\n", message.text);
                }
                Effect::Ask(brief) => {
                    let line = bank::compose(&brief).ok_or("the built-in interviewer has no line")?;
                    let (ask, took_up, source) = (brief.ask, line.took_up, LineSource::Bank);
                    events.push(Event::Line { ask, text: line.text, took_up, source });
                }
                Effect::Record(_)
                | Effect::Amend(_)
                | Effect::Cancel(_)
                | Effect::Entered { .. }
                | Effect::Became(_)
                | Effect::FellBack { .. } => {}
            }
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "whoever drives the rules reads the clock")]
fn now() -> Result<UnixMillis, Box<dyn std::error::Error>> {
    Ok(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?)
}
