//! What the page knows of voice.

use protocol::browser::{Device, Replied, RoomExit};
use protocol::signals::{AgentState, Trouble};

use super::captions::Captions;

/// How far voice is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum VoicePhase {
    /// The interview is by text.
    #[default]
    Off,
    /// It was on before the page was loaded anew.
    Offered,
    /// The microphone is asked for.
    Asking,
    /// Microphone and loudspeaker are tried out.
    Check,
    /// The room is being joined.
    Joining,
    /// In the room.
    On,
    /// It cannot go on like this.
    Out(VoiceStopReason),
}

/// Why voice does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VoiceStopReason {
    /// The page came neither over HTTPS nor from this machine: browsers then hide microphones.
    Insecure,
    /// The microphone is not allowed.
    Denied,
    /// There is no microphone.
    NoMicrophone,
    /// Another program has the microphone.
    Taken,
    /// Another tab has the interview.
    Elsewhere,
    /// The tab was asleep.
    Asleep,
    /// The room was closed.
    Closed,
    /// The connection was lost.
    Lost,
    /// The room's server answers, and no sound gets to it: neither over UDP nor over TCP.
    Blocked,
    /// The room's server does not take the token.
    Unadmitted,
    /// The page came over HTTPS and the room's address is without: browsers then refuse to connect.
    Mixed,
    /// The server says no; [`VoicePageState::refused`] says why.
    Refused,
    /// The browser could not do it.
    Failed,
}

impl From<RoomExit> for VoiceStopReason {
    fn from(exit: RoomExit) -> Self {
        match exit {
            RoomExit::Elsewhere => Self::Elsewhere,
            RoomExit::Asleep => Self::Asleep,
            RoomExit::Closed => Self::Closed,
            RoomExit::Lost => Self::Lost,
        }
    }
}

/// The interviewer in the room.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct AgentPresence {
    /// Whether it is there.
    pub here: bool,
    /// What it does.
    pub state: AgentState,
    /// What does not work.
    pub trouble: Option<Trouble>,
}

/// What stands in the way while the room is joined.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// The browser keeps the interviewer silent until something is clicked.
    pub blocked: bool,
    /// The microphone has gone.
    pub unplugged: bool,
    /// The microphone is muted outside the page.
    pub muted: bool,
    /// Nothing but digital silence comes from the microphone.
    pub silent: bool,
    /// The interviewer does not come.
    pub absent: bool,
    /// The connection is being found again.
    pub reconnecting: bool,
    /// The connection is weak.
    pub weak: bool,
}

/// All that is known of voice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct VoicePageState {
    /// How far it is.
    pub phase: VoicePhase,
    /// What the server says against it.
    pub refused: String,
    /// The interviewer in the room.
    pub agent: AgentPresence,
    /// What stands in the way.
    pub faults: Faults,
    /// What is being said.
    pub captions: Captions,
    /// What there is to speak with.
    pub microphones: Vec<Device>,
    /// The id of the microphone in use.
    pub microphone: String,
    /// What there is to listen with; nothing where the browser lets no page choose.
    pub speakers: Vec<Device>,
    /// The id of the loudspeaker in use; empty for the usual one.
    pub speaker: String,
    /// How loud the candidate is, in percent, while that is tried out.
    pub level: u32,
    /// Whether the candidate was ever loud enough.
    pub sounded: bool,
    /// Whether this browser does not tell how loud the candidate is.
    pub unmeasured: bool,
    /// The microphone that the browser went on to by itself, for a while.
    pub switched: Option<String>,
    /// Whether the microphone is muted.
    pub muted: bool,
    /// Whether it is push to talk.
    pub push: bool,
    /// With push to talk: whether the key is held.
    pub talking: bool,
    /// How loud the interviewer is, in percent.
    pub volume: u32,
    /// How fast the interviewer speaks, in percent: 80 to 130.
    pub speed: u32,
    /// How long the interviewer waits before it replies, in percent of what is usual: 70 to 200.
    pub patience: u32,
    /// Whether the settings are open.
    pub settings: bool,
    /// When the last reply was heard.
    pub replied: Option<Replied>,
    /// Whether the interview is over.
    pub over: bool,
    /// Whether the candidate has finished it here: the notes come after the goodbye.
    pub finished: bool,
}

impl VoicePageState {
    /// True while the interviewer's lines are heard, so that nobody else need read them out.
    pub(crate) fn is_interviewer_audible(&self) -> bool {
        self.phase == VoicePhase::On
            && self.agent.here
            && self.agent.trouble != Some(Trouble::Speaking)
            && !self.faults.blocked
            && self.volume > 0
    }
}

/// True if a page of this origin (`https://host:port`) cannot connect to this address: the page is encrypted, and the
/// address is not. Browsers let it be only on their own machine, and there too it is wrong for the page's own host.
pub(crate) fn is_mixed_content(origin: &str, address: &str) -> bool {
    let (Some(page), Some(rest)) = (origin.strip_prefix("https://"), address.strip_prefix("ws://")) else {
        return false;
    };
    let place = rest.split('/').next().unwrap_or_default();
    let host =
        place.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')).map_or(place, |(host, _)| host);
    let here =
        host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
    place == page || !here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_over_https_is_kept_from_a_room_without() {
        let page = "https://practise.example";
        for refused in ["ws://practise.example", "ws://live.example:7880/rooms", "ws://[2001:db8::1]:3000"] {
            assert!(is_mixed_content(page, refused), "{refused}");
        }
        assert!(is_mixed_content("https://localhost:8443", "ws://localhost:8443"), "a proxy on this machine");
        assert!(!is_mixed_content(page, "wss://practise.example"));
        assert!(!is_mixed_content("http://192.168.1.7:3000", "ws://192.168.1.7:3000"));
        for here in ["ws://localhost:3000", "ws://127.0.0.1:3000", "ws://[::1]:3000", "ws://[::1]"] {
            assert!(!is_mixed_content(page, here), "{here}");
        }
    }
}
