//! What one browser, one page elsewhere or one broken call may not do to others.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::sync::Arc;

use engine::BuiltIn;
use reqwest::{Response, StatusCode};

use crate::forms::send;
use crate::house::{House, Program, Visitor, said, site};

#[tokio::test]
async fn a_name_that_is_not_ours_is_refused_with_what_to_set() {
    let house = House::start_with(|s| s.hosts = "practise.example".to_owned(), Arc::new(BuiltIn)).await;
    let by = async |host: &str, path: &str| house.get(path).header("host", host).send().await.unwrap();
    for host in ["evil.example", "localhost.evil.example", "10.0.0.5", "me@localhost"] {
        for path in ["/", "/api/load_home", "/interview/x/export", "/assets/app-1.css"] {
            let response = by(host, path).await;
            assert_eq!(response.status(), StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
            assert!(!response.headers().contains_key("set-cookie"), "{host} {path}");
            let words = response.text().await.unwrap();
            assert!(words.contains("--hosts NAME") && words.contains("trusted_proxy"), "{words}");
        }
        assert_eq!(by(host, "/healthz").await.status(), StatusCode::OK, "{host}");
    }
    for host in ["localhost", "127.0.0.1:1", "[::1]:3000", "practise.example", "PRACTISE.example:443"] {
        assert_eq!(by(host, "/").await.status(), StatusCode::OK, "{host}");
    }
    let proxied = House::start_with(|s| s.trusted_proxy = true, Arc::new(BuiltIn)).await;
    let request = proxied.get("/").header("x-forwarded-host", "practise.example");
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
}

const FORM: [(&str, &str); 4] = [("name", "Ada"), ("role", "Nurse"), ("plan", "quick"), ("seniority", "mid")];

/// Starts an interview as scripts do.
async fn start(house: &House, visitor: &Visitor) -> Response {
    let request = house.post("/api/start_interview").header("origin", &house.base);
    request.header("cookie", &visitor.cookie).form(&FORM).send().await.unwrap()
}

#[tokio::test]
async fn one_browser_has_so_many_interviews_at_a_time() {
    let house = House::start_with(|s| s.browser_interviews = 3, Arc::new(BuiltIn)).await;
    let (visitor, first) = house.visitor().await;
    for _ in 0..2 {
        assert!(start(&house, &visitor).await.status().is_success());
    }
    let refused = start(&house, &visitor).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let words = refused.text().await.unwrap();
    assert!(words.contains("You have 3 interviews") && words.contains("delete one"), "{words}");
    assert_eq!(house.engine.list(&visitor.owner).await.unwrap().len(), 3);
    let other = Visitor::of(&house.get("/").send().await.unwrap());
    assert!(start(&house, &other).await.status().is_success(), "others are not concerned");
    house.engine.delete(first).await.unwrap();
    assert!(start(&house, &visitor).await.status().is_success());
}

#[tokio::test]
async fn on_a_disk_that_is_almost_full_nothing_new_is_begun_and_what_is_under_way_goes_on() {
    let house = House::start().await;
    let id = house.session().await;
    house.turn(&id, "s", "start", "").await;
    let mut house = house;
    // More than any disk has.
    house.settings.min_free_mb = u64::MAX;
    let house = house.restart().await;
    let visitor = Visitor::of(&house.get("/").send().await.unwrap());
    let refused = start(&house, &visitor).await;
    assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
    let words = refused.text().await.unwrap();
    assert!(words.contains("disk_low"), "{words}");
    let (status, body) = house.engine_post("/engine/sessions/", &crate::house::someone()).await;
    assert_eq!((status, &body["error"]["code"]), (StatusCode::INSUFFICIENT_STORAGE, &"disk_full".into()));
    let ready = house.get("/readyz").send().await.unwrap();
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.headers()["retry-after"], "1");
    assert!(ready.text().await.unwrap().contains("almost full"));
    assert_eq!(house.turn(&id, "a", "user_turn", &said(1)).await.0, StatusCode::OK);
    let back = send(&house, &visitor, "/api/start_interview", "/", &FORM).await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    let page = house.get("/").header("cookie", &visitor.cookie).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("disk is almost full") || page.contains("disk\u{2019}s"), "the form says so, too");
    assert!(page.contains("almost full"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_read_is_the_callers_fault() {
    let house = House::start().await;
    let (visitor, id) = house.visitor().await;
    let call = async |path: &str, kind: &str, body: Vec<u8>| {
        let request = house.post(path).header("origin", &house.base).header("cookie", &visitor.cookie);
        request.header("content-type", kind).body(body).send().await.unwrap().status().as_u16()
    };
    let form = "application/x-www-form-urlencoded";
    for (path, kind, body) in [
        ("/api/answer", form, &b""[..]),
        ("/api/answer", form, b"id=%FF%FE&turn_id"),
        ("/api/answer", form, b"\xff\xfe\x00"),
        ("/api/answer", form, b"id[a][b][c]=1&turn_id[]=2"),
        ("/api/answer", form, b"id=x&turn_id=y&since=minus"),
        ("/api/answer", "application/json", b"{"),
        ("/api/load_interview", form, b"nothing=here"),
        ("/api/catch_up", form, b"id=x&since=-1"),
        ("/api/ask", form, b"id=x"),
    ] {
        let status = call(path, kind, body.to_vec()).await;
        assert!((400..500).contains(&status), "{path} {body:?}: {status}");
    }
    let fine = format!("id={id}&turn_id=t-1&text=Hello");
    assert_eq!(call("/api/answer", form, fine.into_bytes()).await, 409, "not opened yet: it was read");
}

#[tokio::test]
async fn a_form_that_failed_goes_back_to_our_own_pages_alone() {
    let house = House::start().await;
    let (visitor, _) = house.visitor().await;
    for (referer, leads_to) in [
        ("https://evil.example/interview/1".to_owned(), Some("/")),
        (format!("{}.evil.example/", house.base), Some("/")),
        (format!("{}/interview/1", house.base), None),
    ] {
        let request = house.post("/api/answer").header("sec-fetch-site", "same-origin");
        let request = request.header("cookie", &visitor.cookie).header("accept", "text/html");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let response = request.header("referer", &referer).body("id=x").send().await.unwrap();
        let location = response.headers().get("location").map(|l| l.to_str().unwrap().to_owned());
        match leads_to {
            Some(path) => assert_eq!(location.as_deref(), Some(path), "{referer}"),
            None => {
                assert!(location.as_deref().is_some_and(|l| l.starts_with("/interview/1")), "{location:?}")
            }
        }
    }
}

#[tokio::test]
async fn cookies_are_told_apart_and_over_https_are_this_hosts_alone() {
    let house = House::start_with(|s| s.trusted_proxy = true, Arc::new(BuiltIn)).await;
    let https = house.get("/").header("x-forwarded-proto", "https").send().await.unwrap();
    let set = https.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        set.starts_with("__Host-interviewos=") && set.contains("Secure") && set.contains("Path=/"),
        "{set}"
    );
    assert!(!set.to_lowercase().contains("domain"), "{set}");
    let secure = Visitor::of(&https);
    let (mine, other) = (
        Visitor::of(&house.get("/").send().await.unwrap()),
        Visitor::of(&house.get("/").send().await.unwrap()),
    );
    let known = async |cookies: &[&str]| {
        let response = house.get("/").header("cookie", cookies.join("; ")).send().await.unwrap();
        Visitor::of(&response).owner.0
    };
    // The first that was signed here, whatever is beside it; the host's own before all others.
    assert_eq!(known(&[&mine.cookie, &other.cookie]).await, mine.owner.0);
    assert_eq!(known(&["interviewos=forged", &mine.cookie, &other.cookie]).await, mine.owner.0);
    assert_eq!(known(&[&other.cookie, &secure.cookie]).await, secure.owner.0);
    // Somebody who was here before there was a certificate is known, and gets the better cookie.
    let request = house.get("/").header("x-forwarded-proto", "https").header("cookie", &mine.cookie);
    let again = Visitor::of(&request.send().await.unwrap());
    assert_eq!(again.owner.0, mine.owner.0);
    assert!(again.cookie.starts_with("__Host-"));
}

#[test]
fn files_are_the_owners_alone_and_a_crash_leaves_no_memory_behind() {
    let (dir, site) = (tempfile::tempdir().unwrap(), site());
    let data = dir.path().join("data");
    let mut program = Program::start(&data, site.path(), Stdio::null(), &[]);
    let limits = fs::read_to_string(format!("/proc/{}/limits", program.child.id())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().nth(4), Some("0"), "{core}");
    program.kill();
    let open =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    // As an older version, a copy or a careless hand may have left them.
    open(&data, 0o755);
    for entry in data.read_dir().unwrap() {
        open(&entry.unwrap().path(), 0o644);
    }
    let _program = Program::start(&data, site.path(), Stdio::null(), &[]);
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    for entry in data.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap() != "lock" {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
        }
    }
}
