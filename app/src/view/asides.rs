//! What a candidate says to the interviewer that is no answer: to hear the question again or in other words, to have a moment,
//! to stop.

use std::borrow::Borrow;

use interview::{EndReason, LinePurpose, Message, Speaker, Status, answered};

/// True if the candidate's message at this place asks the interviewer for something: it was taken as that. `status` is that
/// of the interview.
pub(super) fn is_aside<M: Borrow<Message>>(said: &[M], at: usize, status: Status) -> bool {
    let Some((message, after)) = said.get(at..).and_then(<[M]>::split_first) else { return false };
    let message = message.borrow();
    let reply = after.iter().map(Borrow::borrow).find(|m| m.turn == message.turn && m.why.is_some());
    let purpose = reply.and_then(|reply| reply.why.as_ref()).map(|why| why.purpose);
    message.speaker == Speaker::Candidate
        && purpose.is_some_and(|purpose| match purpose {
            LinePurpose::Repeat | LinePurpose::Clarify | LinePurpose::Wait | LinePurpose::Boundary => true,
            // Said to end it; the last answer of an interview that was held to its end has a goodbye, too.
            LinePurpose::Closing => status == Status::Completed(EndReason::Asked),
            LinePurpose::Opening
            | LinePurpose::Question
            | LinePurpose::Probe
            | LinePurpose::Transition
            | LinePurpose::Redirect
            | LinePurpose::Smaller
            | LinePurpose::Concrete
            | LinePurpose::Care
            | LinePurpose::Nudge
            | LinePurpose::Offer => false,
        })
}

/// How many answers were given.
pub(super) fn answers(said: &[Message], status: Status) -> usize {
    (0..said.len())
        .filter(|at| answered(said, said[*at].seq).is_some() && !is_aside(said, *at, status))
        .count()
}

#[cfg(test)]
mod tests {
    use interview::{LineRationale, Modality, TurnId};

    use super::*;

    /// An opening, then what was said, each with a reply of this purpose.
    fn said(replies: &[LinePurpose]) -> Vec<Message> {
        let line = |turn: usize, why: Option<LinePurpose>| Message {
            seq: 0,
            speaker: if why.is_some() { Speaker::Interviewer } else { Speaker::Candidate },
            stage: "a".to_owned(),
            modality: Modality::Text,
            text: "x".to_owned(),
            at: 0,
            turn: TurnId(turn.to_string()),
            source: None,
            why: why.map(|purpose| LineRationale::new(purpose, None)),
            cut: false,
            reading: None,
            original: None,
        };
        let mut said = vec![line(0, Some(LinePurpose::Opening))];
        for (turn, reply) in replies.iter().enumerate() {
            said.extend([line(turn + 1, None), line(turn + 1, Some(*reply))]);
        }
        for (at, message) in said.iter_mut().enumerate() {
            message.seq = at as u32 + 1;
        }
        said
    }

    #[test]
    fn what_asks_for_something_is_no_answer_and_all_else_is() {
        let held = Status::Completed(EndReason::Finished);
        let asides = [LinePurpose::Repeat, LinePurpose::Clarify, LinePurpose::Wait, LinePurpose::Boundary];
        for purpose in LinePurpose::ALL {
            let count = answers(&said(&[purpose]), held);
            assert_eq!(count, usize::from(!asides.contains(&purpose)), "{purpose:?}");
        }
        let all = said(&[
            LinePurpose::Clarify,
            LinePurpose::Probe,
            LinePurpose::Wait,
            LinePurpose::Question,
            LinePurpose::Closing,
        ]);
        assert_eq!(answers(&all, held), 3);
        assert_eq!(answers(&all, Status::Completed(EndReason::Asked)), 2, "the last was to stop");
    }

    #[test]
    fn an_interview_that_a_button_ends_keeps_its_last_answer() {
        let mut all = said(&[LinePurpose::Question, LinePurpose::Closing]);
        let goodbye = all.len() - 1;
        // The goodbye is a turn of its own.
        all[goodbye].turn = TurnId("end".to_owned());
        assert_eq!(answers(&all, Status::Completed(EndReason::Asked)), 2);
    }
}
