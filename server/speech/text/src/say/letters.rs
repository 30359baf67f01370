//! The characters of a text as the few that the rules know: ASCII, and a handful of symbols that have a name.

use std::ops::Range;

/// A character and the bytes of the written text it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Letter {
    pub(super) c: char,
    pub(super) source: Range<usize>,
}

/// Symbols beyond ASCII that stay, because a rule gives them a name or a meaning.
const KEPT: &str = "€£¥₹¢§–—−×÷±≈≤≥≠°²³→";

/// Transliterates letters and digits of every script, straightens quotes, and drops what is not spoken: accents set
/// apart, joiners, emoji.
pub(super) fn letters(text: &str) -> Vec<Letter> {
    let mut out: Vec<Letter> = Vec::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let source = at..at + c.len_utf8();
        // "5 µs": a prefix of a unit.
        let counted = matches!(c, 'µ' | 'μ')
            && out.iter().rev().find(|l| l.c != ' ').is_some_and(|l| l.c.is_ascii_digit());
        let mut push = |c: char| out.push(Letter { c, source: source.clone() });
        match c {
            '\n' | '\u{2028}' | '\u{2029}' => push('\n'),
            '\r' => {}
            _ if c.is_whitespace() || c.is_ascii_control() => push(' '),
            _ if c.is_ascii() || KEPT.contains(c) => push(c),
            '‘' | '’' | 'ʼ' | '′' | '＇' => push('\''),
            '“' | '”' | '„' | '«' | '»' | '‹' | '›' | '″' => push('"'),
            '‐' | '‑' => push('-'),
            '‒' => push('–'),
            '―' => push('—'),
            '…' => "...".chars().for_each(&mut push),
            '•' | '‣' | '◦' | '▪' | '·' => push('*'),
            '。' => push('.'),
            '，' | '、' => push(','),
            '¿' | '¡' => {}
            _ if counted => "micro".chars().for_each(&mut push),
            'µ' => push('u'),
            // Roman numerals of one character.
            'Ⅰ'..='Ⅻ' => (u32::from(c) - u32::from('Ⅰ') + 1).to_string().chars().for_each(&mut push),
            'ⅰ'..='ⅻ' => (u32::from(c) - u32::from('ⅰ') + 1).to_string().chars().for_each(&mut push),
            '⁰' | '¹' | '⁴'..='⁹' => {
                push('^');
                deunicode::deunicode_char(c).unwrap_or_default().chars().for_each(&mut push);
            }
            '！'..='～' => {
                // The wide forms of ASCII keep its order.
                let plain = u32::from(c) - u32::from('！') + u32::from('!');
                char::from_u32(plain).into_iter().for_each(push);
            }
            _ if is_invisible(c) => {}
            _ if c.is_alphanumeric() => transliterate(c, &source, &mut out),
            _ => push(' '),
        }
    }
    out
}

/// A letter or digit of another script. Characters that stand for a whole word or number keep their distance.
fn transliterate(c: char, source: &Range<usize>, out: &mut Vec<Letter>) {
    let latin = deunicode::deunicode_char(c).unwrap_or_default();
    let apart = c.is_numeric() && latin.len() > 1 && out.last().is_some_and(|l| l.c.is_ascii_alphanumeric());
    let mut push = |c: char| out.push(Letter { c, source: source.clone() });
    if apart {
        push(' ');
    }
    for c in latin.chars() {
        if c.is_ascii_alphanumeric() || c == '/' && latin.len() > 1 {
            push(c);
        } else if c == ' ' {
            push(' ');
        }
    }
}

/// Marks that change a letter or the line without being spoken: they do not part a word.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0000}'..='\u{e0fff}')
}
