//! Does what the floor says.

use protocol::signals::Trouble;
use tokio::time::Instant;

use super::Agent;
use super::begun::is_beginning;
use super::lines::{Waiting, is_aside};
use crate::clerk::Ask;
use crate::interview::{Happening, NotCaught};
use crate::mouth::Heard;
use crate::room::RoomError;
use crate::teller::Notice;
use crate::turn::act::{Act, Taken, Voice};

impl Agent {
    /// Does all that there is to do.
    pub(super) async fn carry_out(&mut self, now: Instant) -> Result<(), RoomError> {
        while let Some(act) = self.floor.act() {
            match act {
                Act::Judge(pause) => self.hearing.judge(pause),
                Act::Hurry(hurry) => self.hearing.hurry(hurry),
                Act::Duck => self.mouth.duck().await?,
                Act::Unduck => self.mouth.unduck().await?,
                Act::Hold => {
                    self.mouth.hold();
                    self.clerk.ask(Ask::Happened(Happening::Interrupted));
                }
                Act::Resume => {
                    self.mouth.resume().await?;
                    self.clerk.ask(Ask::Happened(Happening::Resumed));
                }
                Act::Caption { turn, text, last } => self.caption(turn, text, last),
                Act::Uncaption(turn) => self.caption(turn, String::new(), true),
                Act::Propose { turn, text } => self.clerk.ask(Ask::Propose(turn, text)),
                Act::Withdraw => {
                    self.mouth.unprepare();
                    self.clerk.ask(Ask::Withdraw);
                }
                Act::Commit { wanted } => self.hearing.commit(wanted),
                Act::Discard => self.hearing.discard(),
                Act::Reopen => self.hearing.reopen(now),
                Act::Take(taken) => self.take(taken, now),
                Act::Missed(why) => self.missed(why),
                Act::Activity => self.activity(now),
            }
        }
        self.recorder.settle(|turn| self.floor.awaits(turn));
        // Our voice may have come to its end, or been dropped, meanwhile.
        if self.mouth.line().is_none() && self.floor.voice() != Voice::Silent {
            self.floor.voice_ended(now);
        }
        Ok(())
    }

    fn caption(&self, segment: String, text: String, last: bool) {
        let (who, track) = (self.options.candidate.clone(), self.presence.track().to_owned());
        self.teller.tell(Notice::Heard { who, track, segment, text, last });
    }

    fn take(&mut self, taken: Taken, now: Instant) {
        self.caught();
        self.recorder.keep(&taken.turn);
        // Only what was heard of a line is kept of it.
        let begun = self.lines.give_up_begun();
        let heard = self.mouth.drop_line();
        if heard.is_some() {
            self.teller.tell(Notice::SaidAll);
        }
        if let Some((turn, text)) = heard_of(heard, begun) {
            self.clerk.ask(Ask::Heard(turn, text));
        }
        self.clerk.ask(Ask::Said(taken.turn.clone(), taken.text.clone()));
        self.lines.wait_for(Waiting::new(taken, now));
    }

    /// Somebody spoke, and it is no record, or not all of it: they are told, by voice once in a row.
    fn missed(&mut self, why: NotCaught) {
        self.clerk.ask(Ask::Happened(Happening::NotCaught(why)));
        if why == NotCaught::Failed {
            self.hearing_failed(1);
        }
        if !self.lines.apologise(why) {
            self.teller.trouble(Some(Trouble::NotCaught));
        }
    }

    /// Something that was said was caught, or something else is asked.
    pub(super) fn caught(&mut self) {
        self.lines.caught();
        if self.teller.troubled() == Some(Trouble::NotCaught) {
            self.teller.trouble(None);
        }
    }
}

/// What was heard of a reply that was not heard to its end, with its turn: of the line that is being said, or of one of which only the
/// beginning was said.
fn heard_of(heard: Option<Heard>, begun: Option<(String, String)>) -> Option<(String, String)> {
    match heard {
        Some(Heard { line, bytes }) if is_beginning(&line) => {
            (bytes > 0).then(|| (line.turn, line.text[..bytes].to_owned()))
        }
        Some(Heard { line, bytes }) if !is_aside(&line) => (bytes > 0 && bytes < line.text.trim_end().len())
            .then(|| (line.turn, line.text[..bytes].to_owned())),
        Some(_) | None => begun,
    }
}
