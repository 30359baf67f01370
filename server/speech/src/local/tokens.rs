//! Moonshine's tokens as words: `tokenizer.bin`.
//!
//! The file is every piece in the order of its number, each behind its length in bytes: one byte below 128, or two,
//! where the length is `second * 128 + first - 128`. `▁` stands for a space; `<0x41>` or a lone byte for itself.

use crate::SpeechError;

/// The pieces, by number.
pub(super) struct TokenVocabulary {
    pieces: Vec<Box<[u8]>>,
    /// Their numbers, in the order of their bytes.
    sorted: Box<[u32]>,
    /// Whether each may be of an English text.
    english: Box<[bool]>,
}

/// The last of the letters that English and what it took over is written in.
const LATIN: char = '\u{24f}';
/// From here on there are only signs of other scripts, and pictures.
const FOREIGN: char = '\u{2e80}';

/// No piece is longer, in bytes.
const LONGEST: usize = 32;

impl TokenVocabulary {
    /// Reads the file's bytes.
    pub(super) fn parse(mut bytes: &[u8]) -> Result<Self, SpeechError> {
        let mut pieces: Vec<Box<[u8]>> = Vec::new();
        while let Some((&first, rest)) = bytes.split_first() {
            let (length, rest) = match (first, rest.split_first()) {
                (0..128, _) => (usize::from(first), rest),
                (_, Some((&second, rest))) => (usize::from(second) * 128 + usize::from(first) - 128, rest),
                (_, None) => return Err(broken()),
            };
            let (piece, rest) = rest.split_at_checked(length).ok_or_else(broken)?;
            pieces.push(piece.into());
            bytes = rest;
        }
        let mut sorted: Box<[u32]> = (0..).take(pieces.len()).collect();
        sorted.sort_by_key(|number| &pieces[*number as usize]);
        let english = pieces.iter().map(|piece| is_english(piece)).collect();
        Ok(Self { pieces, sorted, english })
    }

    /// Of each, whether it may be of an English text: the model was taught other scripts, and falls into them over hums.
    pub(super) fn english(&self) -> &[bool] {
        &self.english
    }

    /// Tokens that make up this text: always the longest that fits, which is mostly how the model has it.
    pub(super) fn of(&self, text: &str) -> Vec<u32> {
        let spaced: String = text.split_whitespace().flat_map(|word| ["▁", word]).collect();
        let (mut rest, mut found) = (spaced.as_bytes(), Vec::new());
        while !rest.is_empty() {
            let longest = (1..=rest.len().min(LONGEST)).rev();
            let fits = longest.filter_map(|length| self.number(&rest[..length])).next();
            let length = fits.map_or(1, |number| self.pieces[number as usize].len());
            found.extend(fits);
            rest = &rest[length..];
        }
        found
    }

    /// The number of a piece.
    fn number(&self, piece: &[u8]) -> Option<u32> {
        let place = self.sorted.binary_search_by_key(&piece, |number| &self.pieces[*number as usize]);
        place.ok().map(|place| self.sorted[place])
    }

    /// The text of these tokens; marks such as `</s>` are left out.
    pub(super) fn text(&self, tokens: &[u32]) -> String {
        let mut bytes = Vec::new();
        for piece in tokens.iter().filter_map(|token| self.pieces.get(*token as usize)) {
            match spelled_byte(piece) {
                Some(byte) => bytes.push(byte),
                None if piece.starts_with(b"<") && piece.ends_with(b">") => {}
                None => bytes.extend_from_slice(piece),
            }
        }
        let text = String::from_utf8_lossy(&bytes).replace('▁', " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn is_english(piece: &[u8]) -> bool {
    let byte = spelled_byte(piece).or_else(|| piece.first().copied().filter(|_| piece.len() == 1));
    match (byte, std::str::from_utf8(piece)) {
        // The first bytes of other scripts' letters.
        (Some(byte), _) => byte < 0xca,
        (None, Ok(text)) => {
            text.chars().all(|letter| letter <= LATIN || (letter < FOREIGN && !letter.is_alphabetic()))
        }
        (None, Err(_)) => true,
    }
}

/// The byte that a piece such as `<0x0A>` spells.
fn spelled_byte(piece: &[u8]) -> Option<u8> {
    let digits = piece.strip_prefix(b"<0x")?.strip_suffix(b">")?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn broken() -> SpeechError {
    SpeechError::Missing(
        "Moonshine's list of tokens is broken; `interviewos models fetch` mends it".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(pieces: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for piece in pieces {
            match piece.len() {
                length @ 0..128 => bytes.push(length as u8),
                length => bytes.extend([(length % 128 + 128) as u8, (length / 128) as u8]),
            }
            bytes.extend_from_slice(piece);
        }
        bytes
    }

    #[test]
    fn pieces_become_text() {
        let long = [b'x'; 300];
        let pieces: [&[u8]; 7] =
            [b"<unk>", "▁Hel".as_bytes(), b"lo", "▁".as_bytes(), b"<0xC3>", b"<0xA9>", &long];
        let tokens = TokenVocabulary::parse(&file(&pieces)).unwrap();
        assert_eq!(tokens.english().len(), 7);
        assert_eq!(tokens.text(&[0, 1, 2, 3, 4, 5, 0, 99]), "Hello é");
        assert_eq!(tokens.text(&[6]).len(), 300);
    }

    #[test]
    fn other_scripts_are_told_apart() {
        let pieces: [&[u8]; 9] = [
            b"<unk>",
            "▁naïve".as_bytes(),
            "’".as_bytes(),
            b"<0xC3>",
            b"<0xE6>",
            "我们".as_bytes(),
            "про".as_bytes(),
            "。".as_bytes(),
            &[0xe6],
        ];
        let tokens = TokenVocabulary::parse(&file(&pieces)).unwrap();
        assert_eq!(tokens.english(), [true, true, true, true, false, false, false, false, false]);
    }

    #[test]
    fn a_text_becomes_pieces_and_the_same_text_again() {
        let pieces: [&[u8]; 8] =
            [b"<unk>", "▁We".as_bytes(), "▁".as_bytes(), b"s", b"sh", b"ipped", "▁ship".as_bytes(), b"ped"];
        let tokens = TokenVocabulary::parse(&file(&pieces)).unwrap();
        assert_eq!(tokens.of("We  shipped s"), [1, 6, 7, 2, 3]);
        assert_eq!(tokens.text(&tokens.of(" We shipped")), "We shipped");
        assert_eq!(tokens.of("We é shs"), [1, 2, 2, 4, 3], "what has no piece is passed over");
        assert!(tokens.of("").is_empty());
    }

    #[test]
    fn a_broken_file_is_refused() {
        let whole = file(&[b"abc", &[b'y'; 200]]);
        assert!(TokenVocabulary::parse(&whole).is_ok());
        for cut in [1, 3, 5, 6, whole.len() - 1] {
            let parsed = TokenVocabulary::parse(&whole[..cut]);
            assert_eq!(parsed.is_ok(), cut == 4, "cut at {cut}");
        }
    }
}
