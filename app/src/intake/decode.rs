//! Makes text of the bytes of a file.

/// What a file is that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotText {
    /// Nothing, or nothing but white space.
    Empty,
    /// A PDF.
    Pdf,
    /// A DOCX, an ODT, or whatever else is packed as a ZIP is.
    Packed,
    /// A document of Word before 2007.
    Office,
    /// Rich text, in which the words stand between commands.
    Rich,
    /// A picture.
    Picture,
    /// Something else.
    Other,
}

/// How files begin that are no text.
const KINDS: [(&[u8], NotText); 8] = [
    (b"%PDF-", NotText::Pdf),
    (b"PK\x03\x04", NotText::Packed),
    (b"PK\x05\x06", NotText::Packed),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotText::Office),
    (b"{\\rtf", NotText::Rich),
    (b"\x89PNG", NotText::Picture),
    (b"\xff\xd8\xff", NotText::Picture),
    (b"GIF8", NotText::Picture),
];

/// The bytes 0x80 to 0x9F of Windows-1252; five of them stand for nothing.
const WINDOWS: [Option<char>; 32] = [
    Some('\u{20ac}'),
    None,
    Some('\u{201a}'),
    Some('\u{192}'),
    Some('\u{201e}'),
    Some('\u{2026}'),
    Some('\u{2020}'),
    Some('\u{2021}'),
    Some('\u{2c6}'),
    Some('\u{2030}'),
    Some('\u{160}'),
    Some('\u{2039}'),
    Some('\u{152}'),
    None,
    Some('\u{17d}'),
    None,
    None,
    Some('\u{2018}'),
    Some('\u{2019}'),
    Some('\u{201c}'),
    Some('\u{201d}'),
    Some('\u{2022}'),
    Some('\u{2013}'),
    Some('\u{2014}'),
    Some('\u{2dc}'),
    Some('\u{2122}'),
    Some('\u{161}'),
    Some('\u{203a}'),
    Some('\u{153}'),
    None,
    Some('\u{17e}'),
    Some('\u{178}'),
];

/// The text of these bytes: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252. Every line ends with a
/// line feed. `whole`: they are all of the file, so that no character at their end can be torn.
pub(crate) fn decode(bytes: &[u8], whole: bool) -> Result<String, NotText> {
    if let Some((_, kind)) = KINDS.iter().find(|(begins, _)| bytes.starts_with(begins)) {
        return Err(*kind);
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, whole),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, whole),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, whole),
        bytes => utf8(bytes, whole).or_else(|| windows(bytes)),
    };
    let text = text.ok_or(NotText::Other)?.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}'], "\n");
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(NotText::Other);
    }
    if text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').is_empty() {
        return Err(NotText::Empty);
    }
    Ok(text)
}

fn utf8(bytes: &[u8], whole: bool) -> Option<String> {
    match str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        // The last character is not all there.
        Err(error) if !whole && error.error_len().is_none() => {
            str::from_utf8(&bytes[..error.valid_up_to()]).ok().map(str::to_owned)
        }
        Err(_) => None,
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, whole: bool) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    if whole && !rest.is_empty() {
        return None;
    }
    // The first half of a pair, whose other half is not there.
    if !whole && units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
        units.pop();
    }
    String::from_utf16(&units).ok()
}

fn windows(bytes: &[u8]) -> Option<String> {
    let letter = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS[usize::from(*byte) - 0x80],
        byte => Some(char::from(*byte)),
    };
    bytes.iter().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A text as a file holds it once it was read: no carriage returns, nothing that is no text.
    fn texts() -> impl Strategy<Value = String> {
        let letters = "[ a-zA-Z0-9.,\u{e9}\u{fc}\u{df}\u{4e2d}\u{1f600}\n\t]{0,80}[a-z]";
        proptest::string::string_regex(letters).unwrap()
    }

    proptest! {
        #[test]
        fn every_encoding_brings_the_same_text(text in texts()) {
            let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
            let little: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
            let dos = text.replace('\n', "\r\n").into_bytes();
            let mac = text.replace('\n', "\r").into_bytes();
            for bytes in [text.clone().into_bytes(), marked, little, big, dos, mac] {
                prop_assert_eq!(decode(&bytes, true), Ok(text.clone()));
            }
        }

        #[test]
        fn what_no_utf_8_can_be_is_read_as_windows_wrote_it(text in "[a-z ]{0,20}[\u{e0}-\u{ff}\u{20ac}\u{2019}\u{2022}] [a-z]{1,20}") {
            let byte = |c: char| match WINDOWS.iter().position(|known| *known == Some(c)) {
                Some(at) => at as u8 + 0x80,
                None => c as u8,
            };
            let bytes: Vec<u8> = text.chars().map(byte).collect();
            prop_assert_eq!(decode(&bytes, true), Ok(text));
        }

        #[test]
        fn a_text_that_was_not_read_to_its_end_is_a_text_all_the_same(text in texts(), cut in 0..200_usize) {
            let bytes = text.as_bytes();
            let read = decode(&bytes[..cut.min(bytes.len())], false);
            match read {
                Ok(read) => prop_assert!(text.starts_with(&read)),
                Err(refused) => prop_assert_eq!(refused, NotText::Empty),
            }
        }

        #[test]
        fn bytes_that_are_no_text_never_become_one(start in "[a-z]{1,20}", nul in prop_oneof![0..=8_u8, 14..=31_u8], end in "[a-z]{0,20}") {
            let bytes = [start.as_bytes(), &[nul], end.as_bytes()].concat();
            prop_assert_eq!(decode(&bytes, true), Err(NotText::Other));
        }
    }

    #[test]
    fn a_cv_from_windows_keeps_its_accents() {
        assert_eq!(decode(b"R\xe9sum\xe9 \x96 5\x80", true).unwrap(), "R\u{e9}sum\u{e9} \u{2013} 5\u{20ac}");
        assert_eq!(decode(b"\xff\xfe", true), Err(NotText::Empty));
        assert_eq!(decode(b" \r\n\t", true), Err(NotText::Empty));
        assert_eq!(decode(b"\xff\xfea", true), Err(NotText::Other), "half a letter");
        assert_eq!(decode(b"page one\x0cpage two", true).unwrap(), "page one\npage two");
    }
}
