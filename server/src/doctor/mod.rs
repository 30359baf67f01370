//! `interviewos doctor`: what is configured, what is reachable, what is missing, each with its remedy.
//!
//! It looks and changes nothing: no folder is made, no schema brought up to date; a server may run meanwhile.

mod engine;
mod folder;
mod model;
mod port;
mod providers;
mod reading;
pub mod report;
mod rooms;
mod speech;
mod voice;

use std::path::Path;

use app::context::Assets;

pub use self::report::{DoctorReport, Finding, FindingSeverity};
use crate::livekit;
use crate::open_files::{OTHERS, connections_that_fit, most_allowed};
use crate::settings::{LoadedSettings, ServerSettings};
use crate::site::Site;
use crate::storage;
use crate::tls;
use crate::writer::WriterEnvironment;

/// Looks at everything that interviews need.
pub async fn examine(
    loaded: &LoadedSettings,
    environment: &WriterEnvironment,
    livekit: &livekit::LivekitEnvironment,
    providers: &crate::speech::SpeechEnvironment,
) -> DoctorReport {
    let (mut report, settings) = (DoctorReport::default(), &loaded.settings);
    match &loaded.file {
        Some(file) => report.ok("settings", format!("read, with the file {}", file.display())),
        None => report.ok("settings", "read; there is no settings file"),
    }
    page(settings, &mut report);
    let folder = folder::examine(&settings.data, &mut report);
    if folder.is_some() {
        storage::of(&settings.data).examine(&mut report).await;
        folder::secrets(settings, &mut report);
    }
    port::examine(settings, folder, &mut report).await;
    match tls::acceptor(settings) {
        Ok(None) => {}
        Ok(Some(_)) => report.ok("certificate", "it can be used with its key"),
        Err(error) => report.fail_with("certificate", &error),
    }
    open_files(settings.max_connections, most_allowed(), &mut report);
    proxy(settings, &mut report);
    rooms::examine(settings, livekit, folder, &mut report).await;
    model::examine(settings, environment, &mut report).await;
    reading::examine(settings, &mut report);
    speech::examine(settings, &mut report);
    providers::examine(settings, providers, &mut report).await;
    engine::examine(settings, &mut report).await;
    voice::examine(settings, &mut report);
    report
}

fn page(settings: &ServerSettings, report: &mut DoctorReport) {
    let site = match Site::open(settings.site.as_deref()) {
        Ok(site) => site,
        Err(error) => return report.fail_with("page", &error),
    };
    let missing = missing(&site.assets, &site.folder);
    match missing.as_slice() {
        [] => report.ok("page", format!("built, in {}", site.folder.display())),
        missing => report.warn(
            "page",
            format!("{} lacks {}", site.folder.display(), missing.join(", ")),
            "run `make build` again; until then pages work as forms at best",
        ),
    }
}

/// The files that pages name and that are not there.
fn missing(assets: &Assets, folder: &Path) -> Vec<String> {
    let named = [&assets.js, &assets.wasm, &assets.css, &assets.favicon];
    let names = named.into_iter().chain(&assets.fonts);
    let names = names.map(|address| address.rsplit('/').next().unwrap_or_default());
    let there =
        |name: &&str| ["", ".br"].into_iter().any(|end| folder.join(format!("{name}{end}")).is_file());
    names.filter(|name| !there(name)).map(str::to_owned).collect()
}

fn open_files(connections: usize, limit: Option<u64>, report: &mut DoctorReport) {
    let need = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(OTHERS);
    let fit = connections_that_fit(connections, limit);
    let said = match limit {
        Some(limit) => format!("{limit} may be open at once, enough for {fit} of {connections} connections"),
        None => format!("no limit, enough for {connections} connections"),
    };
    if fit == connections {
        return report.ok("open files", said);
    }
    let remedy = format!(
        "`ulimit -Hn {need}` before the start (systemd: LimitNOFILE={need}), or --max-connections {fit}"
    );
    report.warn("open files", said, remedy);
}

/// Limits for an address that are one for all clients of a proxy.
fn proxy(settings: &ServerSettings, report: &mut DoctorReport) {
    if settings.trusted_proxy && settings.address_header.is_none() && settings.address_rate > 0 {
        report.warn(
            "proxy",
            "behind it all browsers share one address, and so one limit of requests",
            "name the header in which it gives the address, such as --address-header X-Forwarded-For",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_open_files_are_told_with_both_remedies() {
        let mut report = DoctorReport::default();
        open_files(4_096, Some(1_024), &mut report);
        let [finding] = report.findings.as_slice() else { panic!("{report}") };
        let remedy = finding.remedy.as_deref().unwrap();
        assert_eq!(finding.mark, FindingSeverity::Warn);
        assert!(remedy.contains("ulimit -Hn 4352") && remedy.contains("--max-connections 768"), "{remedy}");
        let mut report = DoctorReport::default();
        open_files(4_096, Some(4_352), &mut report);
        open_files(4_096, None, &mut report);
        assert!(report.findings.iter().all(|finding| finding.mark == FindingSeverity::Ok), "{report}");
    }

    #[test]
    fn one_address_for_all_is_told() {
        let header = Some("X-Forwarded-For".to_owned());
        for (trusted_proxy, address_header, address_rate, told) in
            [(true, None, 10, 1), (true, header, 10, 0), (false, None, 10, 0), (true, None, 0, 0)]
        {
            let mut report = DoctorReport::default();
            let settings =
                ServerSettings { trusted_proxy, address_header, address_rate, ..ServerSettings::default() };
            proxy(&settings, &mut report);
            assert_eq!(report.findings.len(), told);
        }
    }
}
