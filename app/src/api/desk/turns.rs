//! An interview under way: its page, its turns, its voice.

use engine::{EngineError, Turn, TurnKind};
use interview::{Modality, Request, TurnId};
use leptos::prelude::use_context;

use super::{ApiRequestContext, fresh_turn};
use crate::AppError;
use crate::api::InterviewPage;
use crate::view::{self, Update, VoiceTicket};

impl ApiRequestContext {
    pub(in crate::api) async fn interview(&self, id: &str) -> Result<InterviewPage, AppError> {
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
            beside: crate::pages::line_annotations(id, &sounds, &engine.comments(session).await?, minutes),
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

    /// What changed after the version `since`.
    pub(in crate::api) async fn changes(&self, id: &str, since: u64) -> Result<Update, AppError> {
        let session = self.own(id).await?;
        let snapshot = self.context.engine.snapshot(session).await?;
        Ok(view::update_since(&snapshot, since))
    }

    /// Takes a turn of somebody who has read up to the message `seen`, if that is told, and says what changed after the
    /// version `since`.
    pub(in crate::api) async fn turn(
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

    /// Corrects an answer, and says what changed after the version `since`.
    pub(in crate::api) async fn correct(
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

    pub(in crate::api) async fn keep_sound(&self, id: &str, on: bool) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.keep_sound(session, on).await?)
    }

    /// A ticket to the room of the interview.
    pub(in crate::api) async fn join_voice(&self, id: &str) -> Result<VoiceTicket, AppError> {
        let session = self.own(id).await?;
        let off = || AppError::NoVoice("Talking is off on this server. Please type your answers.".to_owned());
        let door = self.context.voice.as_ref().ok_or_else(off)?;
        let request = use_context::<http::request::Parts>().ok_or(AppError::Failed)?;
        door.admit(session, &self.owner, &request).await
    }
}

/// What a button asks for.
pub(in crate::api) fn request(name: &str) -> Option<TurnKind> {
    match name {
        "repeat" => Some(TurnKind::Asked(Request::Repeat)),
        "skip" => Some(TurnKind::Asked(Request::Skip)),
        "wait" => Some(TurnKind::Asked(Request::Wait)),
        "move_on" => Some(TurnKind::Asked(Request::MoveOn)),
        "begin" => Some(TurnKind::Start),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_ask_for_what_they_say() {
        assert_eq!(request("repeat"), Some(TurnKind::Asked(Request::Repeat)));
        assert_eq!(request("begin"), Some(TurnKind::Start));
        assert_eq!(request("end"), None);
    }
}
