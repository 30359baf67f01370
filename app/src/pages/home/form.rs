//! The form that starts an interview. Rendered by the server alone; what scripts add is in `crate::live`.

use interview::Seniority;
use leptos::prelude::*;

use crate::AppError;
use crate::api::ReturnedForm;
use crate::pages::{chooser, in_textarea};
use crate::view::PlanView;

pub(super) fn form(form: ReturnedForm, plans: Vec<PlanView>, voice: bool, slow: Option<String>) -> AnyView {
    let ReturnedForm { problem, name, role, seniority, plan, cv, job_description, mode, .. } = form;
    let problem = (!problem.is_empty()).then(|| view! { <p class="problem" role="alert">{problem}</p> });
    let level = Seniority::parse(&seniority).unwrap_or_default();
    let levels = Seniority::ALL
        .map(|s| view! { <option value=s.key() selected=s == level>{label(s)}</option> })
        .collect_view();
    let plans = plans
        .into_iter()
        .map(|p| view! { <option value=p.id.clone() selected=p.id == plan>{p.label}</option> })
        .collect_view();
    let talks = voice && mode == "voice";
    let talk_note = match (voice, slow) {
        (false, _) => "Not on this server".to_owned(),
        (true, Some(slow)) => slow,
        (true, None) => "Speak with your microphone".to_owned(),
    };
    view! {
        <form
            class="start"
            method="post"
            action="/api/start_interview"
        >
            {problem}
            // Shown by scripts, which alone can tell.
            <p class="problem" id="no-cookies" role="alert" hidden>
                {AppError::NoCookies.to_string()}
            </p>
            <div class="field">
                <label for="name">"Your name"</label>
                <input
                    id="name"
                    name="name"
                    value=name
                    required
                    autocomplete="given-name"
                />
            </div>
            <div class="field">
                <label for="role">"Role"</label>
                <input
                    id="role"
                    name="role"
                    value=role
                    required
                    autocomplete="organization-title"
                    placeholder="The one you are applying for"
                />
            </div>
            <div class="field">
                <label for="seniority">"Level"</label>
                <select id="seniority" name="seniority">
                    {levels}
                </select>
            </div>
            <div class="field">
                <label for="plan">"Length"</label>
                <select id="plan" name="plan">
                    {plans}
                </select>
            </div>
            {field("cv", "CV", "the CV", &cv)}
            {field("job_description", "Job description", "the job description", &job_description)}
            <p class="field-note soft">"Optional. Questions will draw on them."</p>
            <fieldset class="mode">
                <legend class="visually-hidden">"How to answer"</legend>
                <label class="mode-choice" class:mode-off=!voice>
                    <input type="radio" name="mode" value="voice" disabled=!voice checked=talks />
                    <span class="mode-name">"Talk"</span>
                    <span class="mode-note">{talk_note}</span>
                </label>
                <label class="mode-choice">
                    <input type="radio" name="mode" value="text" checked=!talks />
                    <span class="mode-name">"Type"</span>
                    <span class="mode-note">"At your own pace"</span>
                </label>
            </fieldset>
            <div>
                <button class="button" type="submit">
                    "Begin"
                </button>
            </div>
        </form>
    }
    .into_any()
}

/// A field for a text that is pasted, dropped, typed or chosen as a file; `about`: "the CV".
fn field(name: &'static str, label: &'static str, about: &'static str, text: &str) -> AnyView {
    let note = format!("{name}-note");
    view! {
        <div class="field pasted">
            <label for=name>{label}</label>
            <p class="pasted-file">{chooser(name, about)}</p>
            <textarea id=name name=name rows="2" aria-describedby=note.clone() placeholder="Paste here">
                {in_textarea(text)}
            </textarea>
            <p id=note class="pasted-note" role="status"></p>
        </div>
    }
    .into_any()
}

fn label(level: Seniority) -> &'static str {
    match level {
        Seniority::Student => "Student",
        Seniority::Junior => "Junior",
        Seniority::Mid => "Mid-level",
        Seniority::Senior => "Senior",
        Seniority::Lead => "Lead",
    }
}
