//! Has the stories of an interview judged by a model. The report is whole without it and never waits for it: what the
//! model replies is kept when it comes, and stands in the next report.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::join_all;
use interview::Millis;
use report::{JudgeReplies, TIMES, TokenUsage, judgeable};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::inner::EngineInner;
use crate::{EngineError, Export, Judge, JudgeRequest, Opinion, SessionId};

/// How long a model is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// A model that gave no reply is not asked again for this long.
const LEFT_ALONE: Millis = 10 * 60 * 1_000;
/// Most interviews that are judged at once; others are when they are looked at again.
const AT_ONCE: usize = 8;

/// Where the judging of an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judging {
    /// Nothing is to come: it was judged, or there is no model, no story, or no end yet.
    Done,
    /// A model is reading.
    UnderWay,
    /// The model gave no reply in time; it is asked again in some minutes.
    Failed,
}

/// What the engine remembers of judging an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remembered {
    UnderWay,
    /// It failed, or was kept, at this much observed time. A report that was being made when it was kept does not hold it
    /// yet, and must not have it judged again.
    Failed(Millis),
    Kept(Millis),
}

/// The interviews that are being judged or were not long ago.
#[derive(Debug, Default)]
pub(crate) struct JudgingRegistry {
    all: Mutex<BTreeMap<SessionId, Remembered>>,
    /// Cancelled when the engine stops: no shutdown waits for a model.
    pub(crate) stop: CancellationToken,
}

impl JudgingRegistry {
    fn all(&self) -> MutexGuard<'_, BTreeMap<SessionId, Remembered>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where it stands, and whether it may begin now, which it then does.
    fn begin(&self, id: SessionId, now: Millis) -> (Judging, bool) {
        let mut all = self.all();
        all.retain(|_, known| match known {
            Remembered::UnderWay => true,
            Remembered::Failed(at) | Remembered::Kept(at) => now.saturating_sub(*at) < LEFT_ALONE,
        });
        let busy = all.values().filter(|known| **known == Remembered::UnderWay).count() >= AT_ONCE;
        match all.get(&id) {
            Some(Remembered::UnderWay | Remembered::Kept(_)) => (Judging::UnderWay, false),
            Some(Remembered::Failed(_)) => (Judging::Failed, false),
            None if busy => (Judging::UnderWay, false),
            None => {
                all.insert(id, Remembered::UnderWay);
                (Judging::UnderWay, true)
            }
        }
    }
}

/// Marks the judging of an interview as kept or failed, however it ends.
struct JudgingGuard {
    inner: Arc<EngineInner>,
    id: SessionId,
    kept: bool,
}

impl Drop for JudgingGuard {
    fn drop(&mut self) {
        let now = self.inner.clock.moment().observed;
        let known = if self.kept { Remembered::Kept(now) } else { Remembered::Failed(now) };
        self.inner.judging.all().insert(self.id, known);
    }
}

impl EngineInner {
    /// Begins to have an interview judged, if it is over, there is a model, and it was not judged; says where that stands.
    pub(crate) fn have_judged(self: &Arc<Self>, export: &Export) -> Judging {
        let Export { snapshot, report, .. } = export;
        let Some(judge) = &self.judge else { return Judging::Done };
        if report.judgements.is_some() || !snapshot.status.is_completed() {
            return Judging::Done;
        }
        let messages: Vec<_> = snapshot.messages.iter().map(|(message, _)| message.clone()).collect();
        let told = judgeable(&report.stories, &messages);
        if told.is_empty() {
            return Judging::Done;
        }
        let id = snapshot.id;
        let (standing, begins) = self.judging.begin(id, self.clock.moment().observed);
        if begins {
            let stories = JudgeRequest { role: snapshot.profile.role.clone(), told };
            let seat = JudgingGuard { inner: Arc::clone(self), id, kept: false };
            drop(tokio::spawn(run_judging(seat, Arc::clone(judge), stories).in_current_span()));
        }
        standing
    }
}

/// Asks the model, and keeps what it replies.
async fn run_judging(mut seat: JudgingGuard, judge: Arc<dyn Judge>, stories: JudgeRequest) {
    let Ok(cell) = seat.inner.cell(seat.id) else { return };
    let asked = async {
        let until = Instant::now() + PATIENCE;
        let replies = (0..TIMES).map(|_| timeout_at(until, judge.judge(&stories)));
        join_all(replies).await
    };
    let replies = tokio::select! {
        replies = asked => replies,
        // Of an interview that is deleted nothing is kept; what a shutdown breaks off is asked for again.
        () = cell.gone.cancelled() => return,
        () = seat.inner.judging.stop.cancelled() => return,
    };
    let mut opinions: Vec<Opinion> = Vec::new();
    for reply in replies {
        match reply {
            Ok(Ok(opinion)) => opinions.push(opinion),
            Ok(Err(code)) => {
                tracing::info!(session.id = %seat.id, judge.error = %code, "a model did not judge")
            }
            Err(_) => tracing::info!(session.id = %seat.id, judge.error = "late", "a model did not judge"),
        }
    }
    if opinions.is_empty() {
        return;
    }
    // A server that counts some of them says nothing of the whole.
    let tokens =
        opinions.iter().map(|opinion| opinion.tokens).reduce(|a, b| Some(TokenUsage::and(a?, b?))).flatten();
    let replies = opinions.into_iter().map(|opinion| opinion.text).collect();
    let judged = JudgeReplies { model: judge.model().to_owned(), replies, tokens };
    tracing::info!(
        session.id = %seat.id,
        judge.replies = judged.replies.len(),
        judge.tokens = tokens.map(TokenUsage::all),
        "a model has judged"
    );
    seat.kept = seat.inner.keep_judged(seat.id, &judged).await.is_ok();
}

impl EngineInner {
    async fn keep_judged(&self, id: SessionId, judged: &JudgeReplies) -> Result<(), EngineError> {
        let Ok(text) = serde_json::to_string(judged) else { return Ok(()) };
        Ok(self
            .store
            .judge(id, &text, self.clock.now())
            .await
            .map_err(|e| self.log_store_error("judge", e))?)
    }

    /// What a model replied, if it was kept and can be read.
    pub(crate) async fn judged(&self, id: SessionId) -> Result<Option<JudgeReplies>, EngineError> {
        let kept = self.store.judged(id).await.map_err(|e| self.log_store_error("judged", e))?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }
}
