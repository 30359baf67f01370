//! A full disk: turns are refused whole, and taken once there is room, without a restart.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use reqwest::StatusCode;

use super::{Worker, on_disk, seen_by};
use crate::house::{Program, said, site};

/// Grows a file until nothing more fits, in ever smaller steps.
fn fill(path: &Path) {
    let mut ballast = OpenOptions::new().create(true).append(true).open(path).unwrap();
    for step in [64 * 1_024, 4 * 1_024, 64, 1] {
        loop {
            match ballast.write(&vec![0; step]) {
                Ok(written) if written == step => {}
                Ok(_) => break,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::StorageFull, "{error}");
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_turn_that_found_no_room_is_taken_once_there_is_some() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let prepare = "mount -t tmpfs -o size=3m,mode=700 tmpfs \"$0\"";
    let Some(command) = on_disk("full disk", prepare, data.path(), site.path()) else { return };
    let mut program = Program::begin(command);
    let ballast = seen_by(&program, data.path()).join("ballast");
    let worker = Worker::of(&program);
    let (id, other) = (worker.opened().await, worker.opened().await);
    assert_eq!(worker.turn(&id, "t-1", "user_turn", &said(1)).await.0, StatusCode::OK);

    // A person's interview beside it.
    let url = |path: &str| format!("{}{path}", program.base);
    let home = worker.client.get(url("/")).send().await.unwrap();
    let cookie = crate::house::Visitor::of(&home).cookie;
    let form = async |path: &str, fields: &[(&str, &str)]| {
        let request = worker.client.post(url(path)).header("origin", &program.base).header("cookie", &cookie);
        request.header("accept", "text/html").form(fields).send().await.unwrap()
    };
    let started = form(
        "/api/start_interview",
        &[("name", "Ada"), ("role", "Nurse"), ("plan", "quick"), ("seniority", "mid")],
    )
    .await;
    let page = started.headers()["location"].to_str().unwrap().split('#').next().unwrap().to_owned();
    let mine = page.rsplit('/').next().unwrap().to_owned();

    fill(&ballast);
    // What is left of the log's last page may still take a turn or two.
    let mut n = 1;
    let (status, refusal) = loop {
        n += 1;
        assert!(n < 40, "the disk was never full");
        let (status, reply) = worker.turn(&id, &format!("t-{n}"), "user_turn", &said(n)).await;
        if status != StatusCode::OK {
            break (status, reply);
        }
    };
    assert_eq!((status, &refusal["error"]["code"]), (StatusCode::INSUFFICIENT_STORAGE, &"disk_full".into()));
    let sentence = refusal["error"]["message"].as_str().unwrap();
    assert!(sentence.contains("disk is full") && sentence.contains("Free some space"), "{sentence}");
    let failed = format!("t-{n}");
    let kept = worker.messages(&id).await;
    assert!(kept.iter().all(|(turn, _)| *turn != failed), "nothing of the failed turn is there: {kept:?}");
    assert!(kept.iter().any(|(turn, _)| turn == "t-1"));
    assert_eq!(worker.turn(&other, "u-1", "user_turn", &said(50)).await.0, StatusCode::INSUFFICIENT_STORAGE);
    assert_eq!(
        worker.post("/engine/sessions/", &crate::house::someone()).await.0,
        StatusCode::INSUFFICIENT_STORAGE
    );

    // The page says it too, and keeps the words for another try.
    let answer = [("id", mine.as_str()), ("turn_id", "p-1"), ("text", "I kept a list of every dose.")];
    assert_eq!(form("/api/answer", &answer).await.status(), StatusCode::SEE_OTHER);
    let html =
        worker.client.get(url(&page)).header("cookie", &cookie).send().await.unwrap().text().await.unwrap();
    assert!(html.contains("disk is full") && html.contains("I kept a list of every dose."), "{html}");
    assert_eq!(worker.messages(&mine).await.len(), 1);

    // With room again the very same turn goes through, in the same process.
    std::fs::remove_file(&ballast).unwrap();
    let (status, reply) = worker.turn(&id, &failed, "user_turn", &said(n)).await;
    assert_eq!(status, StatusCode::OK, "{reply}");
    assert_eq!(worker.turn(&id, &failed, "user_turn", &said(n)).await.1, reply, "once");
    let now = worker.messages(&id).await;
    assert_eq!(now[..kept.len()], kept[..]);
    assert_eq!(now.len(), kept.len() + 2, "the answer and its reply");
    assert_eq!(form("/api/answer", &answer).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(worker.messages(&mine).await.len(), 3);
    assert_eq!(worker.turn(&other, "u-1", "user_turn", &said(50)).await.0, StatusCode::OK);
    assert!(program.child.try_wait().unwrap().is_none(), "it was not started anew");
}
