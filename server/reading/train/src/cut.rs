//! Answers that stop too early, made of whole ones: people tell how it began and leave out what they did, or what came of
//! it, far more often than those who write answers down. What is left of an answer is labelled by its sentences.

use interview::reading::{Part, Role, Situation, Who};

use crate::data::TrainingAnswer;
use crate::optimise::UNKNOWN;

/// What an answer that was cut still lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// What was done, and all that follows.
    Action,
    /// What came of it, and all that follows.
    Result,
}

/// So many words must be left.
const WORDS: usize = 10;

/// Whole answers, and for each what is left when it is cut before its result, or before what was done.
pub fn cut(answers: &[TrainingAnswer]) -> Vec<(TrainingAnswer, Cut)> {
    let both = answers.iter().enumerate().flat_map(|(at, answer)| {
        let without_result = before(answer, Role::Result, Role::Action).map(|left| (left, Cut::Result));
        // Fewer of these: who was asked what they did mostly says so.
        let wanted = at % 2 == 0;
        let without_action = before(answer, Role::Action, Role::Situation).filter(|_| wanted);
        without_result.into_iter().chain(without_action.map(|left| (left, Cut::Action)))
    });
    both.collect()
}

/// What comes before the first sentence that does `end`, if that is enough and one in it does `has`.
fn before(answer: &TrainingAnswer, end: Role, has: Role) -> Option<TrainingAnswer> {
    let end = answer.sentences.iter().position(|sentence| sentence.labels.contains(&end))?;
    let sentences = answer.sentences[..end].to_vec();
    let does = |role: Role| sentences.iter().any(|sentence| sentence.labels.contains(&role));
    let words: usize = sentences.iter().map(|sentence| sentence.text.split_whitespace().count()).sum();
    if !does(has) || does(Role::Result) || words < WORDS {
        return None;
    }
    let mine = sentences.iter().any(|one| one.who == Who::I && one.labels.contains(&Role::Action));
    let parts = [
        (Part::Situation, does(Role::Situation)),
        (Part::Task, does(Role::Task)),
        (Part::Action, does(Role::Action)),
        (Part::Result, does(Role::Result)),
        (Part::Reflection, does(Role::Reflection)),
        (Part::OwnPart, mine),
    ];
    let texts: Vec<&str> = sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    Some(TrainingAnswer {
        answer: texts.join(" "),
        present: parts.into_iter().filter(|(_, there)| *there).map(|(part, _)| part).collect(),
        missing: Vec::new(),
        situations: Vec::new(),
        probes: Vec::new(),
        handles: Vec::new(),
        hard: None,
        no_by: None,
        bent_by: None,
        sentences,
        ..answer.clone()
    })
}

/// Whether the end of a whole answer is open, where that is known: something was done, and what came of it is not
/// told; or it is one of a story's first answers, and stops.
pub fn is_open(answer: &TrainingAnswer) -> f32 {
    let told = |part: Part| answer.present.contains(&part);
    match (told(Part::Result), told(Part::Action)) {
        (true, _) => 0.0,
        (false, true) => 1.0,
        (false, false) if answer.situations.contains(&Situation::Unfinished) => 1.0,
        (false, false) => UNKNOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data;

    #[test]
    fn what_is_cut_lacks_what_it_should() {
        let data = data::read(&data::folder()).unwrap();
        let cuts = cut(&data.answers);
        assert!(cuts.len() > 500, "{}", cuts.len());
        for (answer, cut) in &cuts {
            assert!(!answer.present.contains(&Part::Result), "{}", answer.id);
            assert_eq!(answer.present.contains(&Part::Action), *cut == Cut::Result, "{}", answer.id);
        }
        assert!(cuts.iter().any(|(_, cut)| *cut == Cut::Action));
    }
}
