//! The parts of an SDP that we read in an offer and change in an answer, beyond what `str0m` does.

/// One media section of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub mid: String,
    pub kind: MediaSectionKind,
    /// Whether the offerer sends on it.
    pub sends: bool,
    /// Whether the offerer only receives on it: it can carry another participant's track.
    pub spare: bool,
    /// The id of the track sent: the `cid` of its announcement.
    pub track: Option<String>,
}

/// What a section carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MediaSectionKind {
    Audio,
    Video,
    Other,
}

/// Splits an SDP into its session part and its media sections, each with its line ends.
fn split(sdp: &str) -> (Vec<&str>, Vec<Vec<&str>>) {
    let mut session = Vec::new();
    let mut sections: Vec<Vec<&str>> = Vec::new();
    for line in sdp.lines() {
        if line.starts_with("m=") {
            sections.push(vec![line]);
        } else if let Some(section) = sections.last_mut() {
            section.push(line);
        } else {
            session.push(line);
        }
    }
    (session, sections)
}

/// The media sections of an offer.
pub(crate) fn sections(sdp: &str) -> Vec<Section> {
    split(sdp).1.iter().map(|lines| section(lines)).collect()
}

/// How many media sections there are, without reading them.
pub(crate) fn count(sdp: &str) -> usize {
    sdp.lines().filter(|line| line.starts_with("m=")).count()
}

fn section(lines: &[&str]) -> Section {
    let attribute = |name: &str| lines.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let has = |attribute: &str| lines.iter().any(|line| line.trim_end() == attribute);
    let kind = match lines.first() {
        Some(line) if line.starts_with("m=audio ") => MediaSectionKind::Audio,
        Some(line) if line.starts_with("m=video ") => MediaSectionKind::Video,
        _ => MediaSectionKind::Other,
    };
    let media = kind != MediaSectionKind::Other;
    // Without a direction attribute a section sends and receives.
    let quiet = has("a=recvonly") || has("a=inactive");
    Section {
        mid: attribute("a=mid:").unwrap_or_default().to_owned(),
        kind,
        sends: media && !quiet,
        spare: media && has("a=recvonly"),
        track: attribute("a=msid:").and_then(|msid| msid.split_whitespace().nth(1)).map(str::to_owned),
    }
}

/// What an answer writes for one of its sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SectionAnswer {
    /// As `str0m` wrote it: data, and sections we receive on.
    AsItIs,
    /// A track is sent here.
    Sends {
        /// The stream id: the publisher's sid and the track's.
        stream: String,
        /// The track's sid.
        track: String,
    },
    /// Nothing is sent here yet.
    Idle,
}

/// Writes into an answer which track each section sends. Browsers tell by the `msid` whose track it is, and fire
/// `track` only when a section begins to send, so a section without a track must be inactive.
pub(crate) fn with_tracks(answer: &str, part: impl Fn(&str) -> SectionAnswer) -> String {
    let (session, sections) = split(answer);
    let mut out = String::with_capacity(answer.len() + 256);
    let mut put = |line: &str| {
        out.push_str(line);
        out.push_str("\r\n");
    };
    session.iter().for_each(|line| put(line));
    for lines in sections {
        let mid = section(&lines).mid;
        match part(&mid) {
            SectionAnswer::AsItIs => lines.iter().for_each(|line| put(line)),
            SectionAnswer::Idle => {
                for line in lines {
                    if is_direction(line) {
                        put("a=inactive");
                    } else if !line.starts_with("a=msid:") && !line.starts_with("a=ssrc") {
                        put(line);
                    }
                }
            }
            SectionAnswer::Sends { stream, track } => {
                for line in lines {
                    if line.starts_with("a=msid:") {
                        put(&format!("a=msid:{stream} {track}"));
                    } else if let Some(ssrc) = line.strip_suffix_of_msid() {
                        put(&format!("{ssrc} msid:{stream} {track}"));
                    } else {
                        put(line);
                    }
                }
            }
        }
    }
    out
}

fn is_direction(line: &str) -> bool {
    matches!(line.trim_end(), "a=sendonly" | "a=recvonly" | "a=sendrecv" | "a=inactive")
}

trait SsrcLine {
    /// `a=ssrc:N` of a line `a=ssrc:N msid:…`.
    fn strip_suffix_of_msid(&self) -> Option<&str>;
}

impl SsrcLine for str {
    fn strip_suffix_of_msid(&self) -> Option<&str> {
        let (ssrc, rest) = self.split_once(' ')?;
        (ssrc.starts_with("a=ssrc:") && rest.starts_with("msid:")).then_some(ssrc)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OFFER: &str = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:0\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:1\r\na=sendonly\r\na=msid:- cid-1\r\n\
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:2\r\na=recvonly\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:3\r\na=inactive\r\n";

    #[test]
    fn an_offer_is_read() {
        let sections = sections(OFFER);
        assert_eq!(count(OFFER), 4);
        let told: Vec<_> =
            sections.iter().map(|s| (s.mid.as_str(), s.kind, s.sends, s.spare, s.track.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("0", MediaSectionKind::Other, false, false, None),
                ("1", MediaSectionKind::Audio, true, false, Some("cid-1")),
                ("2", MediaSectionKind::Audio, false, true, None),
                ("3", MediaSectionKind::Video, false, false, None),
            ]
        );
    }

    #[test]
    fn an_answer_says_whose_track_it_is() {
        let answer = "v=0\r\na=msid-semantic: WMS x\r\nm=audio 9 X 111\r\na=mid:1\r\na=recvonly\r\n\
            m=audio 9 X 111\r\na=mid:2\r\na=sendonly\r\na=msid:x y\r\na=ssrc:5 cname:c\r\na=ssrc:5 msid:x y\r\n\
            m=audio 9 X 111\r\na=mid:3\r\na=sendonly\r\na=msid:x z\r\na=ssrc:6 cname:c\r\na=ssrc-group:FID 6 7\r\n";
        let written = with_tracks(answer, |mid| match mid {
            "2" => SectionAnswer::Sends { stream: "PA_a|TR_b".into(), track: "TR_b".into() },
            "3" => SectionAnswer::Idle,
            _ => SectionAnswer::AsItIs,
        });
        assert_eq!(
            written,
            "v=0\r\na=msid-semantic: WMS x\r\nm=audio 9 X 111\r\na=mid:1\r\na=recvonly\r\n\
            m=audio 9 X 111\r\na=mid:2\r\na=sendonly\r\na=msid:PA_a|TR_b TR_b\r\na=ssrc:5 cname:c\r\n\
            a=ssrc:5 msid:PA_a|TR_b TR_b\r\nm=audio 9 X 111\r\na=mid:3\r\na=inactive\r\n"
        );
    }

    proptest! {
        #[test]
        fn whatever_is_offered_is_read(sdp in "([a-z]=[ -~]{0,30}\r?\n|m=audio 9\n|a=mid:[0-9]\n|a=msid:.{0,9}\n){0,40}") {
            prop_assert_eq!(sections(&sdp).len(), count(&sdp));
            prop_assert_eq!(count(&with_tracks(&sdp, |_| SectionAnswer::Idle)), count(&sdp));
        }
    }
}
