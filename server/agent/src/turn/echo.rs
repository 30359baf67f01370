//! Our own voice, come back through a loudspeaker and a microphone: not somebody who speaks.

use super::words;

/// So many words of ours at least have to come back one after another to be an echo, or all that was heard.
const LEAST: usize = 2;

/// Whether what was heard is what we were just saying. `said`: our words of the last seconds.
pub fn is_echo(heard: &str, said: &str) -> bool {
    let (heard, said): (Vec<String>, Vec<String>) = (words(heard).collect(), words(said).collect());
    if heard.is_empty() || said.is_empty() {
        return false;
    }
    if heard.len() < LEAST {
        // One word may be anybody's, unless it is long and ours.
        return heard[0].len() >= 6 && said.contains(&heard[0]);
    }
    // The longest part of it that was said by us in this order, with gaps for what was misheard.
    let mut best = vec![0_usize; said.len() + 1];
    for word in &heard {
        let mut before = 0;
        for (at, ours) in said.iter().enumerate() {
            let above = best[at + 1];
            best[at + 1] = if ours == word { before + 1 } else { above.max(best[at]) };
            before = above;
        }
    }
    best[said.len()] * 10 >= heard.len() * 7
}

/// Whether more may make an echo of it: every word is one that we were just saying.
pub fn may_be_echo(heard: &str, said: &str) -> bool {
    let said: Vec<String> = words(said).collect();
    words(heard).all(|word| said.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_words_are_known_even_if_some_are_misheard() {
        let said = "Tell me about the hardest incident that you had to deal with at Northwind.";
        assert!(is_echo("the hardest incident that you", said));
        assert!(is_echo("The hardest instance that you had to deal", said));
        assert!(is_echo("incident", said));
        for own in ["Sorry, can I ask something", "the database was down", "That", "you", "wait wait", ""] {
            assert!(!is_echo(own, said), "{own}");
        }
        assert!(!is_echo("anything", ""));
        assert!(may_be_echo("the", said) && may_be_echo("at Northwind", said));
        assert!(!may_be_echo("the database", said) && !may_be_echo("stop", said));
    }
}
