//! Moments as text.

use interview::UnixMillis;
use jiff::Timestamp;

/// A moment as RFC 3339 in UTC with milliseconds. One outside the calendar can only be a broken record; it
/// is shown as the epoch.
pub fn rfc3339(at: UnixMillis) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{at:.3}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn moments_have_milliseconds() {
        assert_eq!(super::rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(super::rfc3339(1_763_805_600_120), "2025-11-22T10:00:00.120Z");
    }
}
