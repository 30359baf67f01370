//! What a model is told: files with named variables, one for each purpose.
//!
//! What the plan and the rules say stands in the text; whatever comes from the candidate (name, role, answers, CV,
//! job description, and lines that may quote them) travels as one JSON object under a heading that calls it data.

use std::sync::LazyLock;

use interview::{Brief, Modality, Purpose, heard::Element};
use minijinja::{Environment, UndefinedBehavior, context};
use serde_json::json;

use crate::Fault;

/// Longest part of a CV, job description or answer that is sent, in characters.
const LONGEST_PASTED: usize = 6_000;

/// A prompt, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What holds for every line.
    pub system: String,
    /// What this line is for, then the data.
    pub user: String,
}

/// The file for all purposes, the one around a purpose's, then the file of each purpose.
const FILES: [(&str, &str); 17] = [
    ("system", include_str!("../prompts/system.txt")),
    ("line", include_str!("../prompts/line.txt")),
    ("opening", include_str!("../prompts/opening.txt")),
    ("question", include_str!("../prompts/question.txt")),
    ("probe", include_str!("../prompts/probe.txt")),
    ("transition", include_str!("../prompts/transition.txt")),
    ("repeat", include_str!("../prompts/repeat.txt")),
    ("clarify", include_str!("../prompts/clarify.txt")),
    ("redirect", include_str!("../prompts/redirect.txt")),
    ("smaller", include_str!("../prompts/smaller.txt")),
    ("concrete", include_str!("../prompts/concrete.txt")),
    ("care", include_str!("../prompts/care.txt")),
    ("boundary", include_str!("../prompts/boundary.txt")),
    ("wait", include_str!("../prompts/wait.txt")),
    ("nudge", include_str!("../prompts/nudge.txt")),
    ("offer", include_str!("../prompts/offer.txt")),
    ("closing", include_str!("../prompts/closing.txt")),
];

static PROMPTS: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut prompts = Environment::new();
    prompts.set_undefined_behavior(UndefinedBehavior::Strict);
    prompts.set_trim_blocks(true);
    prompts.set_lstrip_blocks(true);
    for (name, text) in FILES {
        prompts.add_template(name, text).expect("a test renders every prompt");
    }
    prompts
});

/// The files as they are, for those who look for pieces of them in a line.
pub(crate) fn files() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(_, text)| *text)
}

/// The prompt for this brief.
///
/// # Errors
/// [`Fault::Configuration`] if a prompt's variables and the brief do not fit; a test renders them all.
pub fn render(brief: &Brief) -> Result<Prompt, Fault> {
    let task = context! {
        stage => brief.stage.title,
        goal => brief.stage.goal,
        leaving => brief.leaving,
        topic => brief.topic.as_ref().map(|topic| topic.replace('_', " ")),
        missing => brief.missing.map(wanted),
    };
    let rejected = brief.rejected.as_deref();
    let line = context! {
        task => one(file(brief.purpose), &task)?,
        goal => brief.stage.goal,
        voice => brief.modality == Modality::Voice,
        asks => brief.purpose.asks(),
        rejected => rejected,
        data => data(brief),
    };
    Ok(Prompt { system: one("system", &context! {})?, user: one("line", &line)? })
}

fn one(name: &str, variables: &minijinja::Value) -> Result<String, Fault> {
    let template = PROMPTS.get_template(name).map_err(|_| Fault::Configuration)?;
    let text = template.render(variables).map_err(|_| Fault::Configuration)?;
    Ok(text.trim().to_owned())
}

fn file(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Opening => "opening",
        Purpose::Question => "question",
        Purpose::Probe => "probe",
        Purpose::Transition => "transition",
        Purpose::Repeat => "repeat",
        Purpose::Clarify => "clarify",
        Purpose::Redirect => "redirect",
        Purpose::Smaller => "smaller",
        Purpose::Concrete => "concrete",
        Purpose::Care => "care",
        Purpose::Boundary => "boundary",
        Purpose::Wait => "wait",
        Purpose::Nudge => "nudge",
        Purpose::Offer => "offer",
        Purpose::Closing => "closing",
    }
}

/// What to ask for, in words for a model.
fn wanted(missing: Element) -> &'static str {
    match missing {
        Element::Situation => "when and where it was: the circumstances",
        Element::Task => "what was wanted of them, or what was at stake",
        Element::Action => "what they themselves did, step by step, rather than the team",
        Element::Result => "how it came out, with a number or a consequence",
        Element::Reasoning => "why they did it in that way",
        Element::Obstacle => "what made it hard",
        Element::Role => "which part was theirs",
        Element::Team => "who else was in it, and what those others wanted",
        Element::Scale => "how many, how much or how long",
        Element::Technology => "the tools or techniques, by name",
        Element::Date => "when it was, or how long it took",
        Element::Reflection => "what they would do differently now",
    }
}

/// All that comes from the candidate or may quote them, as one line of JSON: nothing in it can end the data.
fn data(brief: &Brief) -> String {
    let profile = &brief.profile;
    let recent: Vec<_> = brief
        .recent
        .iter()
        .map(|e| json!({"question": clip(&e.question), "answer": clip(&e.answer)}))
        .collect();
    let particulars: Vec<_> =
        brief.heard.iter().flat_map(|heard| &heard.particulars).map(|p| p.words.as_str()).collect();
    json!({
        "candidate_name": profile.name,
        "role": profile.role,
        "seniority": profile.seniority.key(),
        "cv": clip(&profile.cv),
        "job_description": clip(&profile.job_description),
        "recent_exchanges_oldest_first": recent,
        "particulars_of_the_last_answer": particulars,
        "open_question": brief.question,
        "keepsake": brief.keepsake,
        "questions_never_to_ask_again": brief.avoid,
        "your_last_lines": brief.said,
    })
    .to_string()
}

fn clip(text: &str) -> &str {
    text.char_indices().nth(LONGEST_PASTED).map_or(text, |(at, _)| &text[..at])
}
