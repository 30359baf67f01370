//! How long interviews are kept, and that a person can delete all of theirs.

use std::sync::Arc;
use std::time::Duration;

use engine::{BuiltIn, Clock, NewSession, Owner, SessionId, SystemClock, Turn, TurnKind};
use futures::StreamExt as _;
use interview::{Modality, Profile, Seniority, TurnId};
use reqwest::StatusCode;
use store::SqliteStore;

use crate::forms::{leads_to, page, send};
use crate::house::{House, Visitor};

/// A clock that is so many milliseconds behind.
struct Behind(i64);

impl Clock for Behind {
    fn now(&self) -> i64 {
        SystemClock.now() - self.0
    }
}

fn new(owner: &Owner) -> NewSession {
    let profile = Profile::new("Ada", "Nurse", Seniority::Mid, "", "").unwrap();
    NewSession { owner: Some(owner.clone()), candidate_id: None, profile, plan: "quick".into() }
}

fn turn(id: &str, kind: TurnKind) -> Turn {
    Turn { id: TurnId(id.to_owned()), modality: Modality::Text, kind }
}

/// An interview that ended so many hours ago.
async fn ended(house: &House, owner: &Owner, hours: i64) -> SessionId {
    let store = SqliteStore::open(&house.settings.data).await.unwrap();
    let clock = Behind(hours * 3_600_000);
    let engine =
        engine::testing::engine(Arc::new(store), Arc::new(BuiltIn), Arc::new(clock), Default::default());
    let id = engine.create(new(owner)).await.unwrap();
    engine.turn(id, turn("start", TurnKind::Start)).await.unwrap();
    engine.turn(id, turn("end", TurnKind::End)).await.unwrap();
    id
}

async fn listed(house: &House, owner: &Owner) -> Vec<SessionId> {
    house.engine.list(owner).await.unwrap().into_iter().map(|summary| summary.id).collect()
}

#[tokio::test]
async fn ended_interviews_are_deleted_when_their_days_are_over() {
    let house = House::start().await;
    let ada = Visitor::of(&house.get("/").send().await.unwrap());
    let (old, young) = (ended(&house, &ada.owner, 49).await, ended(&house, &ada.owner, 47).await);
    let open = house.engine.create(new(&ada.owner)).await.unwrap();
    let mut house = house.restart().await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(listed(&house, &ada.owner).await, [open, young, old], "0 days: everything is kept");
    for path in ["/", "/how"] {
        let (_, html) = page(&house, &ada, path).await;
        assert!(html.contains("Interviews are kept until you delete them."), "{path}: {html}");
    }
    // A change takes effect at the next start.
    house.settings.keep_days = 2;
    let house = house.restart().await;
    let gone = async {
        while listed(&house, &ada.owner).await.contains(&old) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    patience::soon("it is deleted at the start", gone).await;
    assert_eq!(listed(&house, &ada.owner).await, [open, young]);
    assert_eq!(page(&house, &ada, &format!("/interview/{old}")).await.0, StatusCode::NOT_FOUND);
    for path in ["/", "/how"] {
        let (_, html) = page(&house, &ada, path).await;
        assert!(html.contains("Ended interviews are deleted after 2 days"), "{path}: {html}");
    }
}

#[tokio::test]
async fn a_person_deletes_all_of_theirs_without_scripts() {
    let house = House::start().await;
    let (ada, open) = house.visitor().await;
    let (eve, hers) = house.visitor().await;
    assert!(!page(&house, &ada, "/").await.1.contains("Delete all"), "of one alone there is no all");
    // More than the list shows.
    for _ in 0..205 {
        house.engine.create(new(&ada.owner)).await.unwrap();
    }
    let events = house.get(&format!("/interview/{open}/events")).header("cookie", &ada.cookie);
    let mut events = events.send().await.unwrap().bytes_stream();
    events.next().await.unwrap().unwrap();
    let (_, html) = page(&house, &ada, "/").await;
    assert!(html.contains("Delete all") && html.contains("action=\"/api/delete_interviews\""), "{html}");

    // Not from another site, and not by looking at an address.
    let posted = |origin: &str| {
        let request = house.post("/api/delete_interviews").header("origin", origin.to_owned());
        request
            .header("cookie", &ada.cookie)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("")
    };
    let refused = posted("https://elsewhere.example").send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let looked = house.get("/api/delete_interviews").header("cookie", &ada.cookie).send().await.unwrap();
    assert!(!looked.status().is_success() && !looked.status().is_redirection(), "{}", looked.status());
    assert_eq!(listed(&house, &ada.owner).await.len(), 200);

    let deleted = send(&house, &ada, "/api/delete_interviews", "/", &[]).await;
    assert_eq!(leads_to(&deleted).trim_start_matches(&house.base), "/");
    let (status, html) = page(&house, &ada, "/").await;
    assert!(status == StatusCode::OK && !html.contains("id=\"earlier\""), "{html}");
    assert!(listed(&house, &ada.owner).await.is_empty(), "also those beyond the list");
    assert_eq!(page(&house, &ada, &format!("/interview/{open}")).await.0, StatusCode::NOT_FOUND);
    let ends = async { while let Some(Ok(_)) = events.next().await {} };
    patience::soon("whoever has one open is told", ends).await;

    assert_eq!(listed(&house, &eve.owner).await, [hers], "another browser's are untouched");
    assert_eq!(page(&house, &eve, &format!("/interview/{hers}")).await.0, StatusCode::OK);
    // Once more, with nothing there, is no mistake.
    leads_to(&send(&house, &ada, "/api/delete_interviews", "/", &[]).await);
}
