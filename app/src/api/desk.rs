//! What the server functions do on the server.

mod again;

use engine::{EngineError, NewSession, Owner, SessionId, Settled, Turn, TurnKind};
use http::{HeaderValue, header};
use interview::{Modality, Plan, Profile, Request, Seniority, TurnId};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{InterviewPage, Returned};
use crate::AppError;
use crate::context::AppContext;
use crate::view::{self, About, NotesView, PlanView, SummaryView, Update, VoiceTicket};

/// So many words are sought.
const MOST_SOUGHT: usize = 8;
/// What is said over several interviews is said of the latest so many.
const MOST_LOOKED_BACK: u32 = 24;

/// Who asks, and what there is to ask.
pub(super) struct Desk {
    pub(super) context: AppContext,
    owner: Owner,
    response: Option<ResponseOptions>,
    is_form: bool,
}

impl Desk {
    /// The desk for the request being served.
    pub(super) fn open() -> Result<Self, AppError> {
        // Both are provided for every request; without them the wiring is broken.
        let (Some(context), Some(owner)) = (use_context::<AppContext>(), use_context::<Owner>()) else {
            return Err(AppError::Failed);
        };
        let is_form = use_context::<http::request::Parts>().is_some_and(|parts| {
            parts.method == http::Method::POST
                && parts
                    .headers
                    .get(header::ACCEPT)
                    .is_some_and(|v| v.to_str().is_ok_and(|v| v.contains("text/html")))
        });
        Ok(Self { context, owner, response: use_context(), is_form })
    }

    /// Sets the status that an error has.
    pub(super) fn reply<T>(&self, result: Result<T, AppError>) -> Result<T, AppError> {
        if let (Err(error), Some(response), false) = (&result, &self.response, self.is_form) {
            response.set_status(error.status());
            if *error == AppError::Busy {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
        }
        result
    }

    /// Answers a form: it goes to `page`, and if it was not taken it is kept under `key` for it.
    pub(super) fn reply_to_form<T>(
        &self,
        key: &str,
        page: &str,
        form: Returned,
        result: Result<T, AppError>,
    ) -> Result<T, AppError> {
        if !self.is_form {
            if key == "start" && result.is_ok() {
                leptos_axum::redirect(page);
            }
            return self.reply(result);
        }
        if let Err(error) = &result {
            self.keep(key, &Returned { problem: error.to_string(), ..form });
        }
        if let (Some(response), Ok(page)) = (&self.response, HeaderValue::from_str(page)) {
            response.insert_header(header::LOCATION, page);
            // See Other: the browser reads the page, and a reload does not post again.
            response.set_status(http::StatusCode::SEE_OTHER);
        }
        result
    }

    /// Keeps a posted form for the next page that shows it.
    pub(super) fn keep(&self, key: &str, form: &Returned) {
        if !self.is_form || *form == Returned::default() {
            return;
        }
        if let Ok(json) = serde_json::to_string(form) {
            self.context.return_form(&self.owner, key, json);
        }
    }

    pub(super) fn kept(&self, key: &str) -> Option<Returned> {
        serde_json::from_str(&self.context.take_form(&self.owner, key)?).ok()
    }

    pub(super) fn about(&self) -> About {
        self.context.about_now()
    }

    pub(super) async fn earlier(&self) -> Result<Vec<SummaryView>, AppError> {
        let list = self.context.engine.list(&self.owner).await?;
        #[expect(clippy::disallowed_methods, reason = "only names the days of the list: \"Today\"")]
        let now = jiff::Timestamp::now().as_millisecond();
        Ok(list.iter().map(|s| view::summary(s, now)).collect())
    }

    /// What the start form holds to begin with: what came back, else the particulars of an earlier interview.
    pub(super) async fn start_form(&self, again: &str) -> Returned {
        if let Some(form) = self.kept("start") {
            return form;
        }
        let Ok(id) = self.own(again).await else { return Returned::default() };
        let Ok(snapshot) = self.context.engine.snapshot(id).await else { return Returned::default() };
        Returned {
            name: snapshot.profile.name.clone(),
            role: snapshot.profile.role.clone(),
            seniority: snapshot.profile.seniority.key().to_owned(),
            plan: snapshot.plan.id.clone(),
            cv: snapshot.profile.cv.clone(),
            job_description: snapshot.profile.job_description.clone(),
            ..Returned::default()
        }
    }

    pub(super) async fn start(&self, form: &Returned) -> Result<SessionId, AppError> {
        let (profile, plan) = checked(form)?;
        self.has_place().await?;
        let new = NewSession { owner: Some(self.owner.clone()), candidate_id: None, profile, plan };
        // By voice the interviewer opens it, in the room.
        if form.mode == "voice" && self.context.about.voice {
            return Ok(self.context.engine.create(new).await?);
        }
        self.begin(new).await
    }

    pub(super) async fn interview(&self, id: &str) -> Result<InterviewPage, AppError> {
        let session = self.own(id).await?;
        let snapshot = self.context.engine.snapshot(session).await?;
        let mut form = self.kept(id).unwrap_or_default();
        if form.problem.is_empty() {
            form.problem = self.refused(id);
        }
        let origin = self.origin(&snapshot).await?;
        let is_take = origin.as_ref().is_some_and(|origin| !origin.fork);
        let under_way = is_take && !snapshot.status.is_completed();
        let minutes = snapshot.plan.stages.first().filter(|_| under_way).map(|stage| stage.budget / 60_000);
        let engine = &self.context.engine;
        // An interview is shown also where its sound cannot be had.
        let sounds = engine.sounds(session).await.unwrap_or_default();
        let sound = match self.context.about.voice {
            true => engine.keeps_sound(session).await.unwrap_or_default(),
            false => None,
        };
        Ok(InterviewPage {
            sound,
            beside: crate::pages::beside(id, &sounds, &engine.comments(session).await?, minutes),
            interview: view::interview(&snapshot),
            turn_id: fresh_turn().0,
            form,
            is_take,
            forked_at: origin.as_ref().filter(|origin| origin.fork).map(|origin| origin.seq),
            origin,
            children: self.children(session).await?,
            voice: self.context.about.voice,
            note: self.about().note(),
        })
    }

    /// Whether this browser may have one more interview.
    async fn has_place(&self) -> Result<(), AppError> {
        let most = self.context.most_interviews;
        if most == 0 || self.context.engine.count(&self.owner, most).await? < most as usize {
            return Ok(());
        }
        Err(AppError::Invalid(format!(
            "You have {most} interviews here, and this server keeps no more for one browser. Please delete one that you \
             no longer need, then start again."
        )))
    }

    /// What changed after the version `since`.
    pub(super) async fn changes(&self, id: &str, since: u64) -> Result<Update, AppError> {
        let session = self.own(id).await?;
        let snapshot = self.context.engine.snapshot(session).await?;
        Ok(view::update_since(&snapshot, since))
    }

    /// Takes a turn of somebody who has read up to the message `seen`, if that is told, and says what changed after the
    /// version `since`.
    pub(super) async fn turn(
        &self,
        id: &str,
        turn_id: &str,
        kind: TurnKind,
        since: u64,
        seen: Option<u32>,
    ) -> Result<Update, AppError> {
        let session = self.own(id).await?;
        let turn_id = TurnId::parse(turn_id).ok_or_else(|| {
            AppError::Invalid("Please load the page again, then send once more.".to_owned())
        })?;
        let turn = Turn { id: turn_id, modality: Modality::Text, kind };
        let snapshot = self.context.engine.turn_after(session, turn, seen).await?;
        Ok(view::update_since(&snapshot, since))
    }

    pub(super) async fn keep_sound(&self, id: &str, on: bool) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.keep_sound(session, on).await?)
    }

    /// A ticket to the room of the interview.
    pub(super) async fn join_voice(&self, id: &str) -> Result<VoiceTicket, AppError> {
        let session = self.own(id).await?;
        let off = || AppError::NoVoice("Talking is off on this server. Please type your answers.".to_owned());
        let door = self.context.voice.as_ref().ok_or_else(off)?;
        let request = use_context::<http::request::Parts>().ok_or(AppError::Failed)?;
        door.admit(session, &self.owner, &request).await
    }

    /// The notes on an interview.
    pub(super) async fn notes(&self, id: &str) -> Result<NotesView, AppError> {
        let session = self.own(id).await?;
        let snapshot = self.context.engine.snapshot(session).await?;
        let (report, judging) = self.context.engine.report_so_far(session).await?;
        Ok(NotesView {
            children: self.children(session).await?,
            voice: self.context.about.voice,
            problem: self.refused(id),
            sounds: self.context.engine.sounds(session).await.unwrap_or_default(),
            ..view::notes(&snapshot, report, judging)
        })
    }

    /// The interview as it is played once more.
    pub(super) async fn replay(&self, id: &str) -> Result<view::ReplayView, AppError> {
        let session = self.own(id).await?;
        Ok(view::replay(&self.context.engine.export(session).await?))
    }

    /// Corrects an answer, and says what changed after the version `since`.
    pub(super) async fn correct(
        &self,
        id: &str,
        seq: u32,
        text: &str,
        since: u64,
    ) -> Result<Update, AppError> {
        let session = self.own(id).await?;
        match self.context.engine.correct(session, seq, text).await {
            Ok(()) => {
                let snapshot = self.context.engine.snapshot(session).await?;
                Ok(view::update_since(&snapshot, since))
            }
            Err(EngineError::BlankText) => {
                Err(AppError::Invalid("Write what you said, then save it.".to_owned()))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Everything about this browser's interviews.
    pub(super) async fn interviews(
        &self,
        sought: &str,
        form: Returned,
    ) -> Result<view::InterviewsView, AppError> {
        let engine = &self.context.engine;
        let list = engine.list(&self.owner).await?;
        let labels = engine.labels(&self.owner).await?;
        let exports = engine.retrospect(&self.owner, MOST_LOOKED_BACK).await?;
        let settled = engine.settled(&exports).await?;
        let comments = engine.commented(&self.owner).await?;
        let mut words = Vec::new();
        for word in sought.split_whitespace().take(MOST_SOUGHT) {
            words.push((word.to_lowercase(), engine.said(&self.owner, word).await?));
        }
        #[expect(clippy::disallowed_methods, reason = "names days, and says what is due by now")]
        let now = jiff::Timestamp::now().as_millisecond();
        let keep_days = self.context.about.keep_days;
        Ok(view::interviews(&view::Told {
            list: &list,
            labels: &labels,
            exports: &exports,
            settled: &settled,
            comments: &comments,
            sought,
            words: &words,
            now,
            keep_days,
            problem: form.problem,
        }))
    }

    pub(super) async fn label(&self, id: &str, label: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        if label.chars().count() > view::LONGEST_LABEL {
            let most = view::LONGEST_LABEL;
            return Err(AppError::Invalid(format!(
                "A name has at most {most} characters. Shorten it, then save it again."
            )));
        }
        Ok(self.context.engine.set_label(session, &label).await?)
    }

    pub(super) async fn settle(
        &self,
        id: &str,
        line: u32,
        other: &str,
        other_line: u32,
    ) -> Result<(), AppError> {
        let (session, other) = (self.own(id).await?, self.own(other).await?);
        Ok(self.context.engine.settle(session, &Settled { line, other, other_line }).await?)
    }

    pub(super) async fn strike(&self, id: &str, statement: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.strike(session, statement).await?)
    }

    pub(super) async fn unstrike(&self, id: &str, statement: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.unstrike(session, statement).await?)
    }

    /// Begins an interview of one story, in which this element of it is asked for first: of the one that this answer begins,
    /// else of one to this topic; of what did not come up of the posting, line by line, if there is neither.
    pub(super) async fn practise(
        &self,
        id: &str,
        answer: Option<u32>,
        topic: &str,
        element: &str,
    ) -> Result<SessionId, AppError> {
        let session = self.own(id).await?;
        let aspect = report::Aspect::from_key(element);
        if let (Some(answer), Some(aspect)) = (answer, aspect) {
            self.has_place().await?;
            let take = self.context.engine.practise(session, answer, aspect.probe()).await?;
            self.open_by_text(take).await?;
            return Ok(take);
        }
        let mut profile = self.context.engine.snapshot(session).await?.profile.clone();
        let plan = if topic.is_empty() {
            let posting = self.context.engine.report(session).await?.posting;
            let wanted = posting.map(|posting| posting.not_heard).unwrap_or_default();
            profile.job_description = view::posting_of(&wanted);
            Plan::practice_posting_name(u32::try_from(wanted.len()).unwrap_or(u32::MAX))
        } else {
            aspect.map_or_else(
                || Plan::practice_name(topic),
                |aspect| Plan::practice_name_asking(topic, aspect.probe()),
            )
        };
        self.has_place().await?;
        let new = NewSession { owner: Some(self.owner.clone()), candidate_id: None, profile, plan };
        let practice = self.context.engine.create_practice(session, new).await?;
        self.open_by_text(practice).await?;
        Ok(practice)
    }

    /// Creates an interview and has it opened by text.
    async fn begin(&self, new: NewSession) -> Result<SessionId, AppError> {
        let id = self.context.engine.create(new).await?;
        self.open_by_text(id).await?;
        Ok(id)
    }

    /// Has an interview opened by text, if it is not yet.
    async fn open_by_text(&self, id: SessionId) -> Result<(), AppError> {
        let turn = Turn { id: fresh_turn(), modality: Modality::Text, kind: TurnKind::Start };
        // The interview is there; if it could not be opened just now, its page offers to.
        if let Err(EngineError::NotFound) = self.context.engine.set_going(id, turn).await {
            return Err(AppError::Failed);
        }
        Ok(())
    }

    pub(super) async fn delete(&self, id: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.delete(session).await?)
    }

    pub(super) async fn delete_all(&self) -> Result<(), AppError> {
        Ok(self.context.engine.delete_all(&self.owner).await.map(drop)?)
    }

    /// The session of this id, if it is the asker's.
    pub(super) async fn own(&self, id: &str) -> Result<SessionId, AppError> {
        let session = SessionId::parse(id).ok_or(AppError::NotFound)?;
        self.context.engine.check_owner(session, &self.owner).await?;
        Ok(session)
    }
}

/// The address of an interview, at its newest line.
pub(super) fn page_of(id: &str) -> String {
    format!("/interview/{id}#now")
}

/// The address of an interview that is to go on by voice.
pub(super) fn voice_of(id: &str) -> String {
    format!("/interview/{id}#voice")
}

/// Under which is kept why a retry or a fork of an interview could not be begun.
pub(super) fn again_of(id: &str) -> String {
    format!("again.{id}")
}

/// The address of a line of an interview.
pub(super) fn line_of(id: &str, seq: u32) -> String {
    format!("/interview/{id}#line-{seq}")
}

/// The list that a form was sent from: under which key it is kept if it was not taken, and its address.
pub(super) fn list_from(from: &str) -> (&'static str, &'static str) {
    if from == "interviews" { ("interviews", "/interviews") } else { ("start", "/") }
}

/// The address of an interview in the list of all of them.
pub(super) fn entry_of(id: &str) -> String {
    format!("/interviews#interview-{id}")
}

/// The address of the notes, where a statement stood that was struck.
pub(super) fn notes_after(id: &str, statement: &str) -> String {
    // Only what names of statements are made of stands in an address.
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    match statement.strip_prefix("story.").filter(|rest| rest.chars().all(plain)) {
        Some(rest) => format!("/interview/{id}/report#story.{rest}"),
        None => crate::pages::notes_of(id),
    }
}

/// The plans to choose from.
pub(super) fn plans() -> Vec<PlanView> {
    Plan::all()
        .into_iter()
        .map(|plan| PlanView { label: format!("{}, {} minutes", plan.title, plan.minutes()), id: plan.id })
        .collect()
}

/// What a button asks for.
pub(super) fn request(name: &str) -> Option<TurnKind> {
    match name {
        "repeat" => Some(TurnKind::Asked(Request::Repeat)),
        "skip" => Some(TurnKind::Asked(Request::Skip)),
        "wait" => Some(TurnKind::Asked(Request::Wait)),
        "move_on" => Some(TurnKind::Asked(Request::MoveOn)),
        "begin" => Some(TurnKind::Start),
        _ => None,
    }
}

/// Checks a start form: who is interviewed, and the id of the plan (the default if none was chosen).
fn checked(form: &Returned) -> Result<(Profile, String), AppError> {
    let invalid = |what: &str| AppError::Invalid(what.to_owned());
    let seniority =
        Seniority::parse(&form.seniority).ok_or_else(|| invalid("Please choose one of the levels."))?;
    let profile = Profile::new(&form.name, &form.role, seniority, &form.cv, &form.job_description)
        .map_err(|error| invalid(&error.to_string()))?;
    let plan = if form.plan.is_empty() {
        Plan::all().into_iter().next().map(|plan| plan.id)
    } else {
        Plan::named(&form.plan).map(|plan| plan.id)
    };
    Ok((profile, plan.ok_or_else(|| invalid("Please choose one of the plans."))?))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a caller makes its own turn ids; the rules read nothing into them"
)]
pub(super) fn fresh_turn() -> TurnId {
    TurnId(uuid::Uuid::new_v4().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Returned {
        Returned {
            name: "Priya".into(),
            role: "Backend engineer".into(),
            seniority: "senior".into(),
            ..Returned::default()
        }
    }

    #[test]
    fn a_start_form_is_checked() {
        let (profile, plan) = checked(&form()).unwrap();
        assert_eq!((profile.name.as_str(), profile.seniority), ("Priya", Seniority::Senior));
        assert_eq!(plan, Plan::all()[0].id);
        let problem = |form: &Returned| checked(form).unwrap_err().to_string();
        assert_eq!(problem(&Returned { name: " ".into(), ..form() }), "Please give a name to be called by.");
        assert_eq!(
            problem(&Returned { seniority: "wizard".into(), ..form() }),
            "Please choose one of the levels."
        );
        assert_eq!(problem(&Returned { plan: "none".into(), ..form() }), "Please choose one of the plans.");
    }

    #[test]
    fn buttons_ask_for_what_they_say() {
        assert_eq!(request("repeat"), Some(TurnKind::Asked(Request::Repeat)));
        assert_eq!(request("begin"), Some(TurnKind::Start));
        assert_eq!(request("end"), None);
    }
}
