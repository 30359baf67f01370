//! What the server counts, for Prometheus: `GET /metrics`.
//!
//! [`families`] holds every metric with its meaning; [`observer`] counts what the engine tells, [`request`]
//! (see [`crate::request_guard`]) and [`crate::listen`] what HTTP brings; [`endpoint`] answers.
//!
//! [`request`]: crate::request_guard::request

pub mod endpoint;
pub mod families;
pub mod labels;
pub mod observer;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use agent::interview::TurnTimes;
use http::StatusCode;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use rooms::Census;

use self::families::Families;
use self::labels::ResponseLabels;

/// What the server counts. Cheap to clone: all clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<MetricsInner>);

struct MetricsInner {
    families: Families,
    registry: Registry,
}

impl Metrics {
    /// Everything at zero. `writer` is the name of the writer in use, `started_at` when the process began, in
    /// seconds since 1970.
    pub fn new(writer: &str, started_at: f64) -> Self {
        let (families, mut registry) = (Families::new(), Registry::default());
        families.register(&mut registry, writer, started_at);
        Self(Arc::new(MetricsInner { families, registry }))
    }

    /// All of it as text, in the format that Prometheus reads.
    ///
    /// # Errors
    /// None that a text in memory could have.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.0.registry)?;
        Ok(text)
    }

    /// How many sessions are in memory now.
    pub fn sessions_in_memory(&self, count: usize) {
        self.0.families.sessions_in_memory.set(i64::try_from(count).unwrap_or(i64::MAX));
    }

    /// How much is going on in the embedded rooms now.
    pub fn rooms(&self, census: Census) {
        let families = &self.0.families;
        families.rooms.set(i64::try_from(census.rooms).unwrap_or(i64::MAX));
        families.participants.set(i64::try_from(census.participants).unwrap_or(i64::MAX));
    }

    /// An agent of this program takes part in an interview until this is dropped.
    pub fn voice_session(&self) -> GaugeGuard {
        GaugeGuard::new(&self.0.families.voice_sessions)
    }

    /// Something happened in a room: one of a few codes.
    pub fn voice_happened(&self, what: &'static str) {
        self.0.families.voice_happenings.get_or_create(&labels::RoomEventLabel { what }).inc();
    }

    /// When what happened in a spoken turn.
    pub fn voice_turn(&self, times: &TurnTimes) {
        let moments = [times.endpoint, times.heard, times.first_words, times.first_audio, times.played];
        for (until, time) in families::UNTIL.into_iter().zip(moments) {
            let histogram =
                self.0.families.voice_turn_seconds.get_or_create(&labels::TurnMomentLabel { until });
            histogram.observe(time.as_secs_f64());
        }
    }

    /// A request to this route (its pattern, never the path itself) was answered.
    pub fn answered(&self, route: &str, status: StatusCode, took: Duration) {
        let families = &self.0.families;
        let label = ResponseLabels { route: route.to_owned(), status: status.as_u16() };
        families.http_requests.get_or_create(&label).inc();
        let label = labels::RouteLabel { route: label.route };
        families.http_seconds.get_or_create(&label).observe(took.as_secs_f64());
    }

    /// A connection is open until this is dropped.
    pub fn connection(&self) -> GaugeGuard {
        GaugeGuard::new(&self.0.families.connections)
    }

    /// An event stream is open until this is dropped.
    pub fn stream(&self) -> GaugeGuard {
        GaugeGuard::new(&self.0.families.streams)
    }
}

/// Something that is open, and counted, until it is dropped.
pub struct GaugeGuard(Gauge);

impl GaugeGuard {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}
