//! Where forms lead, and under which keys they are kept.

/// The address of an interview, at its newest line.
pub(in crate::api) fn page_of(id: &str) -> String {
    format!("/interview/{id}#now")
}

/// The address of an interview that is to go on by voice.
pub(in crate::api) fn voice_of(id: &str) -> String {
    format!("/interview/{id}#voice")
}

/// Under which is kept why a retry or a fork of an interview could not be begun.
pub(in crate::api) fn again_of(id: &str) -> String {
    format!("again.{id}")
}

/// The address of a line of an interview.
pub(in crate::api) fn line_of(id: &str, seq: u32) -> String {
    format!("/interview/{id}#line-{seq}")
}

/// The list that a form was sent from: under which key it is kept if it was not taken, and its address.
pub(in crate::api) fn list_from(from: &str) -> (&'static str, &'static str) {
    if from == "interviews" { ("interviews", "/interviews") } else { ("start", "/") }
}

/// The address of an interview in the list of all of them.
pub(in crate::api) fn entry_of(id: &str) -> String {
    format!("/interviews#interview-{id}")
}

/// The address of the notes, where a statement stood that was struck.
pub(in crate::api) fn notes_after(id: &str, statement: &str) -> String {
    // Only what names of statements are made of stands in an address.
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '_');
    match statement.strip_prefix("story.").filter(|rest| rest.chars().all(plain)) {
        Some(rest) => format!("/interview/{id}/report#story.{rest}"),
        None => crate::pages::notes_of(id),
    }
}
