//! Words cut into the pieces that the tagger and the dictionaries know: "don't." is "do", "n't" and ".".
//!
//! The rules are those of spaCy's English tokenizer (MIT) as far as words and punctuation go; numbers and symbols
//! have become words before.

/// Quotes of all kinds.
const QUOTES: &str = "'\"”“`‘´’‚,„»«";
/// Punctuation that is a piece of its own at either end of a word.
const ENDS: &str = "…,:;!?¿¡()[]{}<>_#*&·—–=%";
/// What is pulled off the end of a word, longest first.
const CONTRACTED: [&str; 7] = ["n't", "'ll", "'ve", "'re", "'d", "'m", "'s"];
/// Two words written as one.
const JOINED: [(&str, usize); 6] =
    [("cannot", 3), ("gonna", 3), ("gotta", 3), ("wanna", 3), ("y'all", 2), ("lemme", 3)];

fn is_quote(letter: char) -> bool {
    QUOTES.contains(letter)
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '‘' | '’')
}

/// The pieces of a word that has no white space in it; together they are the word.
pub(super) fn pieces(word: &str) -> Vec<String> {
    let mut rest: Vec<char> = word.chars().collect();
    let (mut front, mut back) = (Vec::new(), Vec::new());
    while !rest.is_empty() && contraction(&rest).is_none() {
        let before = prefix(&rest);
        if before > 0 {
            front.push(rest.drain(..before).collect::<String>());
            continue;
        }
        let after = suffix(&rest);
        if after == 0 {
            break;
        }
        back.push(rest.drain(rest.len() - after..).collect::<String>());
    }
    match contraction(&rest) {
        Some(pieces) => front.extend(pieces),
        None => front.extend(infixes(&rest)),
    }
    front.extend(back.into_iter().rev());
    front
}

/// The pieces of a contraction, if it is one.
fn contraction(letters: &[char]) -> Option<Vec<String>> {
    let word: String =
        letters.iter().map(|letter| if is_apostrophe(*letter) { '\'' } else { *letter }).collect();
    let small = word.to_ascii_lowercase();
    if let Some((_, cut)) = JOINED.iter().find(|(joined, _)| *joined == small) {
        return Some(vec![word[..*cut].to_owned(), word[*cut..].to_owned()]);
    }
    let ending = CONTRACTED.iter().find(|ending| small.len() > ending.len() && small.ends_with(**ending))?;
    let stem: Vec<char> = word[..word.len() - ending.len()].chars().collect();
    if !stem.iter().all(|letter| letter.is_alphabetic() || *letter == '\'') || !stem[0].is_alphabetic() {
        return None;
    }
    let mut pieces = contraction(&stem).unwrap_or_else(|| vec![stem.iter().collect()]);
    pieces.push(word[word.len() - ending.len()..].to_owned());
    Some(pieces)
}

/// How many letters at the start are a piece of their own.
fn prefix(letters: &[char]) -> usize {
    let dots = letters.iter().take_while(|letter| **letter == '.').count();
    match letters[0] {
        _ if dots >= 2 => dots,
        '+' if letters.get(1).is_none_or(|next| !next.is_ascii_digit()) => 1,
        '$' | '£' | '€' => 1,
        letter if ENDS.contains(letter) || is_quote(letter) => 1,
        _ => 0,
    }
}

/// How many letters at the end are a piece of their own.
fn suffix(letters: &[char]) -> usize {
    let count = letters.len();
    let dots = letters.iter().rev().take_while(|letter| **letter == '.').count();
    let (last, before) = (letters[count - 1], count.checked_sub(2).map(|at| letters[at]));
    if dots >= 2 {
        return dots;
    }
    if matches!(last, 's' | 'S') && before.is_some_and(|letter| matches!(letter, '\'' | '’')) {
        return 2;
    }
    let stop = last == '.'
        && match (count.checked_sub(3).map(|at| letters[at]), before) {
            (_, None) => false,
            (Some(one), Some(two)) if one.is_uppercase() && two.is_uppercase() => true,
            (_, Some(letter)) => {
                letter.is_ascii_digit()
                    || letter.is_lowercase()
                    || is_quote(letter)
                    || ENDS.contains(letter)
                    || matches!(letter, '-' | '+' | '²')
            }
        };
    usize::from(stop || ENDS.contains(last) || is_quote(last))
}

/// Cuts at dashes, dots, commas and slashes between letters.
fn infixes(letters: &[char]) -> Vec<String> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < letters.len() {
        let length = infix(letters, at);
        if length == 0 || at == 0 {
            at += length.max(1);
            continue;
        }
        if at > start {
            pieces.push(letters[start..at].iter().collect());
        }
        pieces.push(letters[at..at + length].iter().collect());
        at += length;
        start = at;
    }
    if start < letters.len() {
        pieces.push(letters[start..].iter().collect());
    }
    pieces
}

/// How many letters from here on stand between two pieces.
fn infix(letters: &[char], at: usize) -> usize {
    let before = at.checked_sub(1).map(|before| letters[before]);
    let is_letter = |at: usize| letters.get(at).is_some_and(|letter| letter.is_alphabetic());
    let run = |mark: char| letters[at..].iter().take_while(|letter| **letter == mark).count();
    let after_word = before.is_some_and(char::is_alphanumeric);
    match letters[at] {
        '…' => 1,
        '.' if run('.') >= 2 => run('.'),
        '.' if before.is_some_and(|letter| letter.is_lowercase() || is_quote(letter)) => {
            usize::from(letters.get(at + 1).is_some_and(|next| next.is_uppercase() || is_quote(*next)))
        }
        ',' if before.is_some_and(char::is_alphabetic) => usize::from(is_letter(at + 1)),
        '-' if after_word && run('-') <= 3 && is_letter(at + run('-')) => run('-'),
        '–' | '—' | '~' | ':' | '<' | '>' | '=' | '/' if after_word => usize::from(is_letter(at + 1)),
        _ => 0,
    }
}

/// A piece cut further, where its writing changes: "TypeScript" is "Type" and "Script", "'ll" is "'" and "ll".
pub(super) fn parts(piece: &str) -> Vec<String> {
    let letters: Vec<char> = piece.chars().collect();
    let (mut parts, mut at) = (Vec::new(), 0);
    while at < letters.len() {
        let length = part(&letters, at);
        parts.push(letters[at..at + length].iter().collect());
        at += length;
    }
    parts
}

/// How many letters from here on make a part; at least one.
fn part(letters: &[char], at: usize) -> usize {
    let is = |at: usize, test: fn(char) -> bool| letters.get(at).is_some_and(|letter| test(*letter));
    let run = |from: usize, test: fn(char) -> bool| {
        letters[from..].iter().take_while(|letter| test(**letter)).count()
    };
    let here = letters[at];
    if is_apostrophe(here) {
        return if at == 0 || run(at, is_apostrophe) >= 2 { run(at, is_apostrophe) } else { 1 };
    }
    if here.is_uppercase() && is(at + 1, char::is_uppercase) && is(at + 2, char::is_lowercase) {
        return 1;
    }
    if here.is_ascii_digit() {
        return run(at, |letter| letter.is_ascii_digit() || matches!(letter, ',' | '.')).max(1);
    }
    if matches!(here, '-' | '_') {
        return run(at, |letter| matches!(letter, '-' | '_'));
    }
    if !here.is_alphabetic() {
        return 1;
    }
    let word = run(at, char::is_alphabetic);
    let hump = (at..at + word).find(|at| is(*at, char::is_lowercase) && is(at + 1, char::is_uppercase));
    if let Some(hump) = hump {
        return hump + 1 - at;
    }
    // "o'clock" goes on after its apostrophe, by one letter.
    let mut end = at + word;
    while is(end, is_apostrophe) && is(end + 1, char::is_alphabetic) {
        end += 2;
    }
    end - at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_apart() {
        for (word, expected) in [
            ("hello", "hello"),
            ("hello.", "hello ."),
            ("\"Hello,\"", "\" Hello , \""),
            ("don't", "do n't"),
            ("couldn't've", "could n't 've"),
            ("you've,", "you 've ,"),
            ("he’s", "he 's"),
            ("Anna's", "Anna 's"),
            ("users'", "users '"),
            ("cannot", "can not"),
            ("state-of-the-art?", "state - of - the - art ?"),
            ("time...", "time ..."),
            ("time…and", "time … and"),
            ("and/or", "and / or"),
            ("I/O", "I / O"),
            ("API.", "API ."),
            ("B.", "B."),
            ("(later)", "( later )"),
            ("—", "—"),
            ("yes—no", "yes — no"),
            ("o'clock", "o'clock"),
            ("...", "..."),
            ("'", "'"),
        ] {
            assert_eq!(pieces(word).join(" "), expected, "{word}");
        }
    }

    #[test]
    fn pieces_come_apart_where_their_writing_changes() {
        for (piece, expected) in [
            ("TypeScript", "Type Script"),
            ("GitHub", "Git Hub"),
            ("'ll", "' ll"),
            ("n't", "n't"),
            ("o'clock", "o'c lock"),
            ("B.", "B ."),
            ("iOS", "i OS"),
            ("K8s", "K 8 s"),
            ("---", "---"),
        ] {
            assert_eq!(parts(piece).join(" "), expected, "{piece}");
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost(word in "[a-zA-Z'’.,!?\"()/:;—-]{1,16}") {
            let plain = |text: &str| text.replace(['’', '‘'], "'");
            proptest::prop_assert_eq!(plain(&pieces(&word).concat()), plain(&word));
            proptest::prop_assert_eq!(parts(&word).concat(), word);
        }
    }
}
