//! What is said about an interview: a sentence, and the words it rests on.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::Quotation;

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// What went well.
    Keep,
    /// What to work on.
    WorkOn,
    /// What to practise next.
    Next,
    /// What a story holds or lacks.
    Story,
    /// What of the posting was shown.
    Posting,
    /// What of the CV came up.
    Cv,
    /// A competency.
    Competency,
    /// How it was spoken.
    Delivery,
    /// How a model judges a story.
    Judgement,
    /// A story in better words, by a model.
    Wording,
}

/// A sentence about the interview with at least one quotation that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    id: String,
    kind: StatementKind,
    text: String,
    quotes: Vec<Quotation>,
    /// How certain it is that its words carry it, in thousandths.
    #[serde(skip)]
    certain: u16,
}

impl Statement {
    /// A statement that rests on these words. `id` names it: the same statement on the same words has the same.
    pub(crate) fn new(
        kind: StatementKind,
        id: impl Into<String>,
        text: impl Into<String>,
        on: Quotation,
    ) -> Self {
        Self { id: id.into(), kind, text: text.into(), quotes: vec![on], certain: 1_000 }
    }

    /// The same, resting on these words too.
    pub(crate) fn with_quotation(mut self, on: Quotation) -> Self {
        if !self.quotes.contains(&on) {
            self.quotes.push(on);
        }
        self
    }

    /// The same, so certain, from 0 to 1.
    pub(crate) fn with_certainty(mut self, certain: f32) -> Self {
        self.certain = (certain * 1_000.0) as u16;
        self
    }

    /// How certain it is that its words carry it, in thousandths.
    pub(crate) fn certain(&self) -> u16 {
        self.certain
    }

    /// Its name, by which it is struck.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it is about.
    pub fn kind(&self) -> StatementKind {
        self.kind
    }

    /// The sentence; the first quotation goes with its end.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it rests on, the weightiest first; never empty.
    pub fn quotes(&self) -> &[Quotation] {
        &self.quotes
    }
}

/// Longest name of a statement, in bytes.
pub const LONGEST_ID: usize = 128;

/// Takes statements in, and keeps those apart that the candidate has struck.
pub(crate) struct Book<'a> {
    struck: &'a BTreeSet<String>,
    /// The statements that were struck, as they would stand.
    pub(crate) left_out: Vec<Statement>,
}

impl<'a> Book<'a> {
    pub(crate) fn new(struck: &'a BTreeSet<String>) -> Self {
        Self { struck, left_out: Vec::new() }
    }

    /// The statement, unless it is struck.
    pub(crate) fn accept_unless_struck(&mut self, statement: Statement) -> Option<Statement> {
        if self.struck.contains(statement.id()) {
            self.left_out.push(statement);
            return None;
        }
        Some(statement)
    }

    /// True if a statement of this kind was struck that rests on these words first: in other words it is no truer.
    pub(crate) fn has_struck(&self, kind: StatementKind, on: &Quotation) -> bool {
        self.left_out.iter().any(|it| it.kind() == kind && it.quotes().first() == Some(on))
    }
}
