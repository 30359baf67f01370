//! Sharing an interview with somebody who reads it and writes in its margin.

use engine::{EngineError, Remark};
use interview::{MAX_AUTHOR, MAX_COMMENT};

use super::ReturnedForm;
use super::desk::{ApiRequestContext, fresh_turn};
use crate::AppError;
use crate::view::{self, ReadView, ShareView};

/// Under this a reader's comment is kept that could not be taken.
pub(super) const READER: &str = "read";

impl ApiRequestContext {
    /// Makes a link, and returns its path. Of a form with a `press` that is sent twice it is the same.
    pub(super) async fn share(
        &self,
        id: &str,
        press: &str,
        name: bool,
        papers: bool,
    ) -> Result<String, AppError> {
        let session = self.own(id).await?;
        let engine = &self.context.engine;
        // What is no random id makes no secret.
        let made = match uuid::Uuid::try_parse(press) {
            Ok(_) => engine.share_once(session, press, name, papers).await,
            Err(_) => engine.share(session, name, papers).await,
        };
        match made {
            Err(EngineError::TooMany { most }) => Err(AppError::Invalid(format!(
                "There are already {most} links, which is the limit. Revoke one you no longer need, then try again."
            ))),
            made => Ok(format!("/read/{}", made?.secret)),
        }
    }

    pub(super) async fn unshare(&self, id: &str, link: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        match self.context.engine.unshare(session, link).await {
            // It is gone already: what was wanted.
            Err(EngineError::NotFound) => Ok(()),
            other => Ok(other?),
        }
    }

    pub(super) async fn delete_comment(&self, id: &str, comment: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        match self.context.engine.delete_comment(session, comment).await {
            Err(EngineError::NotFound) => Ok(()),
            other => Ok(other?),
        }
    }

    pub(super) async fn remark(
        &self,
        secret: &str,
        id: &str,
        line: u32,
        author: &str,
        text: &str,
    ) -> Result<(), AppError> {
        let invalid = |what: String| Err(AppError::Invalid(what));
        if author.trim().chars().count() > MAX_AUTHOR {
            return invalid(format!(
                "A name has at most {MAX_AUTHOR} characters. Shorten it, then send again."
            ));
        }
        let remark = Remark { id: id.to_owned(), line, author: author.to_owned(), text: text.to_owned() };
        match self.context.engine.remark(secret, remark).await {
            Err(EngineError::BlankText) => invalid("Write a comment, then send it.".to_owned()),
            Err(EngineError::LongText { .. }) => invalid(format!(
                "A comment has at most {MAX_COMMENT} characters. Shorten it, then send again."
            )),
            Err(EngineError::TooMany { most }) => {
                invalid(format!("There are already {most} comments here, which is the limit."))
            }
            other => Ok(other?),
        }
    }

    /// What the page shows on which an interview is shared.
    pub(super) async fn sharing(&self, id: &str, form: ReturnedForm) -> Result<ShareView, AppError> {
        let session = self.own(id).await?;
        let engine = &self.context.engine;
        let snapshot = engine.snapshot(session).await?;
        let (links, comments) = (engine.links(session).await?, engine.comments(session).await?);
        let host = leptos::prelude::use_context::<http::request::Parts>().and_then(|parts| {
            let host = parts.headers.get(http::header::HOST)?.to_str().ok()?;
            Some(host.to_owned())
        });
        let press = fresh_turn().0;
        Ok(ShareView {
            press,
            ..view::sharing(&snapshot, &links, &comments, (form, host.unwrap_or_default()))
        })
    }

    /// What the reader of a link is shown.
    pub(super) async fn reading(&self, secret: &str, form: ReturnedForm) -> Result<ReadView, AppError> {
        let copy = self.context.engine.shared(secret).await?;
        Ok(view::read(&copy, secret, (form, fresh_turn().0)))
    }
}

/// Under this a form of the page is kept that could not be taken, and the link that was just made.
pub(super) fn key_of(id: &str) -> String {
    format!("share-{id}")
}

/// The address of the page on which an interview is shared.
pub(super) fn page_of(id: &str) -> String {
    format!("/interview/{id}/share")
}

/// The address of a line of an interview that a link opens.
pub(super) fn read_of(secret: &str, line: u32) -> String {
    let place = if line == 0 { "whole".to_owned() } else { format!("line-{line}") };
    format!("/read/{secret}#{place}")
}
