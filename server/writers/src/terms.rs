//! On which terms a server takes requests: what it refuses is left out or renamed, one thing at a time, and what was
//! agreed is kept for the next request. None of it counts as a failure of the server.

use std::sync::{Mutex, PoisonError};

/// Most requests for one line, the first included.
const MOST_TRIES: usize = 8;

/// What of a request can be left out or said in another way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Which of the server's possible addresses is asked.
    pub place: usize,
    /// The limit on tokens.
    pub limit: Limit,
    /// What holds for every line has a place of its own; else it stands before the rest.
    pub system: bool,
    /// How much it is to think, in the words of its API.
    pub thinking: Option<&'static str>,
    /// It is told not to think through the template of its prompts too.
    pub template: bool,
    /// It is asked to stream.
    pub stream: bool,
}

/// The name of the limit on tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Limit {
    /// `max_tokens`, which nearly all know.
    Old,
    /// `max_completion_tokens`, which newer models of OpenAI want.
    New,
    /// None is sent.
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TermsStep {
    Limit,
    Thinking,
    Template,
    System,
    Stream,
}

const STEPS: [TermsStep; 5] =
    [TermsStep::Limit, TermsStep::Thinking, TermsStep::Template, TermsStep::System, TermsStep::Stream];

impl Terms {
    /// The same with one thing less, or renamed; `None` if there is nothing to do about it.
    fn apply_step(&self, step: TermsStep, refusal: &str) -> Option<Self> {
        let mut terms = self.clone();
        match step {
            TermsStep::Limit => {
                terms.limit = match self.limit {
                    Limit::Old => Limit::New,
                    // Refused though it is what the refusal names: it was the other that is wanted.
                    Limit::New => Limit::None,
                    Limit::None => return None,
                }
            }
            TermsStep::Thinking => {
                let least = matches!(self.thinking?, "none" | "minimal");
                terms.thinking = (least && refusal.contains("low")).then_some("low");
            }
            TermsStep::Template if self.template => terms.template = false,
            TermsStep::System if self.system => terms.system = false,
            TermsStep::Stream if self.stream => terms.stream = false,
            TermsStep::Template | TermsStep::System | TermsStep::Stream => return None,
        }
        Some(terms)
    }

    /// Everything left out that can be, except the stream.
    fn barest(&self) -> Self {
        Self { limit: Limit::None, system: false, thinking: None, template: false, ..self.clone() }
    }
}

/// Which things a refusal names.
fn named(refusal: &str) -> impl Iterator<Item = TermsStep> {
    STEPS.into_iter().filter(move |step| {
        let names: &[&str] = match step {
            TermsStep::Limit => &["max_tokens", "max_completion_tokens", "maxoutputtokens"],
            TermsStep::Thinking => &["reasoning", "think"],
            TermsStep::Template => &["chat_template_kwargs", "template"],
            TermsStep::System => &["system", "role"],
            TermsStep::Stream => &["stream"],
        };
        names.iter().any(|name| refusal.contains(name))
    })
}

/// What was agreed with one server so far.
#[derive(Debug)]
pub(crate) struct Agreement {
    known: Mutex<AgreedTerms>,
    /// How many addresses there are to try.
    places: usize,
}

#[derive(Debug)]
struct AgreedTerms {
    terms: Terms,
    /// Nothing that was tried made it take a request: only what it names is tried again.
    barren: bool,
}

impl Agreement {
    pub(crate) fn new(terms: Terms, places: usize) -> Self {
        Self { known: Mutex::new(AgreedTerms { terms, barren: false }), places }
    }

    fn known(&self) -> std::sync::MutexGuard<'_, AgreedTerms> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// On which terms it is asked now.
    pub(crate) fn terms(&self) -> Terms {
        self.known().terms.clone()
    }

    /// It took a request on these terms.
    pub(crate) fn agreed(&self, terms: Terms) {
        *self.known() = AgreedTerms { terms, barren: false };
    }

    /// It thinks aloud although it was asked not to: from now on it is told in another way too.
    pub(crate) fn thinks(&self) {
        let mut known = self.known();
        known.terms.template = true;
    }

    fn barren(&self) {
        self.known().barren = true;
    }

    fn is_barren(&self) -> bool {
        self.known().barren
    }
}

/// The tries for one line.
#[derive(Debug)]
pub(crate) struct Negotiation<'a> {
    agreement: &'a Agreement,
    /// The terms it began with.
    first: Terms,
    /// The terms of the try that is due.
    now: Terms,
    /// Those of the tries before.
    before: Vec<Terms>,
}

impl<'a> Negotiation<'a> {
    pub(crate) fn new(agreement: &'a Agreement) -> Self {
        let first = agreement.terms();
        Self { agreement, now: first.clone(), first, before: Vec::new() }
    }

    /// The terms of the try that is due.
    pub(crate) fn terms(&self) -> &Terms {
        &self.now
    }

    fn is_new(&self, terms: &Terms) -> bool {
        *terms != self.now && !self.before.contains(terms)
    }

    /// The last try was refused with this status and text. Whether there is another to make.
    pub(crate) fn refused(&mut self, status: u16, refusal: &str) -> bool {
        let refusal = refusal.to_lowercase();
        let next = if self.before.len() + 1 >= MOST_TRIES {
            None
        } else {
            match status {
                400 | 422 if concerns_api_key(&refusal) => None,
                400 | 422 => self.other_terms(&refusal),
                404 | 405 if !refusal.contains("model") => self.other_place(),
                _ => return false,
            }
        };
        match next {
            Some(terms) => {
                self.before.push(std::mem::replace(&mut self.now, terms));
                true
            }
            None => {
                self.agreement.barren();
                false
            }
        }
    }

    fn other_place(&self) -> Option<Terms> {
        (0..self.agreement.places)
            .map(|place| Terms { place, ..self.now.clone() })
            .find(|terms| self.is_new(terms))
    }

    /// What it names; else each thing by itself; in the end all at once.
    fn other_terms(&self, refusal: &str) -> Option<Terms> {
        let new = |terms: &Terms| self.is_new(terms);
        if let Some(terms) = named(refusal).filter_map(|step| self.now.apply_step(step, refusal)).find(new) {
            return Some(terms);
        }
        if self.agreement.is_barren() {
            return None;
        }
        let alone = STEPS.into_iter().filter_map(|step| self.first.apply_step(step, refusal)).find(new);
        alone.or_else(|| Some(self.now.barest()).filter(new))
    }

    /// The last try was taken.
    pub(crate) fn taken(self) {
        self.agreement.agreed(self.now);
    }
}

/// Whether a refusal is for the key.
fn concerns_api_key(refusal: &str) -> bool {
    ["api_key", "api key", "api-key"].iter().any(|name| refusal.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        let thinking = Some("none");
        Terms { place: 0, limit: Limit::Old, system: true, thinking, template: false, stream: true }
    }

    /// A server that refuses what is not fit, with this text; how many requests it took, and the terms in the end.
    fn agree(fit: impl Fn(&Terms) -> bool, says: &str) -> (usize, Option<Terms>) {
        let agreement = Agreement::new(terms(), 2);
        let mut tries = Negotiation::new(&agreement);
        let mut count = 1;
        while !fit(tries.terms()) {
            count += 1;
            if !tries.refused(400, says) {
                return (count - 1, None);
            }
        }
        tries.taken();
        (count, Some(agreement.terms()))
    }

    #[test]
    fn whatever_one_thing_is_refused_is_found_named_or_not() {
        type Holds = fn(&Terms) -> bool;
        let cases: [(&str, Holds); 6] = [
            ("max_tokens", |terms| terms.limit == Limit::New),
            ("max_tokens", |terms| terms.limit == Limit::None),
            ("role 'system' is not known", |terms| !terms.system),
            ("reasoning_effort", |terms| terms.thinking.is_none()),
            ("stream", |terms| !terms.stream),
            ("max_tokens and system", |terms| terms.limit != Limit::Old && !terms.system),
        ];
        for (name, fit) in cases {
            let (count, agreed) = agree(fit, &format!("Unsupported: {name}"));
            assert!(count <= 4 && agreed.is_some_and(|terms| fit(&terms)), "{name}: {count}");
        }
        for (name, fit) in &cases[..5] {
            // `max_tokens` under no name at all is found when everything is left out.
            let (count, agreed) = agree(fit, "bad request");
            assert!(count <= MOST_TRIES && agreed.is_some(), "{name}: {count}");
        }
        let agreed = agree(|terms| terms.thinking == Some("low"), "reasoning_effort: one of low, high").1;
        assert_eq!(agreed, Some(Terms { thinking: Some("low"), ..terms() }));
    }

    #[test]
    fn what_is_hopeless_is_found_out_once() {
        let agreement = Agreement::new(terms(), 1);
        let count = || {
            let mut tries = Negotiation::new(&agreement);
            1 + std::iter::from_fn(|| tries.refused(400, "too long").then_some(())).count()
        };
        assert!(count() <= MOST_TRIES);
        assert_eq!((count(), agreement.terms()), (1, terms()));
        let mut tries = Negotiation::new(&agreement);
        assert!(!tries.refused(500, "") && !tries.refused(401, "") && !tries.refused(404, "no such model"));
        assert!(!tries.refused(400, "API_KEY_INVALID"));
    }

    #[test]
    fn another_place_is_tried_once() {
        let agreement = Agreement::new(terms(), 2);
        let mut tries = Negotiation::new(&agreement);
        assert!(tries.refused(404, "page not found"));
        assert_eq!(tries.terms().place, 1);
        assert!(!tries.refused(404, "page not found"));
    }
}
