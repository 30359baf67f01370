//! Counts what the engine tells.

use engine::{Observer, ReaderFailure, TurnObservation, TurnTrigger};
use interview::{EndReason, LinePurpose};

use super::Metrics;
use super::labels::{ReasonLabel, RefusedTurnLabels, ReplySourceLabel, TurnLabels, failure};

impl Observer for Metrics {
    fn turn_taken(&self, turn: &TurnObservation) {
        let families = &self.0.families;
        let (kind, source) = (turn.kind.name(), turn.source_name());
        families.turns.get_or_create(&TurnLabels { kind, source }).inc();
        let by = ReplySourceLabel { source };
        families.turn_seconds.get_or_create(&by).observe(turn.took.as_secs_f64());
        if let Some(first_words) = turn.first_words {
            families.first_words_seconds.get_or_create(&by).observe(first_words.as_secs_f64());
        }
    }

    fn turn_refused(&self, kind: TurnTrigger, code: &'static str) {
        self.0
            .families
            .turns_refused
            .get_or_create(&RefusedTurnLabels { kind: kind.name(), reason: code })
            .inc();
    }

    fn writer_failed(&self, _: LinePurpose, reason: &str) {
        self.0.families.writer_failures.get_or_create(&ReasonLabel { reason: failure(reason) }).inc();
    }

    fn line_rejected(&self, reason: &'static str) {
        self.0.families.guard_rejections.get_or_create(&ReasonLabel { reason }).inc();
    }

    fn unread(&self, why: ReaderFailure) {
        self.0.families.answers_by_words.get_or_create(&ReasonLabel { reason: why.name() }).inc();
    }

    fn writer_left_alone(&self, left_alone: bool) {
        self.0.families.writer_left_alone.set(i64::from(left_alone));
    }

    fn created(&self) {
        self.0.families.interviews_created.inc();
    }

    fn ended(&self, reason: EndReason) {
        let reason = match reason {
            EndReason::Finished => "finished",
            EndReason::Asked => "asked",
            EndReason::Abandoned => "abandoned",
        };
        self.0.families.interviews_ended.get_or_create(&ReasonLabel { reason }).inc();
    }

    fn store_failed(&self, _: &'static str) {
        self.0.families.store_failures.inc();
    }
}
