//! Letters to sounds, by rules: good enough for words no list has, since nobody knows how those are meant anyway.
//! Words that these rules get wrong are in a list (`words`).

use super::sounds::{PhonemeIndex, by_letter};

/// Rules in order: letters before, the letters themselves, letters after, and the sounds. In what surrounds the
/// letters, `#` is a vowel, `^` a consonant, `+` one of e, i, y, `_` the edge of the word, `.` a voiced consonant.
#[rustfmt::skip]
const RULES: &[(&str, &str, &str, &str)] = &[
    // a
    ("", "augh", "", "o"), ("", "ayor", "_", "e3"), ("", "aigh", "", "e"), ("", "air", "", "Er"),
    ("", "are", "_", "Er"),
    ("w", "ar", "", "or"), ("", "arr", "", "Er"), ("", "ar", "#", "Er"), ("^^", "ar", "_", "3"),
    ("", "ar", "", "Ar"),
    ("_", "a", "_", "V"), ("", "a", "^e_", "e"), ("", "a", "^es_", "e"), ("", "a", "^ed_", "e"),
    ("", "a", "^ing_", "e"),
    ("", "a", "^er_", "e"), ("", "ation", "", "eSVn"), ("#^", "able", "_", "VbVl"), ("", "ate", "_", "et"),
    ("", "age", "_", "IJ"),
    ("", "ai", "", "e"), ("", "ay", "", "e"), ("", "au", "", "o"), ("", "aw", "", "o"), ("", "all", "", "ol"),
    ("", "alk", "", "ok"), ("", "alm", "", "Am"), ("", "ange", "", "enJ"), ("", "aste", "", "est"),
    ("qu", "a", "", "A"),
    ("w", "a", "", "A"), ("", "a", "_", "V"), ("", "aa", "", "A"), ("", "ae", "", "i"), ("", "al", "_", "Vl"),
    ("", "a", "^^", "a"), ("", "a", "", "a"),
    // b
    ("m", "b", "_", ""), ("", "bb", "", "b"), ("", "b", "", "b"),
    // c
    ("", "chr", "", "kr"), ("", "ch", "", "C"), ("", "ck", "", "k"), ("", "ciou", "", "SV"),
    ("", "cial", "", "SVl"), ("", "cian", "", "SVn"),
    ("s", "c", "+", ""), ("", "cc", "+", "ks"), ("", "cc", "", "k"), ("", "cqu", "", "kw"),
    ("", "c", "+", "s"), ("", "c", "", "k"),
    // d
    ("", "dge", "", "J"), ("", "dg", "", "J"), ("", "dd", "", "d"), ("", "dj", "", "J"), ("", "d", "", "d"),
    // e
    ("", "eigh", "", "e"), ("", "eau", "", "O"), ("", "ear", "^", "3"), ("", "ear", "", "ir"),
    ("", "ead", "", "Ed"), ("", "eer", "", "ir"),
    ("", "ee", "", "i"), ("", "ea", "", "i"), ("", "ei", "", "i"), ("", "eu", "", "ju"), ("", "ew", "", "u"),
    ("", "eyes", "_", "iz"), ("", "ey", "", "i"),
    ("", "err", "", "Er"), ("", "ere", "_", "ir"), ("", "er", "#", "Er"), ("", "er", "", "3"),
    ("t", "ed", "_", "Vd"), ("d", "ed", "_", "Vd"),
    ("k", "ed", "_", "t"), ("p", "ed", "_", "t"), ("s", "ed", "_", "t"), ("sh", "ed", "_", "t"),
    ("ch", "ed", "_", "t"), ("c", "ed", "_", "t"),
    ("f", "ed", "_", "t"), ("#", "ed", "_", "d"), ("#^", "ed", "_", "d"), ("#^^", "ed", "_", "d"),
    ("s", "es", "_", "Vz"), ("x", "es", "_", "Vz"), ("z", "es", "_", "Vz"),
    ("c", "es", "_", "Vz"), ("g", "es", "_", "Vz"), ("ch", "es", "_", "Vz"), ("sh", "es", "_", "Vz"),
    ("i", "es", "_", "z"),
    ("#k", "es", "_", "s"), ("#t", "es", "_", "s"), ("#p", "es", "_", "s"), ("#f", "es", "_", "s"),
    ("#^", "es", "_", "z"), ("#^^", "es", "_", "z"),
    ("#^", "e", "ly_", ""), ("#^", "e", "ment", ""), ("#^", "e", "less", ""), ("#^", "e", "ful", ""),
    ("#^", "e", "_", ""), ("#^^", "e", "_", ""), ("#", "e", "_", ""), ("", "el", "_", "Vl"),
    ("", "en", "_", "Vn"), ("", "ent", "_", "Vnt"), ("", "e", "_", "i"),
    ("_r", "e", "^#", "i"), ("_pr", "e", "^#", "i"), ("_d", "e", "^#", "i"), ("", "e", "^e_", "i"),
    ("", "e", "", "E"),
    // f, g
    ("", "ff", "", "f"), ("", "f", "", "f"),
    ("", "ght", "", "t"), ("_", "gh", "", "g"), ("", "gh", "", ""), ("_", "gn", "", "n"),
    ("", "gn", "_", "n"), ("", "gg", "", "g"),
    ("", "gue", "_", "g"), ("", "gu", "#", "g"), ("_", "g", "et", "g"), ("_", "g", "i", "g"),
    ("n", "g", "_", ""), ("n", "g", "er_", ""), ("n", "g", "ing", ""), ("n", "g", "s_", ""),
    ("", "ge", "_", "J"), ("", "g", "+", "J"), ("", "g", "", "g"),
    // h
    ("#", "h", "_", ""), ("#", "h", "^", ""), ("", "h", "", "h"),
    // i
    ("", "igh", "", "Y"), ("", "ign", "_", "Yn"), ("", "ild", "_", "Yld"), ("", "ind", "_", "Ynd"),
    ("", "ique", "_", "ik"), ("", "irr", "", "Ir"),
    ("", "ire", "", "Y3"), ("", "ir", "#", "Yr"), ("", "ir", "", "3"), ("", "ier", "_", "i3"),
    ("", "ies", "_", "iz"), ("", "ied", "_", "id"), ("_^", "ie", "_", "Y"), ("", "ie", "", "i"),
    ("", "ious", "", "iVs"), ("", "ive", "_", "Iv"), ("", "ine", "_", "Yn"), ("", "ite", "_", "Yt"),
    ("", "ice", "_", "Vs"),
    ("", "i", "^e_", "Y"), ("", "i", "^es_", "Y"), ("", "i", "^ed_", "Y"), ("", "i", "^ing_", "Y"),
    ("", "i", "^er_", "Y"),
    ("", "ion", "", "jVn"), ("", "ia", "", "iV"), ("", "io", "", "iO"), ("_", "i", "_", "Y"),
    ("", "i", "_", "i"), ("_^", "i", "^#", "I"), ("", "i", "", "I"),
    // j, k, l
    ("", "j", "", "J"), ("_", "kn", "", "n"), ("", "kh", "", "k"), ("", "kk", "", "k"), ("", "k", "", "k"),
    ("", "ll", "", "l"), ("^", "le", "_", "Vl"), ("^", "les", "_", "Vlz"), ("", "l", "", "l"),
    // m, n
    ("", "mm", "", "m"), ("", "mn", "_", "m"), ("", "m", "", "m"),
    ("", "nk", "", "Nk"), ("", "nx", "", "Nks"), ("", "ng", "#", "Ng"), ("", "n", "g", "N"),
    ("", "nn", "", "n"), ("", "n", "", "n"),
    // o
    ("", "ough", "t", "o"), ("", "ough", "", "O"), ("", "ould", "", "Ud"), ("", "oar", "", "or"),
    ("", "oor", "", "or"), ("", "our", "", "or"), ("", "ore", "_", "or"), ("w", "or", "", "3"),
    ("^^", "or", "_", "3"), ("#t", "or", "_", "3"), ("", "orr", "", "or"), ("", "or", "", "or"),
    ("", "ous", "_", "Vs"), ("", "ook", "", "Uk"), ("", "oo", "", "u"),
    ("", "oa", "", "O"), ("", "oi", "", "X"), ("", "oy", "", "X"), ("", "oun", "", "Wn"), ("", "ou", "", "W"),
    ("", "own", "_", "On"), ("", "ow", "_", "O"), ("", "ow", "s_", "O"), ("", "ow", "^", "W"),
    ("", "ow", "", "O"),
    ("", "oe", "_", "O"), ("", "oes", "_", "Oz"), ("", "old", "", "Old"), ("", "oll", "", "Ol"),
    ("", "olk", "", "Ok"), ("", "ost", "_", "Ost"), ("_c", "o", "m", "V"), ("_c", "o", "n", "V"),
    ("", "on", "_", "Vn"),
    ("", "o", "^e_", "O"), ("", "o", "^es_", "O"), ("", "o", "^ed_", "O"), ("", "o", "^ing_", "O"),
    ("", "o", "^er_", "O"), ("", "o", "_", "O"), ("", "os", "_", "Oz"), ("", "o", "^#", "O"),
    ("", "o", "", "A"),
    // p, q, r
    ("", "ph", "", "f"), ("_", "ps", "", "s"), ("_", "pn", "", "n"), ("", "pp", "", "p"), ("", "p", "", "p"),
    ("", "que", "_", "k"), ("", "qu", "", "kw"), ("", "q", "", "k"), ("", "rrh", "", "r"),
    ("", "rh", "", "r"), ("", "rr", "", "r"), ("", "r", "", "r"),
    // s
    ("", "ssion", "", "SVn"), ("#", "sion", "", "ZVn"), ("", "sion", "", "SVn"), ("", "sch", "", "sk"),
    ("", "sh", "", "S"), ("", "ssure", "", "S3"), ("#", "sure", "", "Z3"),
    ("", "ss", "", "s"), ("", "sc", "+", "s"), ("#", "sm", "_", "zVm"), ("#", "s", "e_", "z"),
    ("#", "s", "#", "z"), ("i", "s", "_", "s"), ("u", "s", "_", "s"), ("a", "s", "_", "s"),
    ("#", "s", "_", "z"), (".", "s", "_", "z"), ("", "s", "", "s"),
    // t
    ("", "tch", "", "C"), ("", "tion", "", "SVn"), ("", "tious", "", "SVs"), ("", "tial", "", "SVl"),
    ("", "ture", "_", "C3"), ("", "tures", "_", "C3z"), ("", "tua", "", "CuV"),
    ("", "th", "er", "D"), ("", "th", "", "T"), ("s", "t", "le_", ""), ("s", "t", "en_", ""),
    ("", "tt", "", "t"), ("", "tz", "", "ts"), ("", "t", "", "t"),
    // u
    ("", "ure", "_", "jUr"), ("", "urr", "", "3"), ("", "ur", "#", "jUr"), ("", "ur", "", "3"),
    ("g", "u", "#", "w"), ("", "ui", "", "u"), ("", "uy", "", "Y"), ("", "ue", "_", "u"),
    ("", "ues", "_", "uz"),
    ("", "ull", "", "Ul"), ("_", "uni", "", "junI"), ("_", "u", "^#", "ju"), ("r", "u", "^e_", "u"),
    ("l", "u", "^e_", "u"), ("j", "u", "^e_", "u"), ("", "u", "^e_", "u"), ("c", "u", "^#", "ju"),
    ("m", "u", "^#", "ju"), ("", "u", "^#", "u"), ("", "u", "_", "u"), ("", "u", "", "V"),
    // v, w, x, y, z
    ("", "vv", "", "v"), ("", "v", "", "v"), ("_", "wr", "", "r"), ("", "wh", "", "w"), ("", "w", "", "w"),
    ("_", "x", "", "z"), ("_e", "x", "#", "gz"), ("", "x", "", "ks"), ("_", "y", "#", "j"),
    ("_^", "y", "_", "Y"), ("_^^", "y", "_", "Y"), ("", "y", "_", "i"), ("", "y", "^e_", "Y"),
    ("", "y", "#", "j"), ("", "y", "", "I"),
    ("", "zz", "", "z"), ("", "z", "", "z"),
];

const EDGE: u8 = b'_';

fn fits(pattern: u8, letter: u8) -> bool {
    let vowel = matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    match pattern {
        b'#' => vowel,
        b'^' => letter.is_ascii_alphabetic() && !vowel,
        b'+' => matches!(letter, b'e' | b'i' | b'y'),
        b'.' => matches!(letter, b'b' | b'd' | b'g' | b'l' | b'm' | b'n' | b'r' | b'v' | b'w' | b'z'),
        same => same == letter,
    }
}

/// How a word of these letters (small, a to z) may sound, after what is there already.
pub(super) fn spell_out(word: &str, sounds: &mut Vec<PhonemeIndex>) {
    let letters: Vec<u8> = [&[EDGE], word.as_bytes(), &[EDGE]].concat();
    let mut at = 1;
    while at + 1 < letters.len() {
        let rule = RULES.iter().find(|(before, here, after, _)| {
            let rest = &letters[at..];
            rest.starts_with(here.as_bytes())
                && rest.len() >= here.len() + after.len()
                && after.bytes().zip(&rest[here.len()..]).all(|(p, &l)| fits(p, l))
                && at >= before.len()
                && before.bytes().zip(&letters[at - before.len()..at]).all(|(p, &l)| fits(p, l))
        });
        let Some((_, here, _, said)) = rule else {
            at += 1;
            continue;
        };
        sounds.extend(said.bytes().filter_map(by_letter));
        at += here.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mend::sounds::SOUNDS;

    #[test]
    fn sounds_words_out() {
        for (word, said) in [
            ("netties", "nEtiz"),
            ("gress", "grEs"),
            ("cafka", "kafkV"),
            ("knight", "nYt"),
            ("making", "mekIN"),
            ("", ""),
        ] {
            let mut sounds = Vec::new();
            spell_out(word, &mut sounds);
            let text: String = sounds.iter().map(|&s| char::from(SOUNDS[usize::from(s)])).collect();
            assert_eq!(text, said, "{word}");
        }
    }

    #[test]
    fn every_rule_makes_known_sounds() {
        for (before, here, after, said) in RULES {
            assert!(said.bytes().all(|letter| by_letter(letter).is_some()), "{before}({here}){after}");
            assert!(!here.is_empty());
        }
    }
}
