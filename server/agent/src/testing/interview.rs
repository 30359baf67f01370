//! An interview that asks one question after another.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tokio::sync::watch;
use tokio::time::{Duration, Instant, sleep};

use super::locked;
use crate::interview::{
    AgentLine, AgentTurnReply, Beginning, ConversationPhase, Happening, Interview, InterviewError, News,
    RecordingSink, TurnTimes,
};

/// What the agent brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It opened the interview.
    Start,
    /// It had a reply made ready.
    Proposed(String),
    /// The candidate said this.
    Answer(String),
    /// Only this was heard of a line.
    Heard(String),
    /// Somebody speaks.
    Activity,
    /// This happened.
    Happened(Happening),
}

struct State {
    standing: ConversationPhase,
    /// The interviewer's lines (`true`) and the candidate's words, in order.
    messages: Vec<(bool, AgentLine)>,
    said: Vec<(Instant, Said)>,
    times: Vec<TurnTimes>,
    takes: Duration,
    unavailable: bool,
    words: Arc<[String]>,
    /// How often an answer was corrected, and how often that was told.
    corrections: (u64, u64),
    questions: Vec<String>,
    last: u32,
    /// The turn whose reply was asked for last.
    replying_to: String,
}

/// What was recorded.
#[derive(Default)]
struct Sounds {
    recorded: usize,
    /// The turns whose sound was kept, with the packets.
    kept: Vec<(String, Vec<Arc<[u8]>>)>,
}

/// An [`Interview`] for tests: its replies are `Question N?` unless it was given others.
pub struct FakeInterview {
    state: Mutex<State>,
    sounds: Arc<Mutex<Sounds>>,
    changed: watch::Sender<u64>,
    aside: watch::Sender<String>,
    beginning: watch::Sender<Option<Beginning>>,
}

impl FakeInterview {
    /// One that nobody has opened.
    pub fn new() -> Arc<Self> {
        let state = State {
            standing: ConversationPhase::Ready,
            messages: Vec::new(),
            said: Vec::new(),
            times: Vec::new(),
            takes: Duration::from_millis(5),
            unavailable: false,
            words: Arc::from([]),
            corrections: (0, 0),
            questions: Vec::new(),
            last: u32::MAX,
            replying_to: String::new(),
        };
        Arc::new(Self {
            state: Mutex::new(state),
            sounds: Arc::default(),
            changed: watch::Sender::new(0),
            aside: watch::Sender::default(),
            beginning: watch::Sender::default(),
        })
    }

    /// Its next lines, in order.
    pub fn will_say(&self, lines: &[&str]) {
        locked(&self.state).questions = lines.iter().rev().map(|line| (*line).to_owned()).collect();
    }

    /// It ends with the reply to this many answers.
    pub fn ends_after(&self, answers: u32) {
        locked(&self.state).last = answers;
    }

    /// How long replies take from now on.
    pub fn takes(&self, time: Duration) {
        locked(&self.state).takes = time;
    }

    /// Whether it cannot be reached from now on.
    pub fn unavailable(&self, unavailable: bool) {
        locked(&self.state).unavailable = unavailable;
    }

    /// What the agent brought, in order, without signs of activity.
    pub fn said(&self) -> Vec<Said> {
        let said = locked(&self.state).said.clone();
        said.into_iter().map(|(_, said)| said).filter(|said| *said != Said::Activity).collect()
    }

    /// When signs of activity came.
    pub fn activity(&self) -> Vec<Instant> {
        let said = locked(&self.state).said.clone();
        said.into_iter().filter(|(_, said)| *said == Said::Activity).map(|(at, _)| at).collect()
    }

    /// The candidate's answers, in order.
    pub fn answers(&self) -> Vec<String> {
        locked(&self.state)
            .messages
            .iter()
            .filter(|(ours, _)| !ours)
            .map(|(_, line)| line.text.clone())
            .collect()
    }

    /// The turns whose sound was kept, with the packets.
    pub fn sounds(&self) -> Vec<(String, Vec<Arc<[u8]>>)> {
        locked(&self.sounds).kept.clone()
    }

    /// Of how many turns the sound was recorded, kept or not.
    pub fn recorded(&self) -> usize {
        locked(&self.sounds).recorded
    }

    /// The times of the turns.
    pub fn times(&self) -> Vec<TurnTimes> {
        locked(&self.state).times.clone()
    }

    /// The candidate types this; the reply comes at once.
    pub fn type_answer(&self, text: &str) {
        let mut state = locked(&self.state);
        let turn = format!("typed-{}", state.messages.len());
        state.add(false, &turn, text);
        let line = state.next_line();
        state.add(true, &turn, &line);
        drop(state);
        self.changed.send_modify(|version| *version += 1);
    }

    /// The candidate corrects an answer, which brings up this name.
    pub fn correct(&self, name: &str) {
        let mut state = locked(&self.state);
        state.words = state.words.iter().cloned().chain([name.to_owned()]).collect();
        state.corrections.0 += 1;
        drop(state);
        self.changed.send_modify(|version| *version += 1);
    }

    /// The interviewer says this by itself.
    pub fn nudge(&self, text: &str) {
        let mut state = locked(&self.state);
        state.add(true, "nudge", text);
        drop(state);
        self.changed.send_modify(|version| *version += 1);
    }

    /// This is to be said while its reply is waited for.
    pub fn stand_by(&self, text: &str) {
        self.aside.send_replace(text.to_owned());
    }

    /// So much is written of the reply that was asked for last.
    pub fn begins(&self, text: &str) {
        let turn = locked(&self.state).replying_to.clone();
        self.beginning.send_replace(Some(Beginning { turn, text: text.to_owned() }));
    }

    fn reach(&self) -> Result<Duration, InterviewError> {
        let state = locked(&self.state);
        if state.unavailable { Err(InterviewError::Unavailable) } else { Ok(state.takes) }
    }
}

impl State {
    fn add(&mut self, ours: bool, turn: &str, text: &str) -> AgentLine {
        let seq = u32::try_from(self.messages.len()).expect("a test is short") + 1;
        let line = AgentLine { seq, turn: turn.to_owned(), text: text.to_owned() };
        self.messages.push((ours, line.clone()));
        line
    }

    fn next_line(&mut self) -> String {
        let number = self.messages.iter().filter(|(ours, _)| *ours).count() + 1;
        self.questions.pop().unwrap_or_else(|| format!("Question {number}?"))
    }

    fn note(&mut self, said: Said) {
        self.said.push((Instant::now(), said));
    }

    fn news(&self, seq: u32) -> News {
        let after: Vec<_> = self.messages.iter().filter(|(_, line)| line.seq > seq).collect();
        let answered = after.iter().rposition(|(ours, _)| !ours);
        News {
            standing: self.standing,
            lines: after
                .iter()
                .skip(answered.map_or(0, |at| at + 1))
                .filter(|(ours, _)| *ours)
                .map(|(_, line)| line.clone())
                .collect(),
            answered: answered.is_some(),
            replying: self.messages.last().is_some_and(|(ours, _)| !ours),
            corrections: self.corrections.0,
            seq: self.messages.last().map_or(0, |(_, line)| line.seq),
        }
    }
}

#[async_trait]
impl Interview for FakeInterview {
    async fn vocabulary(&self) -> Result<Arc<[String]>, InterviewError> {
        self.reach()?;
        Ok(Arc::clone(&locked(&self.state).words))
    }

    async fn look(&self, seq: u32) -> Result<News, InterviewError> {
        self.reach()?;
        Ok(locked(&self.state).news(seq))
    }

    async fn next(&self, seq: u32, standing: ConversationPhase) -> Result<News, InterviewError> {
        let mut changed = self.changed.subscribe();
        loop {
            let (news, told) = {
                let mut state = locked(&self.state);
                let news = state.news(seq);
                let told = std::mem::replace(&mut state.corrections.1, news.corrections);
                (news, told)
            };
            if news.seq > seq || news.standing != standing || news.corrections != told {
                return Ok(news);
            }
            changed.changed().await.map_err(|_| InterviewError::Over)?;
        }
    }

    async fn aside(&self) -> Result<String, InterviewError> {
        let mut aside = self.aside.subscribe();
        aside.changed().await.map_err(|_| InterviewError::Over)?;
        let text = aside.borrow().clone();
        Ok(text)
    }

    async fn beginning(&self) -> Result<Beginning, InterviewError> {
        let mut beginning = self.beginning.subscribe();
        beginning.changed().await.map_err(|_| InterviewError::Over)?;
        let beginning = beginning.borrow().clone();
        beginning.ok_or(InterviewError::Over)
    }

    async fn start(&self, turn: &str) -> Result<AgentTurnReply, InterviewError> {
        sleep(self.reach()?).await;
        let mut state = locked(&self.state);
        state.note(Said::Start);
        state.standing = ConversationPhase::Active;
        let line = state.next_line();
        let line = state.add(true, turn, &line);
        drop(state);
        self.changed.send_modify(|version| *version += 1);
        Ok(AgentTurnReply { line: Some(line), standing: ConversationPhase::Active })
    }

    async fn propose(&self, _turn: &str, text: &str) -> Result<Option<String>, InterviewError> {
        sleep(self.reach()?).await;
        let mut state = locked(&self.state);
        state.note(Said::Proposed(text.to_owned()));
        let line = state.next_line();
        // Nothing has happened.
        if !line.starts_with("Question") {
            state.questions.push(line.clone());
        }
        Ok(Some(line))
    }

    async fn said(&self, turn: &str, text: &str) -> Result<AgentTurnReply, InterviewError> {
        turn.clone_into(&mut locked(&self.state).replying_to);
        sleep(self.reach()?).await;
        let mut state = locked(&self.state);
        if state.standing == ConversationPhase::Over {
            return Err(InterviewError::Over);
        }
        state.note(Said::Answer(text.to_owned()));
        state.add(false, turn, text);
        let answers = state.messages.iter().filter(|(ours, _)| !ours).count();
        if answers >= state.last as usize {
            state.standing = ConversationPhase::Over;
        }
        let line = state.next_line();
        let line = state.add(true, turn, &line);
        let standing = state.standing;
        drop(state);
        self.changed.send_modify(|version| *version += 1);
        Ok(AgentTurnReply { line: Some(line), standing })
    }

    async fn heard(&self, _turn: &str, text: &str) -> Result<(), InterviewError> {
        self.reach()?;
        locked(&self.state).note(Said::Heard(text.to_owned()));
        Ok(())
    }

    async fn activity(&self) -> Result<(), InterviewError> {
        self.reach()?;
        locked(&self.state).note(Said::Activity);
        Ok(())
    }

    fn record(&self, turn: &str) -> Option<Box<dyn RecordingSink>> {
        locked(&self.sounds).recorded += 1;
        let kept = Arc::clone(&self.sounds);
        Some(Box::new(FakeRecording { turn: turn.to_owned(), packets: Vec::new(), kept }))
    }

    async fn timed(&self, times: TurnTimes) {
        locked(&self.state).times.push(times);
    }

    async fn happened(&self, happening: Happening) {
        locked(&self.state).note(Said::Happened(happening));
    }
}

struct FakeRecording {
    turn: String,
    packets: Vec<Arc<[u8]>>,
    kept: Arc<Mutex<Sounds>>,
}

impl RecordingSink for FakeRecording {
    fn packet(&mut self, packet: Arc<[u8]>) {
        self.packets.push(packet);
    }

    fn keep(self: Box<Self>) {
        locked(&self.kept).kept.push((self.turn, self.packets));
    }
}
