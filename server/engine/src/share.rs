//! Reading links: somebody else reads a copy of an interview, and writes in its margin. Nothing else is reached with one.

use std::fmt;

use interview::contact::{without_contacts, without_name};
use interview::{
    MAX_AUTHOR, MAX_COMMENT, Message, Millis, Speaker, Stage, UnixMillis, skips_previous_question,
};
use sha2::{Digest as _, Sha256};

use crate::{Comment, Engine, EngineError, ReadingLink, SessionId, Snapshot, ids};

/// For so many days a link opens its interview.
pub const LINK_DAYS: Millis = 7;
/// An interview has so many open links.
const MOST_LINKS: usize = 10;
/// And so many comments.
const MOST_COMMENTS: usize = 200;

/// A link that was just made. Its secret is known now and never again.
#[derive(Clone, PartialEq, Eq)]
pub struct NewReadingLink {
    /// What stands in its address.
    pub secret: String,
    /// The link as it is kept.
    pub link: ReadingLink,
}

impl fmt::Debug for NewReadingLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("link", &self.link).finish_non_exhaustive()
    }
}

/// What a reader writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Made by whoever sends it: sent twice, it is kept once.
    pub id: String,
    /// The number of the message that it stands beside; 0: it is on the whole interview.
    pub line: u32,
    /// Who writes, in their own words; may be empty.
    pub author: String,
    /// The words.
    pub text: String,
}

/// An interview as a reader sees it: what the link shows, and nothing by which more could be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadersCopy {
    /// The candidate's name, if the link shows it.
    pub name: Option<String>,
    /// The role applied for.
    pub role: String,
    /// How far along the candidate is.
    pub seniority: interview::Seniority,
    /// The title of the plan.
    pub plan: String,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// Everything said.
    pub lines: Vec<ReadersLine>,
    /// The CV and the job description, if the link shows them; either may be empty.
    pub papers: Option<(String, String)>,
    /// What was written in the margin, in the order in which it was.
    pub comments: Vec<Comment>,
    /// When the interview was created.
    pub created_at: UnixMillis,
    /// From then on the link opens nothing.
    pub expires_at: UnixMillis,
}

/// One thing said, as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadersLine {
    /// Its number.
    pub seq: u32,
    /// Who said it.
    pub speaker: Speaker,
    /// The id of its stage.
    pub stage: String,
    /// The words.
    pub text: String,
    /// When.
    pub at: UnixMillis,
    /// True if it was cut to what was heard of it.
    pub cut: bool,
    /// True if the question before it was skipped.
    pub skips: bool,
}

impl Engine {
    /// Makes a link by which somebody else reads an interview for [`LINK_DAYS`]. `name`: it shows the candidate's name;
    /// `papers`: it shows the CV, the job description and contact details. Durable when it returns.
    ///
    /// # Errors
    /// [`EngineError::TooMany`] if there are as many open links as there may be.
    pub async fn share(
        &self,
        id: SessionId,
        name: bool,
        papers: bool,
    ) -> Result<NewReadingLink, EngineError> {
        self.link(id, ids::new_secret(), name, papers).await
    }

    /// The same for a form that may be sent twice: of the same `press` comes the same link, unless that was revoked. Whoever
    /// knows the press knows the secret, so it is as random as one, and shown to the interview's person alone.
    ///
    /// # Errors
    /// As [`Engine::share`].
    pub async fn share_once(
        &self,
        id: SessionId,
        press: &str,
        name: bool,
        papers: bool,
    ) -> Result<NewReadingLink, EngineError> {
        let secret = digest(&format!("link {id} {press} {name} {papers}"));
        let struck = self.inner.map_store_error("struck", self.inner.store.struck(id).await)?;
        if struck.contains(&revoked(&digest(&secret))) {
            return self.share(id, name, papers).await;
        }
        self.link(id, secret, name, papers).await
    }

    async fn link(
        &self,
        id: SessionId,
        secret: String,
        name: bool,
        papers: bool,
    ) -> Result<NewReadingLink, EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let (links, digest) = (self.links(id).await?, digest(&secret));
        if let Some(link) = links.iter().find(|link| link.digest == digest) {
            return Ok(NewReadingLink { secret, link: link.clone() });
        }
        if links.len() >= MOST_LINKS {
            return Err(EngineError::TooMany { most: MOST_LINKS });
        }
        let made_at = self.inner.clock.now();
        let expires_at = made_at.saturating_add(LINK_DAYS * 24 * 60 * 60 * 1_000);
        let link = ReadingLink { session: id, digest, made_at, expires_at, name, papers };
        let kept = self.inner.store.add_link(link.clone()).await;
        self.inner.map_store_error("link", kept)?;
        Ok(NewReadingLink { secret, link })
    }

    /// The links that open an interview now, the last made first.
    pub async fn links(&self, id: SessionId) -> Result<Vec<ReadingLink>, EngineError> {
        let mut links = self.inner.map_store_error("links", self.inner.store.links(id).await)?;
        let now = self.inner.clock.now();
        links.retain(|link| link.expires_at > now);
        Ok(links)
    }

    /// Revokes a link to an interview: at once it opens nothing. [`EngineError::NotFound`] if there is none.
    pub async fn unshare(&self, id: SessionId, digest: &str) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        if !self.links(id).await?.iter().any(|link| link.digest == digest) {
            return Err(EngineError::NotFound);
        }
        // First, so that a form sent again does not bring it back.
        let struck = self.inner.store.strike(id, &revoked(digest), self.inner.clock.now()).await;
        self.inner.map_store_error("unlink", struck)?;
        let dropped = self.inner.map_store_error("unlink", self.inner.store.drop_link(id, digest).await)?;
        if dropped { Ok(()) } else { Err(EngineError::NotFound) }
    }

    /// The interview that a link opens, as its reader sees it. [`EngineError::NotFound`] if it opens none: it was never
    /// made, was revoked, has expired, or its interview is deleted.
    pub async fn shared(&self, secret: &str) -> Result<ReadersCopy, EngineError> {
        let link = self.find_open_link(secret).await?;
        let snapshot = self.snapshot(link.session).await?;
        let comments = self.comments(link.session).await?;
        Ok(make_readers_copy(&link, &snapshot, comments))
    }

    /// Writes in the margin of the interview that a link opens. Durable when it returns; sent twice, it is kept once.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] as for [`Engine::shared`], and if there is no such line; [`EngineError::BlankText`],
    /// [`EngineError::LongText`]; [`EngineError::TooMany`] if the margin is full.
    pub async fn remark(&self, secret: &str, remark: Remark) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let link = self.find_open_link(secret).await?;
        let Remark { id, line, author, text } = remark;
        let (author, text) = (author.trim().to_owned(), text.trim().to_owned());
        if text.is_empty() {
            return Err(EngineError::BlankText);
        }
        for (words, limit) in [(&text, MAX_COMMENT), (&author, MAX_AUTHOR)] {
            if words.chars().count() > limit {
                return Err(EngineError::LongText { limit });
            }
        }
        let there = self.snapshot(link.session).await?.messages.iter().any(|(m, _)| m.seq == line);
        let named = (1..=64).contains(&id.len());
        if !named || (line != 0 && !there) {
            return Err(EngineError::NotFound);
        }
        let known = self.comments(link.session).await?;
        if known.len() >= MOST_COMMENTS && !known.iter().any(|comment| comment.id == id) {
            return Err(EngineError::TooMany { most: MOST_COMMENTS });
        }
        let comment = Comment { id, line, author, text, at: self.inner.clock.now() };
        self.inner.map_store_error("comment", self.inner.store.add_comment(link.session, comment).await)
    }

    /// The comments on an interview, in the order in which they were written.
    pub async fn comments(&self, id: SessionId) -> Result<Vec<Comment>, EngineError> {
        self.inner.map_store_error("comments", self.inner.store.comments(id).await)
    }

    /// Deletes a comment on an interview. [`EngineError::NotFound`] if there is none.
    pub async fn delete_comment(&self, id: SessionId, comment: &str) -> Result<(), EngineError> {
        let _under_way = self.inner.hold_shutdown()?;
        let dropped =
            self.inner.map_store_error("uncomment", self.inner.store.drop_comment(id, comment).await)?;
        if dropped { Ok(()) } else { Err(EngineError::NotFound) }
    }

    /// The link of this secret, if it opens something now.
    async fn find_open_link(&self, secret: &str) -> Result<ReadingLink, EngineError> {
        let link = self.inner.map_store_error("link", self.inner.store.link(&digest(secret)).await)?;
        let now = self.inner.clock.now();
        let link = link.filter(|link| link.expires_at > now).ok_or(EngineError::NotFound)?;
        tracing::Span::current().record("session.id", tracing::field::display(link.session));
        Ok(link)
    }
}

/// That a link is revoked is kept as what is struck is, under a name that no statement of a report has.
fn revoked(digest: &str) -> String {
    format!("revoked.{digest}")
}

/// SHA-256 as hexadecimal digits. A secret of so many random bits needs no slower one.
fn digest(secret: &str) -> String {
    Sha256::digest(secret.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn make_readers_copy(link: &ReadingLink, snapshot: &Snapshot, comments: Vec<Comment>) -> ReadersCopy {
    let Snapshot { profile, plan, messages, created_at, .. } = snapshot;
    let words = |text: &str| {
        let text = if link.papers { text.to_owned() } else { without_contacts(text) };
        if link.name { text } else { without_name(&text, &profile.name) }
    };
    let said: Vec<&Message> = messages.iter().map(|(message, _)| message).collect();
    let line = |(at, message): (usize, &&Message)| ReadersLine {
        seq: message.seq,
        speaker: message.speaker,
        stage: message.stage.clone(),
        text: words(&message.text),
        at: message.at,
        cut: message.cut,
        skips: skips_previous_question(&said, at),
    };
    let lines = said.iter().enumerate().map(line).collect();
    ReadersCopy {
        name: link.name.then(|| profile.first_name().to_owned()),
        role: words(&profile.role),
        seniority: profile.seniority,
        plan: plan.title.clone(),
        lines,
        papers: link.papers.then(|| (words(&profile.cv), words(&profile.job_description))),
        stages: plan.stages.clone(),
        comments,
        created_at: *created_at,
        expires_at: link.expires_at,
    }
}
