//! The InterviewOS whose interviews `interviewos agent` attends, where one is named.

use protocol::engine_api::error::Code;

use super::report::DoctorReport;
use crate::settings::ServerSettings;
use crate::worker::client::{EngineClient, EngineFault};
use crate::worker::secret;

const WHAT: &str = "interviews";

/// Asks it whether it takes the secret.
pub(super) async fn examine(settings: &ServerSettings, report: &mut DoctorReport) {
    let Some(url) = &settings.engine_url else { return };
    let secret = match secret(settings) {
        Ok(secret) => secret,
        Err(error) => return report.fail_with(WHAT, &error),
    };
    let Some(client) = EngineClient::new(url, &secret) else {
        let remedy = "give one such as http://127.0.0.1:3000, and a secret without stray characters";
        return report.fail(WHAT, "`engine_url` is no address that can be asked", remedy);
    };
    let Err(fault) = client.reach().await else {
        return report.ok(WHAT, format!("{url} answers and takes the secret"));
    };
    let remedy = match fault {
        EngineFault::Refused(Code::Unauthorized) => {
            let remedy =
                "set INTERVIEWOS_INGEST_SECRET to the one that it has (ingest-secret in its data folder)";
            return report.fail(WHAT, format!("{url} refuses the secret"), remedy);
        }
        EngineFault::Unreachable => "check that it runs there, and the way (firewall, proxy)",
        EngineFault::Refused(_) => "look at that server: `interviewos doctor` there says more",
        EngineFault::Garbage => "check `engine_url`: another program may be there",
    };
    report.warn(
        WHAT,
        format!("{url} {fault}"),
        format!("{remedy}; until then `interviewos agent` waits for it"),
    );
}
