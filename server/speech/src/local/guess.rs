//! A guess at what a model is about to write, token by token. A decoder that is given several tokens at once says of each
//! what it would have written in its place: what it agrees with costs one step together, instead of a step each.

/// How many tokens are tried at once: at the start, and after it had to be found again where the guess goes on.
const AT_FIRST: usize = 40;
const AT_ONCE: usize = 12;
/// So many tokens of the guess may be missing from what is written.
const REACH: usize = 4;

/// See the module's description.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    tokens: Vec<u32>,
    /// What comes next, if it goes on as guessed.
    at: usize,
    /// Whether the last token was as guessed.
    right: bool,
    tried: bool,
}

impl Guess {
    /// These tokens, from the beginning on.
    pub(super) fn new(tokens: Vec<u32>) -> Self {
        Self { tokens, at: 0, right: true, tried: false }
    }

    /// The tokens to try next.
    pub(super) fn next(&mut self) -> &[u32] {
        if !self.right {
            return &[];
        }
        let most = if std::mem::replace(&mut self.tried, true) { AT_ONCE } else { AT_FIRST };
        let end = self.tokens.len().min(self.at + most);
        &self.tokens[self.at..end]
    }

    /// This was written.
    pub(super) fn wrote(&mut self, token: u32) {
        let end = self.tokens.len().min(self.at + REACH);
        match self.tokens[self.at..end].iter().position(|guessed| *guessed == token) {
            Some(skipped) => (self.at, self.right) = (self.at + skipped + 1, true),
            // It stands for one of the guess, or comes besides: the window looks further with each.
            None => (self.at, self.right) = (self.at + usize::from(!self.right && self.at < end), false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps that a model needs which writes this, with this guess; what it writes is checked.
    fn steps(guessed: &[u32], written: &[u32]) -> usize {
        let mut guess = Guess::new(guessed.to_vec());
        let (mut found, mut steps) = (Vec::new(), 0);
        while found.len() < written.len() {
            steps += 1;
            let tried = guess.next().to_vec();
            for at in 0..=tried.len() {
                let Some(&token) = written.get(found.len()) else { break };
                found.push(token);
                guess.wrote(token);
                if tried.get(at) != Some(&token) {
                    break;
                }
            }
        }
        assert_eq!(found, written);
        steps
    }

    #[test]
    fn what_was_guessed_costs_a_step_together() {
        let said: Vec<u32> = (0..30).collect();
        assert_eq!(steps(&said, &said), 1);
        assert_eq!(steps(&[], &said), 30, "no guess, nothing gained");
        assert_eq!(steps(&said[..20], &said), 10, "one with all of the guess, and one for each that is new");
        let long: Vec<u32> = (0..100).collect();
        assert_eq!(steps(&long, &long), 6);
        assert_eq!(steps(&long, &said), 1, "what comes after the end of all is not looked at");
    }

    #[test]
    fn where_it_was_wrong_it_is_found_again() {
        let guessed: Vec<u32> = (0..30).collect();
        let with = |change: &dyn Fn(&mut Vec<u32>)| {
            let mut written = guessed.clone();
            change(&mut written);
            steps(&guessed, &written)
        };
        assert!(with(&|said| said[10] = 99) <= 5, "one is another");
        assert!(with(&|said| said.insert(10, 99)) <= 5, "one comes besides");
        assert!(with(&|said| said.retain(|token| *token != 10)) <= 4, "one is missing");
        assert!(with(&|said| drop(said.splice(10..12, [97, 98, 99]))) <= 7, "two are three others");
        assert_eq!(steps(&(100..130).collect::<Vec<_>>(), &guessed), 30, "wrong all along: no step more");
    }
}
