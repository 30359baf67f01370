//! Every metric, its name, its meaning and its labels. What can be known beforehand is there from the start, at zero.

use engine::{ReaderFailure, TurnTrigger};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use super::labels::{
    FAILURES, ReasonLabel, RefusedTurnLabels, ReplySourceLabel, ResponseLabels, RoomEventLabel, RouteLabel,
    TurnLabels, TurnMomentLabel,
};
use crate::logs;

type Histograms<L> = Family<L, Histogram, fn() -> Histogram>;

/// From a turn on a fast disk to one whose writer used up its time (8 s to the first words, 20 s to the last).
const TURN_SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// To the beginning of a response; it is ended after 30 s.
const HTTP_SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0, 30.0];

/// Around half a second, which is what people wait for each other.
const VOICE_SECONDS: [f64; 14] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0];

/// What happens in rooms.
const HAPPENINGS: [&str; 8] =
    ["joined", "interrupted", "resumed", "hearing_failed", "not_caught", "speaking_failed", "left", "lost"];
/// The moments of a spoken turn.
pub(super) const UNTIL: [&str; 5] = ["endpoint", "heard", "first_words", "first_audio", "played"];

/// All kinds of turns.
const KINDS: [TurnTrigger; 8] = [
    TurnTrigger::Start,
    TurnTrigger::Said,
    TurnTrigger::Asked,
    TurnTrigger::Silence,
    TurnTrigger::Heard,
    TurnTrigger::End,
    TurnTrigger::Wake,
    TurnTrigger::Resume,
];
/// All sources of words.
const SOURCES: [&str; 4] = ["bank", "model", "fallback", "none"];

/// The metrics that change.
pub struct Families {
    pub(super) turns: Family<TurnLabels, Counter>,
    pub(super) turn_seconds: Histograms<ReplySourceLabel>,
    pub(super) first_words_seconds: Histograms<ReplySourceLabel>,
    pub(super) turns_refused: Family<RefusedTurnLabels, Counter>,
    pub(super) interviews_created: Counter,
    pub(super) interviews_ended: Family<ReasonLabel, Counter>,
    pub(super) writer_failures: Family<ReasonLabel, Counter>,
    pub(super) guard_rejections: Family<ReasonLabel, Counter>,
    pub(super) answers_by_words: Family<ReasonLabel, Counter>,
    pub(super) writer_left_alone: Gauge,
    pub(super) store_failures: Counter,
    pub(super) sessions_in_memory: Gauge,
    pub(super) connections: Gauge,
    pub(super) streams: Gauge,
    pub(super) rooms: Gauge,
    pub(super) participants: Gauge,
    pub(super) voice_sessions: Gauge,
    pub(super) voice_happenings: Family<RoomEventLabel, Counter>,
    pub(super) voice_turn_seconds: Histograms<TurnMomentLabel>,
    pub(super) http_requests: Family<ResponseLabels, Counter>,
    pub(super) http_seconds: Histograms<RouteLabel>,
}

impl Families {
    pub(super) fn new() -> Self {
        let turn_seconds = || Histogram::new(TURN_SECONDS);
        let all = Self {
            turns: Family::default(),
            turn_seconds: Family::new_with_constructor(turn_seconds),
            first_words_seconds: Family::new_with_constructor(turn_seconds),
            turns_refused: Family::default(),
            interviews_created: Counter::default(),
            interviews_ended: Family::default(),
            writer_failures: Family::default(),
            guard_rejections: Family::default(),
            answers_by_words: Family::default(),
            writer_left_alone: Gauge::default(),
            store_failures: Counter::default(),
            sessions_in_memory: Gauge::default(),
            connections: Gauge::default(),
            streams: Gauge::default(),
            rooms: Gauge::default(),
            participants: Gauge::default(),
            voice_sessions: Gauge::default(),
            voice_happenings: Family::default(),
            voice_turn_seconds: Family::new_with_constructor(|| Histogram::new(VOICE_SECONDS)),
            http_requests: Family::default(),
            http_seconds: Family::new_with_constructor(|| Histogram::new(HTTP_SECONDS)),
        };
        for kind in KINDS.map(TurnTrigger::name) {
            for source in SOURCES {
                drop(all.turns.get_or_create(&TurnLabels { kind, source }));
            }
            drop(all.turns_refused.get_or_create(&RefusedTurnLabels { kind, reason: "busy" }));
        }
        for source in SOURCES {
            drop(all.turn_seconds.get_or_create(&ReplySourceLabel { source }));
        }
        for source in ["model", "fallback"] {
            drop(all.first_words_seconds.get_or_create(&ReplySourceLabel { source }));
        }
        for reason in ["finished", "asked", "abandoned"] {
            drop(all.interviews_ended.get_or_create(&ReasonLabel { reason }));
        }
        for what in HAPPENINGS {
            drop(all.voice_happenings.get_or_create(&RoomEventLabel { what }));
        }
        for until in UNTIL {
            drop(all.voice_turn_seconds.get_or_create(&TurnMomentLabel { until }));
        }
        for reason in FAILURES {
            drop(all.writer_failures.get_or_create(&ReasonLabel { reason }));
        }
        for reason in writers::Reason::ALL {
            drop(all.guard_rejections.get_or_create(&ReasonLabel { reason: reason.code() }));
        }
        for why in [ReaderFailure::Late, ReaderFailure::Failed] {
            drop(all.answers_by_words.get_or_create(&ReasonLabel { reason: why.name() }));
        }
        all
    }

    /// Names them all. Counters get `_total` at the end of their names, and what has a unit gets that.
    pub(super) fn register(&self, root: &mut Registry, writer: &str, started_at: f64) {
        root.register_with_unit(
            "process_start_time",
            "When the process began, in seconds since 1970",
            Unit::Seconds,
            ConstGauge::new(started_at),
        );
        let all = root.sub_registry_with_prefix("interviewos");
        all.register(
            "turns",
            "Turns taken, by what brought them about (kind) and whose words the reply is in (source: bank is the \
             built-in interviewer, model a language model, fallback the built-in interviewer in its stead, none \
             where nothing was said)",
            self.turns.clone(),
        );
        all.register_with_unit(
            "turn_duration",
            "From a turn's arrival until its reply was durable, by source",
            Unit::Seconds,
            self.turn_seconds.clone(),
        );
        all.register_with_unit(
            "first_words",
            "From a turn's arrival until the first words of a reply that came piece by piece could be seen, by source",
            Unit::Seconds,
            self.first_words_seconds.clone(),
        );
        all.register(
            "turns_refused",
            "Turns that were not taken, by what they were (kind) and why not (reason: the codes of the engine API)",
            self.turns_refused.clone(),
        );
        all.register("interviews_created", "Interviews created", self.interviews_created.clone());
        all.register(
            "interviews_ended",
            "Interviews ended, by reason: finished (all parts gone through), asked (by the candidate or the caller), \
             abandoned (closed after a long silence)",
            self.interviews_ended.clone(),
        );
        all.register(
            "writer_failures",
            "Lines that the writer did not give, by reason; the built-in interviewer gave them instead",
            self.writer_failures.clone(),
        );
        all.register(
            "guard_rejections",
            "Lines of a model that were not let through, by reason; the first of a reply is asked for again",
            self.guard_rejections.clone(),
        );
        all.register(
            "answers_by_words",
            "Answers that the model did not read, by reason: they were understood by their words alone",
            self.answers_by_words.clone(),
        );
        all.register(
            "writer_breaker_open",
            "1 while the writer keeps failing and is skipped, else 0",
            self.writer_left_alone.clone(),
        );
        all.register(
            "store_failures",
            "What the store could not do, such as a commit on a full disk; the log says what",
            self.store_failures.clone(),
        );
        all.register(
            "panics",
            "Parts of the server that panicked, each a bug; the log says where",
            logs::PANICS.clone(),
        );
        all.register("sessions_in_memory", "Interviews in memory", self.sessions_in_memory.clone());
        all.register("connections_open", "Open connections, WebSockets included", self.connections.clone());
        all.register("event_streams_open", "Interviews followed live", self.streams.clone());
        all.register("rooms_open", "Open rooms of the embedded room server", self.rooms.clone());
        all.register("room_participants", "Participants in all of them", self.participants.clone());
        all.register(
            "voice_sessions",
            "Interviews in which an agent of this program speaks and listens",
            self.voice_sessions.clone(),
        );
        all.register(
            "voice_happenings",
            "What happened in rooms, by what: agents joined, left or were lost, lines were interrupted or went on after \
             what seemed an interruption, hearing or speaking failed",
            self.voice_happenings.clone(),
        );
        all.register_with_unit(
            "voice_turn",
            "From the end of a candidate's speech until the turn was taken to be over (endpoint), its words were known \
             (heard), the first words of the reply were there (first_words), their audio was (first_audio), and it was \
             sent to the room (played)",
            Unit::Seconds,
            self.voice_turn_seconds.clone(),
        );
        all.register(
            "http_requests",
            "Requests answered, by the pattern of their path (route) and the status of the answer",
            self.http_requests.clone(),
        );
        all.register_with_unit(
            "http_request_duration",
            "From a request's head until its answer began, by route",
            Unit::Seconds,
            self.http_seconds.clone(),
        );
        let info = |name, value: &str| Info::new(vec![(name, value.to_owned())]);
        all.register("writer", "Whose words the interviewer speaks with", info("writer", writer));
        all.register("build", "What is running", info("version", env!("CARGO_PKG_VERSION")));
    }
}
