//! Logs: to standard error, for people; identifiers and codes only, never what was said.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// The parts whose logs are the server's own.
const OURS: [&str; 6] = ["server", "engine", "store", "writers", "app", "interview"];

/// Reads the `log` setting: a bare level is for the server's own parts, and warnings of all others.
pub fn filter(setting: &str) -> Result<EnvFilter, ParseError> {
    let level = setting.trim();
    if level.parse::<tracing::Level>().is_ok() || level == "off" {
        let others = if level == "off" || level == "error" { level } else { "warn" };
        let ours: Vec<String> = OURS.iter().map(|part| format!("{part}={level}")).collect();
        return EnvFilter::builder().parse(format!("{others},{}", ours.join(",")));
    }
    EnvFilter::builder().parse(level)
}

/// Sends logs to standard error from now on. A panic is logged by its place alone, since its message may
/// quote what a person wrote.
pub fn start(setting: &str) -> Result<(), ParseError> {
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter(setting)?)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    if subscriber.try_init().is_ok() {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(panic.place = place, "a part of the server panicked; this is a bug");
        }));
    }
    Ok(())
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
