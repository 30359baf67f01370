//! Mending what was misheard: a table of mishearings, a table of ordinary sentences, and what holds for every text.

use proptest::prelude::*;
use speech_text::mend::{MOST_TERMS, MendedText, Vocabulary};

const MISHEARD: &str = include_str!("mend/misheard.txt");
const ORDINARY: &str = include_str!("mend/ordinary.txt");

/// The lines of a table, each with the vocabulary it is said with.
fn lines(table: &'static str) -> Vec<(std::rc::Rc<Vocabulary>, &'static str)> {
    let mut vocabulary = std::rc::Rc::new(Vocabulary::default());
    let mut lines = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('@') {
            Some(own) => vocabulary = std::rc::Rc::new(Vocabulary::new(own.split(','))),
            None => lines.push((vocabulary.clone(), line)),
        }
    }
    lines
}

/// The heard text with the changes made, which must be the mended text.
fn made(heard: &str, mended: &MendedText) -> String {
    let (mut text, mut at) = (String::new(), 0);
    for change in &mended.changes {
        assert!(change.heard.start >= at && change.heard.start < change.heard.end, "in order, not empty");
        text.push_str(&heard[at..change.heard.start]);
        assert_eq!(text.len(), change.mended.start);
        text.push_str(&mended.text[change.mended.clone()]);
        at = change.heard.end;
    }
    text + &heard[at..]
}

#[test]
fn what_was_misheard_is_mended() {
    let lines = lines(MISHEARD);
    let mut wrong = Vec::new();
    for (vocabulary, line) in &lines {
        let (heard, meant) = line.split_once(" => ").expect("heard and meant");
        let mended = vocabulary.mend(heard);
        assert_eq!(made(heard, &mended), mended.text);
        if mended.text != meant {
            wrong.push(format!("{heard}\n  {}\n  {meant}", mended.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines.len() >= 110, "{}", lines.len());
}

#[test]
fn ordinary_sentences_stay() {
    let lines = lines(ORDINARY);
    let mut wrong = Vec::new();
    for (vocabulary, line) in &lines {
        let mended = vocabulary.mend(line);
        if mended.text != *line || !mended.changes.is_empty() {
            wrong.push(format!("{line}\n  {}", mended.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(lines.len() >= 110, "{}", lines.len());
}

#[test]
fn changes_say_where() {
    let mended = Vocabulary::default().mend("We ran cooper netties, then post gress.");
    let said: Vec<_> =
        mended.changes.iter().map(|c| (c.heard.clone(), &mended.text[c.mended.clone()])).collect();
    assert_eq!(said, [(7..21, "Kubernetes"), (28..38, "Postgres")]);
}

#[test]
fn the_words_of_papers_are_picked() {
    let cv = "Siobhan Gallagher\nSenior Engineer at Zephyria (2019-2023): Kubernetes, postgres, Acmeflow. \
              siobhan@example.org, www.example.org. She led the Team in London.";
    let vocabulary = Vocabulary::of(&[cv]);
    let own: Vec<_> = vocabulary.own().collect();
    for word in ["Kubernetes", "Postgres", "Siobhan", "Gallagher", "Zephyria", "Acmeflow"] {
        assert!(own.contains(&word), "{word} of {own:?}");
    }
    for word in ["Senior", "Engineer", "Team", "She", "siobhan@example.org", "www.example.org"] {
        assert!(!own.contains(&word), "{word} of {own:?}");
    }
    assert_eq!(vocabulary.mend("I was at Zefiria.").text, "I was at Zephyria.");
}

#[test]
fn a_vocabulary_is_bounded() {
    let many: Vec<String> = (0..3 * MOST_TERMS).map(|n| format!("Zorba{n}")).collect();
    let vocabulary = Vocabulary::new(many.iter().map(String::as_str));
    assert!(vocabulary.own().count() <= MOST_TERMS);
    let odd = ["", " ", "...", "one two three four five six", "\u{1F600}", "x"];
    assert!(Vocabulary::new(odd).own().count() <= 1);
}

/// A made-up name.
fn name(mut seed: usize) -> String {
    let mut name = String::new();
    for _ in 0..4 {
        name.push_str(["ba", "ko", "tri", "ves", "lum", "ca", "sho", "ner", "dia", "gra", "pe"][seed % 11]);
        seed /= 11;
    }
    name
}

#[test]
fn a_long_answer_is_mended_with_a_long_vocabulary() {
    let names: Vec<String> = (0..14_000).step_by(7).map(name).collect();
    let vocabulary = Vocabulary::new(names.iter().map(String::as_str));
    let answer: Vec<&str> = ORDINARY.lines().filter(|line| !line.starts_with(['#', '@'])).collect();
    let answer: Vec<&str> = answer.iter().flat_map(|line| line.split(' ')).take(400).collect();
    let answer = answer.join(" ");
    assert!(vocabulary.mend(&answer).text.len() > 1000);
}

fn words() -> impl Strategy<Value = String> {
    let lines = MISHEARD.lines().chain(ORDINARY.lines());
    let all: Vec<String> = lines.flat_map(str::split_whitespace).map(str::to_owned).collect();
    prop_oneof![
        6 => proptest::sample::select(all),
        1 => "[0-9]{1,4}(ms|%|k)?",
        1 => "[A-Za-z]{1,9}([.,'+#/-][A-Za-z0-9]{0,3})?",
        1 => "\\PC{1,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn mending_keeps_what_it_does_not_change(words in proptest::collection::vec(words(), 0..24), gap in " |  |\n|, ") {
        thread_local!(static VOCABULARY: Vocabulary = Vocabulary::new(["Siobhan Gallagher", "Zephyria", "Acme 42"]));
        let heard = words.join(&gap);
        let mended = VOCABULARY.with(|vocabulary| vocabulary.mend(&heard));
        prop_assert_eq!(&made(&heard, &mended), &mended.text);
        prop_assert_eq!(mended.changes.is_empty(), mended.text == heard);
        // No digit of a number is lost or made up where one was said.
        for change in &mended.changes {
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            let (before, after) = (digits(&heard[change.heard.clone()]), digits(&mended.text[change.mended.clone()]));
            prop_assert!(before.is_empty() || before == after);
        }
        let again = VOCABULARY.with(|vocabulary| vocabulary.mend(&mended.text));
        prop_assert_eq!(again.text, mended.text);
    }
}
