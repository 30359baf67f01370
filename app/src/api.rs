//! The server functions: what the pages ask of the server. Each checks whose interview it is.
//!
//! A plain form that could not be taken is kept on the server ([`ReturnedForm`]) and shown again by the page that it
//! is sent back to: nothing that was typed is lost, and none of it stands in an address.
#![allow(missing_docs, reason = "the macro makes of each argument a public field that cannot be documented")]

#[cfg(feature = "ssr")]
mod desk;
#[cfg(feature = "ssr")]
mod share;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use self::desk::ApiRequestContext;
use crate::AppError;
use crate::view::{About, ChildView, InterviewView, OriginView, PlanView, SummaryView, Update, VoiceTicket};

/// A form that is shown again, with what was wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedForm {
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
    pub form: ReturnedForm,
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
    pub form: ReturnedForm,
    /// Whether people may talk on this server.
    pub voice: bool,
    /// What is to be known before a question is answered, if anything: that the model is not used, that people who talk
    /// wait for replies here.
    #[serde(default)]
    pub note: Option<String>,
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
    /// Whether the sound of answers is kept; `None` where it cannot be. The server alone shows it.
    #[serde(skip)]
    pub sound: Option<bool>,
    /// What stands under lines, as HTML, by their numbers; under 0 what stands at the end.
    #[serde(default)]
    pub beside: Vec<(u32, String)>,
}

/// What the first page shows. `again`: an interview whose particulars the form begins with; `plan`: the plan that is chosen
/// unless that says another.
#[server(prefix = "/api", endpoint = "load_home")]
pub async fn load_home(
    #[server(default)] again: String,
    #[server(default)] plan: String,
) -> Result<HomeView, AppError> {
    let desk = ApiRequestContext::open()?;
    let mut form = desk.start_form(&again).await;
    if form.plan.is_empty() {
        form.plan = plan;
    }
    Ok(HomeView { plans: desk::plans(), earlier: desk.earlier().await?, form, about: desk.about() })
}

/// This browser's interviews, newest first.
#[server(prefix = "/api", endpoint = "list_interviews")]
pub async fn list_interviews() -> Result<Vec<SummaryView>, AppError> {
    let desk = ApiRequestContext::open()?;
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
    let desk = ApiRequestContext::open()?;
    let form =
        ReturnedForm { name, role, seniority, plan, cv, job_description, mode, ..ReturnedForm::default() };
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
    let desk = ApiRequestContext::open()?;
    let page = desk.interview(&id).await;
    desk.reply(page)
}

/// What changed after the version `since`: for a page that has no stream of events just now.
#[server(prefix = "/api", endpoint = "catch_up")]
pub async fn catch_up(id: String, #[server(default)] since: u64) -> Result<Update, AppError> {
    let desk = ApiRequestContext::open()?;
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
    let desk = ApiRequestContext::open()?;
    let turn = engine::TurnKind::Said(text.replace("\r\n", "\n"));
    let update = desk.turn(&id, &turn_id, turn, since, seen).await;
    let form = ReturnedForm { text, ..ReturnedForm::default() };
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
    let desk = ApiRequestContext::open()?;
    let update = match desk::request(&request) {
        Some(turn) => desk.turn(&id, &turn_id, turn, since, seen).await,
        None => Err(AppError::Invalid(format!("There is no request `{request}`."))),
    };
    let form = ReturnedForm { text, ..ReturnedForm::default() };
    desk.keep(&id, &form);
    desk.reply_to_form(&id, &desk::page_of(&id), form, update)
}

/// Ends an interview.
#[server(prefix = "/api", endpoint = "finish")]
pub async fn finish(id: String, turn_id: String, #[server(default)] since: u64) -> Result<Update, AppError> {
    let desk = ApiRequestContext::open()?;
    let update = desk.turn(&id, &turn_id, engine::TurnKind::End, since, None).await;
    let page = if update.is_ok() { crate::pages::notes_of(&id) } else { desk::page_of(&id) };
    desk.reply_to_form(&id, &page, ReturnedForm::default(), update)
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
    let desk = ApiRequestContext::open()?;
    let update = desk.correct(&id, seq, &text.replace("\r\n", "\n"), since).await;
    let form = ReturnedForm { text, corrects: Some(seq), ..ReturnedForm::default() };
    desk.reply_to_form(&id, &desk::line_of(&id, seq), form, update)
}

/// Strikes a statement of the notes: it is no longer counted.
#[server(prefix = "/api", endpoint = "strike")]
pub async fn strike(id: String, statement: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let struck = desk.strike(&id, &statement).await;
    desk.reply_to_form(&id, &desk::notes_after(&id, &statement), ReturnedForm::default(), struck)
}

/// Takes a strike back: the statement counts again.
#[server(prefix = "/api", endpoint = "unstrike")]
pub async fn unstrike(id: String, statement: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let unstruck = desk.unstrike(&id, &statement).await;
    desk.reply_to_form(&id, &desk::notes_after(&id, &statement), ReturnedForm::default(), unstruck)
}

/// Begins an interview of one story, by whom and for what this one was held, and goes to its page: the story that the message
/// `answer` begins, told once more as a take, else one to a topic. `element`: what of the story is asked for first. With neither:
/// a short one on what the posting asks for that was not heard in this one.
#[server(prefix = "/api", endpoint = "practise")]
pub async fn practise(
    id: String,
    #[server(default)] answer: Option<u32>,
    #[server(default)] topic: String,
    #[server(default)] element: String,
    #[server(default)] from: String,
) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let begun = desk.practise(&id, answer, &topic, &element).await;
    let listed = from == "interviews";
    let page = match &begun {
        Ok(new) => desk::page_of(&new.to_string()),
        Err(_) if listed => "/interviews".to_owned(),
        Err(_) => crate::pages::notes_of(&id),
    };
    let key = if listed { from } else { desk::again_of(&id) };
    desk.reply_to_form(&key, &page, ReturnedForm::default(), begun.map(drop))
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
    let desk = ApiRequestContext::open()?;
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
    let desk = ApiRequestContext::open()?;
    let begun = desk.fork(&id, answer).await;
    desk.reply_to_again(&id, (answer, &from), mode == "voice", begun)
}

/// A take beside another one, for their page.
#[cfg(feature = "ssr")]
pub(crate) async fn load_takes(id: &str, with: Option<u32>) -> Result<crate::view::TakesView, AppError> {
    ApiRequestContext::open()?.takes(id, with).await
}

/// Names an interview for its person, in the list of theirs; an empty name takes the name away.
#[server(prefix = "/api", endpoint = "label_interview")]
pub async fn label_interview(id: String, #[server(default)] label: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let labelled = desk.label(&id, &label).await;
    let form = ReturnedForm { text: label, ..ReturnedForm::default() };
    desk.reply_to_form("interviews", &desk::entry_of(&id), form, labelled)
}

/// Keeps in the later of two interviews that both are right, though their figures differ: it is asked no more. `what`: the
/// sort of figures, one of [`progress::ClaimKind`].
#[server(prefix = "/api", endpoint = "settle_claim")]
pub async fn settle_claim(
    id: String,
    line: u32,
    other: String,
    other_line: u32,
    #[server(default)] what: String,
) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let settled = desk.settle(&id, line, &other, other_line, &what).await;
    desk.reply_to_form("interviews", "/interviews#claims", ReturnedForm::default(), settled)
}

/// Makes a link by which somebody else reads an interview, for a week. `name`: it shows the name; `papers`: the CV, the job
/// description and contact details. Returns its path, which is known now and never again. `press` is made by whoever sends
/// it, a random id: sent twice, it makes one link.
#[server(prefix = "/api", endpoint = "share_interview")]
pub async fn share_interview(
    id: String,
    #[server(default)] press: String,
    #[server(default)] name: String,
    #[server(default)] papers: String,
) -> Result<String, AppError> {
    let desk = ApiRequestContext::open()?;
    let made = desk.share(&id, &press, !name.is_empty(), !papers.is_empty()).await;
    let text = made.as_ref().cloned().unwrap_or_default();
    let (key, form) = (share::key_of(&id), ReturnedForm { text, ..ReturnedForm::default() });
    desk.keep(&key, &form);
    desk.reply_to_form(&key, &share::page_of(&id), form, made)
}

/// Revokes a link, by its digest: at once it opens nothing.
#[server(prefix = "/api", endpoint = "unshare_interview")]
pub async fn unshare_interview(id: String, link: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let gone = desk.unshare(&id, &link).await;
    desk.reply_to_form(&share::key_of(&id), &share::page_of(&id), ReturnedForm::default(), gone)
}

/// Writes in the margin of the interview that a link opens, beside a line; beside none for 0. `id` is the comment's, made by
/// whoever sends it: sent twice, it is kept once.
#[server(prefix = "/api", endpoint = "comment")]
pub async fn comment(
    secret: String,
    id: String,
    line: u32,
    #[server(default)] author: String,
    #[server(default)] text: String,
) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let text = text.replace("\r\n", "\n");
    let kept = desk.remark(&secret, &id, line, &author, &text).await;
    let form = ReturnedForm { text, name: author, corrects: Some(line), ..ReturnedForm::default() };
    desk.reply_to_form(share::READER, &share::read_of(&secret, line), form, kept)
}

/// Deletes a comment on an interview of this browser's.
#[server(prefix = "/api", endpoint = "delete_comment")]
pub async fn delete_comment(id: String, comment: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let gone = desk.delete_comment(&id, &comment).await;
    desk.reply_to_form(&share::key_of(&id), &share::page_of(&id), ReturnedForm::default(), gone)
}

/// Gives back the form that was kept for one of the pages below, once. They ask for it before they load anything, which they
/// may begin more than once.
#[cfg(feature = "ssr")]
pub(crate) fn returned(page: ReadPage<'_>) -> ReturnedForm {
    let kept = |desk: ApiRequestContext| match page {
        ReadPage::Interviews => desk.kept("interviews"),
        ReadPage::Share(id) => desk.kept(&share::key_of(id)),
        ReadPage::Reader => desk.kept(share::READER),
    };
    ApiRequestContext::open().ok().and_then(kept).unwrap_or_default()
}

/// A page that is only read and has forms.
#[cfg(feature = "ssr")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum ReadPage<'a> {
    /// All interviews.
    Interviews,
    /// That on which the interview of this id is shared.
    Share(&'a str),
    /// That of a link's reader.
    Reader,
}

/// What the page shows on which an interview is shared.
#[cfg(feature = "ssr")]
pub(crate) async fn load_share(id: &str, form: ReturnedForm) -> Result<crate::view::ShareView, AppError> {
    ApiRequestContext::open()?.sharing(id, form).await
}

/// What the reader of a link is shown.
#[cfg(feature = "ssr")]
pub(crate) async fn load_reading(
    secret: &str,
    form: ReturnedForm,
) -> Result<crate::view::ReadView, AppError> {
    ApiRequestContext::open()?.reading(secret, form).await
}

/// Everything about this browser's interviews, those that hold the words sought alone.
#[cfg(feature = "ssr")]
pub(crate) async fn load_interviews(
    sought: &str,
    form: ReturnedForm,
) -> Result<crate::view::InterviewsView, AppError> {
    ApiRequestContext::open()?.interviews(sought, form).await
}

/// An interview as it is played once more, for its page.
#[cfg(feature = "ssr")]
pub(crate) async fn load_replay(id: &str) -> Result<crate::view::ReplayView, AppError> {
    ApiRequestContext::open()?.replay(id).await
}

/// The notes on an interview, for their page.
#[cfg(feature = "ssr")]
pub(crate) async fn load_notes(id: &str) -> Result<crate::view::NotesView, AppError> {
    ApiRequestContext::open()?.notes(id).await
}

/// Has the sound of answers that are spoken from now on kept (`on` is not empty), or no more; what was kept stays.
#[server(prefix = "/api", endpoint = "keep_sound")]
pub async fn keep_sound(id: String, #[server(default)] on: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let kept = desk.keep_sound(&id, !on.is_empty()).await;
    desk.reply_to_form(&id, &desk::page_of(&id), ReturnedForm::default(), kept)
}

/// Lets this browser into the room of its interview, in which the interviewer then is too. Asked again it gives a
/// fresh ticket to the same place.
#[server(prefix = "/api", endpoint = "join_voice")]
pub async fn join_voice(id: String) -> Result<VoiceTicket, AppError> {
    let desk = ApiRequestContext::open()?;
    let ticket = desk.join_voice(&id).await;
    desk.reply(ticket)
}

/// Deletes all of an interview. `from`: `interviews` goes back to the page of all of them, else the first page.
#[server(prefix = "/api", endpoint = "delete_interview")]
pub async fn delete_interview(id: String, #[server(default)] from: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let deleted = desk.delete(&id).await;
    let (key, page) = desk::list_from(&from);
    desk.reply_to_form(key, page, ReturnedForm::default(), deleted)
}

/// Deletes all of this browser's interviews. `from` as for [`delete_interview`].
#[server(prefix = "/api", endpoint = "delete_interviews")]
pub async fn delete_interviews(#[server(default)] from: String) -> Result<(), AppError> {
    let desk = ApiRequestContext::open()?;
    let deleted = desk.delete_all().await;
    let (key, page) = desk::list_from(&from);
    desk.reply_to_form(key, page, ReturnedForm::default(), deleted)
}

/// About this server.
#[server(prefix = "/api", endpoint = "load_about")]
#[allow(clippy::unused_async, reason = "a server function is async, whatever it does")]
pub async fn load_about() -> Result<About, AppError> {
    Ok(ApiRequestContext::open()?.about())
}
