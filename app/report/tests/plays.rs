//! Reports of whole interviews, as reviewed snapshots: `plays/*.play`, each with people unlike each other.
//!
//! A play is a line a message: `? stage purpose topic [probe] | words` was asked, `! words` was typed, `~ milliseconds | words`
//! was spoken; `= JSON` after an answer is what a model understood of it. `@ name | role | level | plan` begins it,
//! `cv` and `posting` hold papers. A line break within words is written `\n`.

#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use interview::reading::Probe;
use interview::{LineRationale, LineSource, Message, Modality, Plan, Profile, Seniority, Speaker, TurnId};
use report::{AspectMark, PaperCoverage, Performance, Report, SpokenTurnMetrics, Statement, report};

struct Play {
    profile: Profile,
    plan: Plan,
    messages: Vec<Message>,
    spoken: Vec<SpokenTurnMetrics>,
}

fn read(text: &str) -> Play {
    let whole = |words: &str| words.replace("\\n", "\n");
    let (mut head, mut cv, mut posting) = (Vec::new(), String::new(), String::new());
    let (mut messages, mut spoken): (Vec<Message>, Vec<SpokenTurnMetrics>) = (Vec::new(), Vec::new());
    let mut stage = String::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (sort, rest) = line.split_once(' ').expect("a sort and what it is");
        let seq = u32::try_from(messages.len()).unwrap() + 1;
        let mut message = Message {
            seq,
            speaker: Speaker::Candidate,
            stage: stage.clone(),
            modality: Modality::Text,
            text: String::new(),
            at: i64::from(seq) * 40_000,
            turn: TurnId(format!("turn-{seq}")),
            source: None,
            why: None,
            cut: false,
            reading: None,
            original: None,
        };
        match sort {
            "@" => head = rest.split(" | ").collect(),
            "cv" => cv = whole(rest),
            "posting" => posting = whole(rest),
            "=" => {
                let last = messages.last_mut().expect("an answer was read");
                last.reading = Some(serde_json::from_str(rest).expect("a reading"));
            }
            "?" => {
                let (how, words) = rest.split_once(" | ").expect("how, and the words");
                let how: Vec<&str> = how.split(' ').collect();
                stage = how[0].to_owned();
                message.speaker = Speaker::Interviewer;
                message.source = Some(LineSource::Bank);
                message.why = Some(LineRationale {
                    purpose: serde_json::from_value(how[1].into()).expect("a purpose"),
                    topic: Some(how[2].to_owned()).filter(|topic| topic != "-"),
                    missing: None,
                    took_up: None,
                    made: None,
                    probe: how.get(3).map(|probe| Probe::from_key(probe).expect("a kind of question")),
                    by_words: false,
                    instead: None,
                });
                messages.push(Message { stage: stage.clone(), text: whole(words), ..message });
            }
            "!" => messages.push(Message { text: whole(rest), ..message }),
            "~" => {
                let (spoke, words) = rest.split_once(" | ").expect("how long, and the words");
                let spoke = spoke.parse().expect("milliseconds");
                spoken.push(SpokenTurnMetrics {
                    turn: message.turn.0.clone(),
                    spoke,
                    replied: 900,
                    ..SpokenTurnMetrics::default()
                });
                messages.push(Message { modality: Modality::Voice, text: whole(words), ..message });
            }
            sort => panic!("`{sort}` begins no line of a play"),
        }
    }
    let [name, role, level, plan] = head[..] else { panic!("`@ name | role | level | plan`") };
    let level = Seniority::parse(level).expect("a level");
    let profile = Profile::new(name, role, level, &cv, &posting).expect("a profile");
    Play { profile, plan: Plan::named(plan).expect("a plan"), messages, spoken }
}

fn of(play: &Play) -> Report {
    let Play { profile, plan, messages, spoken } = play;
    report(&Performance {
        profile,
        plan,
        messages,
        spoken,
        troubles: &[],
        struck: &BTreeSet::new(),
        judged: None,
    })
}

/// As a person would read it.
fn written(made: &Report) -> String {
    let mut out = String::new();
    let said = |statement: &Statement| {
        let quotes: Vec<String> = statement
            .quotes()
            .iter()
            .map(|q| format!("\u{201c}{}\u{201d} ({})", q.text(), q.seq()))
            .collect();
        format!("{}: {}", statement.text(), quotes.join(" "))
    };
    let headline = [
        ("KEEP", &made.keep),
        ("WORK ON", &made.work_on),
        ("NEXT", &made.next.as_ref().map(|next| next.statement.clone())),
    ];
    for (name, statement) in headline {
        let _ = writeln!(out, "{name}  {}", statement.as_ref().map_or("-".to_owned(), said));
    }
    for story in &made.stories {
        let m = &story.measures;
        let _ =
            writeln!(out, "\n{} ({}): \u{201c}{}\u{201d}", story.title, story.question, story.begins.text());
        for (aspect, mark) in &story.marks {
            let name = match mark {
                AspectMark::Said(_) => "said",
                AspectMark::Partly(_) => "partly",
                AspectMark::Unclear => "unclear",
                AspectMark::NotFound(_) => "not found",
                AspectMark::Struck => "struck",
            };
            let carried = mark
                .supporting_quotation()
                .map_or(String::new(), |q| format!(": {} ({})", q.text(), q.seq()));
            let _ = writeln!(out, "  {:13}{name}{carried}", aspect.label());
        }
        let figures: Vec<&str> = m.figures.iter().map(|figure| figure.text()).collect();
        let _ = writeln!(
            out,
            "  {} words of {} to {}; I {}, we {}; {} hedges; figures {figures:?}",
            m.words, m.wants.0, m.wants.1, m.own, m.common, m.hedges
        );
    }
    for reply in &made.replies {
        let begins = reply.begins.as_ref().map_or("-", |begins| begins.text());
        let _ =
            writeln!(out, "\n{} ({}), {} words: {begins}", reply.title, reply.question, reply.measures.words);
    }
    let paper = |out: &mut String, name: &str, paper: &Option<PaperCoverage>| {
        let Some(paper) = paper else { return };
        let heard: Vec<String> = paper.heard.iter().map(said).collect();
        let _ = writeln!(out, "\n{name}  heard: {heard:#?}\n  not heard: {:?}", paper.not_heard);
    };
    paper(&mut out, "POSTING", &made.posting);
    paper(&mut out, "CV", &made.cv);
    for competency in &made.competencies {
        let shown = competency.shown.as_ref();
        let shown = shown.map_or("not enough was said".to_owned(), |(level, it)| {
            format!("{}. {}", level.label(), said(it))
        });
        let _ = writeln!(out, "\n{}: {shown}", competency.name);
    }
    if let Some(delivery) = &made.delivery {
        let _ = writeln!(
            out,
            "\nDELIVERY  {} ({} answers, {}%)",
            said(&delivery.statement),
            delivery.answers,
            delivery.share
        );
    }
    out
}

#[test]
fn plays() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plays");
    let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert!(names.len() >= 12, "twelve people");
    for path in names {
        let play = read(&std::fs::read_to_string(&path).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        insta::assert_snapshot!(name, written(&of(&play)));
    }
}
