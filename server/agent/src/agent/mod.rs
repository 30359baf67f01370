//! An agent at work: one task that takes what happens, asks the floor what to do, and does it.

mod begun;
mod doing;
mod hearing;
mod lines;
mod presence;
mod recorder;

use std::sync::Arc;
use std::time::Duration;

use protocol::signals::AgentState;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use self::hearing::CandidateHearing;
use self::lines::LineQueue;
use self::presence::Presence;
use self::recorder::Recorder;
use crate::clerk::{Clerk, ClerkReply, ClerkRequest, asides, beginnings, follow};
use crate::interview::{ConversationPhase, Happening, News};
use crate::mouth::{Maker, Mouth, SynthesisUpdate};
use crate::parts::{AgentOutcome, AgentParts, Options};
use crate::room::{AudioOutSpec, LeaveReason, RoomEvent};
use crate::teller::{RoomNotice, Teller};
use crate::turn::floor::Floor;

/// Results of work in other tasks that may wait.
const QUEUE: usize = 256;
/// Silence is told to have been broken this often while somebody speaks.
const ACTIVITY: Duration = Duration::from_secs(4);
/// A microphone that is off for longer is silence.
const MUTED: Duration = Duration::from_secs(180);
/// How long what is left is told and brought after the end.
const FAREWELL: Duration = Duration::from_secs(3);
/// How long to look again when nothing says sooner.
const IDLE: Duration = Duration::from_secs(1);

/// How likely the end of a turn was held to be, for a pause; `None` where it could not be judged.
type EndLikelihood = (u32, Option<f32>);

/// See the module's description.
pub struct Agent {
    parts: AgentParts,
    options: Options,
    floor: Floor,
    mouth: Mouth,
    maker: Maker,
    clerk: Clerk,
    teller: Teller,
    hearing: CandidateHearing,
    recorder: Recorder,
    lines: LineQueue,
    presence: Presence,
    speed: f32,
    next_activity: Instant,
    inbox: AgentInbox,
    _follower: FollowerTasks,
}

/// What other tasks tell.
struct AgentInbox {
    made: mpsc::Receiver<SynthesisUpdate>,
    told: mpsc::Receiver<ClerkReply>,
    news: mpsc::Receiver<News>,
    judged: mpsc::Receiver<EndLikelihood>,
}

/// Follows the interview until it is dropped.
struct FollowerTasks([AbortHandle; 3]);

impl Drop for FollowerTasks {
    fn drop(&mut self) {
        self.0.iter().for_each(AbortHandle::abort);
    }
}

impl Agent {
    /// Begins: publishes its voice, looks where the interview is.
    pub async fn begin(parts: AgentParts, options: Options) -> Result<Self, AgentOutcome> {
        let now = Instant::now();
        let mut teller = Teller::start(Arc::clone(&parts.room), parts.pace.clone());
        teller.state(AgentState::Initializing);
        let (made_in, made) = mpsc::channel(QUEUE);
        let (told_in, told) = mpsc::channel(QUEUE);
        let (news_in, news_out) = mpsc::channel(QUEUE);
        let (judged_in, judged) = mpsc::channel(QUEUE);
        let maker = Maker::new(Arc::clone(&parts.tts), made_in);
        let spec = AudioOutSpec { rate: maker.rate(), ..AudioOutSpec::default() };
        let published = parts.room.publish_audio(spec);
        let looked = parts.interview.look(0);
        let vocabulary = parts.interview.vocabulary();
        let (published, looked, vocabulary) = tokio::join!(published, looked, vocabulary);
        let out = published.map_err(|_| AgentOutcome::Out(LeaveReason::Lost))?;
        let looked = looked.map_err(|_| AgentOutcome::Unreachable)?;
        let hearing = CandidateHearing::open(&parts, vocabulary.unwrap_or_default(), judged_in)
            .map_err(|_| AgentOutcome::Unable)?;
        let asides = tokio::spawn(asides(Arc::clone(&parts.interview), told_in.clone()));
        let beginnings = tokio::spawn(beginnings(Arc::clone(&parts.interview), told_in.clone()));
        let clerk = Clerk::start(Arc::clone(&parts.interview), told_in);
        clerk.ask(ClerkRequest::Happened(Happening::Joined));
        let follow = follow(Arc::clone(&parts.interview), looked.seq, looked.standing, news_in);
        let follow = tokio::spawn(follow);
        let follower = FollowerTasks([&follow, &asides, &beginnings].map(JoinHandle::abort_handle));
        let floor = Floor::new(&options.turns);
        Ok(Self {
            floor,
            mouth: Mouth::new(out),
            maker,
            clerk,
            teller,
            hearing,
            recorder: Recorder::new(Arc::clone(&parts.interview)),
            lines: LineQueue::new(&looked),
            presence: Presence::new(now),
            speed: 1.0,
            next_activity: now,
            inbox: AgentInbox { made, told, news: news_out, judged },
            _follower: follower,
            parts,
            options,
        })
    }

    /// Takes part until there is no more to do.
    pub async fn run(mut self, stop: CancellationToken) -> AgentOutcome {
        let outcome = loop {
            let now = Instant::now();
            self.catch_up(now);
            self.floor.tick(now);
            if self.carry_out(now).await.is_err() || self.attend_to_lines(now).await.is_err() {
                break AgentOutcome::Out(LeaveReason::Lost);
            }
            self.refresh_status(now);
            if let Some(outcome) = self.is_done(now) {
                break outcome;
            }
            let wake = self.deadline(now);
            tokio::select! {
                () = stop.cancelled() => break AgentOutcome::Stopped,
                event = self.parts.room.next_event() => match event {
                    Some(RoomEvent::Out(reason)) => break AgentOutcome::Out(reason),
                    Some(event) => self.handle_room_event(event).await,
                    None => break AgentOutcome::Out(LeaveReason::Lost),
                },
                event = self.hearing.next() => self.handle_ears_event(event, Instant::now()),
                Some((pause, likely)) = self.inbox.judged.recv() => {
                    // Where nobody can judge, silence alone does.
                    if let Some(likely) = likely {
                        self.floor.judged(pause, likely, Instant::now());
                    }
                }
                Some(made) = self.inbox.made.recv() => {
                    if self.handle_synthesis_update(made).await.is_err() {
                        break AgentOutcome::Out(LeaveReason::Lost);
                    }
                }
                Some(told) = self.inbox.told.recv() => self.handle_clerk_reply(told),
                Some(news) = self.inbox.news.recv() => self.news(news),
                () = sleep_until(wake) => {}
            }
        };
        self.end().await;
        outcome
    }

    /// Whether there is no more to do.
    fn is_done(&self, now: Instant) -> Option<AgentOutcome> {
        if self.lines.standing() == ConversationPhase::Over
            && self.lines.is_empty()
            && self.mouth.line().is_none()
        {
            return Some(AgentOutcome::Over);
        }
        let most = if self.presence.came() { self.options.absence } else { self.options.arrival };
        self.presence.gone_for(now).filter(|gone| *gone >= most).map(|_| AgentOutcome::Alone)
    }

    fn deadline(&self, now: Instant) -> Instant {
        let known = [self.floor.deadline(), self.mouth.deadline(now), self.presence.deadline(now)];
        known.into_iter().flatten().chain([now + IDLE]).min().unwrap_or(now + IDLE)
    }

    /// What is to be seen and told between events: state, captions, that silence is broken.
    fn refresh_status(&mut self, now: Instant) {
        self.apply_new_vocabulary(now);
        self.captions();
        let state = self.state();
        self.teller.state(state);
        let muted = self.presence.muted_for(now).is_some_and(|muted| muted < MUTED);
        let stirring = self.floor.closing() || self.floor.speaking() && !self.hearing.paused();
        if now >= self.next_activity && (muted || stirring || self.mouth.is_audible()) {
            self.activity(now);
        }
    }

    /// Shows the words of a line as they are said.
    fn captions(&mut self) {
        if let Some((line, more)) = self.mouth.caption() {
            self.teller.tell(RoomNotice::Said(line, more));
        }
    }

    fn activity(&mut self, now: Instant) {
        self.next_activity = now + ACTIVITY;
        self.clerk.ask(ClerkRequest::Activity);
    }

    fn state(&self) -> AgentState {
        if !self.presence.is_here() || self.lines.standing() == ConversationPhase::Paused {
            AgentState::Idle
        } else if self.mouth.is_audible() {
            AgentState::Speaking
        } else if self.floor.speaking() {
            // Whoever has the floor is listened to, whatever else is under way.
            AgentState::Listening
        } else if self.floor.closing()
            || self.lines.replying()
            || !self.lines.is_empty()
            || self.mouth.line().is_some()
        {
            AgentState::Thinking
        } else {
            AgentState::Listening
        }
    }

    /// Leaves nothing undone: what was said is brought, what is open is told.
    async fn end(mut self) {
        let now = Instant::now();
        self.floor.close(now);
        drop(self.carry_out(now).await);
        let until = now + FAREWELL;
        while self.floor.closing() {
            match tokio::time::timeout_at(until, self.hearing.next()).await {
                Ok(event) => self.handle_ears_event(event, Instant::now()),
                Err(_) => break,
            }
        }
        drop(self.carry_out(Instant::now()).await);
        self.clerk.ask(ClerkRequest::Happened(Happening::Left));
        let Self { clerk, teller, .. } = self;
        tokio::join!(clerk.finish(FAREWELL), teller.finish(FAREWELL));
    }
}
