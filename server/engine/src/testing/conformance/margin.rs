//! What stands beside a session: its name, the links to it, the comments on it.

use super::Factory;
use super::samples::{bare, new_id, next, owner, session};
use crate::{Comment, ReadingLink, SessionId, StoreError};

fn link(session: SessionId, n: u8, made_at: i64) -> ReadingLink {
    let digest = format!("{n:02x}").repeat(32);
    ReadingLink {
        session,
        digest,
        made_at,
        expires_at: made_at + 100,
        name: n.is_multiple_of(2),
        papers: n > 4,
    }
}

fn comment(id: &str, line: u32, at: i64) -> Comment {
    let text = format!("It\u{2019}s \u{201c}clear\u{201d};\n\u{65e5}\u{672c} -- ' \" {id}");
    Comment {
        id: id.to_owned(),
        line,
        author: if line == 0 { String::new() } else { "Sam".to_owned() },
        text,
        at,
    }
}

pub(super) async fn a_name_is_given_changed_and_taken_away(factory: &dyn Factory) {
    let store = factory.make().await;
    let rows = ["a", "a", "b"].map(|name| session(Some(owner(name)), 5_000));
    for row in &rows {
        store.create(row.clone(), Vec::new()).await.unwrap();
    }
    assert!(store.labels(&owner("a")).await.unwrap().is_empty());
    store.set_label(rows[1].id, "").await.unwrap();
    for label in ["first", "second; ' \u{201c}quoted\u{201d}"] {
        store.set_label(rows[0].id, label).await.unwrap();
    }
    store.set_label(rows[2].id, "theirs").await.unwrap();
    let store = factory.reopen(store).await;
    let named = store.labels(&owner("a")).await.unwrap();
    assert_eq!(
        named.into_iter().collect::<Vec<_>>(),
        [(rows[0].id, "second; ' \u{201c}quoted\u{201d}".to_owned())]
    );
    store.set_label(rows[0].id, "").await.unwrap();
    assert!(store.labels(&owner("a")).await.unwrap().is_empty());
    assert_eq!(store.labels(&owner("b")).await.unwrap().len(), 1, "and nobody else's went with it");
}

pub(super) async fn a_link_is_found_by_its_digest_until_it_is_dropped(factory: &dyn Factory) {
    let store = factory.make().await;
    let (row, other) = (session(None, 5_000), session(None, 5_000));
    for made in [&row, &other] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    let (first, second, theirs) = (link(row.id, 1, 10), link(row.id, 6, 20), link(other.id, 3, 15));
    for made in [&first, &second, &theirs, &first] {
        store.add_link(made.clone()).await.unwrap();
    }
    let store = factory.reopen(store).await;
    assert_eq!(
        store.links(row.id).await.unwrap(),
        [second.clone(), first.clone()],
        "each once, the last made first"
    );
    assert_eq!(store.link(&theirs.digest).await.unwrap(), Some(theirs.clone()));
    assert_eq!(store.link(&"0".repeat(64)).await.unwrap(), None);
    assert!(!store.drop_link(other.id, &first.digest).await.unwrap(), "it is no link to that session");
    assert!(store.drop_link(row.id, &first.digest).await.unwrap());
    assert!(!store.drop_link(row.id, &first.digest).await.unwrap());
    assert_eq!(store.link(&first.digest).await.unwrap(), None);
    assert_eq!(store.links(row.id).await.unwrap(), [second]);
}

pub(super) async fn expired_links_go_when_another_is_made(factory: &dyn Factory) {
    let store = factory.make().await;
    let (row, other) = (session(None, 5_000), session(None, 5_000));
    for made in [&row, &other] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    let (old, late, theirs) = (link(row.id, 1, 0), link(row.id, 2, 1), link(other.id, 3, 0));
    for made in [&old, &late, &theirs] {
        store.add_link(made.clone()).await.unwrap();
    }
    let new = link(row.id, 4, 100);
    store.add_link(new.clone()).await.unwrap();
    assert_eq!(store.links(row.id).await.unwrap(), [new, late]);
    assert_eq!(store.links(other.id).await.unwrap(), [theirs], "of no other session");
}

pub(super) async fn a_comment_is_kept_once_and_in_order(factory: &dyn Factory) {
    let store = factory.make().await;
    let (row, other) = (session(None, 5_000), session(None, 5_000));
    for made in [&row, &other] {
        store.create(made.clone(), Vec::new()).await.unwrap();
    }
    let (first, second) = (comment("b", 3, 10), comment("a", 0, 20));
    for made in [&second, &first, &Comment { text: "again".to_owned(), ..first.clone() }] {
        store.add_comment(row.id, made.clone()).await.unwrap();
    }
    store.add_comment(other.id, comment("b", 1, 5)).await.unwrap();
    let store = factory.reopen(store).await;
    assert_eq!(store.comments(row.id).await.unwrap(), [first.clone(), second], "as they were sent first");
    assert!(store.drop_comment(row.id, "a").await.unwrap());
    assert!(!store.drop_comment(row.id, "a").await.unwrap());
    assert_eq!(store.comments(row.id).await.unwrap(), [first]);
    assert_eq!(store.comments(other.id).await.unwrap().len(), 1);
}

pub(super) async fn the_comments_of_an_owner_are_counted(factory: &dyn Factory) {
    let store = factory.make().await;
    let rows = ["a", "a", "a", "b"].map(|name| session(Some(owner(name)), 5_000));
    for (row, count) in rows.iter().zip([2, 0, 1, 4]) {
        store.create(row.clone(), Vec::new()).await.unwrap();
        for n in 0..count {
            store.add_comment(row.id, comment(&format!("c{n}"), n, 10)).await.unwrap();
        }
    }
    let store = factory.reopen(store).await;
    let counted = store.commented(&owner("a")).await.unwrap();
    assert_eq!(counted, [(rows[0].id, 2), (rows[2].id, 1)].into_iter().collect());
    store.drop_comment(rows[2].id, "c0").await.unwrap();
    assert_eq!(store.commented(&owner("a")).await.unwrap(), [(rows[0].id, 2)].into_iter().collect());
}

pub(super) async fn what_stands_beside_goes_with_the_session_and_moves_nothing(factory: &dyn Factory) {
    let store = factory.make().await;
    let row = session(Some(owner("a")), 5_000);
    store.create(row.clone(), Vec::new()).await.unwrap();
    let before = store.load(row.id).await.unwrap();
    let made = link(row.id, 1, 10);
    store.set_label(row.id, "mine").await.unwrap();
    store.add_link(made.clone()).await.unwrap();
    store.add_comment(row.id, comment("a", 1, 10)).await.unwrap();
    assert_eq!(store.load(row.id).await.unwrap(), before);
    store.commit(bare(&next(&row))).await.unwrap();
    assert_eq!(store.links(row.id).await.unwrap().len(), 1, "a commit leaves it as it is");
    assert!(store.delete(row.id).await.unwrap());
    for _ in 0..2 {
        assert!(store.labels(&owner("a")).await.unwrap().is_empty());
        assert_eq!(store.link(&made.digest).await.unwrap(), None);
        assert!(store.links(row.id).await.unwrap().is_empty());
        assert!(store.comments(row.id).await.unwrap().is_empty());
        // Nor is it there for one of the same id.
        let _again = store.create(row.clone(), Vec::new()).await;
    }
}

pub(super) async fn nothing_stands_beside_nothing(factory: &dyn Factory) {
    let store = factory.make().await;
    let id = new_id();
    assert!(matches!(store.set_label(id, "mine").await, Err(StoreError::NotFound)));
    assert!(matches!(store.set_label(id, "").await, Err(StoreError::NotFound)));
    assert!(matches!(store.add_link(link(id, 1, 10)).await, Err(StoreError::NotFound)));
    assert!(matches!(store.add_comment(id, comment("a", 1, 10)).await, Err(StoreError::NotFound)));
    assert!(!store.drop_link(id, "00").await.unwrap());
    assert!(!store.drop_comment(id, "a").await.unwrap());
    assert!(store.comments(id).await.unwrap().is_empty());
}
