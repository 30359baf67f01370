//! The page of the notes: what it counts and says of questions that got no answer.

use engine::{Turn, TurnKind};
use interview::{Modality, Request, TurnId};

use crate::forms::page;
use crate::house::{House, said};

fn turn(n: usize, kind: TurnKind) -> Turn {
    Turn { id: TurnId(format!("t-{n}")), modality: Modality::Text, kind }
}

#[tokio::test]
async fn answers_alone_are_counted_and_a_question_left_open_is_not_called_skipped() {
    let house = House::start().await;
    let (ada, id) = house.visitor().await;
    let turns = [
        TurnKind::Start,
        TurnKind::Said("Sorry, what do you mean?".to_owned()),
        TurnKind::Said(said(1)),
        TurnKind::Said("I'd like to build the thing that pays people, and not only to mend it.".to_owned()),
        // Up to two questions, since the first of them may only follow up on an answer; one is open at the end.
        TurnKind::Asked(Request::Skip),
        TurnKind::Asked(Request::Skip),
        TurnKind::End,
    ];
    for (n, kind) in turns.into_iter().enumerate() {
        house.engine.turn(id, turn(n, kind)).await.unwrap();
    }
    let (_, html) = page(&house, &ada, &format!("/interview/{id}/report")).await;
    assert!(html.contains(", 2 answers,"), "{html}");
    assert_eq!(html.matches("Not answered.").count(), 1, "{html}");
    assert!((1..=2).contains(&html.matches("Skipped.").count()), "{html}");
    let (_, html) = page(&house, &ada, &format!("/interview/{id}")).await;
    assert!(html.contains("You gave 2 answers"), "{html}");
    assert!(html.contains("href=\"/interviews\"") && html.contains("href=\"/how\""), "no dead end: {html}");
}
