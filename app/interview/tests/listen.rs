//! What the interviewer hears in an answer: tables of utterances, and what holds for any text.

use interview::{
    heard::{AnswerAnalysis, AnswerKind, Element, Feeling, NarrativeVoice, ParticularKind},
    listen::{self, AnswerContext, listen},
};
use proptest::prelude::*;

const QUESTION: &str = "Tell me about the hardest problem you had to solve in your work.";

fn hear_after(question: &str, text: &str) -> AnswerAnalysis {
    listen(
        text,
        AnswerContext { question, role: "Software engineer", pasted: "Northwind, payments platform" },
    )
}

fn hear(text: &str) -> AnswerAnalysis {
    hear_after(QUESTION, text)
}

/// Reads a table: `[head]` lines, an entry a line.
fn table(text: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut head = "";
    let mut rows = Vec::new();
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
        match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            Some(name) => head = name,
            None => rows.push((head, line)),
        }
    }
    rows
}

fn name(kind: AnswerKind) -> String {
    format!("{kind:?}")
}

#[test]
fn kinds() {
    let rows = table(include_str!("listen/kinds.txt"));
    assert!(rows.len() >= 150, "only {} utterances", rows.len());
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(kind, said)| name(hear(said).kind) != *kind)
        .map(|(kind, said)| format!("{kind} was heard as {:?}: {said}", hear(said).kind))
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn particulars_as_said_to_the_person() {
    let rows = table(include_str!("listen/particulars.txt"));
    let mut said = "";
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (head, line) in rows {
        if head != said {
            said = head;
        }
        checked += 1;
        let heard = hear(said);
        let (kind, to_you) = line.split_once(": ").expect("every row has a sort and words");
        let kind = kind.trim_start_matches('-');
        let there = heard.particulars.iter().any(|p| format!("{:?}", p.kind) == kind && p.to_you == to_you);
        if there == line.starts_with('-') {
            wrong.push(format!(
                "{line}\n   in {said}\n   heard {:#?}",
                heard.particulars.iter().map(|p| format!("{:?}: {}", p.kind, p.to_you)).collect::<Vec<_>>()
            ));
        }
    }
    assert!(checked >= 40, "only {checked} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn elements_by_their_cues() {
    let rows = table(include_str!("listen/elements.txt"));
    assert!(rows.len() >= 40);
    let wrong: Vec<String> = rows
        .iter()
        .filter(|(head, said)| {
            let without = head.strip_prefix("no ");
            let found = hear(said).elements.iter().any(|e| format!("{e:?}") == without.unwrap_or(head));
            found == without.is_some()
        })
        .map(|(head, said)| format!("{head}: {said} -> {:?}", hear(said).elements))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn whom_it_is_about() {
    assert_eq!(
        hear("We migrated the database and we tested everything twice before the launch.").voice,
        NarrativeVoice::We
    );
    assert_eq!(
        hear("I migrated the database and I tested everything twice before the launch.").voice,
        NarrativeVoice::I
    );
    let we = hear("We migrated the database and we tested everything twice before the launch.");
    assert!(!we.has(Element::Action));
}

#[test]
fn what_sounds_through() {
    for said in [
        "My father died that spring and I had to leave the project.",
        "I was made redundant in March.",
        "After the redundancy I had to begin again.",
        "We lost a patient on my second night.",
        "I got laid off after the merger.",
        "I burned out and could not work for half a year.",
    ] {
        assert_eq!(hear(said).feeling, Some(Feeling::Painful), "{said}");
    }
    for said in [
        "Sorry, I'm a bit nervous. I worked in a bakery for three years.",
        "Sorry, can I start again? Sorry.",
    ] {
        assert_eq!(hear(said).feeling, Some(Feeling::Nervous), "{said}");
    }
    for said in [
        "The server died at night and I restarted it.",
        "We killed the project after six weeks.",
        "It was a miscarriage of a project from the first day.",
        "I was nervous before the launch, but it went well.",
        "I had to learn how to do a redundancy, because one client left.",
        "I lost my keys.",
    ] {
        assert_eq!(hear(said).feeling, None, "{said}");
    }
}

#[test]
fn what_a_question_back_is_about() {
    assert_eq!(hear("What do you mean by ownership?").about.as_deref(), Some("ownership"));
    assert_eq!(hear("Sorry, what does \"stakeholder\" mean here?").about.as_deref(), Some("stakeholder"));
    assert_eq!(
        hear("What do you mean with 'leading without power'?").about.as_deref(),
        Some("leading without power")
    );
    assert_eq!(hear("Could you explain the question?").about, None);
}

#[test]
fn a_narrow_question_takes_a_narrow_answer() {
    for (question, answer) in [
        ("How long did that take?", "Three weeks."),
        ("What did you do?", "I rewrote the parser."),
        ("Where was that?", "In a bakery in Leeds."),
        ("Who decided it?", "The head nurse."),
    ] {
        assert_eq!(hear_after(question, answer).kind, AnswerKind::Answer, "{answer}");
    }
    assert_eq!(
        hear_after(
            "How would you calm an angry customer?",
            "I would let them talk and then I would offer a refund."
        )
        .kind,
        AnswerKind::Answer
    );
}

/// Whatever else is asked of a text is answered, too.
fn looked_at(text: &str) {
    for ask in [
        listen::ends_in_own_deed,
        listen::measured_change,
        listen::something_happens,
        listen::tells_a_choice,
        listen::tells_of_the_past,
        listen::tells_a_deed,
        listen::tells_a_change,
        listen::declines,
        listen::denies,
        listen::has_nothing_to_tell,
        listen::told_before,
        listen::tells_of_injury,
        listen::mentions_harm,
        listen::closes,
        listen::own_slip,
        listen::plays_down,
        listen::begins_with_slip,
        listen::speaks_of_you,
        listen::takes_back,
        listen::asks_for_a_mistake,
        listen::asks_the_interviewer,
    ] {
        ask(text);
    }
    listen::narrative_tense(text);
    listen::loss(text);
    listen::hook(text);
    listen::asks_back(text);
    listen::words_of_deeds(text);
    listen::stems(text);
    listen::conflicts(text, [text]);
    for story in [true, false] {
        listen::offer(text, story);
    }
    for place in listen::figures(text).into_iter().chain(listen::sentences(text)) {
        assert!(text.get(place.clone()).is_some(), "{place:?} of {text:?}");
    }
}

fn lawful(text: &str) -> Result<(), TestCaseError> {
    looked_at(text);
    let heard = hear(text);
    prop_assert_eq!(&heard, &hear(text));
    prop_assert!(heard.particulars.len() <= 8);
    prop_assert!(heard.elements.is_sorted());
    for (i, particular) in heard.particulars.iter().enumerate() {
        prop_assert!(text.contains(&particular.words), "{:?}", particular);
        prop_assert!(!particular.to_you.is_empty());
        prop_assert!(particular.to_you.split_whitespace().count() <= 12);
        prop_assert!(!particular.words.contains(['<', '>', '@', '\n']));
        for other in &heard.particulars[i + 1..] {
            prop_assert!(other.to_you != particular.to_you && other.words != particular.words);
        }
        let deed = particular.kind == ParticularKind::Deed;
        prop_assert!(!deed || particular.to_you.split_whitespace().count() >= 2);
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_heard(text in "\\PC{0,200}") {
        lawful(&text)?;
    }

    #[test]
    fn any_characters_are_heard(chars in proptest::collection::vec(any::<char>(), 0..120)) {
        lawful(&chars.into_iter().collect::<String>())?;
    }

    #[test]
    fn any_words_in_any_order_are_heard(words in proptest::collection::vec(proptest::sample::select(vec![
        "I", "we", "moved", "the", "ledger", "to", "my", "manager", "and", "because", "that", ",", ".", "three", "45%", "weeks",
        "Kafka", "our", "a", "was", "had", "Northwind", "vendor", "pulled", "out", "repeat", "question", "?", "don't", "half", "\"",
        "from", "six", "one", "before", "it", "lost", "died", "funeral", "I'd", "who", "could", "no", "not", "said", "told",
        "ignore", "fuck", "<b>", "http://x.com", "never", "every", "people", "of", "2019", "’", "you", "I'm", "Dr.", "é", "你好", "🙂",
    ]), 0..60)) {
        lawful(&words.join(" "))?;
    }
}
