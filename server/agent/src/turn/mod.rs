//! Who has the floor, decided without audio, clocks or waiting: strategies in files of their own, and [`floor`], which
//! asks them.

pub mod act;
mod answer;
mod asked;
pub mod backchannel;
pub mod credible;
pub mod echo;
pub mod endpoint;
pub mod floor;
#[cfg(test)]
mod floor_tests;
mod foreign;
pub mod habits;
#[cfg(test)]
mod languages_tests;
mod likely;
pub mod patience;
mod pattern;
mod pause;
pub mod unfinished;

/// What was heard of somebody.
#[derive(Clone, Copy, Debug)]
pub struct TurnHypothesis<'a> {
    /// The words.
    pub text: &'a str,
    /// How sure that is, from 0 to 1, where it is known.
    pub sure: Option<f32>,
}

/// The words of a text in lower case, with nothing but letters, digits and apostrophes.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    // A typographic apostrophe is one, too.
    let whole = |word: &str| word.replace('’', "'").trim_matches('\'').to_lowercase();
    text.split(|letter: char| !letter.is_alphanumeric() && letter != '\'' && letter != '’')
        .map(whole)
        .filter(|word| !word.is_empty())
}
