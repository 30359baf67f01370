//! Answers given again, and interviews that go on differently.

use engine::{Compared, EngineError, OriginKind, SessionId, Snapshot};
use interview::RetakeManner;

use super::{ApiRequestContext, ReturnedForm};
use crate::AppError;
use crate::view::{self, ChildView, OriginView, TakesView};

impl ApiRequestContext {
    /// The take in which the question of this answer is asked again, opened unless it is spoken: then the interviewer opens it
    /// in the room.
    pub(in crate::api) async fn retry(
        &self,
        id: &str,
        answer: u32,
        manner: &str,
        spoken: bool,
    ) -> Result<SessionId, AppError> {
        let session = self.own(id).await?;
        let manner = RetakeManner::from_key(manner).ok_or_else(|| {
            AppError::Invalid("Please choose how the question is to be asked again.".to_owned())
        })?;
        self.ensure_interview_quota().await?;
        let take = self.context.engine.take(session, answer, manner).await?;
        if !(spoken && self.context.about.voice) {
            self.open_by_text(take).await?;
        }
        Ok(take)
    }

    /// The interview that goes on differently from where this answer was given.
    pub(in crate::api) async fn fork(&self, id: &str, answer: u32) -> Result<SessionId, AppError> {
        let session = self.own(id).await?;
        self.ensure_interview_quota().await?;
        Ok(self.context.engine.fork(session, answer).await?)
    }

    /// Answers the form that was sent `from` a page, about an answer there: it goes to what was begun.
    pub(in crate::api) fn reply_to_again(
        &self,
        id: &str,
        (answer, from): (u32, &str),
        spoken: bool,
        begun: Result<SessionId, AppError>,
    ) -> Result<(), AppError> {
        let page = match (&begun, from) {
            (Ok(new), _) if spoken && self.context.about.voice => super::voice_of(&new.to_string()),
            (Ok(new), _) => super::page_of(&new.to_string()),
            (Err(_), "notes") => crate::pages::notes_of(id),
            (Err(_), "takes") => crate::pages::takes_of(id),
            (Err(_), _) => super::line_of(id, answer),
        };
        self.reply_to_form(&super::again_of(id), &page, ReturnedForm::default(), begun.map(drop))
    }

    /// What an interview came from, if it did.
    pub(super) async fn origin(&self, snapshot: &Snapshot) -> Result<Option<OriginView>, AppError> {
        let Some(origin) = &snapshot.origin else { return Ok(None) };
        let parent = match self.context.engine.snapshot(origin.parent).await {
            Err(EngineError::NotFound) => None,
            parent => Some(parent?),
        };
        let compared = match origin.kind {
            OriginKind::Take => Some(self.context.engine.compare(snapshot.id, None).await?),
            OriginKind::Fork => None,
        };
        Ok(Some(view::origin(origin, parent.as_deref(), compared.as_ref())))
    }

    /// The takes and forks of an interview.
    pub(super) async fn children(&self, session: SessionId) -> Result<Vec<ChildView>, AppError> {
        Ok(self.context.engine.children(session).await?.iter().filter_map(view::child).collect())
    }

    /// A take beside the one of this number, else beside the one before it.
    pub(in crate::api) async fn takes(&self, id: &str, with: Option<u32>) -> Result<TakesView, AppError> {
        let session = self.own(id).await?;
        let compared: Compared = self.context.engine.compare(session, with).await?;
        let takes = view::takes(compared);
        let voice = takes.voice.filter(|_| self.context.about.voice);
        Ok(TakesView { problem: self.refused(id), voice, ..takes })
    }

    /// Why a retry or a fork could not be begun, once.
    pub(super) fn refused(&self, id: &str) -> String {
        self.kept(&super::again_of(id)).map(|form| form.problem).unwrap_or_default()
    }
}
