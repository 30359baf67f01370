//! Which rest a refusal asks for: the seconds or the date of `Retry-After`, or Google's `retryDelay`.

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde_json::Value;

/// The rest that a refusal asks for: in its headers or, in Google's form, in its body. Only who has too much to do or
/// is ill is believed.
pub(crate) fn asked_rest(status: u16, headers: &HeaderMap, body: &str) -> Option<Duration> {
    if status != 429 && status < 500 {
        return None;
    }
    retry_after(headers).or_else(|| rest_in_body(&serde_json::from_str(body).ok()?))
}

/// The pause of `Retry-After`: seconds, or a date, which counts from the answer's own `Date`.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let after = text(RETRY_AFTER)?;
    if let Ok(seconds) = after.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let seconds = moment(after)?.checked_sub(moment(text(DATE)?)?)?;
    Some(Duration::from_secs(seconds))
}

/// The `retryDelay` of an error in Google's form: `"37s"`, `"1.5s"`.
fn rest_in_body(body: &Value) -> Option<Duration> {
    // Gemini's stream wraps an error in a list.
    let error = body.get("error").or_else(|| body.get(0)?.get("error"))?;
    let delay =
        error.get("details")?.as_array()?.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    Duration::try_from_secs_f64(delay.trim().trim_end_matches('s').parse().ok()?).ok()
}

/// The seconds since 1970 of an HTTP date: `Sun, 06 Nov 1994 08:49:37 GMT`.
fn moment(date: &str) -> Option<u64> {
    let (_, date) = date.split_once(", ")?;
    let mut parts = date.split_whitespace();
    let day: u64 = parts.next()?.parse().ok()?;
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = parts.next()?;
    let month = MONTHS.iter().position(|known| *known == month)?;
    let year: u64 = parts.next()?.parse().ok()?;
    let mut clock = parts.next()?.split(':').map(|part| part.parse::<u64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    if !(1970..10_000).contains(&year) || !(1..=31).contains(&day) {
        return None;
    }
    const BEFORE: [u64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let leaps = |year: u64| year / 4 - year / 100 + year / 400;
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = (year - 1970) * 365 + leaps(year - 1) - leaps(1969)
        + BEFORE[month]
        + u64::from(leap && month > 1)
        + day
        - 1;
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use serde_json::json;

    use super::*;

    #[test]
    fn seconds_and_moments_are_read() {
        let rest = |after: &str, date: Option<&str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(after).unwrap());
            if let Some(date) = date {
                headers.insert(DATE, HeaderValue::from_str(date).unwrap());
            }
            retry_after(&headers).map(|rest| rest.as_secs())
        };
        assert_eq!((rest("120", None), rest(" 1.5 ", None), rest("soon", None)), (Some(120), Some(1), None));
        assert_eq!(rest("-3", None), None);
        let date = "Sat, 28 Nov 2026 23:59:30 GMT";
        assert_eq!(rest("Sun, 29 Nov 2026 00:01:30 GMT", Some(date)), Some(120));
        assert_eq!(rest("Sun, 29 Nov 2026 00:01:30 GMT", None), None);
        assert_eq!(moment("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(moment("Thu, 29 Feb 2024 00:00:00 GMT"), Some(1_709_164_800));
    }

    #[test]
    fn googles_delay_is_read() {
        let body = json!({"error": {"code": 429, "details": [{"@type": "x"}, {"retryDelay": "37s"}]}});
        assert_eq!(rest_in_body(&body), Some(Duration::from_secs(37)));
        assert_eq!(rest_in_body(&json!([body])), Some(Duration::from_secs(37)));
        assert_eq!(rest_in_body(&json!({"error": "no"})), None);
    }
}
