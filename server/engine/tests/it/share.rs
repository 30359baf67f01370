//! Reading links: what they show, for how long, and what is written by them.

use std::sync::Arc;

use engine::{BuiltIn, EngineError, LINK_DAYS, NewSession, ReadersCopy, Remark, SessionId};
use interview::{MAX_COMMENT, Profile, Seniority};
use store::SqliteStore;

use crate::house::{House, new, said, start};

const DAY: i64 = 24 * 60 * 60 * 1_000;
const STORY: &str = "I\u{2019}m Priya Nair, write to priya@example.com or call 07700 900123. I moved the ledger to double \
    entry within three weeks, and the differences fell to zero.";

/// An interview with a CV, and a story with contact details.
async fn held(house: &House) -> SessionId {
    let profile = Profile::new(
        "Priya Nair",
        "Backend engineer",
        Seniority::Senior,
        "Priya Nair, 12 Acacia Avenue, priya@example.com. Led the ledger.",
        "Reference QX-4471. We look for engineers.",
    )
    .unwrap();
    let id = house.engine.create(NewSession { profile, ..new("quick") }).await.unwrap();
    house.engine.turn(id, start()).await.unwrap();
    house.engine.turn(id, said("a", STORY)).await.unwrap();
    id
}

fn remark(id: &str, line: u32, text: &str) -> Remark {
    Remark { id: id.to_owned(), line, author: " Sam ".to_owned(), text: text.to_owned() }
}

fn words(copy: &ReadersCopy) -> String {
    format!("{copy:?}")
}

#[tokio::test]
async fn a_link_shows_what_was_said_and_no_name_no_papers_no_contact_details() {
    let house = House::built_in();
    let id = held(&house).await;
    let made = house.engine.share(id, false, false).await.unwrap();
    let copy = house.engine.shared(&made.secret).await.unwrap();
    assert_eq!(copy.lines.len(), house.sound(id).await.messages.len());
    let all = words(&copy);
    for private in
        ["Priya", "Nair", "example.com", "07700", "Acacia", "QX-4471", &id.to_string(), &made.link.digest]
    {
        assert!(!all.contains(private), "{private} is in {all}");
    }
    assert!(all.contains("[name], write to [left out] or call [left out]. I moved the ledger"), "{all}");

    let whole = house.engine.share(id, true, true).await.unwrap();
    let copy = house.engine.shared(&whole.secret).await.unwrap();
    assert_eq!(copy.name.as_deref(), Some("Priya"));
    let all = words(&copy);
    assert!(all.contains("priya@example.com") && all.contains("QX-4471"), "{all}");
}

#[tokio::test]
async fn the_secret_is_kept_nowhere_and_opens_nothing_but_its_interview() {
    let house = House::built_in();
    let (id, other) = (held(&house).await, held(&house).await);
    let made = house.engine.share(id, false, false).await.unwrap();
    assert!(made.secret.len() >= 64 && !format!("{made:?}").contains(&made.secret));
    assert!(!format!("{:?}", house.store.links(id).await.unwrap()).contains(&made.secret));
    for wrong in ["", &made.link.digest, &made.secret[1..], &made.secret.to_uppercase(), &id.to_string()] {
        assert!(matches!(house.engine.shared(wrong).await, Err(EngineError::NotFound)), "{wrong}");
    }
    assert!(matches!(house.engine.unshare(other, &made.link.digest).await, Err(EngineError::NotFound)));
    let another = house.engine.share(id, false, false).await.unwrap();
    assert_ne!(another.secret, made.secret);
}

#[tokio::test(start_paused = true)]
async fn a_link_ends_by_being_revoked_by_time_and_with_its_interview() {
    let house = House::built_in();
    let id = held(&house).await;
    let share = async || house.engine.share(id, false, false).await.unwrap();
    let (first, second) = (share().await, share().await);
    house.clock.jump(DAY);
    let third = share().await;
    house.engine.unshare(id, &first.link.digest).await.unwrap();
    let closed = async |secret: &str| {
        matches!(house.engine.shared(secret).await, Err(EngineError::NotFound))
            && matches!(
                house.engine.remark(secret, remark("x", 0, "Hello")).await,
                Err(EngineError::NotFound)
            )
    };
    assert!(closed(&first.secret).await && !closed(&second.secret).await);
    house.clock.jump((LINK_DAYS - 1) * DAY - 1);
    assert!(!closed(&second.secret).await);
    house.clock.jump(1);
    assert!(closed(&second.secret).await && !closed(&third.secret).await);
    assert_eq!(house.engine.links(id).await.unwrap(), std::slice::from_ref(&third.link));
    house.engine.delete(id).await.unwrap();
    assert!(closed(&third.secret).await);
    assert!(matches!(house.engine.share(id, false, false).await, Err(EngineError::NotFound)));
}

#[tokio::test(start_paused = true)]
async fn a_form_sent_again_makes_no_other_link_and_brings_none_back() {
    let house = House::built_in();
    let (id, other) = (held(&house).await, held(&house).await);
    let press = "5e0f7b0e-3a3c-4d0e-9f0e-2f6f4f1f3b11";
    let share = async |of, name| house.engine.share_once(of, press, name, false).await.unwrap();
    let (first, again) = tokio::join!(share(id, false), share(id, false));
    assert_eq!(first.secret, again.secret);
    assert_eq!(house.engine.links(id).await.unwrap().len(), 1);
    assert!(!first.secret.contains(press) && first.secret.len() == 64);
    // What it shows, and of which interview, makes it another one.
    assert_ne!(share(id, true).await.secret, first.secret);
    assert_ne!(share(other, false).await.secret, first.secret);
    house.engine.unshare(id, &first.link.digest).await.unwrap();
    let fresh = share(id, false).await;
    assert_ne!(fresh.secret, first.secret);
    assert!(matches!(house.engine.shared(&first.secret).await, Err(EngineError::NotFound)));
    assert!(house.engine.shared(&fresh.secret).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn there_are_only_so_many_links_at_a_time() {
    let house = House::built_in();
    let id = held(&house).await;
    let most = loop {
        match house.engine.share(id, false, false).await {
            Ok(_) => {}
            Err(EngineError::TooMany { most }) => break most,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(house.engine.links(id).await.unwrap().len(), most);
    house.clock.jump(LINK_DAYS * DAY);
    house.engine.share(id, false, false).await.unwrap();
}

#[tokio::test]
async fn a_comment_is_kept_once_seen_by_both_and_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(folder.path()).await.unwrap());
    let house = House::on(store, Arc::new(BuiltIn));
    let id = held(&house).await;
    let before = house.sound(id).await;
    let made = house.engine.share(id, false, false).await.unwrap();
    for _ in 0..2 {
        house.engine.remark(&made.secret, remark("one", 2, " Say what it cost.\n")).await.unwrap();
    }
    house.clock.jump(1_000);
    house.engine.remark(&made.secret, remark("two", 0, "Clear.")).await.unwrap();

    // As after a crash: another engine on what is stored.
    let again = house.again(Arc::new(BuiltIn));
    let kept = again.engine.comments(id).await.unwrap();
    let told: Vec<_> = kept.iter().map(|it| (it.line, it.author.as_str(), it.text.as_str())).collect();
    assert_eq!(told, [(2, "Sam", "Say what it cost."), (0, "Sam", "Clear.")]);
    assert_eq!(again.engine.shared(&made.secret).await.unwrap().comments, kept);
    assert_eq!(again.sound(id).await, before, "nothing of the interview changes by it");

    again.engine.delete_comment(id, "one").await.unwrap();
    assert!(matches!(again.engine.delete_comment(id, "one").await, Err(EngineError::NotFound)));
    assert_eq!(again.engine.comments(id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_stand_in_the_margin_is_refused() {
    let house = House::built_in();
    let id = held(&house).await;
    let secret = house.engine.share(id, false, false).await.unwrap().secret;
    let refused = async |remark: Remark| house.engine.remark(&secret, remark).await.unwrap_err();
    assert!(matches!(refused(remark("a", 1, " \n ")).await, EngineError::BlankText));
    let long = "x".repeat(MAX_COMMENT + 1);
    assert!(matches!(refused(remark("a", 1, &long)).await, EngineError::LongText { limit: MAX_COMMENT }));
    let author = Remark { author: "y".repeat(81), ..remark("a", 1, "Fine") };
    assert!(matches!(refused(author).await, EngineError::LongText { limit: 80 }));
    assert!(matches!(refused(remark("a", 99, "Fine")).await, EngineError::NotFound));
    assert!(matches!(refused(remark("", 1, "Fine")).await, EngineError::NotFound));
    let mut n = 0;
    let most = loop {
        match house.engine.remark(&secret, remark(&format!("c{n}"), 1, "Fine")).await {
            Ok(()) => n += 1,
            Err(EngineError::TooMany { most }) => break most,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(house.engine.comments(id).await.unwrap().len(), most);
    house.engine.remark(&secret, remark("c0", 1, "Fine")).await.unwrap();
}

#[tokio::test]
async fn what_is_settled_stays_settled_and_is_no_statement_of_the_report() {
    let house = House::built_in();
    let (id, other) = (held(&house).await, held(&house).await);
    let before = house.engine.report(id).await.unwrap();
    let settled = engine::SettledClash { line: 2, other, other_line: 2, what: Some("team".to_owned()) };
    for _ in 0..2 {
        house.engine.settle(id, &settled).await.unwrap();
    }
    let exports = [house.engine.export(id).await.unwrap(), house.engine.export(other).await.unwrap()];
    let kept = house.again(Arc::new(BuiltIn)).engine.settled(&exports).await.unwrap();
    assert_eq!(kept.into_iter().collect::<Vec<_>>(), [(id, settled.clone())]);
    assert_eq!(house.engine.report(id).await.unwrap(), before);
    house.engine.delete(id).await.unwrap();
    assert!(matches!(house.engine.settle(id, &settled).await, Err(EngineError::NotFound)));
}
