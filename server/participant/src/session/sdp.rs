//! The parts of SDP that we read ourselves: which section carries which track.

use std::collections::BTreeMap;

/// The longest ICE user fragment accepted, in bytes. Servers use 4 to 32; RFC 8839 allows 256, but `str0m` panics if
/// theirs and ours together exceed 128.
const NAME: usize = 96;

/// Whether all ICE user fragments are short enough.
pub fn names_fit(sdp: &str) -> bool {
    let mut names = sdp.lines().filter_map(|line| line.trim().strip_prefix("a=ice-ufrag:"));
    names.all(|name| name.len() <= NAME)
}

/// The track that each section names in its `msid`, by the section's id.
pub fn tracks(sdp: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for section in sdp.split("\nm=").skip(1) {
        let value = |name: &str| section.lines().find_map(|line| line.trim_end().strip_prefix(name));
        let track = value("a=msid:").and_then(|msid| msid.split_whitespace().nth(1));
        if let (Some(mid), Some(track)) = (value("a=mid:"), track) {
            found.insert(mid.to_owned(), track.to_owned());
        }
    }
    found
}

/// A trickled candidate from the JSON of browsers.
pub fn candidate(json: &str) -> Option<String> {
    let parsed: serde_json::Value = serde_json::from_str(json).ok()?;
    let line = parsed.get("candidate")?.as_str()?;
    (!line.is_empty()).then(|| line.to_owned())
}

/// A candidate as that JSON.
pub fn candidate_json(line: &str) -> String {
    serde_json::json!({ "candidate": line, "sdpMid": "0", "sdpMLineIndex": 0 }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_name_their_tracks() {
        let sdp = "v=0\r\ns=-\r\nm=application 9 x\r\na=mid:0\r\nm=audio 9 x\r\na=mid:1\r\n\
                   a=msid:PA_a|TR_b TR_b\r\na=ssrc:1 msid:x y\r\nm=audio 9 x\r\na=inactive\r\na=mid:2\r\n";
        assert_eq!(tracks(sdp), BTreeMap::from([("1".to_owned(), "TR_b".to_owned())]));
        assert!(tracks("").is_empty());
    }

    #[test]
    fn names_have_their_bound() {
        let sdp = |length: usize| format!("v=0\r\na=ice-ufrag:{}\r\na=ice-pwd:x\r\n", "x".repeat(length));
        assert!(names_fit("") && names_fit(&sdp(NAME)) && !names_fit(&sdp(NAME + 1)));
        assert!(!names_fit(&(sdp(4) + &sdp(300))), "every one of them counts");
    }

    #[test]
    fn candidates_survive_their_json_and_garbage_is_none() {
        let line = "candidate:1 1 udp 2113929471 203.0.113.100 10100 typ host";
        assert_eq!(candidate(&candidate_json(line)).as_deref(), Some(line));
        for garbage in ["", "{}", "[1]", r#"{"candidate":7}"#, r#"{"candidate":""}"#] {
            assert_eq!(candidate(garbage), None);
        }
    }
}
