//! What the environment says beside the settings, under the names that other programs use too.

/// The value of a variable without blanks around it; `None` if nothing is left, or if it is no text.
pub(crate) fn variable(name: &str) -> Option<String> {
    trimmed(std::env::var(name).ok())
}

/// A text without blanks around it; `None` if nothing is left.
pub(crate) fn trimmed(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_text_or_nothing() {
        assert_eq!(trimmed(Some(" key\n".to_owned())).as_deref(), Some("key"));
        assert_eq!(trimmed(Some(" ".to_owned())), None);
        assert_eq!(variable("INTERVIEWOS_NO_SUCH_VARIABLE"), None);
    }
}
