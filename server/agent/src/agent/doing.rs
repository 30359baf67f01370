//! Does what the floor says.

use protocol::signals::Trouble;
use tokio::time::Instant;

use super::Agent;
use super::begun::is_beginning;
use super::lines::{AwaitedReply, is_aside};
use crate::clerk::ClerkRequest;
use crate::interview::{Happening, NotCaught};
use crate::mouth::LinePlayout;
use crate::room::RoomError;
use crate::teller::RoomNotice;
use crate::turn::act::{FinishedTurn, FloorAction, PlayoutState};

impl Agent {
    /// Does all that there is to do.
    pub(super) async fn carry_out(&mut self, now: Instant) -> Result<(), RoomError> {
        while let Some(act) = self.floor.act() {
            match act {
                FloorAction::Judge(pause) => self.hearing.judge(pause),
                FloorAction::Hurry(hurry) => self.hearing.hurry(hurry),
                FloorAction::Duck => self.mouth.duck().await?,
                FloorAction::Unduck => self.mouth.unduck().await?,
                FloorAction::Hold => {
                    self.mouth.hold();
                    self.clerk.ask(ClerkRequest::Happened(Happening::Interrupted));
                }
                FloorAction::Resume => {
                    self.mouth.resume().await?;
                    self.clerk.ask(ClerkRequest::Happened(Happening::Resumed));
                }
                FloorAction::Caption { turn, text, last } => self.caption(turn, text, last),
                FloorAction::Uncaption(turn) => self.caption(turn, String::new(), true),
                FloorAction::Propose { turn, text } => self.clerk.ask(ClerkRequest::Propose(turn, text)),
                FloorAction::Withdraw => {
                    self.mouth.unprepare();
                    self.clerk.ask(ClerkRequest::Withdraw);
                }
                FloorAction::Commit { wanted } => self.hearing.commit(wanted),
                FloorAction::Discard => self.hearing.discard(),
                FloorAction::Reopen => self.hearing.reopen(now),
                FloorAction::Take(taken) => self.take(taken, now),
                FloorAction::Missed(why) => self.report_not_caught(why),
                FloorAction::Activity => self.activity(now),
            }
        }
        self.recorder.drop_abandoned_turns(|turn| self.floor.awaits(turn));
        // Our voice may have come to its end, or been dropped, meanwhile.
        if self.mouth.line().is_none() && self.floor.voice() != PlayoutState::Silent {
            self.floor.voice_ended(now);
        }
        Ok(())
    }

    fn caption(&self, segment: String, text: String, last: bool) {
        let (who, track) = (self.options.candidate.clone(), self.presence.track().to_owned());
        self.teller.tell(RoomNotice::Heard { who, track, segment, text, last });
    }

    fn take(&mut self, taken: FinishedTurn, now: Instant) {
        self.clear_not_caught();
        self.recorder.keep(&taken.turn);
        // Only what was heard of a line is kept of it.
        let begun = self.lines.abandon_partial_reply();
        let heard = self.mouth.drop_line();
        if heard.is_some() {
            self.teller.tell(RoomNotice::SaidAll);
        }
        if let Some((turn, text)) = partly_heard_reply(heard, begun) {
            self.clerk.ask(ClerkRequest::Heard(turn, text));
        }
        self.clerk.ask(ClerkRequest::Said(taken.turn.clone(), taken.text.clone()));
        self.lines.wait_for(AwaitedReply::new(taken, now));
    }

    /// Somebody spoke, and it is no record, or not all of it: they are told, by voice once in a row.
    fn report_not_caught(&mut self, why: NotCaught) {
        self.clerk.ask(ClerkRequest::Happened(Happening::NotCaught(why)));
        if why == NotCaught::Failed {
            self.hearing_failed(1);
        }
        if !self.lines.apologise(why) {
            self.teller.trouble(Some(Trouble::NotCaught));
        }
    }

    /// Something that was said was caught, or something else is asked.
    pub(super) fn clear_not_caught(&mut self) {
        self.lines.note_caught();
        if self.teller.troubled() == Some(Trouble::NotCaught) {
            self.teller.trouble(None);
        }
    }
}

/// What was heard of a reply that was not heard to its end, with its turn: of the line that is being said, or of one of which only the
/// beginning was said.
fn partly_heard_reply(
    heard: Option<LinePlayout>,
    begun: Option<(String, String)>,
) -> Option<(String, String)> {
    match heard {
        Some(LinePlayout { line, bytes }) if is_beginning(&line) => {
            (bytes > 0).then(|| (line.turn, line.text[..bytes].to_owned()))
        }
        Some(LinePlayout { line, bytes }) if !is_aside(&line) => (bytes > 0
            && bytes < line.text.trim_end().len())
        .then(|| (line.turn, line.text[..bytes].to_owned())),
        Some(_) | None => begun,
    }
}
