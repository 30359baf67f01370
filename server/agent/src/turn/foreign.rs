//! Whether a transcript is of another language than English: by its script; of a few words, by the words that such
//! answers are made of; of more, by a detector.

use whatlang::{Detector, Lang};

/// Fewer letters tell a detector nothing.
const LEAST_LETTERS: usize = 24;
/// A text with so many of the commonest words of English, in percent, is English, whatever else is in it: the names of
/// technologies look like any language.
const ENGLISH_PERCENT: usize = 5;
/// The commonest words of English that are no words of its neighbours.
const ENGLISH: &[&str] = &[
    "the", "and", "that", "it", "it's", "for", "with", "you", "this", "but", "from", "they", "have", "are",
    "what", "when", "there", "not", "be", "were", "our", "because", "then", "would", "been", "about",
    "which", "their", "your", "could", "did", "them", "i'm", "i've", "don't", "yeah", "really",
];
/// A sign of a script that writes a syllable or a word with one stands for so many letters.
const LETTERS_OF_SIGN: usize = 3;

/// Words of short answers in other languages that are no words of English: yes, no, thanks, greetings, and what such
/// answers are put together from. One of them alone tells.
const SHORT: &[&str] = &[
    // German
    "ja jawohl nein danke bitte ich nicht weiß weiss verstehe genau richtig natürlich vielleicht keine",
    "ahnung guten schön sehr leider auch",
    // French
    "oui merci bonjour bonsoir beaucoup d'accord sais comprends très bien peut être c'est ça s'il plaît",
    "je exactement sûr",
    // Spanish
    "hola sí gracias muchas buenos buenas días tardes noches por entiendo hablo inglés ingles español",
    "quizás también sé estoy",
    // Portuguese
    "não nao sei obrigado obrigada olá tudo bem talvez falo entendo",
    // Italian
    "sì grazie buongiorno prego certo forse capisco parlo sono esatto",
    // Dutch
    "nee goedemorgen misschien natuurlijk weet niet graag hoi",
    // Swedish, Danish, Norwegian
    "nej nei takk tak jeg inte ikke kanske hej",
    // Polish, Czech
    "nie dziękuję dobry dzień cześć proszę oczywiście wiem rozumiem dobrze ano děkuji dobrý nevím",
    "prosím",
    // Finnish, Hungarian, Romanian, Turkish
    "kyllä kiitos joo igen nem köszönöm mulțumesc bună evet hayır teşekkürler teşekkür ederim merhaba",
    "bilmiyorum lütfen",
    // Indonesian, Vietnamese
    "tidak terima kasih vâng không cảm chào",
    // Others, as they are written in Latin letters
    "xiexie xie nihao arigato arigatou konnichiwa hai spasibo privet shukran namaste dhanyavaad",
];
/// Words that are English, a name or nothing much as well: beside one of those they change nothing.
const BESIDE: &[&str] = &[
    "no non ok okay oh si da nu ne pas va me a so lo io e es das ist doch gut klar tag morgen was de",
    "nada favor claro voilà yo sim dank tack jag vet bom dia ti moi aussi vous bueno vale ciao ik u wel",
    "het dag jo den xin ni hao shi ya und il en et y o mucho molto tutto bene salut",
];

/// Whether the words are of another language; `said`: the same, word by word.
pub fn is_foreign(text: &str, said: &[String]) -> bool {
    let (mut latin, mut other) = (0, 0);
    for letter in text.chars().filter(|letter| letter.is_alphanumeric() && !letter.is_ascii_digit()) {
        if is_latin(letter) {
            latin += 1;
        } else {
            other += if is_sign(letter) { LETTERS_OF_SIGN } else { 1 };
        }
    }
    // A name in its own script may stand in an English sentence; a text of nothing else is no English.
    if other > 0 && other >= latin {
        return true;
    }
    if latin < LEAST_LETTERS {
        return is_short_answer(said);
    }
    let english = said.iter().filter(|word| ENGLISH.contains(&word.as_str())).count();
    if english * 100 >= said.len() * ENGLISH_PERCENT {
        return false;
    }
    // Which of two related languages it is does not matter: only whether it is English.
    whatlang::detect_lang(text).filter(|lang| *lang != Lang::Eng).is_some_and(|lang| {
        let between = Detector::with_allowlist(vec![Lang::Eng, lang]);
        between.detect(text).is_some_and(|found| found.lang() == lang && found.is_reliable())
    })
}

/// Whether each word is one of short answers in another language, and one of them is no word of English.
fn is_short_answer(said: &[String]) -> bool {
    let is_in = |list: &[&str], word: &String| each(list).any(|known| known == word);
    said.iter().any(|word| is_in(SHORT, word))
        && said.iter().all(|word| is_in(SHORT, word) || is_in(BESIDE, word))
}

/// The words of a list, of which each line holds many.
fn each<'a>(list: &'a [&str]) -> impl Iterator<Item = &'a str> {
    list.iter().flat_map(|line| line.split(' '))
}

/// Whether English, or a neighbour that uses its letters with marks, is written with it.
fn is_latin(letter: char) -> bool {
    letter < '\u{370}'
        || matches!(letter, '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}')
        || matches!(letter, '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}')
}

/// Whether it writes a syllable or a word: kana, Hangul and the characters of Chinese.
fn is_sign(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
        || matches!(letter, '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::turn::words;

    fn foreign(text: &str) -> bool {
        is_foreign(text, &words(text).collect::<Vec<_>>())
    }

    #[test]
    fn few_words_of_another_language_are_known_by_what_they_are() {
        for text in [
            "Ja.",
            "ja ja",
            "Nein, danke.",
            "Ich weiß nicht.",
            "Keine Ahnung",
            "Guten Tag!",
            "Oui, oui.",
            "Non merci",
            "Je ne sais pas.",
            "C\u{2019}est ça",
            "Hola.",
            "¡Hola, buenos días!",
            "Sí, claro",
            "No, gracias.",
            "No hablo inglés.",
            "Sim, obrigado",
            "Não sei? Não.",
            "Grazie, molto bene",
            "Nee, dank u wel.",
            "Tak, dziękuję",
            "Nej tack",
            "Evet, teşekkür ederim",
            "Xie xie",
            "Arigato",
        ] {
            assert!(foreign(text), "{text}");
        }
    }

    #[test]
    fn whatever_has_no_latin_letters_is_no_english() {
        for text in [
            "是",
            "是的。",
            "你好",
            "对对对",
            "我不知道",
            "はい",
            "ありがとう",
            "네",
            "да",
            "Да, да.",
            "Нет, спасибо",
            "ναι",
            "नहीं",
            "نعم",
            "כן",
            "ใช่",
            "3 года",
            "٣",
            "五年",
        ] {
            assert!(foreign(text), "{text}");
        }
        // Nor has what has a few, in a sentence of others.
        for text in ["我在Google工作了三年", "Я работал в SAP", "はい、AWSです"] {
            assert!(foreign(text), "{text}");
        }
    }

    #[test]
    fn few_words_of_english_and_names_are_believed() {
        for text in [
            "No.",
            "Yes, mostly.",
            "12.",
            "In 2019.",
            "5 µs",
            "Me, and so on.",
            "Vale.",
            "Vet.",
            "A dank, dark Jag.",
            "SIM cards",
            "Si.",
            "Die Bahn.",
            "Das Auto",
            "Deutsche Bank",
            "Société Générale",
            "L\u{2019}Oréal",
            "La Poste, in Lyon",
            "Banco do Brasil",
            "Tata, then Infosys.",
            "Nada Haddad",
            "Kubernetes",
            "Go, C, R.",
            "Ciao.",
            "Nguyễn Văn An",
            "I studied at 清华 in Beijing.",
            "Mainly in Київ, Ukraine",
        ] {
            assert!(!foreign(text), "{text}");
        }
    }

    #[test]
    fn no_word_is_listed_twice_or_common_in_english() {
        let all: Vec<&str> = each(SHORT).chain(each(BESIDE)).collect();
        for (at, word) in all.iter().enumerate() {
            assert!(!all[..at].contains(word), "{word} stands there twice");
            assert_eq!(words(word).collect::<Vec<_>>(), [*word], "{word} is one word as it is compared");
            assert!(!ENGLISH.contains(word), "{word} is English");
        }
    }

    proptest! {
        /// Of whatever length, and with whatever digits and signs between them.
        #[test]
        fn no_text_without_latin_letters_is_english(
            said in proptest::collection::vec("[\\p{Han}\\p{Hiragana}\\p{Hangul}\\p{Cyrillic}\\p{Greek}\\p{Arabic}\\p{Hebrew}\\p{Thai}0-9 ,.!?]", 1..12),
        ) {
            let text = said.concat();
            prop_assume!(text.chars().any(char::is_alphabetic));
            prop_assert!(foreign(&text), "{text}");
        }

        /// What is English stays so, whatever name in another script it holds.
        #[test]
        fn a_name_in_its_own_script_makes_no_sentence_foreign(name in "\\p{Han}{1,4}|\\p{Cyrillic}{2,8}") {
            let text = format!("I led the team of {name} for three years and we shipped it.");
            prop_assert!(!foreign(&text), "{text}");
        }
    }
}
