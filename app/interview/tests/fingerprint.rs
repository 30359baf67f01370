//! Which questions are the same, and which are not.

use interview::{WriterLine, fingerprint::Fingerprint};
use proptest::prelude::*;

const SAME: [(&str, &str); 34] = [
    ("Tell me about the hardest bug you ever fixed", "What was the hardest bug that you have fixed?"),
    ("Tell me about a time you failed.", "Tell me about a time when you failed."),
    ("Tell me about a time you failed.", "Can you tell me about a failure?"),
    ("Tell me about a conflict with a colleague.", "Describe a disagreement you had with a coworker."),
    ("What would you do differently now?", "What would you do differently today?"),
    ("What would you do differently?", "Would you do anything differently?"),
    ("What did you learn from it?", "What have you learnt from that?"),
    ("Why did you choose Kafka?", "Why Kafka, why did you choose that?"),
    ("Why did you choose this role?", "Why have you chosen this role?"),
    ("Walk me through your last project.", "Tell me about your last project."),
    ("What are you proud of?", "What are you most proud of?"),
    ("How did you measure success?", "How was success measured?"),
    ("How did the customers react?", "How did your customers react to it?"),
    ("What happened?", "What happened then?"),
    ("Why that way?", "Why this way?"),
    ("Why?", "Why?"),
    ("And then?", "And then?"),
    ("Who else was involved?", "Who else was involved in that?"),
    ("What was the result?", "And what was the result of that?"),
    ("What was your part in it?", "Which part was yours?"),
    ("What made it hard?", "What was it that made this hard?"),
    ("How did you convince your manager?", "How could you convince the manager?"),
    (
        "Describe the toughest customer you had to deal with.",
        "What was the hardest client that you have dealt with?",
    ),
    ("Think of a deadline that you missed. ", "Tell me about a deadline you missed."),
    ("Where do you want to be in five years?", "Where would you want to be five years from now?"),
    ("What do you look for in your next role?", "What are you looking for in the next role?"),
    ("How do you handle stress?", "How do you deal with stress?"),
    ("Please tell me about yourself.", "Tell me about yourself."),
    ("Tell me about a decision that you regretted.", "What decision did you regret?"),
    ("What did your manager say?", "And what did your manager say to that?"),
    ("How did you know that it worked?", "How did you know it had worked?"),
    ("When did you notice the outage?", "When was it that you noticed the outage?"),
    ("What was at stake for the patients?", "For the patients, what was at stake?"),
    ("What’s the first thing you did?", "What was the first thing that you did?"),
];

const DIFFERENT: [(&str, &str); 34] = [
    ("Tell me about a time you failed", "Tell me about a time you led others"),
    ("What was the hardest part?", "What came out of it in the end?"),
    ("Why that way?", "Why then?"),
    ("Why that way?", "Why Kafka?"),
    ("Why?", "How?"),
    ("And then?", "Why then?"),
    ("Who helped you?", "What helped you decide?"),
    ("Tell me about the hardest bug you ever fixed.", "Tell me about the hardest customer you ever had."),
    ("What made the settlement report hard?", "What made the vendor migration hard?"),
    ("You said you moved the ledger. What was the risk?", "You said you moved the ledger. Who decided it?"),
    ("How did you know it worked?", "How did you know whom to ask?"),
    ("What did you learn from it?", "What would you do differently?"),
    ("What did your manager say?", "What did the customer say?"),
    ("What was your own part?", "What was the first step?"),
    ("Tell me about a conflict with a colleague.", "Tell me about a colleague you learnt from."),
    ("Tell me about a deadline you missed.", "Tell me about a deadline under pressure with two projects."),
    ("How did you convince your manager?", "How did you convince the engineers?"),
    ("What are you proud of?", "What do you regret?"),
    ("How long did it take?", "How many people were in it?"),
    ("What was at stake?", "What was the result?"),
    ("Why did you choose Kafka?", "Why did you choose nursing?"),
    ("What happened next?", "What happened to the vendor?"),
    ("Tell me about yourself.", "Tell me about your last project."),
    ("Where did that leave the team?", "Where did you start?"),
    ("Who else was involved?", "Who else was in the room?"),
    ("What do you do now?", "What did you do first?"),
    ("What would the others have preferred?", "What would you have preferred?"),
    ("How did the patient react?", "How did the family react?"),
    ("Tell me about a time you learnt something new.", "Tell me about a time you taught somebody something."),
    ("Tell me about a decision without enough facts.", "Tell me about a decision that others disliked."),
    ("What was the trade-off?", "What was the deadline?"),
    ("What did the migration cost?", "What did the migration bring?"),
    ("Which part was yours?", "Which part went wrong?"),
    ("How did it end for the pupil?", "How did it start for the pupil?"),
];

fn alike(a: &str, b: &str) -> (bool, f32) {
    let (a, b) = (Fingerprint::of(a), Fingerprint::of(b));
    (a.collides(&b), a.similarity(&b))
}

#[test]
fn rewordings_collide() {
    let missed: Vec<_> =
        SAME.iter().filter(|(a, b)| !alike(a, b).0).map(|(a, b)| (a, b, alike(a, b).1)).collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn other_questions_do_not() {
    let taken: Vec<_> =
        DIFFERENT.iter().filter(|(a, b)| alike(a, b).0).map(|(a, b)| (a, b, alike(a, b).1)).collect();
    assert!(taken.is_empty(), "{taken:#?}");
}

fn question(line: &str) -> String {
    WriterLine { text: line.to_owned(), took_up: None }.question().to_owned()
}

#[test]
fn the_question_of_a_line() {
    for (line, asks) in [
        ("Four weeks is not long. What did you do first?", "What did you do first?"),
        ("You asked \"why us?\" — what did they say?", "You asked \"why us?\" — what did they say?"),
        ("You asked “why us?” That is brave. What did they say?", "What did they say?"),
        ("Dr. Patel was there, e.g. in the evening. Who else?", "Who else?"),
        ("Tell me about the vendor. Take your time.", "Tell me about the vendor."),
        ("Thanks, Ana. Tell me about the ledger.", "Tell me about the ledger."),
        ("What did they say? I ask because it matters.", "What did they say?"),
        ("I'd like to hear about the night itself.", "I'd like to hear about the night itself."),
        ("", ""),
        ("That sounds hard.", "That sounds hard."),
        (
            "Could you tell me what the patients’ families said?",
            "Could you tell me what the patients’ families said?",
        ),
        ("They said 'no.' What then?", "What then?"),
        ("Version 2.5 went out at 3 p.m. and failed. Why?", "Why?"),
    ] {
        assert_eq!(question(line), asks, "{line}");
    }
}

proptest! {
    #[test]
    fn any_two_texts_compare(a in "\\PC{0,80}", b in "\\PC{0,80}") {
        let (x, y) = (Fingerprint::of(&a), Fingerprint::of(&b));
        prop_assert!(x.collides(&x));
        prop_assert_eq!(x.collides(&y), y.collides(&x));
        prop_assert!((0.0..=1.0).contains(&x.similarity(&y)));
        prop_assert!(a.contains(&question(&a)));
    }

    #[test]
    fn any_marks_are_read(parts in proptest::collection::vec(proptest::sample::select(vec![
        "?", "!", ".", "\"", "“", "”", "'", "’", "‘", " ", "What", "and", "why", "Dr", "\n", "—", "did", "you", "e.g.", "…", "é", "。",
    ]), 0..60)) {
        let line = parts.concat();
        prop_assert!(line.contains(&question(&line)));
    }
}
