//! How voice is, in words; and for everything that goes wrong, words and a remedy of its own.

use std::borrow::Cow;

use protocol::signals::{AgentState, Trouble};

use super::VoiceUserAction;
use super::state::{VoicePageState, VoicePhase, VoiceStopReason};

/// What is said of something that stands in the way, and what can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VoiceNotice {
    /// What it is, and what to do.
    pub words: Cow<'static, str>,
    /// A button that does it.
    pub remedy: Option<(&'static str, VoiceUserAction)>,
}

const fn notice(words: &'static str) -> VoiceNotice {
    VoiceNotice { words: Cow::Borrowed(words), remedy: None }
}

const fn with(words: &'static str, label: &'static str, act: VoiceUserAction) -> VoiceNotice {
    VoiceNotice { words: Cow::Borrowed(words), remedy: Some((label, act)) }
}

/// The state in a word or two, which say whose turn it is.
pub(crate) fn state(t: &VoicePageState) -> &'static str {
    match t.phase {
        VoicePhase::On if t.faults.reconnecting => "Reconnecting",
        VoicePhase::Joining if t.faults.reconnecting => "Reconnecting",
        VoicePhase::On if t.agent.here => match t.agent.state {
            AgentState::Initializing => "Connecting",
            AgentState::Idle => "Paused",
            AgentState::Thinking => "Thinking",
            AgentState::Speaking => "Interviewer speaking",
            AgentState::Listening if t.muted => "Muted",
            AgentState::Listening if t.talking => "You are speaking",
            AgentState::Listening => "Your turn",
        },
        VoicePhase::Off
        | VoicePhase::Offered
        | VoicePhase::Asking
        | VoicePhase::Check
        | VoicePhase::Joining
        | VoicePhase::On
        | VoicePhase::Out(_) => "Connecting",
    }
}

/// Why voice does not go on, and what can be done. `None`: the server has said why.
pub(crate) fn out(why: VoiceStopReason) -> Option<VoiceNotice> {
    Some(match why {
        VoiceStopReason::Insecure => notice(
            "Browsers open the microphone only for pages that come over HTTPS or from this machine (localhost). \
             Open this page in one of these ways to talk.",
        ),
        VoiceStopReason::Denied => with(
            "This page is not allowed to use the microphone. Allow it with the icon beside the address in your browser.",
            "Try again",
            VoiceUserAction::Start,
        ),
        VoiceStopReason::NoMicrophone => {
            with("No microphone was found. Plug one in.", "Try again", VoiceUserAction::Start)
        }
        VoiceStopReason::Taken => with(
            "The microphone cannot be opened: another program may be using it. Close that one.",
            "Try again",
            VoiceUserAction::Start,
        ),
        VoiceStopReason::Elsewhere => {
            with("Voice is now being used in another tab.", "Use it here", VoiceUserAction::Join)
        }
        VoiceStopReason::Asleep => {
            with("Voice stopped while this tab was asleep.", "Continue by voice", VoiceUserAction::Join)
        }
        VoiceStopReason::Closed => {
            with("The server closed the room. Everything said is kept.", "Join again", VoiceUserAction::Join)
        }
        VoiceStopReason::Lost => with(
            "The connection for voice was lost. Everything said is kept.",
            "Join again",
            VoiceUserAction::Join,
        ),
        VoiceStopReason::Blocked => with(
            "The server answers, but sound cannot get through: this network, a VPN or a firewall blocks it (UDP \
             and TCP). Everything said is kept; go on by typing, or use another network. If you run the server, \
             `interviewos doctor` names the port that must be open and the address that browsers are given.",
            "Try again",
            VoiceUserAction::Join,
        ),
        VoiceStopReason::Unadmitted => with(
            "The voice server refuses this page: its key or its clock may be wrong. Everything \
             said is kept; go on by typing. If you run the server, `interviewos doctor` says which it is.",
            "Try again",
            VoiceUserAction::Join,
        ),
        VoiceStopReason::Mixed => notice(
            "This page came over HTTPS, but the server gave an unencrypted address for voice (ws://), which browsers \
             refuse. If you run the server, set trusted_proxy or give the server a certificate.",
        ),
        VoiceStopReason::Failed => {
            with("Voice could not start in this browser.", "Try again", VoiceUserAction::Start)
        }
        VoiceStopReason::Refused => return None,
    })
}

/// What stands in the way in the room, the most pressing first.
pub(crate) fn fault(t: &VoicePageState) -> Option<VoiceNotice> {
    let (faults, agent) = (t.faults, t.agent);
    if t.phase != VoicePhase::On {
        return None;
    }
    if faults.blocked {
        return Some(with("The browser plays no sound until you allow it.", "Play", VoiceUserAction::Play));
    }
    if let Some(notice) = microphone(t) {
        return Some(notice);
    }
    if faults.absent && !agent.here {
        return Some(with("The interviewer has not come to the room.", "Try again", VoiceUserAction::Join));
    }
    match agent.trouble.filter(|_| agent.here) {
        Some(Trouble::Hearing) => {
            return Some(notice(
                "Your speech cannot be turned into text just now: type, and the interviewer will reply.",
            ));
        }
        Some(Trouble::NotCaught) => {
            return Some(notice(
                "I did not catch what you said last, and it is not in the transcript. I understand English only: say \
                 it again, or type it.",
            ));
        }
        Some(Trouble::Speaking) => {
            return Some(notice(
                "The interviewer has lost their voice: read the lines above, and go on as you like.",
            ));
        }
        Some(Trouble::Interview) => {
            return Some(notice(
                "The interview cannot be reached just now. What you said is kept and sent again.",
            ));
        }
        Some(Trouble::Slow) | None => {}
    }
    if faults.weak {
        return Some(notice("Your connection is weak: words may get lost."));
    }
    if let Some(switched) = &t.switched {
        let words = format!("The microphone changed. Now in use: {switched}.");
        return Some(VoiceNotice { words: words.into(), remedy: None });
    }
    (agent.here && agent.trouble == Some(Trouble::Slow)).then(|| {
        with(
            "Spoken replies take long: the computer that runs this is slow at speech.",
            "Type instead",
            VoiceUserAction::Leave,
        )
    })
}

/// What is wrong with the microphone, in the room or before.
pub(crate) fn microphone(t: &VoicePageState) -> Option<VoiceNotice> {
    let faults = t.faults;
    if faults.unplugged {
        return Some(with(
            "The microphone has gone. Plug it in again, or",
            "use another one",
            VoiceUserAction::Another,
        ));
    }
    if faults.muted && !t.muted {
        return Some(with(
            "Your microphone is muted outside this page: by a switch on it, by the system or by the browser. Unmute it there, or",
            "use another one",
            VoiceUserAction::Another,
        ));
    }
    if faults.silent && !t.muted {
        return Some(with(
            "We can\u{2019}t hear anything from your microphone. It may be muted on the device itself or in your system settings. Unmute it there, or",
            "use another one",
            VoiceUserAction::Another,
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::state::{AgentPresence, Faults};
    use super::*;

    fn on(state: AgentState) -> VoicePageState {
        VoicePageState {
            phase: VoicePhase::On,
            agent: AgentPresence { here: true, state, trouble: None },
            volume: 100,
            ..VoicePageState::default()
        }
    }

    #[test]
    fn the_state_says_whose_turn_it_is() {
        assert_eq!(state(&on(AgentState::Listening)), "Your turn");
        assert_eq!(state(&VoicePageState { muted: true, ..on(AgentState::Listening) }), "Muted");
        assert_eq!(
            state(&VoicePageState { muted: true, ..on(AgentState::Speaking) }),
            "Interviewer speaking"
        );
        assert_eq!(state(&on(AgentState::Thinking)), "Thinking");
        assert_eq!(state(&VoicePageState { push: true, ..on(AgentState::Listening) }), "Your turn");
        assert_eq!(
            state(&VoicePageState { push: true, talking: true, ..on(AgentState::Listening) }),
            "You are speaking"
        );
        assert_eq!(
            state(&VoicePageState { agent: AgentPresence::default(), ..on(AgentState::Listening) }),
            "Connecting"
        );
        let faults = Faults { reconnecting: true, ..Faults::default() };
        assert_eq!(state(&VoicePageState { faults, ..on(AgentState::Speaking) }), "Reconnecting");
        assert_eq!(
            state(&VoicePageState { phase: VoicePhase::Joining, ..VoicePageState::default() }),
            "Connecting"
        );
    }

    #[test]
    fn each_has_words_and_a_remedy_of_its_own() {
        let all = [
            VoiceStopReason::Insecure,
            VoiceStopReason::Denied,
            VoiceStopReason::NoMicrophone,
            VoiceStopReason::Taken,
            VoiceStopReason::Elsewhere,
            VoiceStopReason::Asleep,
            VoiceStopReason::Closed,
            VoiceStopReason::Lost,
            VoiceStopReason::Blocked,
            VoiceStopReason::Unadmitted,
            VoiceStopReason::Mixed,
            VoiceStopReason::Failed,
        ];
        let mut words: Vec<_> = all.iter().filter_map(|why| out(*why)).map(|n| n.words).collect();
        assert_eq!(words.len(), all.len());
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all.len());
        assert_eq!(out(VoiceStopReason::Refused), None, "the server's own words");
        assert_eq!(
            out(VoiceStopReason::Elsewhere).and_then(|n| n.remedy),
            Some(("Use it here", VoiceUserAction::Join))
        );
    }

    #[test]
    fn a_microphone_that_gives_nothing_is_named_unless_it_is_muted_here() {
        let with = |faults| VoicePageState { faults, ..on(AgentState::Listening) };
        let muted = with(Faults { muted: true, ..Faults::default() });
        assert!(fault(&muted).is_some_and(|n| n.words.contains("muted outside this page")));
        let silent = with(Faults { silent: true, ..Faults::default() });
        assert!(fault(&silent).is_some_and(|n| n.words.contains("hear anything from your microphone")));
        // Before the room is joined, too.
        assert!(microphone(&VoicePageState { phase: VoicePhase::Check, ..silent.clone() }).is_some());
        assert_eq!(fault(&VoicePageState { muted: true, ..silent }), None, "the person knows");
        let switched = VoicePageState { switched: Some("Headset".into()), ..on(AgentState::Listening) };
        assert!(fault(&switched).is_some_and(|n| n.words.contains("Now in use: Headset.")));
    }

    #[test]
    fn the_most_pressing_is_said_first() {
        let with = |faults| VoicePageState { faults, ..on(AgentState::Listening) };
        let talk = with(Faults { blocked: true, unplugged: true, ..Faults::default() });
        assert_eq!(fault(&talk).and_then(|n| n.remedy), Some(("Play", VoiceUserAction::Play)));
        let talk = with(Faults { absent: true, ..Faults::default() });
        assert_eq!(fault(&talk), None, "it has come after all");
        assert!(fault(&VoicePageState { agent: AgentPresence::default(), ..talk }).is_some());
        let mut talk = on(AgentState::Listening);
        assert!(talk.is_interviewer_audible() && fault(&talk).is_none());
        talk.agent.trouble = Some(Trouble::Hearing);
        assert!(fault(&talk).is_some_and(|n| n.words.contains("type")));
        talk.agent.trouble = Some(Trouble::NotCaught);
        assert!(fault(&talk).is_some_and(|n| n.words.contains("English only")));
        talk.agent.trouble = Some(Trouble::Slow);
        assert_eq!(fault(&talk).and_then(|n| n.remedy), Some(("Type instead", VoiceUserAction::Leave)));
        let weak = VoicePageState { faults: Faults { weak: true, ..talk.faults }, ..talk.clone() };
        assert!(
            fault(&weak).is_some_and(|n| n.words.contains("connection is weak")),
            "what passes is told first"
        );
        talk.agent =
            AgentPresence { here: true, state: AgentState::Speaking, trouble: Some(Trouble::Speaking) };
        assert!(!talk.is_interviewer_audible() && fault(&talk).is_some());
        assert_eq!(fault(&VoicePageState { phase: VoicePhase::Joining, ..talk }), None);
    }
}
