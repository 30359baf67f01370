//! The page of all interviews, by plain forms.

use engine::{Turn, TurnKind};
use interview::{Modality, TurnId};
use reqwest::StatusCode;

use crate::forms::{leads_to, page, send};
use crate::house::{House, Visitor};

async fn rows(house: &House, visitor: &Visitor, query: &str) -> (usize, String) {
    let (status, html) = page(house, visitor, &format!("/interviews{query}")).await;
    assert_eq!(status, StatusCode::OK, "{html}");
    (html.matches("<li id=\"interview-").count(), html)
}

#[tokio::test]
async fn interviews_are_named_found_and_deleted_by_their_own_browser_alone() {
    let house = House::start().await;
    let (ada, first) = house.visitor().await;
    let second = house.interview_of(&ada).await;
    let (bob, theirs) = house.visitor().await;
    assert_eq!(rows(&house, &ada, "").await.0, 2);

    let label = "  The <good> one &\n friends ";
    let fields = [("id", &*first.to_string()), ("label", label)];
    let named = send(&house, &ada, "/api/label_interview", "/interviews", &fields).await;
    assert_eq!(leads_to(&named), "/interviews");
    let (found, html) = rows(&house, &ada, "?find=GOOD%20friends").await;
    assert!(found == 1 && html.contains("The &lt;good&gt; one &amp; friends"), "{html}");
    assert_eq!(rows(&house, &ada, "?find=nothing+of+the+kind").await.0, 0);
    let (found, html) = rows(&house, &ada, "?find=%3Cscript%3E%22").await;
    assert!(found == 0 && !html.contains("<script>\""), "what is sought is shown as it was typed: {html}");

    // A name that is too long is refused in words, and the old one stays.
    let long = "n".repeat(81);
    let fields = [("id", &*first.to_string()), ("label", long.as_str())];
    send(&house, &ada, "/api/label_interview", "/interviews", &fields).await;
    let (_, html) = rows(&house, &ada, "").await;
    assert!(html.contains("at most 80 characters") && html.contains("The &lt;good&gt; one"), "{html}");

    // Another browser's is neither seen nor named.
    let fields = [("id", &*theirs.to_string()), ("label", "mine")];
    send(&house, &ada, "/api/label_interview", "/interviews", &fields).await;
    let (found, html) = rows(&house, &bob, "").await;
    assert!(found == 1 && !html.contains("mine"), "{html}");

    let fields = [("id", &*second.to_string()), ("from", "interviews")];
    let deleted = send(&house, &ada, "/api/delete_interview", "/interviews", &fields).await;
    assert_eq!(leads_to(&deleted), "/interviews");
    assert_eq!(rows(&house, &ada, "").await.0, 1);
    send(&house, &ada, "/api/delete_interviews", "/interviews", &[("from", "interviews")]).await;
    let (found, html) = rows(&house, &ada, "").await;
    assert!(found == 0 && html.contains("No interviews yet"), "{html}");
    assert_eq!(rows(&house, &bob, "").await.0, 1);
}

#[tokio::test]
async fn what_is_due_is_practised_by_one_button() {
    let house = House::start().await;
    let (ada, id) = house.visitor().await;
    let said =
        |n: usize, kind: TurnKind| Turn { id: TurnId(format!("t{n}")), modality: Modality::Text, kind };
    house.engine.turn(id, said(99, TurnKind::Start)).await.unwrap();
    for n in 0..10 {
        let text = format!(
            "The ledger of our shop number {n} did not add up for weeks and nobody knew the cause. I wrote a job that \
             replayed the payments of it and asked the bank for its files."
        );
        if house.engine.turn(id, said(n, TurnKind::Said(text))).await.is_err() {
            break;
        }
    }
    let (_, html) = rows(&house, &ada, "").await;
    let form = html.split_once("action=\"/api/practise\"").expect("something is due").1;
    let topic = crate::forms::hidden(form, "topic");
    let fields = [("id", &*id.to_string()), ("topic", topic.as_str()), ("from", "interviews")];
    let begun = send(&house, &ada, "/api/practise", "/interviews", &fields).await;
    let path = leads_to(&begun);
    assert!(path.starts_with("/interview/") && !path.contains(&id.to_string()), "{path}");
    assert_eq!(rows(&house, &ada, "").await.0, 2);
}
