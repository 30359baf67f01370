//! Runs of lines for several people, to be read aloud: `cargo test -p interview --test read_aloud -- --nocapture`.
//! What can be judged by rule is: every line is fit, no question comes twice, no line begins like one of the last.

mod common;

use common::{Talk, particular};
use interview::heard::{Element, Feeling, Kind, ParticularKind, Voice};
use interview::{Purpose, Seniority, StageKind};

#[test]
fn a_backend_engineer() {
    let mut talk = Talk::new("Priya Nair", "Senior Backend Engineer", Seniority::Senior, 7);
    talk.brief.profile.cv = "Senior engineer, Northwind, 2019 - 2023\n- Led the migration of the ledger to PostgreSQL\nSkills: Rust, Kafka".into();
    talk.brief.profile.job_description =
        "- Experience with incident response\n- Ability to explain risk to non-specialists".into();
    talk.line(Purpose::Opening, "origin", None);
    talk.hears(
        Kind::Answer,
        &[
            particular(ParticularKind::Name, "Leeds", "Leeds"),
            particular(ParticularKind::Thing, "the settlement report", "the settlement report"),
        ],
    );
    talk.line(Purpose::Question, "pride", None);
    talk.hears(
        Kind::Answer,
        &[
            particular(
                ParticularKind::Deed,
                "moved the ledger to double entry",
                "moved the ledger to double entry",
            ),
            particular(ParticularKind::Number, "four million rows", "four million rows"),
            particular(
                ParticularKind::Saying,
                "every wrong balance is somebody's rent",
                "every wrong balance is somebody's rent",
            ),
        ],
    );
    talk.line(Purpose::Probe, "pride", Some(Element::Action));
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Turn, "the vendor pulled out", "the vendor pulled out")],
    );
    talk.line(Purpose::Probe, "pride", Some(Element::Result));
    talk.hears(Kind::Answer, &[particular(ParticularKind::Thing, "the night job", "the night job")]);
    talk.stage(StageKind::Experience);
    talk.line(Purpose::Transition, "ownership", None);
    talk.hears(
        Kind::Answer,
        &[
            particular(ParticularKind::Tool, "Kafka", "Kafka"),
            particular(ParticularKind::Turn, "the queue filled up", "the queue filled up"),
        ],
    );
    talk.brief.heard.as_mut().expect("heard").voice = Voice::We;
    talk.line(Purpose::Probe, "ownership", Some(Element::Action));
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Deed, "wrote a replay tool", "wrote a replay tool")],
    );
    talk.line(Purpose::Probe, "ownership", Some(Element::Reasoning));
    talk.hears(Kind::Answer, &[]);
    talk.line(Purpose::Question, "trade", None);
    talk.hears(Kind::AsksClarify, &[]);
    talk.line(Purpose::Clarify, "trade", None);
    talk.hears(Kind::Answer, &[particular(ParticularKind::Name, "Anna", "Anna")]);
    talk.line(Purpose::Question, "conflict", None);
    talk.hears(
        Kind::Vague,
        &[particular(
            ParticularKind::Saying,
            "good engineers argue on paper",
            "good engineers argue on paper",
        )],
    );
    talk.line(Purpose::Concrete, "conflict", None);
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Thing, "the review with Anna", "the review with Anna")],
    );
    talk.line(Purpose::Probe, "conflict", Some(Element::Reflection));
    talk.stage(StageKind::Closing);
    talk.line(Purpose::Transition, "open_door", None);
    talk.hears(Kind::Answer, &[]);
    talk.brief.keepsake = Some("every wrong balance is somebody's rent".into());
    talk.line(Purpose::Closing, "open_door", None);
}

#[test]
fn a_nurse_who_is_nervous() {
    let mut talk = Talk::new("Samira", "Registered nurse", Seniority::Mid, 11);
    talk.line(Purpose::Opening, "present", None);
    talk.hears(Kind::Answer, &[particular(ParticularKind::Thing, "the stroke ward", "the stroke ward")]);
    talk.brief.heard.as_mut().expect("heard").feeling = Some(Feeling::Nervous);
    talk.line(Purpose::Question, "motivation", None);
    talk.hears(Kind::Short, &[]);
    talk.line(Purpose::Concrete, "motivation", None);
    talk.hears(Kind::Answer, &[particular(ParticularKind::Name, "Mr Ellis", "Mr Ellis")]);
    talk.stage(StageKind::Experience);
    talk.line(Purpose::Transition, "quality", None);
    talk.hears(Kind::AsksRepeat, &[]);
    talk.line(Purpose::Repeat, "quality", None);
    talk.hears(
        Kind::Answer,
        &[particular(
            ParticularKind::Deed,
            "noticed that his speech had changed",
            "noticed that his speech had changed",
        )],
    );
    talk.line(Purpose::Probe, "quality", Some(Element::Action));
    talk.hears(
        Kind::Answer,
        &[particular(
            ParticularKind::Turn,
            "the consultant was off the ward",
            "the consultant was off the ward",
        )],
    );
    talk.line(Purpose::Probe, "quality", Some(Element::Result));
    talk.hears(Kind::Answer, &[]);
    talk.brief.heard.as_mut().expect("heard").feeling = Some(Feeling::Painful);
    talk.line(Purpose::Care, "quality", None);
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Thing, "the handover sheet", "the handover sheet")],
    );
    talk.line(Purpose::Question, "teamwork", None);
    talk.line(Purpose::Nudge, "teamwork", None);
    talk.line(Purpose::Offer, "teamwork", None);
    talk.hears(Kind::DontKnow, &[]);
    talk.line(Purpose::Smaller, "teamwork", None);
    talk.hears(Kind::Answer, &[]);
    talk.stage(StageKind::Closing);
    talk.line(Purpose::Transition, "open_door", None);
    talk.brief.keepsake = Some("noticed that his speech had changed".into());
    talk.line(Purpose::Closing, "open_door", None);
}

#[test]
fn a_student_who_jokes() {
    let mut talk = Talk::new("Tom", "Junior data analyst", Seniority::Student, 23);
    talk.line(Purpose::Opening, "origin", None);
    talk.hears(Kind::OffTopic, &[]);
    talk.line(Purpose::Redirect, "origin", None);
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Thing, "the football scores", "the football scores")],
    );
    talk.line(Purpose::Question, "learning_path", None);
    talk.hears(Kind::Trick, &[]);
    talk.line(Purpose::Boundary, "learning_path", None);
    talk.hears(Kind::Hostile, &[]);
    talk.line(Purpose::Boundary, "learning_path", None);
    talk.hears(
        Kind::Answer,
        &[
            particular(ParticularKind::Tool, "R", "R"),
            particular(ParticularKind::Number, "two hundred matches", "two hundred matches"),
        ],
    );
    talk.stage(StageKind::Experience);
    talk.line(Purpose::Transition, "trade", None);
    talk.hears(Kind::AsksWait, &[]);
    talk.line(Purpose::Wait, "trade", None);
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Number, "two hundred matches", "two hundred matches")],
    );
    talk.line(Purpose::Probe, "trade", Some(Element::Task));
    talk.hears(
        Kind::Answer,
        &[particular(ParticularKind::Deed, "scraped the league tables", "scraped the league tables")],
    );
    talk.line(Purpose::Probe, "trade", Some(Element::Obstacle));
    talk.hears(Kind::Answer, &[]);
    talk.line(Purpose::Question, "teamwork", None);
    talk.hears(Kind::Answer, &[particular(ParticularKind::Name, "Jo", "Jo")]);
    talk.line(Purpose::Probe, "teamwork", Some(Element::Role));
    talk.hears(Kind::Answer, &[particular(ParticularKind::Thing, "the poster", "the poster")]);
    talk.line(Purpose::Question, "failure", None);
    talk.stage(StageKind::Closing);
    talk.line(Purpose::Transition, "open_door", None);
    talk.line(Purpose::Closing, "open_door", None);
}
