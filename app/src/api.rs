//! The server functions: what the pages ask of the server. Each checks whose interview it is.
//!
//! A plain form that could not be taken is kept on the server ([`Returned`]) and shown again by the page that it
//! is sent back to: nothing that was typed is lost, and none of it stands in an address.
#![allow(missing_docs, reason = "the macro makes of each argument a public field that cannot be documented")]

#[cfg(feature = "ssr")]
mod desk;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use self::desk::Desk;
use crate::AppError;
use crate::view::{About, ChildView, InterviewView, OriginView, PlanView, SummaryView, Update, VoiceTicket};

/// A form that is shown again, with what was wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returned {
    /// What was wrong; empty if nothing was.
    #[serde(default)]
    pub problem: String,
    /// The answer that was being written.
    #[serde(default)]
    pub text: String,
    /// The name.
    #[serde(default)]
    pub name: String,
    /// The role.
    #[serde(default)]
    pub role: String,
    /// The key of the level.
    #[serde(default)]
    pub seniority: String,
    /// The id of the plan.
    #[serde(default)]
    pub plan: String,
    /// The CV.
    #[serde(default)]
    pub cv: String,
    /// The job description.
    #[serde(default)]
    pub job_description: String,
    /// How to answer: `voice`, else by text.
    #[serde(default)]
    pub mode: String,
    /// The number of the answer that `text` was to correct, if it was.
    #[serde(default)]
    pub corrects: Option<u32>,
}

/// What the first page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeView {
    /// The plans, the default first.
    pub plans: Vec<PlanView>,
    /// This browser's interviews, newest first.
    pub earlier: Vec<SummaryView>,
    /// What the form holds to begin with.
    pub form: Returned,
    /// About this server.
    pub about: About,
}

/// What the page of an interview shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InterviewPage {
    /// The interview.
    pub interview: InterviewView,
    /// A fresh turn id for the forms of the page.
    pub turn_id: String,
    /// What the composer holds to begin with.
    pub form: Returned,
    /// Whether people may talk on this server.
    pub voice: bool,
    /// That people who talk wait for replies here, if they do.
    #[serde(default)]
    pub slow_note: Option<String>,
    /// What it came from, if it is a take or a fork. The server alone shows it.
    #[serde(skip)]
    pub origin: Option<OriginView>,
    /// True if it is a take.
    #[serde(default)]
    pub is_take: bool,
    /// Of a fork: the number of the last line that it shares.
    #[serde(default)]
    pub forked_at: Option<u32>,
    /// What came of it.
    #[serde(default)]
    pub children: Vec<ChildView>,
}

/// What the first page shows. `again`: an interview whose particulars the form begins with.
#[server(prefix = "/api", endpoint = "load_home")]
pub async fn load_home(#[server(default)] again: String) -> Result<HomeView, AppError> {
    let desk = Desk::open()?;
    Ok(HomeView {
        plans: desk::plans(),
        earlier: desk.earlier().await?,
        form: desk.start_form(&again).await,
        about: desk.about(),
    })
}

/// This browser's interviews, newest first.
#[server(prefix = "/api", endpoint = "list_interviews")]
pub async fn list_interviews() -> Result<Vec<SummaryView>, AppError> {
    let desk = Desk::open()?;
    let earlier = desk.earlier().await;
    desk.reply(earlier)
}

/// Creates an interview and goes to its page. By text it is opened; by voice the interviewer opens it in the room.
#[server(prefix = "/api", endpoint = "start_interview")]
pub async fn start_interview(
    #[server(default)] name: String,
    #[server(default)] role: String,
    #[server(default)] seniority: String,
    #[server(default)] plan: String,
    #[server(default)] cv: String,
    #[server(default)] job_description: String,
    #[server(default)] mode: String,
) -> Result<(), AppError> {
    let desk = Desk::open()?;
    let form = Returned { name, role, seniority, plan, cv, job_description, mode, ..Returned::default() };
    let started = desk.start(&form).await;
    let page = match &started {
        Err(_) => "/".to_owned(),
        Ok(id) if form.mode == "voice" => desk::voice_of(&id.to_string()),
        Ok(id) => desk::page_of(&id.to_string()),
    };
    desk.reply_to_form("start", &page, form, started.map(drop))
}

/// The page of an interview.
#[server(prefix = "/api", endpoint = "load_interview")]
pub async fn load_interview(id: String) -> Result<InterviewPage, AppError> {
    let desk = Desk::open()?;
    let page = desk.interview(&id).await;
    desk.reply(page)
}

/// What changed after the version `since`: for a page that has no stream of events just now.
#[server(prefix = "/api", endpoint = "catch_up")]
pub async fn catch_up(id: String, #[server(default)] since: u64) -> Result<Update, AppError> {
    let desk = Desk::open()?;
    let update = desk.changes(&id, since).await;
    desk.reply(update)
}

/// Gives an answer. Returns what changed after the version `since`, the interviewer's reply with it. `seen`: the number
/// of the last message that the person had read. An answer to a question that is not the open one any more is not taken.
#[server(prefix = "/api", endpoint = "answer")]
pub async fn answer(
    id: String,
    turn_id: String,
    #[server(default)] text: String,
    #[server(default)] since: u64,
    #[server(default)] seen: Option<u32>,
) -> Result<Update, AppError> {
    let desk = Desk::open()?;
    let turn = engine::TurnKind::Said(text.replace("\r\n", "\n"));
    let update = desk.turn(&id, &turn_id, turn, since, seen).await;
    let form = Returned { text, ..Returned::default() };
    desk.reply_to_form(&id, &desk::page_of(&id), form, update)
}

/// Asks for something: `request` is `repeat`, `skip`, `wait` or `move_on`; `begin` opens an interview that was
/// created and not opened. `text` is what stands in the composer, and is kept. `seen` as for [`answer`]: what was not
/// read is not skipped.
#[server(prefix = "/api", endpoint = "ask")]
pub async fn ask(
    id: String,
    turn_id: String,
    request: String,
    #[server(default)] text: String,
    #[server(default)] since: u64,
    #[server(default)] seen: Option<u32>,
) -> Result<Update, AppError> {
    let desk = Desk::open()?;
    let update = match desk::request(&request) {
        Some(turn) => desk.turn(&id, &turn_id, turn, since, seen).await,
        None => Err(AppError::Invalid(format!("There is no request `{request}`."))),
    };
    let form = Returned { text, ..Returned::default() };
    desk.keep(&id, &form);
    desk.reply_to_form(&id, &desk::page_of(&id), form, update)
}

/// Ends an interview.
#[server(prefix = "/api", endpoint = "finish")]
pub async fn finish(id: String, turn_id: String, #[server(default)] since: u64) -> Result<Update, AppError> {
    let desk = Desk::open()?;
    let update = desk.turn(&id, &turn_id, engine::TurnKind::End, since, None).await;
    let page = if update.is_ok() { crate::pages::notes_of(&id) } else { desk::page_of(&id) };
    desk.reply_to_form(&id, &page, Returned::default(), update)
}

/// Corrects an answer: these words stand in its place, and what was heard at first is kept beside. Returns what changed after
/// the version `since`.
#[server(prefix = "/api", endpoint = "correct")]
pub async fn correct(
    id: String,
    seq: u32,
    #[server(default)] text: String,
    #[server(default)] since: u64,
) -> Result<Update, AppError> {
    let desk = Desk::open()?;
    let update = desk.correct(&id, seq, &text.replace("\r\n", "\n"), since).await;
    let form = Returned { text, corrects: Some(seq), ..Returned::default() };
    desk.reply_to_form(&id, &desk::line_of(&id, seq), form, update)
}

/// Strikes a statement of the notes: it is never counted again.
#[server(prefix = "/api", endpoint = "strike")]
pub async fn strike(id: String, statement: String) -> Result<(), AppError> {
    let desk = Desk::open()?;
    let struck = desk.strike(&id, &statement).await;
    desk.reply_to_form(&id, &desk::notes_after(&id, &statement), Returned::default(), struck)
}

/// Begins an interview of one story to a topic, by whom and for what this one was held, and goes to its page; `element`: what
/// of the story is asked for first. Without a topic: a short one on what the posting asks for that was not heard in this one.
#[server(prefix = "/api", endpoint = "practise")]
pub async fn practise(
    id: String,
    #[server(default)] topic: String,
    #[server(default)] element: String,
) -> Result<(), AppError> {
    let desk = Desk::open()?;
    let begun = desk.practise(&id, &topic, &element).await;
    let page = match &begun {
        Ok(new) => desk::page_of(&new.to_string()),
        Err(_) => crate::pages::notes_of(&id),
    };
    desk.reply_to_form(&desk::again_of(&id), &page, Returned::default(), begun.map(drop))
}

/// Asks the question again that the message `answer` answers, as a take of its own, and goes to its page. `manner`: `same`,
/// `harder` or `strict`; `mode` as for [`start_interview`]; `from`: the page whose button it was, `notes`, `takes` or the
/// transcript's, which shows why it could not be.
#[server(prefix = "/api", endpoint = "retry")]
pub async fn retry(
    id: String,
    answer: u32,
    #[server(default)] manner: String,
    #[server(default)] mode: String,
    #[server(default)] from: String,
) -> Result<(), AppError> {
    let desk = Desk::open()?;
    let spoken = mode == "voice";
    let begun = desk.retry(&id, answer, &manner, spoken).await;
    desk.reply_to_again(&id, (answer, &from), spoken, begun)
}

/// Goes on differently from where the message `answer` was said, in an interview of its own that shares what came before,
/// and goes to its page. `mode` and `from` as for [`retry`].
#[server(prefix = "/api", endpoint = "fork")]
pub async fn fork(
    id: String,
    answer: u32,
    #[server(default)] mode: String,
    #[server(default)] from: String,
) -> Result<(), AppError> {
    let desk = Desk::open()?;
    let begun = desk.fork(&id, answer).await;
    desk.reply_to_again(&id, (answer, &from), mode == "voice", begun)
}

/// A take beside another one, for their page.
#[cfg(feature = "ssr")]
pub(crate) async fn load_takes(id: &str, with: Option<u32>) -> Result<crate::view::TakesView, AppError> {
    Desk::open()?.takes(id, with).await
}

/// The notes on an interview, for their page.
#[cfg(feature = "ssr")]
pub(crate) async fn load_notes(id: &str) -> Result<crate::view::NotesView, AppError> {
    Desk::open()?.notes(id).await
}

/// Lets this browser into the room of its interview, in which the interviewer then is too. Asked again it gives a
/// fresh ticket to the same place.
#[server(prefix = "/api", endpoint = "join_voice")]
pub async fn join_voice(id: String) -> Result<VoiceTicket, AppError> {
    let desk = Desk::open()?;
    let ticket = desk.join_voice(&id).await;
    desk.reply(ticket)
}

/// Deletes all of an interview.
#[server(prefix = "/api", endpoint = "delete_interview")]
pub async fn delete_interview(id: String) -> Result<(), AppError> {
    let desk = Desk::open()?;
    let deleted = desk.delete(&id).await;
    desk.reply_to_form("start", "/", Returned::default(), deleted)
}

/// Deletes all of this browser's interviews.
#[server(prefix = "/api", endpoint = "delete_interviews")]
pub async fn delete_interviews() -> Result<(), AppError> {
    let desk = Desk::open()?;
    let deleted = desk.delete_all().await;
    desk.reply_to_form("start", "/", Returned::default(), deleted)
}

/// About this server.
#[server(prefix = "/api", endpoint = "load_about")]
pub async fn load_about() -> Result<About, AppError> {
    Ok(Desk::open()?.about())
}
