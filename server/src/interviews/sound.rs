//! `GET /interview/{id}/sound/{seq}`: the sound of an answer, whole or a part of it.

use std::ops::Range;

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{BrowserRefusal, find_owned_interview};
use crate::wired::Wired;

/// Gives the sound of an answer.
pub async fn handle(
    State(wired): State<Wired>,
    Path((id, seq)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, BrowserRefusal> {
    let (id, _) = find_owned_interview(&wired, &headers, &id).await?;
    let seq = seq.parse().map_err(|_| BrowserRefusal::NotFound)?;
    let sound = wired.engine.sound(id, seq).await?;
    let size = sound.len();
    let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    let (status, part) = match asked.and_then(|range| parse_byte_range(range, size)) {
        None => (StatusCode::OK, 0..size),
        Some(Some(part)) => (StatusCode::PARTIAL_CONTENT, part),
        Some(None) => (StatusCode::RANGE_NOT_SATISFIABLE, 0..0),
    };
    let range = match status {
        StatusCode::OK => None,
        StatusCode::PARTIAL_CONTENT => Some(format!("bytes {}-{}/{size}", part.start, part.end - 1)),
        _ => Some(format!("bytes */{size}")),
    };
    let mut response = (status, sound[part].to_vec()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("audio/ogg"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // Deleted, it is gone from the browser too.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Some(range) = range.and_then(|range| HeaderValue::from_str(&range).ok()) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(response)
}

/// Which part is asked for of so many bytes (RFC 9110, section 14): `None` if it is not one part, which is answered with the
/// whole; `Some(None)` if there is no such part.
fn parse_byte_range(range: &str, size: usize) -> Option<Option<Range<usize>>> {
    let (first, last) = range.strip_prefix("bytes=")?.trim().split_once('-')?;
    let number = |text: &str| (!text.is_empty()).then(|| text.parse::<usize>().ok());
    let part = match (number(first), number(last)) {
        (None, Some(suffix)) => size.saturating_sub(suffix?)..size,
        (Some(first), None) => first?..size,
        (Some(first), Some(last)) if first? <= last? => first?..last?.saturating_add(1).min(size),
        (None, None) | (Some(_), Some(_)) => return None,
    };
    Some(Some(part).filter(|part| part.start < part.end))
}

#[cfg(test)]
mod tests {
    use super::parse_byte_range;

    #[test]
    fn one_part_is_read_and_anything_else_is_not_asked_for() {
        for (range, wanted) in [
            ("bytes=0-", Some(Some(0..10))),
            ("bytes=2-4", Some(Some(2..5))),
            ("bytes=2-999", Some(Some(2..10))),
            ("bytes=9-9", Some(Some(9..10))),
            ("bytes=-3", Some(Some(7..10))),
            ("bytes=-30", Some(Some(0..10))),
            ("bytes=10-", Some(None)),
            ("bytes=10-12", Some(None)),
            ("bytes=-0", Some(None)),
            ("bytes=4-2", None),
            ("bytes=-", None),
            ("bytes=0-1,4-5", None),
            ("bytes=a-", None),
            ("lines=0-1", None),
            ("bytes=0-18446744073709551615", Some(Some(0..10))),
            ("bytes=0-99999999999999999999999", None),
        ] {
            assert_eq!(parse_byte_range(range, 10), wanted, "{range}");
        }
        assert_eq!(parse_byte_range("bytes=0-", 0), Some(None));
    }
}
