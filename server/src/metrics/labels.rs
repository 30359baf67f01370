//! The labels of metrics. Each has few values: what comes from outside is told by one of a known list, or `other`.

use prometheus_client::encoding::EncodeLabelSet;

/// A turn that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct TurnLabels {
    /// What brought it about.
    pub kind: &'static str,
    /// Whose words the reply is in.
    pub source: &'static str,
}

/// A turn that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RefusedTurnLabels {
    /// What it was.
    pub kind: &'static str,
    /// Why not.
    pub reason: &'static str,
}

/// Whose words a reply is in.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReplySourceLabel {
    /// `bank`, `model`, `fallback` or `none`.
    pub source: &'static str,
}

/// Why something happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ReasonLabel {
    /// A code.
    pub reason: &'static str,
}

/// What happened in a room.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RoomEventLabel {
    /// A code.
    pub what: &'static str,
}

/// A moment of a spoken turn.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct TurnMomentLabel {
    /// Its name.
    pub until: &'static str,
}

/// A request that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct ResponseLabels {
    /// The pattern of its path.
    pub route: String,
    /// The status of the answer.
    pub status: u16,
}

/// Where a request went.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabel {
    /// The pattern of its path.
    pub route: String,
}

/// What stands for a code that is not known.
pub const OTHER: &str = "other";

/// Why a writer gives no line. All that is unfit is one: the rejections say what was wrong.
pub const FAILURES: [&str; 29] = [
    "bad_configuration",
    "breaker_open",
    "cut_off",
    "empty",
    "endless",
    "garbage",
    "html",
    "late",
    "provider_error",
    "stalled",
    "timeout",
    UNFIT,
    "unreachable",
    "withheld",
    "http_400",
    "http_401",
    "http_403",
    "http_404",
    "http_408",
    "http_413",
    "http_422",
    "http_429",
    "http_500",
    "http_502",
    "http_503",
    "http_504",
    "http_529",
    HTTP_OTHER,
    OTHER,
];

const HTTP_OTHER: &str = "http_other";

/// Begins the codes of lines that were not fit to be said.
const UNFIT: &str = "unfit";

/// The label for the code of a writer's failure.
pub fn failure(code: &str) -> &'static str {
    if code.starts_with(UNFIT) {
        return UNFIT;
    }
    let other = if code.starts_with("http_") { HTTP_OTHER } else { OTHER };
    FAILURES.into_iter().find(|known| *known == code).unwrap_or(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use writers::ProviderFault;

    #[test]
    fn a_code_is_one_of_few() {
        for (code, label) in [
            ("late", "late"),
            ("http_429", "http_429"),
            ("http_418", "http_other"),
            ("unfit_verdict", "unfit"),
            ("unfit", "unfit"),
            ("told to fail", "other"),
            ("", "other"),
        ] {
            assert_eq!(failure(code), label, "{code}");
        }
        use ProviderFault::*;
        let faults = [
            Unreachable,
            Timeout,
            Provider,
            CutOff,
            Withheld,
            Empty,
            Garbage,
            Html,
            Endless,
            Spared,
            Configuration,
        ];
        for fault in faults {
            let code = fault.to_string();
            assert_eq!(failure(&code), code);
        }
    }
}
