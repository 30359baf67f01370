//! A disk that cannot be written: refused at the start; while it runs interviews can still be read.

use std::process::Stdio;

use reqwest::StatusCode;

use super::{Worker, on_disk, refusal, seen_by};
use crate::house::{Program, said, site};

#[test]
fn a_read_only_folder_is_refused_at_the_start() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    drop(Program::start(data.path(), site.path(), Stdio::null(), &[]));
    let before = std::fs::read(data.path().join(store::FILE_NAME)).unwrap();
    let prepare = "mount --bind \"$0\" \"$0\"\nmount -o remount,bind,ro \"$0\"";
    let Some(command) = on_disk("read-only folder", prepare, data.path(), site.path()) else { return };
    let said = refusal(command);
    for part in ["Read-only file system", "make it writable", "--data", data.path().to_str().unwrap()] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(std::fs::read(data.path().join(store::FILE_NAME)).unwrap(), before);
}

/// A real file system that makes itself read-only, as one does that has found an error.
#[tokio::test]
async fn a_disk_that_becomes_read_only_is_still_read_from() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let image = tempfile::NamedTempFile::new().unwrap();
    image.as_file().set_len(8 << 20).unwrap();
    let prepare = format!(
        "mkfs.ext4 -q -F '{0}'\nmount -o loop,errors=remount-ro '{0}' \"$0\"\nchmod 700 \"$0\"\n\
         name=$(basename $(findmnt -no SOURCE \"$0\"))\ntest -w /sys/fs/ext4/$name/trigger_fs_error\n\
         echo $name > \"$0/device\"",
        image.path().display()
    );
    let Some(command) = on_disk("disk that becomes read-only", &prepare, data.path(), site.path()) else {
        return;
    };
    let program = Program::begin(command);
    let device = std::fs::read_to_string(seen_by(&program, data.path()).join("device")).unwrap();
    let device = device.trim();
    assert!(device.starts_with("loop"), "{device}");
    let worker = Worker::of(&program);
    let (id, unread) = (worker.opened().await, worker.opened().await);
    assert_eq!(worker.turn(&id, "t-1", "user_turn", &said(1)).await.0, StatusCode::OK);
    let kept = worker.messages(&id).await;

    std::fs::write(format!("/sys/fs/ext4/{device}/trigger_fs_error"), "1").unwrap();
    for n in 2..5 {
        let (status, refusal) = worker.turn(&id, &format!("t-{n}"), "user_turn", &said(n)).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{refusal}");
        assert_eq!(refusal["error"]["code"], "read_only");
        let sentence = refusal["error"]["message"].as_str().unwrap();
        assert!(sentence.contains("cannot write") && sentence.contains("Make it writable"), "{sentence}");
        assert_eq!(worker.messages(&id).await, kept, "reading goes on, and nothing new is there");
    }
    assert_eq!(worker.messages(&unread).await.len(), 1);
    let ready = worker.client.get(format!("{}/readyz", program.base)).send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE, "no interviews can be held");
}
