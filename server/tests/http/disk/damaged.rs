//! A damaged database: refused at the start with the remedy, and never written over; where only one interview is
//! hurt the others go on.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use reqwest::StatusCode;
use store::SqliteStore;

use super::{Worker, refusal};
use crate::house::{Program, said, site, someone};

/// Ends the program, and folds the log into the file.
async fn stop(mut program: Program, data: &Path) {
    program.kill();
    SqliteStore::open(data).await.unwrap().close().await;
}

/// The file with one letter of a candidate's name changed.
fn letter(whole: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let at = bytes.windows(9).position(|window| window == b"Ada Byron").expect("the name");
    bytes[at] = b'I';
    bytes
}

#[tokio::test]
async fn a_damaged_file_is_refused_and_nothing_is_written_over_it() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let program = Program::start(data.path(), site.path(), Stdio::null(), &[]);
    let id = Worker::of(&program).opened().await;
    stop(program, data.path()).await;
    let path = data.path().join(store::FILE_NAME);
    let whole = fs::read(&path).unwrap();
    for (what, bytes) in [
        ("the header", [&[0; 100][..], &whole[100..]].concat()),
        ("the first page", [&whole[..100], &[0xff; 3_996][..], &whole[4_096..]].concat()),
        ("the second half", whole[..whole.len() / 2].to_vec()),
        ("a letter of what was said", letter(&whole)),
    ] {
        fs::write(&path, &bytes).unwrap();
        let (folder, site) = (data.path().to_str().unwrap(), site.path().to_str().unwrap());
        let said = refusal(Program::command(&["serve", "--port", "0", "--data", folder, "--site", site]));
        for part in ["interviewos: ", path.to_str().unwrap(), "damaged", "put a backup in its place"] {
            assert!(said.contains(part), "{what}: {said}");
        }
        assert!(fs::read(&path).unwrap() == bytes, "{what}: nothing is written over it");
        let log = data.path().join(format!("{}-wal", store::FILE_NAME));
        assert_eq!(fs::metadata(log).map_or(0, |log| log.len()), 0, "{what}: nor waits in a log");
    }
    // The whole file in its place, as from a backup, and it goes on.
    fs::write(&path, whole).unwrap();
    let program = Program::start(data.path(), site.path(), Stdio::null(), &[]);
    assert_eq!(Worker::of(&program).messages(&id).await.len(), 1);
}

#[tokio::test]
async fn where_one_interview_is_damaged_the_others_go_on() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let program = Program::start(data.path(), site.path(), Stdio::null(), &[]);
    let worker = Worker::of(&program);
    let mut candidate = someone();
    candidate["cv"] = "I counted the zebrafish of the lab. ".repeat(400).into();
    let (hurt, whole) = (worker.opened_with(&candidate).await, worker.opened().await);
    for id in [&hurt, &whole] {
        assert_eq!(worker.turn(id, "t-1", "user_turn", &said(1)).await.0, StatusCode::OK);
    }
    stop(program, data.path()).await;
    // Damage that is there at the start is refused; this happens while the program runs.
    let program = Program::start(data.path(), site.path(), Stdio::null(), &[]);
    let worker = Worker::of(&program);
    // The pages that hold nothing but the CV.
    let path = data.path().join(store::FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    let mut damaged = 0;
    for page in bytes.chunks_mut(4_096) {
        if page.windows(9).filter(|window| window == b"zebrafish").count() > 100 {
            page.fill(0x5a);
            damaged += 1;
        }
    }
    assert!(damaged > 0);
    fs::OpenOptions::new().write(true).open(&path).unwrap().write_all(&bytes).unwrap();

    let (status, refusal) = worker.read(&hurt).await;
    assert_eq!((status, &refusal["error"]["code"]), (StatusCode::INTERNAL_SERVER_ERROR, &"damaged".into()));
    let sentence = refusal["error"]["message"].as_str().unwrap();
    assert!(sentence.contains("damaged") && sentence.contains("backup"), "{sentence}");
    assert_eq!(worker.turn(&hurt, "t-2", "user_turn", &said(2)).await.1["error"]["code"], "damaged");
    for n in 2..4 {
        let (status, reply) = worker.turn(&whole, &format!("t-{n}"), "user_turn", &said(n)).await;
        assert_eq!(status, StatusCode::OK, "{reply}");
    }
    assert_eq!(worker.messages(&whole).await.len(), 7);
    worker.opened().await;
    // Side by side, too.
    let words = said(4);
    let (hurt, whole) =
        tokio::join!(worker.turn(&hurt, "end", "end", ""), worker.turn(&whole, "t-4", "user_turn", &words));
    assert_eq!((hurt.0, whole.0), (StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK));
}
