//! What a number is worth, written in figures or in words.

use interview::listen::cardinal;

/// In hundredths, so that "2.5 million" and "2,500,000" are the same. `None` for what is no one number: "hundreds",
/// "half", "2 3".
pub(super) fn value(text: &str) -> Option<u64> {
    let text = text.to_lowercase();
    let words = text.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty());
    let (mut total, mut part) = (0_u64, 0_u64);
    let mut any = false;
    for word in words.filter(|word| !matches!(*word, "a" | "and" | "percent")) {
        if let Some(scale) = scale(word) {
            let counted = if any { part } else { HUNDREDTHS };
            part = counted.checked_mul(scale)?;
            if scale >= 1_000 {
                total = total.checked_add(part)?;
                part = 0;
            }
        } else if let Some(plain) = cardinal(word) {
            // "Twenty five" goes on, "two three" does not.
            let below = if plain < 10 { 10 } else { 100 };
            if any && !part.is_multiple_of(below * HUNDREDTHS) {
                return None;
            }
            part = part.checked_add(plain * HUNDREDTHS)?;
        } else {
            if any {
                return None;
            }
            part = figures(word)?;
        }
        any = true;
    }
    if any { total.checked_add(part) } else { None }
}

const HUNDREDTHS: u64 = 100;

fn scale(word: &str) -> Option<u64> {
    Some(match word {
        "dozen" => 12,
        "hundred" => 100,
        "thousand" => 1_000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => return None,
    })
}

/// "£1,200", "40%", "2.5m".
fn figures(word: &str) -> Option<u64> {
    let word = word.trim_start_matches(['£', '$', '€']).trim_end_matches(['%', '+']);
    let end = word.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(word.len());
    let (digits, unit) = word.split_at(end);
    let scale = match unit {
        "" => 1,
        "k" => 1_000,
        "m" => 1_000_000,
        "bn" => 1_000_000_000,
        _ => return None,
    };
    let digits = digits.replace(',', "");
    let (whole, rest) = digits.split_once('.').unwrap_or((&digits, ""));
    let hundredths = match rest.len() {
        0 => 0,
        1 => rest.parse::<u64>().ok()? * 10,
        2 => rest.parse().ok()?,
        _ => return None,
    };
    whole.parse::<u64>().ok()?.checked_mul(HUNDREDTHS)?.checked_add(hundredths)?.checked_mul(scale)
}

#[cfg(test)]
mod tests {
    use super::value;

    #[test]
    fn words_and_figures_are_worth_the_same() {
        let same = [
            ("seven", "7"),
            ("Twenty-five", "25"),
            ("a hundred", "100"),
            ("two hundred and six", "206"),
            ("2.5 million", "2,500,000"),
            ("\u{a3}40k", "forty thousand"),
            ("40%", "forty percent"),
            ("two dozen", "24"),
        ];
        for (one, other) in same {
            assert!(value(one).is_some() && value(one) == value(other), "{one}, {other}");
        }
    }

    #[test]
    fn what_is_no_one_number_is_worth_nothing() {
        for text in ["", "half", "hundreds", "2 3", "two three", "1.234.5", "x7", "99999999999999999999"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
