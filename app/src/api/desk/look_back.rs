//! What is looked back at: the notes, the replay, all of a browser's interviews, and what is done with them.

use engine::SettledClash;

use super::{ApiRequestContext, ReturnedForm};
use crate::AppError;
use crate::view::{self, NotesView, SummaryView};

/// So many words are sought.
const MOST_SOUGHT: usize = 8;
/// What is said over several interviews is said of the latest so many.
const MOST_LOOKED_BACK: u32 = 24;

impl ApiRequestContext {
    /// The notes on an interview.
    pub(in crate::api) async fn notes(&self, id: &str) -> Result<NotesView, AppError> {
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
    pub(in crate::api) async fn replay(&self, id: &str) -> Result<view::ReplayView, AppError> {
        let session = self.own(id).await?;
        Ok(view::replay(&self.context.engine.export(session).await?))
    }

    pub(in crate::api) async fn strike(&self, id: &str, statement: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.strike(session, statement).await?)
    }

    pub(in crate::api) async fn unstrike(&self, id: &str, statement: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.unstrike(session, statement).await?)
    }

    pub(in crate::api) async fn earlier(&self) -> Result<Vec<SummaryView>, AppError> {
        let list = self.context.engine.list(&self.owner).await?;
        #[expect(clippy::disallowed_methods, reason = "only names the days of the list: \"Today\"")]
        let now = jiff::Timestamp::now().as_millisecond();
        Ok(list.iter().map(|s| view::summary(s, now)).collect())
    }

    /// Everything about this browser's interviews.
    pub(in crate::api) async fn interviews(
        &self,
        sought: &str,
        form: ReturnedForm,
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
        Ok(view::interviews(&view::InterviewListData {
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

    pub(in crate::api) async fn label(&self, id: &str, label: &str) -> Result<(), AppError> {
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

    pub(in crate::api) async fn settle(
        &self,
        id: &str,
        line: u32,
        other: &str,
        other_line: u32,
        what: &str,
    ) -> Result<(), AppError> {
        let (session, other) = (self.own(id).await?, self.own(other).await?);
        let sort = progress::ClaimKind::from_key(what);
        let sort = sort.ok_or_else(|| AppError::Invalid("There is no such question.".to_owned()))?;
        let what = Some(sort.key().to_owned());
        Ok(self.context.engine.settle(session, &SettledClash { line, other, other_line, what }).await?)
    }

    pub(in crate::api) async fn delete(&self, id: &str) -> Result<(), AppError> {
        let session = self.own(id).await?;
        Ok(self.context.engine.delete(session).await?)
    }

    pub(in crate::api) async fn delete_all(&self) -> Result<(), AppError> {
        Ok(self.context.engine.delete_all(&self.owner).await.map(drop)?)
    }
}
