//! Names, as a sentence has them.

/// "a, b and c", where `last` is "and".
pub(crate) fn in_a_sentence(mut names: Vec<String>, last: &str) -> String {
    let end = names.pop().unwrap_or_default();
    if names.is_empty() { end } else { format!("{} {last} {end}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_is_joined_by_a_word() {
        let names =
            |names: &[&str]| in_a_sentence(names.iter().map(|name| (*name).to_owned()).collect(), "and");
        assert_eq!(
            ["a", "a and b", "a, b and c"],
            [names(&["a"]), names(&["a", "b"]), names(&["a", "b", "c"])]
        );
    }
}
