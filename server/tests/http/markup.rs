//! What people type stays text, on every page that shows it again.

use reqwest::StatusCode;

use crate::forms::{hidden, leads_to, page, send};
use crate::house::{House, Visitor};

/// Ends whatever it stands in, if anything lets it.
pub(crate) const BREAKS: &str =
    "x</textarea></title></script>--><!--]]>'\"><canary id=out><meta http-equiv=refresh content=0>";

/// The page holds the words, and none of their marks: `<` begins nothing that a person typed.
fn holds(html: &str, times: usize, what: &str) {
    let lower = html.to_lowercase();
    assert!(
        !lower.contains("<canary") && !lower.contains("<meta http-equiv=refresh content=0"),
        "{what}: {html}"
    );
    for (at, _) in lower.match_indices("canary id=out") {
        let before = &lower[at.saturating_sub(8)..at];
        assert!(before.ends_with("&lt;") || before.ends_with("\\u003c"), "{what}: {before:?}");
    }
    let shown = lower.matches("&lt;canary id=out").count();
    assert!(shown >= times, "{what}: it is shown {shown} times");
    // As many as the page has of its own.
    for end in ["</textarea>", "</title>", "</script>"] {
        let begin = format!("<{}", &end[2..end.len() - 1]);
        let begun = lower
            .match_indices(&begin)
            .filter(|(at, _)| lower[at + begin.len()..].starts_with([' ', '>']))
            .count();
        assert_eq!(lower.matches(end).count(), begun, "{what}: {end}");
    }
}

#[tokio::test]
async fn nothing_that_is_typed_ends_what_it_stands_in() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let refused = [
        ("name", BREAKS),
        ("role", BREAKS),
        ("seniority", BREAKS),
        ("plan", BREAKS),
        ("cv", BREAKS),
        ("job_description", BREAKS),
        ("mode", BREAKS),
    ];
    assert_eq!(leads_to(&send(&house, &ada, "/api/start_interview", "/", &refused).await), "/");
    // Name, role, CV and posting.
    holds(&page(&house, &ada, "/").await.1, 4, "the form that came back");

    // Whole words fit in a name of 80 characters.
    let name = &BREAKS[..79];
    let fields =
        [("name", name), ("role", BREAKS), ("seniority", "mid"), ("cv", BREAKS), ("job_description", BREAKS)];
    let path = leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await);
    let (status, html) = page(&house, &ada, &path).await;
    assert_eq!(status, StatusCode::OK);
    holds(&html, 1, "the interview");
    let (id, turn) = (hidden(&html, "id"), hidden(&html, "turn_id"));

    // A request that is none gives the answer back as it stood in the composer.
    let asked = [("id", id.as_str()), ("turn_id", "t"), ("request", BREAKS), ("text", BREAKS)];
    leads_to(&send(&house, &ada, "/api/ask", &path, &asked).await);
    holds(&page(&house, &ada, &path).await.1, 2, "the answer that came back");

    let answer = [("id", id.as_str()), ("turn_id", turn.as_str()), ("text", BREAKS)];
    leads_to(&send(&house, &ada, "/api/answer", &path, &answer).await);
    holds(&page(&house, &ada, &path).await.1, 2, "the transcript");
    holds(&page(&house, &ada, "/").await.1, 1, "the list");
    holds(&page(&house, &ada, &format!("/?again={id}")).await.1, 3, "the form of one like it");

    let finish = [("id", id.as_str()), ("turn_id", "end")];
    leads_to(&send(&house, &ada, "/api/finish", &path, &finish).await);
    holds(&page(&house, &ada, &path).await.1, 2, "the end");
    let lost =
        page(&house, &ada, &format!("/{}", "%3C/title%3E%3Ccanary id=out%3E".replace(' ', "%20"))).await;
    assert_eq!(lost.0, StatusCode::NOT_FOUND);
    holds(&lost.1, 0, "no page");
}

#[tokio::test]
async fn a_first_line_that_is_empty_comes_back_too() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let fields = [("name", ""), ("role", "Nurse"), ("cv", "\n\nAda")];
    leads_to(&send(&house, &ada, "/api/start_interview", "/", &fields).await);
    // The first line feed after the tag is not read.
    assert!(page(&house, &ada, "/").await.1.contains(">\n\n\nAda</textarea>"));
}
