//! The one way in for text that is typed, pasted, dropped or chosen as a file: it is counted, read whatever it is
//! written in, and never cut; what cannot be taken is refused in words that say what to do.
//!
//! Pure: the browser's side of it is `crate::live::intake`.

mod decode;

pub(crate) use decode::{NotText, decode};

/// Most bytes of a file that are read: more than the longest text needs in any encoding that is read.
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// From this part of the limit on, in percent, the count is shown.
const NEAR: usize = 80;

/// A field that text is given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct IntakeField {
    /// What it is for: "the CV".
    pub name: &'static str,
    /// The most characters that it takes.
    pub limit: usize,
}

/// Why a text was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IntakeRefusal {
    /// The file is no text.
    NotText(NotText),
    /// With what stands there already it would be longer than may be.
    TooLong {
        /// How long it would be, in characters; `None` if only the beginning of the file was read, so that nobody counted.
        would_be: Option<usize>,
    },
    /// The browser could not read it.
    Unreadable,
    /// More than one file came at once.
    Several,
}

impl IntakeRefusal {
    /// What is said to the person; `file` is the name of the file.
    pub(crate) fn words(&self, file: &str, field: IntakeField) -> String {
        let what = match self {
            Self::NotText(NotText::Empty) => {
                "is empty. If it should not be, save it again where you wrote it".to_owned()
            }
            Self::NotText(NotText::Pdf) => {
                "is a PDF, which cannot be read here. Open it, select its text, copy it, and paste it".to_owned()
            }
            Self::NotText(NotText::Packed) => {
                "is a Word document (DOCX) or another packed file, which cannot be read here. Open it, select its text, copy it, and paste it"
                    .to_owned()
            }
            Self::NotText(NotText::Office) => {
                "is an old Word document, which cannot be read here. Open it, select its text, copy it, and paste it".to_owned()
            }
            Self::NotText(NotText::Rich) => {
                "is rich text (RTF), which cannot be read here. Open it, select its text, copy it, and paste it".to_owned()
            }
            Self::NotText(NotText::Picture) => {
                "is a picture, and text is needed. Type what it says, or paste it".to_owned()
            }
            Self::NotText(NotText::Other) => {
                "is no text. Save it as plain text (UTF-8), or paste its text".to_owned()
            }
            Self::TooLong { would_be } => {
                let would = would_be.map_or_else(String::new, |n| format!(" and would have {}", grouped(n)));
                format!(
                    "is too long: {} can have {} characters at most{would}. Paste the parts that matter",
                    field.name,
                    grouped(field.limit)
                )
            }
            Self::Unreadable => {
                "could not be read. If it is a folder, choose a file instead; if it is a file, paste its text".to_owned()
            }
            Self::Several => return "Only one file can be taken at a time. Nothing was added.".to_owned(),
        };
        format!("\u{201c}{file}\u{201d} {what}. Nothing was added.")
    }
}

/// How many characters a text has, as the server counts them: a line's end is one.
pub(crate) fn count(text: &str) -> usize {
    text.chars().count() - text.matches("\r\n").count()
}

/// What stands in the field once a file's text is added to what stands there. Nothing is replaced, nothing cut.
pub(crate) fn added(there: &str, new: &str, limit: usize) -> Result<String, IntakeRefusal> {
    let new = new.trim();
    let whole = match there.trim_end() {
        "" => new.to_owned(),
        there => format!("{there}\n\n{new}"),
    };
    match count(&whole) {
        length if length > limit => Err(IntakeRefusal::TooLong { would_be: Some(length) }),
        _ => Ok(whole),
    }
}

/// The text of a file of which these are the first bytes, `size` bytes long as a whole; or why it is not taken.
pub(crate) fn read(start: &[u8], size: usize, there: &str, limit: usize) -> Result<String, IntakeRefusal> {
    let text = decode(start, size <= start.len()).map_err(IntakeRefusal::NotText)?;
    if size > start.len() {
        return Err(IntakeRefusal::TooLong { would_be: None });
    }
    added(there, &text, limit)
}

/// What is said of how long a text is: nothing while it is well within the limit.
pub(crate) fn counted(length: usize, limit: usize) -> String {
    let (has, most) = (grouped(length), grouped(limit));
    if length > limit {
        let over = grouped(length - limit);
        format!("{has} characters: {over} over the limit of {most}. Please shorten it; nothing has been cut.")
    } else if length * 100 >= limit * NEAR {
        format!("{has} of {most} characters")
    } else {
        String::new()
    }
}

/// "24,000"
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CV: IntakeField = IntakeField { name: "the CV", limit: 20_000 };

    #[test]
    fn numbers_are_grouped_and_counts_shown_when_they_matter() {
        assert_eq!(
            [0, 999, 1_000, 24_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "24,000", "1,234,567"]
        );
        assert_eq!(counted(15_999, 20_000), "");
        assert_eq!(counted(20_000, 20_000), "20,000 of 20,000 characters");
        assert!(counted(24_000, 20_000).starts_with("24,000 characters: 4,000 over the limit of 20,000."));
    }

    #[test]
    fn each_refusal_names_the_file_and_says_what_to_do() {
        for (bytes, part) in [
            (&b""[..], "is empty"),
            (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
            (b"PK\x03\x04\x14\x00", "is a Word document (DOCX)"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Word document"),
            (b"{\\rtf1\\ansi Hello}", "is rich text"),
            (b"\x89PNG\r\n\x1a\n", "is a picture"),
            (b"\x7fELF\x02\x01\x01\x00", "is no text"),
        ] {
            let refusal = read(bytes, bytes.len(), "what I typed", CV.limit).unwrap_err();
            let words = refusal.words("cv.pdf", CV);
            assert!(words.starts_with("\u{201c}cv.pdf\u{201d} ") && words.contains(part), "{words}");
            assert!(words.ends_with(". Nothing was added."), "{words}");
        }
        let long = "word ".repeat(5_000);
        let words = read(long.as_bytes(), long.len(), "", CV.limit).unwrap_err().words("cv.txt", CV);
        assert!(words.contains("20,000 characters at most and would have 24,999."), "{words}");
    }

    #[test]
    fn a_file_of_which_only_the_beginning_was_read_is_too_long_even_where_a_letter_is_torn() {
        let text = "\u{e9}".repeat(MOST_BYTES);
        let start = &text.as_bytes()[..MOST_BYTES - 1];
        let refused = read(start, text.len(), "", CV.limit);
        let refused = refused.unwrap_err();
        assert_eq!(refused, IntakeRefusal::TooLong { would_be: None }, "nobody counted the rest");
        let words = refused.words("cv.txt", CV);
        assert!(words.contains("the CV can have 20,000 characters at most. Paste"), "{words}");
        // What is no text says so however long it is.
        let refused = read(b"%PDF-1.4", 10_000_000, "", CV.limit);
        assert_eq!(refused, Err(IntakeRefusal::NotText(NotText::Pdf)));
    }

    proptest! {
        #[test]
        fn nothing_there_is_replaced_and_nothing_new_is_cut(there in any::<String>(), new in any::<String>(), limit in 0..200_usize) {
            match added(&there, &new, limit) {
                Ok(whole) => {
                    prop_assert!(whole.starts_with(there.trim_end()));
                    prop_assert!(whole.ends_with(new.trim()));
                    prop_assert!(count(&whole) <= limit);
                }
                Err(IntakeRefusal::TooLong { would_be }) => prop_assert!(would_be.is_some_and(|n| n > limit)),
                Err(other) => prop_assert!(false, "{:?}", other),
            }
        }

        #[test]
        fn whatever_a_file_holds_is_taken_whole_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(text) = read(&bytes, bytes.len(), "", 1_000) {
                prop_assert!(!text.is_empty());
                let ended = text.contains(['\0', '\r']);
                prop_assert!(!ended, "{:?}", text);
            }
        }
    }
}
