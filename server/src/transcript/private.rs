//! What is left out of a file that others are to see.

use std::borrow::Cow;
use std::sync::Arc;

use engine::Export;
use interview::contact::without_contacts;
use interview::{Message, Profile};
use report::Report;
use serde_json::Value;

/// How much of an interview a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// Everything but the CV, and the contact details wherever they stand. The sound of an answer that says some goes, too.
    WithoutContacts,
}

impl Extent {
    /// The extent that leaves contacts out, or does not.
    pub fn leaving_out(contacts: bool) -> Self {
        if contacts { Self::WithoutContacts } else { Self::Whole }
    }

    /// What of an interview the file holds. Its notes still quote what was said: see [`Extent::words`] and
    /// [`Extent::notes`].
    pub(super) fn of(self, export: &Export) -> Cow<'_, Export> {
        match self {
            Self::Whole => Cow::Borrowed(export),
            Self::WithoutContacts => {
                let mut export = export.clone();
                leave_out(&mut export);
                Cow::Owned(export)
            }
        }
    }

    /// The answers whose sound the file holds, by number.
    pub fn sounds(self, export: &Export) -> Vec<u32> {
        self.of(export).sounds.iter().map(|sound| sound.seq).collect()
    }

    /// The words, as far as the file holds them.
    pub(super) fn words(self, text: &str) -> String {
        match self {
            Self::Whole => text.to_owned(),
            Self::WithoutContacts => without_contacts(text),
        }
    }

    /// The notes as JSON, as far as the file holds them.
    pub(super) fn notes(self, report: &Report) -> Value {
        let mut notes = serde_json::to_value(report).expect("a report is plain data");
        if self == Self::WithoutContacts {
            strip_contacts(&mut notes);
        }
        notes
    }
}

fn leave_out(export: &mut Export) {
    // A copy of its own: the session is everybody's.
    let snapshot = Arc::make_mut(&mut export.snapshot);
    let Profile { name: _, role, seniority: _, cv, job_description } = &mut snapshot.profile;
    for text in [&mut *role, job_description] {
        *text = without_contacts(text);
    }
    cv.clear();
    for ask in snapshot.plan.stages.iter_mut().filter_map(|stage| stage.ask.as_mut()) {
        *ask = without_contacts(ask);
    }
    // What the notes say of the CV quotes it.
    export.report.cv = None;
    let mut said = Vec::new();
    for (message, _) in &mut snapshot.messages {
        let Message { text, original, why, seq, .. } = message;
        let took_up = why.as_mut().and_then(|why| why.took_up.as_mut());
        for words in [Some(text), original.as_mut(), took_up].into_iter().flatten() {
            let without = without_contacts(words);
            if without != *words {
                said.push(*seq);
                *words = without;
            }
        }
    }
    export.sounds.retain(|sound| !said.contains(&sound.seq));
    for comment in &mut export.comments {
        comment.text = without_contacts(&comment.text);
    }
}

/// Leaves contact details out of all that stands in it for people.
fn strip_contacts(value: &mut Value) {
    match value {
        Value::String(text) => *text = without_contacts(text),
        Value::Array(all) => all.iter_mut().for_each(strip_contacts),
        // What has an id is found by it.
        Value::Object(all) => {
            all.iter_mut().filter(|(key, _)| *key != "id").for_each(|(_, it)| strip_contacts(it))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
