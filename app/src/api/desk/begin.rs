//! Interviews that are begun: what the start form holds, its check, practice of one story.

use engine::{EngineError, NewSession, SessionId, Turn, TurnKind};
use interview::{Modality, Plan, Profile, Seniority};

use super::{ApiRequestContext, ReturnedForm, fresh_turn};
use crate::AppError;
use crate::view::{self, PlanView};

impl ApiRequestContext {
    /// What the start form holds to begin with: what came back, else the particulars of an earlier interview.
    pub(in crate::api) async fn start_form(&self, again: &str) -> ReturnedForm {
        if let Some(form) = self.kept("start") {
            return form;
        }
        let Ok(id) = self.own(again).await else { return ReturnedForm::default() };
        let Ok(snapshot) = self.context.engine.snapshot(id).await else { return ReturnedForm::default() };
        ReturnedForm {
            name: snapshot.profile.name.clone(),
            role: snapshot.profile.role.clone(),
            seniority: snapshot.profile.seniority.key().to_owned(),
            plan: snapshot.plan.id.clone(),
            cv: snapshot.profile.cv.clone(),
            job_description: snapshot.profile.job_description.clone(),
            ..ReturnedForm::default()
        }
    }

    pub(in crate::api) async fn start(&self, form: &ReturnedForm) -> Result<SessionId, AppError> {
        let (profile, plan) = checked(form)?;
        self.ensure_interview_quota().await?;
        let new = NewSession { owner: Some(self.owner.clone()), candidate_id: None, profile, plan };
        // By voice the interviewer opens it, in the room.
        if form.mode == "voice" && self.context.about.voice {
            return Ok(self.context.engine.create(new).await?);
        }
        self.begin(new).await
    }

    /// Whether this browser may have one more interview.
    pub(super) async fn ensure_interview_quota(&self) -> Result<(), AppError> {
        let most = self.context.most_interviews;
        if most == 0 || self.context.engine.count(&self.owner, most).await? < most as usize {
            return Ok(());
        }
        Err(AppError::Invalid(format!(
            "You have {most} interviews here, and this server keeps no more for one browser. Please delete one that you \
             no longer need, then start again."
        )))
    }

    /// Begins an interview of one story, in which this element of it is asked for first: of the one that this answer begins,
    /// else of one to this topic; of what did not come up of the posting, line by line, if there is neither.
    pub(in crate::api) async fn practise(
        &self,
        id: &str,
        answer: Option<u32>,
        topic: &str,
        element: &str,
    ) -> Result<SessionId, AppError> {
        let session = self.own(id).await?;
        let aspect = report::Aspect::from_key(element);
        if let (Some(answer), Some(aspect)) = (answer, aspect) {
            self.ensure_interview_quota().await?;
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
        self.ensure_interview_quota().await?;
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
    pub(super) async fn open_by_text(&self, id: SessionId) -> Result<(), AppError> {
        let turn = Turn { id: fresh_turn(), modality: Modality::Text, kind: TurnKind::Start };
        // The interview is there; if it could not be opened just now, its page offers to.
        if let Err(EngineError::NotFound) = self.context.engine.begin_turn(id, turn).await {
            return Err(AppError::Failed);
        }
        Ok(())
    }
}

/// The plans to choose from.
pub(in crate::api) fn plans() -> Vec<PlanView> {
    Plan::all()
        .into_iter()
        .map(|plan| PlanView { label: format!("{}, {} minutes", plan.title, plan.minutes()), id: plan.id })
        .collect()
}

/// Checks a start form: who is interviewed, and the id of the plan (the default if none was chosen).
fn checked(form: &ReturnedForm) -> Result<(Profile, String), AppError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ReturnedForm {
        ReturnedForm {
            name: "Priya".into(),
            role: "Backend engineer".into(),
            seniority: "senior".into(),
            ..ReturnedForm::default()
        }
    }

    #[test]
    fn a_start_form_is_checked() {
        let (profile, plan) = checked(&form()).unwrap();
        assert_eq!((profile.name.as_str(), profile.seniority), ("Priya", Seniority::Senior));
        assert_eq!(plan, Plan::all()[0].id);
        let problem = |form: &ReturnedForm| checked(form).unwrap_err().to_string();
        assert_eq!(
            problem(&ReturnedForm { name: " ".into(), ..form() }),
            "Please give a name to be called by."
        );
        assert_eq!(
            problem(&ReturnedForm { seniority: "wizard".into(), ..form() }),
            "Please choose one of the levels."
        );
        assert_eq!(
            problem(&ReturnedForm { plan: "none".into(), ..form() }),
            "Please choose one of the plans."
        );
    }
}
