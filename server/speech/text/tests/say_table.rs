//! The table of `say.txt`: how written lines are spoken.

use speech_text::say::{speakable, words};

const TABLE: &str = include_str!("say.txt");

/// The cases: the line's number, what is written, what is spoken.
fn cases() -> Vec<(usize, String, &'static str)> {
    let mut cases = Vec::new();
    for (at, line) in TABLE.lines().enumerate() {
        if let Some((written, spoken)) = line.split_once(" =>") {
            cases.push((at + 1, written.replace("\\n", "\n"), spoken.trim_start()));
        } else {
            assert!(
                line.is_empty() || line.starts_with("# "),
                "line {} is neither case nor heading: {line}",
                at + 1
            );
        }
    }
    cases
}

#[test]
fn every_line_is_spoken_as_the_table_says() {
    let cases = cases();
    assert!(cases.len() >= 400, "only {} cases were read", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(at, written, spoken)| {
            let said = speakable(written);
            (said != *spoken)
                .then(|| format!("line {at}: {written:?}\n  is said  {said:?}\n  not      {spoken:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn each_word_knows_what_it_stands_for() {
    let written = "On 3 March, jane@x.org paid $5 for 20 GB of C++.";
    let said = words(written);
    let pairs: Vec<(&str, &str)> =
        said.spans.iter().map(|s| (&said.text[s.spoken.clone()], &written[s.source.clone()])).collect();
    let expected = [
        ("On", "On"),
        ("the", "3 March"),
        ("third", "3 March"),
        ("of", "3 March"),
        ("March", "3 March"),
        ("jane", "jane"),
        ("at", "@"),
        ("X", "x"),
        ("dot", "."),
        ("org", "org"),
        ("paid", "paid"),
        ("five", "$5"),
        ("dollars", "$5"),
        ("for", "for"),
        ("twenty", "20 GB"),
        ("gigabytes", "20 GB"),
        ("of", "of"),
        ("C", "C++"),
        ("plus", "C++"),
        ("plus", "C++"),
    ];
    assert_eq!(pairs, expected);
}

#[test]
fn an_interruption_is_cut_to_the_word() {
    let written = "Größe: about 1.5M users — really.";
    let said = words(written);
    assert_eq!(said.text, "Grosse: about one point five million users, really.");
    let heard = |words: usize| &written[..said.said(words)];
    assert_eq!(heard(0), "");
    assert_eq!(heard(1), "Größe");
    assert_eq!(heard(2), "Größe: about");
    assert_eq!(heard(5), "Größe: about", "the number is not all said");
    assert_eq!(heard(6), "Größe: about 1.5M");
    assert_eq!(heard(8), "Größe: about 1.5M users — really");
    assert_eq!(heard(99), "Größe: about 1.5M users — really");
}
