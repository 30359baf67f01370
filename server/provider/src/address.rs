//! An address that is extended by path segments, so that its query stays a query.

use reqwest::Url;

use crate::ClientError;

/// A provider's base address, and the query that goes with every request (`?api-version=...`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseAddress {
    url: Url,
}

impl BaseAddress {
    /// Parses the address of an HTTP server. A fragment and trailing slashes are removed.
    ///
    /// # Errors
    /// [`ClientError::Address`] if it is none.
    pub fn parse(text: &str) -> Result<Self, ClientError> {
        let mut url = Url::parse(text.trim()).map_err(|_| ClientError::Address)?;
        let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
        if !web {
            return Err(ClientError::Address);
        }
        url.set_fragment(None);
        let mut address = Self { url };
        let segments: Vec<String> = address.segments().map(str::to_owned).collect();
        address.set(&segments);
        Ok(address)
    }

    /// The segments of its path.
    fn segments(&self) -> impl Iterator<Item = &str> {
        self.url.path_segments().into_iter().flatten().filter(|segment| !segment.is_empty())
    }

    fn set(&mut self, segments: &[String]) {
        // The segments are encoded already.
        self.url.set_path(&segments.join("/"));
    }

    /// The address without an endpoint that was pasted with it: `/chat/completions`, `/models/...`.
    #[must_use]
    pub fn without(mut self, places: &[&[&str]]) -> Self {
        let segments: Vec<String> = self.segments().map(str::to_owned).collect();
        let ends = |place: &&&[&str]| {
            segments.len() >= place.len()
                && segments[segments.len() - place.len()..].iter().zip(**place).all(|(a, b)| a == b)
        };
        if let Some(place) = places.iter().filter(ends).max_by_key(|place| place.len()) {
            self.set(&segments[..segments.len() - place.len()]);
        }
        self
    }

    /// Whether its path ends with this segment.
    pub fn ends_with(&self, segment: &str) -> bool {
        self.segments().last() == Some(segment)
    }

    /// Whether it has no path.
    pub fn is_bare(&self) -> bool {
        self.segments().next().is_none()
    }

    /// The address with one more segment.
    #[must_use]
    pub fn with_segment(&self, segment: &str) -> Self {
        Self { url: self.place(&[segment]) }
    }

    /// The address without its last segment.
    #[must_use]
    pub fn without_last_segment(&self) -> Self {
        let mut shorter = self.clone();
        let segments: Vec<String> = shorter.segments().map(str::to_owned).collect();
        shorter.set(&segments[..segments.len().saturating_sub(1)]);
        shorter
    }

    /// The URL of an endpoint below it, with its query.
    pub fn place(&self, segments: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }

    /// The address with a trailing slash, so that joining does not replace its last segment.
    pub fn folder(&self) -> Url {
        self.place(&[""])
    }

    /// Its host.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_joined_by_segments_and_the_query_is_kept() {
        let at = |base: &str| BaseAddress::parse(base).unwrap().place(&["chat", "completions"]).to_string();
        for (base, place) in [
            ("https://h", "https://h/chat/completions"),
            (" http://h:1/v1// ", "http://h:1/v1/chat/completions"),
            ("http://h/v1#x", "http://h/v1/chat/completions"),
            (
                "https://h/openai/deployments/d?api-version=2024-10-21",
                "https://h/openai/deployments/d/chat/completions?api-version=2024-10-21",
            ),
            ("http://me:pw@h/a%20b/", "http://me:pw@h/a%20b/chat/completions"),
        ] {
            assert_eq!(at(base), place);
        }
        for wrong in ["", "h", "ws://h", "file:///x", "http://", "localhost:11434"] {
            assert_eq!(BaseAddress::parse(wrong), Err(ClientError::Address), "{wrong}");
        }
    }

    #[test]
    fn what_was_pasted_along_goes() {
        let places: &[&[&str]] = &[&["chat", "completions"], &["completions"], &["models"]];
        let base = |text: &str| BaseAddress::parse(text).unwrap().without(places).place(&[]).to_string();
        assert_eq!(base("http://h/v1/chat/completions/"), "http://h/v1");
        assert_eq!(base("http://h/v1/models?x=1"), "http://h/v1?x=1");
        assert_eq!(base("http://h/chat/v1"), "http://h/chat/v1");
        let v1 = BaseAddress::parse("http://h/v1").unwrap();
        assert!(v1.ends_with("v1") && !v1.is_bare() && v1.without_last_segment().is_bare());
        assert_eq!(v1.without_last_segment().with_segment("v1"), v1);
        let folder = |base: &str| BaseAddress::parse(base).unwrap().folder().to_string();
        assert_eq!((folder("http://h/v1"), folder("http://h")), ("http://h/v1/".into(), "http://h/".into()));
    }
}
