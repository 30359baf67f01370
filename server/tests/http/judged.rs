//! The notes with a model that judges: whole at once without it, and with it a little later.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::{Judge, JudgeRequest, Opinion, TokenUsage};
use interview::{Modality, TurnId};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::house::{House, said};

/// Replies when it is let; judges each story so, and invents something of its own beside it.
pub struct FakeJudge(pub Semaphore);

#[async_trait]
impl Judge for FakeJudge {
    fn model(&self) -> &str {
        "fake-7b"
    }

    async fn judge(&self, stories: &JudgeRequest) -> Result<Opinion, String> {
        self.0.acquire().await.map_err(|_| "closed".to_owned())?.forget();
        let judged = stories.told.iter().map(|story| {
            json!({ "question": story.question, "level": "sound", "judgement": "You say which step was yours.",
                "quotes": ["I traced it to a retry"], "better": "I won a medal from Zanzibar for it.",
                "better_quotes": ["I traced it to a retry"] })
        });
        let text = json!({ "stories": judged.collect::<Vec<_>>() }).to_string();
        Ok(Opinion { text, tokens: Some(TokenUsage { read: 400, written: 40 }) })
    }
}

#[tokio::test]
async fn the_notes_are_there_at_once_and_the_models_view_of_them_later() {
    let judge = Arc::new(FakeJudge(Semaphore::new(0)));
    let house = House::start_with_judge(judge.clone()).await;
    let (visitor, id) = house.visitor().await;
    let turn = |id: &str, kind| engine::Turn { id: TurnId(id.to_owned()), modality: Modality::Text, kind };
    house.engine.turn(id, turn("start", engine::TurnKind::Start)).await.unwrap();
    // The introduction takes some of them.
    for n in 1..11 {
        let kind = engine::TurnKind::Said(said(n));
        house.engine.turn(id, turn(&format!("a{n}"), kind)).await.unwrap();
    }
    house.engine.turn(id, turn("end", engine::TurnKind::End)).await.unwrap();

    let page = async || {
        let page = house.get(&format!("/interview/{id}/report")).header("cookie", &visitor.cookie);
        page.send().await.unwrap().text().await.unwrap()
    };
    let api = async || house.engine_get(&format!("/engine/sessions/{id}/report/")).await.1;
    let first = page().await;
    assert!(first.contains("A model is reading your stories"), "{first}");
    let plain = api().await;
    assert_eq!(plain["judgements"], Value::Null);
    judge.0.add_permits(3);
    let judged = loop {
        let made = api().await;
        if !made["judgements"].is_null() {
            break made;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    for part in ["next_topic", "stories", "replies", "competencies", "delivery"] {
        assert_eq!(judged[part], plain[part], "{part} is not moved by a model");
    }
    let view = &judged["judgements"];
    let stories = plain["stories"].as_array().unwrap().len();
    assert!(stories > 0);
    assert_eq!(view["verdicts"].as_array().unwrap().len(), stories);
    assert_eq!((&view["model"], &view["replies"]), (&json!("fake-7b"), &json!(3)));
    assert_eq!(view["tokens"], json!({ "read": 1200, "written": 120 }));
    assert_eq!(view["dropped"], json!({ "name": 3 * stories }));

    let then = page().await;
    assert!(then.contains("You say which step was yours.") && then.contains("It cost 1320 tokens"), "{then}");
    assert!(!then.contains("Zanzibar") && !then.contains("A model is reading"));
    let name = view["verdicts"][0]["statement"]["id"].as_str().unwrap().to_owned();
    house.engine.strike(id, &name).await.unwrap();
    let after = api().await;
    assert_eq!(after["judgements"]["verdicts"].as_array().unwrap().len(), stories - 1);
    let markdown = house.get(&format!("/interview/{id}/export?format=md")).header("cookie", &visitor.cookie);
    let markdown = markdown.send().await.unwrap().text().await.unwrap();
    assert!(markdown.contains("### A model\u{2019}s view (fake-7b)") && !markdown.contains("Zanzibar"));
    house.stop().await;
}
