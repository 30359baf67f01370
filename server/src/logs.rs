//! Logs: to standard error, for people or for programs; identifiers and codes only, never what was said.
//!
//! Every line of a request is within its span: `request.id`, `request.method`, `request.route` and `session.id`.
//! Durations are in milliseconds and say so in their names.

mod json;

use std::io::IsTerminal as _;
use std::sync::LazyLock;

use prometheus_client::metrics::counter::Counter;
use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::filter::{ParseError, filter_fn};
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::settings::LogFormat;

/// The parts whose logs are the server's own.
const OURS: [&str; 6] = ["server", "engine", "store", "writers", "app", "interview"];

/// The most that is logged of all others, whatever the filter says: below this, a library may write what passes
/// through it byte by byte (headers with keys, bodies, statements), and with its next version begin to.
const OTHERS: LevelFilter = LevelFilter::DEBUG;

/// The rooms' transports warn of much that clients merely offer; nobody could do anything about it.
const MEDIA: &str = ",str0m=error";

/// How many parts of this process have panicked.
pub static PANICS: LazyLock<Counter> = LazyLock::new(Counter::default);

/// Reads the `log` setting: a bare level is for the server's own parts, and warnings of all others.
pub fn filter(setting: &str) -> Result<EnvFilter, ParseError> {
    let level = setting.trim();
    if level.parse::<tracing::Level>().is_ok() || level == "off" {
        let others = if level == "off" || level == "error" { level } else { "warn" };
        let media = if level == "off" { "" } else { MEDIA };
        let ours: Vec<String> = OURS.iter().map(|part| format!("{part}={level}")).collect();
        return EnvFilter::builder().parse(format!("{others}{media},{}", ours.join(",")));
    }
    EnvFilter::builder().parse(level)
}

/// Whether this may be logged at all.
fn may_be_logged(what: &Metadata<'_>) -> bool {
    let part = what.target().split("::").next().unwrap_or_default();
    OURS.contains(&part) || *what.level() <= OTHERS
}

/// Sends logs to standard error from now on. A panic is logged by its place alone, since its message may
/// quote what a person wrote.
pub fn start(setting: &str, format: LogFormat) -> Result<(), ParseError> {
    let subscriber = tracing_subscriber::registry()
        .with(filter(setting)?)
        .with(filter_fn(may_be_logged))
        .with(lines(format));
    if subscriber.try_init().is_ok() {
        std::panic::set_hook(Box::new(|info| {
            PANICS.inc();
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(panic.place = place, "a part of the server panicked; this is a bug");
        }));
    }
    Ok(())
}

fn lines<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let lines = fmt::layer().with_writer(std::io::stderr);
    match format {
        LogFormat::Human => lines.with_ansi(std::io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.event_format(json::Flat).fmt_fields(JsonFields::new()).boxed(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_level_is_for_the_servers_own_parts() {
        let read = filter("debug").unwrap().to_string();
        assert!(read.contains("engine=debug") && read.contains("warn"), "{read}");
        assert!(filter("warn,engine=debug").is_ok());
        assert!(filter("engine=loud").is_err());
    }
}
