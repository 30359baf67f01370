//! Brings the interview what was said, one thing at a time and in order, and says what came of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::interview::{
    AgentTurnReply, Beginning, ConversationPhase, Happening, Interview, InterviewError, News, TurnTimes,
};

/// What may wait to be brought; a whole interview is far less.
const QUEUE: usize = 256;
/// How long to wait before a turn that could not be taken is brought again, and the longest such wait.
const AGAIN: Duration = Duration::from_millis(500);
const AGAIN_AT_MOST: Duration = Duration::from_secs(8);
/// How often a turn is brought again at once because the session went on meanwhile.
const STALE_AGAIN: u32 = 3;

/// What is to be brought.
#[derive(Debug)]
pub enum ClerkRequest {
    Start(String),
    Propose(String, String),
    Withdraw,
    Said(String, String),
    Heard(String, String),
    Activity,
    Vocabulary,
    Timed(TurnTimes),
    Happened(Happening),
}

/// What came of it.
#[derive(Debug)]
pub enum ClerkReply {
    /// The reply to a turn that may come.
    Proposed(String, String),
    /// A turn was taken.
    Answered(String, AgentTurnReply),
    /// Words that may come up.
    Vocabulary(Arc<[String]>),
    /// Whether the interview can be reached, when that changed.
    Reachable(bool),
    /// A word to be said while the reply is waited for.
    Aside(String),
    /// The beginning of a reply that is still being written.
    Begun(Beginning),
    /// It is over, and takes nothing any more.
    Over,
}

/// A clerk at work. It ends once this is dropped and all that was asked is done.
pub struct Clerk {
    asks: mpsc::Sender<ClerkRequest>,
    task: JoinHandle<()>,
}

impl Clerk {
    /// For this interview; what comes of things goes to `told`.
    pub fn start(interview: Arc<dyn Interview>, told: mpsc::Sender<ClerkReply>) -> Self {
        let (asks, asked) = mpsc::channel(QUEUE);
        Self { asks, task: tokio::spawn(serve(interview, asked, told)) }
    }

    /// Brings this, after what was asked before.
    pub fn ask(&self, ask: ClerkRequest) {
        if self.asks.try_send(ask).is_err() {
            tracing::warn!("something for the interview was dropped: too much waits to be brought");
        }
    }

    /// Waits, within bounds, until all that was asked is done.
    pub async fn finish(self, within: Duration) {
        drop(self.asks);
        let abort = self.task.abort_handle();
        if tokio::time::timeout(within, self.task).await.is_err() {
            abort.abort();
        }
    }
}

async fn serve(
    interview: Arc<dyn Interview>,
    mut asks: mpsc::Receiver<ClerkRequest>,
    told: mpsc::Sender<ClerkReply>,
) {
    let mut next = None;
    loop {
        let ask = match next.take() {
            Some(ask) => ask,
            None => match asks.recv().await {
                Some(ask) => ask,
                None => return,
            },
        };
        match ask {
            ClerkRequest::Propose(turn, text) => {
                tokio::select! {
                    biased;
                    // Whatever comes makes it void, or is the turn itself.
                    other = asks.recv() => match other {
                        Some(other) => next = Some(other),
                        None => return,
                    },
                    proposed = interview.propose(&turn, &text) => {
                        if let Ok(Some(line)) = proposed {
                            let _gone = told.send(ClerkReply::Proposed(turn, line)).await;
                        }
                    }
                }
            }
            ClerkRequest::Withdraw => {}
            ClerkRequest::Start(turn) => deliver_turn(&told, &turn, || interview.start(&turn)).await,
            ClerkRequest::Said(turn, text) => {
                deliver_turn(&told, &turn, || interview.said(&turn, &text)).await
            }
            // Of no consequence if they fail: the next one says more.
            ClerkRequest::Heard(turn, text) => drop(interview.heard(&turn, &text).await),
            ClerkRequest::Activity => drop(interview.activity().await),
            ClerkRequest::Vocabulary => {
                if let Ok(words) = interview.vocabulary().await {
                    let _gone = told.send(ClerkReply::Vocabulary(words)).await;
                }
            }
            ClerkRequest::Timed(times) => interview.timed(times).await,
            ClerkRequest::Happened(happening) => interview.happened(happening).await,
        }
    }
}

/// Brings a turn until it is taken: nothing that was said is lost.
async fn deliver_turn<F>(told: &mpsc::Sender<ClerkReply>, turn: &str, say: impl Fn() -> F)
where
    F: Future<Output = Result<AgentTurnReply, InterviewError>>,
{
    let (mut wait, mut stale, mut reachable) = (AGAIN, 0, true);
    loop {
        match say().await {
            Ok(answer) => {
                if !reachable {
                    let _gone = told.send(ClerkReply::Reachable(true)).await;
                }
                let _gone = told.send(ClerkReply::Answered(turn.to_owned(), answer)).await;
                return;
            }
            Err(InterviewError::Over) => {
                let _gone = told.send(ClerkReply::Over).await;
                return;
            }
            Err(InterviewError::Stale) if stale < STALE_AGAIN => stale += 1,
            Err(InterviewError::Stale | InterviewError::Unavailable) => {
                if std::mem::replace(&mut reachable, false) {
                    let _gone = told.send(ClerkReply::Reachable(false)).await;
                }
                if told.is_closed() {
                    return;
                }
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(AGAIN_AT_MOST);
            }
        }
    }
}

/// After an error: whether it is worth asking again, once there was a pause.
async fn may_ask_again<T>(error: InterviewError, told: &mpsc::Sender<T>) -> bool {
    match error {
        InterviewError::Over => false,
        InterviewError::Stale | InterviewError::Unavailable => {
            let wanted = !told.is_closed();
            if wanted {
                tokio::time::sleep(AGAIN).await;
            }
            wanted
        }
    }
}

/// Tells the words that are to be said while replies are waited for.
pub async fn asides(interview: Arc<dyn Interview>, told: mpsc::Sender<ClerkReply>) {
    loop {
        match interview.aside().await {
            Ok(text) => {
                if told.send(ClerkReply::Aside(text)).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                if !may_ask_again(error, &told).await {
                    return;
                }
            }
        }
    }
}

/// Tells the beginnings of replies that are still being written.
pub async fn beginnings(interview: Arc<dyn Interview>, told: mpsc::Sender<ClerkReply>) {
    loop {
        match interview.beginning().await {
            Ok(beginning) => {
                if told.send(ClerkReply::Begun(beginning)).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                if !may_ask_again(error, &told).await {
                    return;
                }
            }
        }
    }
}

/// Tells what happens in the interview by other ways, from a message on.
pub async fn follow(
    interview: Arc<dyn Interview>,
    mut seq: u32,
    mut standing: ConversationPhase,
    told: mpsc::Sender<News>,
) {
    loop {
        match interview.next(seq, standing).await {
            Ok(news) => {
                (seq, standing) = (news.seq, news.standing);
                if told.send(news).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                if !may_ask_again(error, &told).await {
                    return;
                }
            }
        }
    }
}
