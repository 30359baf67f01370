//! The program `interviewos` as a person starts it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::house::{Program, site};

fn refusal(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    let last = said.lines().last().unwrap().to_owned();
    assert!(last.starts_with("interviewos: "), "{said}");
    last
}

#[test]
fn it_says_in_one_line_that_it_is_ready_and_keeps_its_secrets() {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let data = dir.path().join("kept");
    let mut program = Program::start(&data, site.path(), Stdio::null(), &[]);
    let port = program.base.rsplit(':').next().unwrap();
    assert_eq!(
        program.ready,
        format!(
            "InterviewOS is ready at http://127.0.0.1:{port} (data in {}; Ctrl-C stops it)\n",
            data.display()
        )
    );
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in fs::read_dir(&data).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
    // Ctrl-C, and a second server on what the first one left.
    assert!(Command::new("kill").args(["-INT", &program.child.id().to_string()]).status().unwrap().success());
    assert!(program.child.wait().unwrap().success());
    drop(Program::start(&data, site.path(), Stdio::null(), &[]));
}

#[test]
fn it_makes_a_secret_where_none_is_set() {
    let (data, site) = (tempfile::tempdir().unwrap(), site());
    let args =
        ["--port", "0", "--data", data.path().to_str().unwrap(), "--site", site.path().to_str().unwrap()];
    let mut child = Program::command(&args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut ready = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut ready)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let path = data.path().join("ingest-secret");
    assert_eq!(fs::read_to_string(&path).unwrap().trim().len(), 64);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn each_thing_in_the_way_is_named_with_its_remedy() {
    let (data, other, site) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), site());
    let (data, other, site) = (data.path().to_str().unwrap(), other.path(), site.path());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let site_arg = site.to_str().unwrap();
    let start = |more: &[&str]| Program::command(&[&["--data", data, "--site", site_arg], more].concat());

    let said = refusal(&mut start(&["--port", &port]));
    assert!(said.contains(&format!("port {port}")) && said.contains("--port"), "{said}");

    let running = Program::start(other, site, Stdio::null(), &[]);
    let said = refusal(&mut Program::command(&[
        "--port",
        "0",
        "--site",
        site_arg,
        "--data",
        other.to_str().unwrap(),
    ]));
    assert!(said.contains("another InterviewOS is using") && said.contains("--data"), "{said}");
    drop(running);

    let said = refusal(&mut Program::command(&["--data", data, "--site", "/nowhere"]));
    assert!(said.contains("make build"), "{said}");
    let said = refusal(start(&[]).env("INTERVIEWOS_PROT", "1"));
    assert!(said.contains("INTERVIEWOS_PROT") && said.contains("did you mean `port`"), "{said}");
    let said = refusal(start(&[]).env("INTERVIEWOS_PORT", "many"));
    assert!(said.contains("0 to 65535"), "{said}");
    let said = refusal(&mut start(&["--host", "256.0.0.1"]));
    assert!(said.contains("--host"), "{said}");

    fs::write(format!("{data}/interviewos.toml"), "datta = 'x'").unwrap();
    let said = refusal(&mut start(&[]));
    assert!(said.contains("interviewos.toml") && said.contains("did you mean `data`"), "{said}");
    let usage = start(&["--prot", "1"]).output().unwrap();
    assert!(String::from_utf8_lossy(&usage.stderr).contains("--port"), "{usage:?}");
}
