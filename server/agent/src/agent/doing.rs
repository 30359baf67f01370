//! Does what the floor says.

use tokio::time::Instant;

use super::Agent;
use super::lines::Waiting;
use crate::clerk::Ask;
use crate::interview::Happening;
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
                Act::Caption { turn, text, last } => self.teller.tell(Notice::Heard {
                    who: self.options.candidate.clone(),
                    track: self.presence.track().to_owned(),
                    segment: turn,
                    text,
                    last,
                }),
                Act::Propose { turn, text } => self.clerk.ask(Ask::Propose(turn, text)),
                Act::Withdraw => {
                    self.mouth.unprepare();
                    self.clerk.ask(Ask::Withdraw);
                }
                // A turn that was taken has its words already.
                Act::Commit => self.hearing.commit(self.floor.closing()),
                Act::Discard => self.hearing.discard(),
                Act::Take(taken) => self.take(taken, now),
                Act::Activity => self.activity(now),
                Act::HearingFailed => self.hearing_failed(1),
            }
        }
        // Our voice may have come to its end, or been dropped, meanwhile.
        if self.mouth.line().is_none() && self.floor.voice() != Voice::Silent {
            self.floor.voice_ended(now);
        }
        Ok(())
    }

    fn take(&mut self, taken: Taken, now: Instant) {
        // Only what was heard of a line is kept of it.
        if let Some(Heard { line, bytes }) = self.mouth.drop_line() {
            self.teller.tell(Notice::SaidAll);
            if bytes > 0 && bytes < line.text.trim_end().len() {
                self.clerk.ask(Ask::Heard(line.turn, line.text[..bytes].to_owned()));
            }
        }
        self.clerk.ask(Ask::Said(taken.turn.clone(), taken.text.clone()));
        self.lines.wait_for(Waiting::new(taken, now));
    }
}
