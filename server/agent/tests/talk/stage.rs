//! What a conversation is played on.

use std::sync::Arc;
use std::time::Duration;

use agent::room::AudioOut as _;
use agent::testing::{FakeHearing, FakeInterview, FakeRoom, FakeTts, Person};
use agent::{AgentOutcome, AgentParts, Options, attend};
use speech::local::ModelTimings;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a word of the interviewer's lasts.
pub const WORD: Duration = Duration::from_millis(FakeTts::WORD_MS as u64);

/// An agent that attends, and everything that it deals with.
pub struct Stage {
    pub room: Arc<FakeRoom>,
    pub interview: Arc<FakeInterview>,
    pub hearing: FakeHearing,
    pub tts: Arc<FakeTts>,
    pub person: Person,
    pub stop: CancellationToken,
    pub agent: JoinHandle<AgentOutcome>,
    /// What is measured of the models' pace.
    pub pace: watch::Sender<Option<ModelTimings>>,
}

pub fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

impl Stage {
    /// An agent in a room, in which the candidate is not yet.
    pub fn empty() -> Self {
        Self::with(FakeInterview::new())
    }

    pub fn with(interview: Arc<FakeInterview>) -> Self {
        let room = FakeRoom::new("interviewer");
        let hearing = FakeHearing::default();
        let tts = Arc::new(FakeTts::default());
        let stop = CancellationToken::new();
        let (pace, measured) = watch::channel(None);
        let parts = AgentParts {
            room: Arc::clone(&room) as _,
            interview: Arc::clone(&interview) as _,
            stt: Arc::new(hearing.clone()),
            tts: Arc::clone(&tts) as _,
            vad: Arc::new(hearing.clone()),
            turns: Arc::new(hearing.clone()),
            pace: measured,
        };
        let agent = tokio::spawn(attend(parts, Options::new("ada", "t"), stop.clone()));
        let person = Person::new("ada", &room, &hearing);
        Self { room, interview, hearing, tts, person, stop, agent, pace }
    }

    /// The candidate has joined, and the opening was said.
    pub async fn begun() -> Self {
        Self::begun_with(&[]).await
    }

    /// The same, with these lines of the interviewer's, the opening first.
    pub async fn begun_with(lines: &[&str]) -> Self {
        let mut stage = Self::empty();
        stage.interview.will_say(lines);
        stage.person.join();
        stage.person.quiet(ms(400)).await;
        stage.until_silent().await;
        stage
    }

    /// What is heard of the interviewer, in words that were said at least in part.
    pub fn words_heard(&self) -> usize {
        let voice = self.room.voice().expect("it has a voice");
        voice.heard().len().div_ceil((FakeTts::WORD_MS * voice.rate() / 1000) as usize)
    }

    /// Whether anything of the interviewer's waits to be heard.
    pub fn speaking(&self) -> bool {
        self.room.voice().is_some_and(|voice| voice.playout().waiting > 0)
    }

    /// The person is silent until the interviewer speaks. How long that took.
    pub async fn until_speaking(&mut self) -> Duration {
        let begun = Instant::now();
        while !self.speaking() {
            assert!(begun.elapsed() < ms(20_000), "the interviewer says nothing");
            self.person.quiet(ms(20)).await;
        }
        begun.elapsed()
    }

    /// The person is silent until the interviewer has been for a while.
    pub async fn until_silent(&mut self) {
        self.until_speaking().await;
        let mut silent = 0;
        while silent < 10 {
            self.person.quiet(ms(20)).await;
            silent = if self.speaking() { 0 } else { silent + 1 };
        }
    }

    /// The agent's state, as the room sees it.
    pub fn state(&self) -> String {
        self.room.attributes().get("lk.agent.state").cloned().unwrap_or_default()
    }

    /// What the agent says does not work.
    pub fn trouble(&self) -> Option<String> {
        self.room.attributes().get("interviewos.trouble").cloned()
    }

    /// The loudness of the last sample that was heard.
    pub fn level(&self) -> i16 {
        self.room.voice().and_then(|voice| voice.heard().last().copied()).unwrap_or_default()
    }

    /// The texts of the captions: of the interviewer's lines as far as they were shown, or of the candidate's.
    pub fn captions(&self, ours: bool) -> Vec<String> {
        let texts = self.room.texts().into_iter();
        texts
            .filter(|text| {
                text.options.topic == "lk.transcription" && text.options.on_behalf_of.is_empty() == ours
            })
            .map(|text| text.pieces.concat())
            .collect()
    }
}
