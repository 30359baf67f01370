//! Cookies, origins, headers: what keeps one browser's interviews from another.

use reqwest::{Method, StatusCode};

use crate::house::{House, SECRET, SlowWriter, Visitor};
use std::sync::Arc;
use std::time::Duration;

#[tokio::test]
async fn a_browser_is_known_by_a_signed_cookie() {
    let house = House::start().await;
    let first = house.get("/").send().await.unwrap();
    let set = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Secure"), "{set}");
    let one = Visitor::of(&first);
    let again = Visitor::of(&house.get("/").header("cookie", &one.cookie).send().await.unwrap());
    assert_eq!(again.owner.0, one.owner.0);
    let other = Visitor::of(&house.get("/").send().await.unwrap());
    assert_ne!(other.owner.0, one.owner.0);
    // The signature of one with the name of another; no signature; a broken one.
    let signature = &one.cookie[..one.cookie.len() - 36];
    for forged in [
        format!("{signature}{}", other.owner.0),
        format!("interviewos={}", other.owner.0),
        other.cookie.replacen("interviewos=", "interviewos=A", 1),
    ] {
        let response = house.get("/").header("cookie", forged).send().await.unwrap();
        let new = Visitor::of(&response).owner.0;
        assert!(new != other.owner.0 && new != one.owner.0);
    }
}

#[tokio::test]
async fn a_cookie_outlives_the_server() {
    let house = House::start().await;
    let one = Visitor::of(&house.get("/").send().await.unwrap());
    let house = house.restart().await;
    let again = Visitor::of(&house.get("/").header("cookie", &one.cookie).send().await.unwrap());
    assert_eq!(again.owner.0, one.owner.0);
}

#[tokio::test]
async fn cookies_are_for_pages_alone_and_secure_over_https() {
    let house = House::start_with(|s| s.trusted_proxy = true, Arc::new(SlowWriter(Duration::ZERO))).await;
    for path in [
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/assets/app-1.css",
        "/engine/sessions/x/",
        "/interview/x/events",
        "/favicon.svg",
    ] {
        let response = house.get(path).header("x-ingest-secret", SECRET).send().await.unwrap();
        assert!(!response.headers().contains_key("set-cookie"), "{path}");
    }
    let https = house.get("/").header("x-forwarded-proto", "https").send().await.unwrap();
    assert!(https.headers()["set-cookie"].to_str().unwrap().contains("Secure"));
    let untrusting = House::start().await;
    let claimed = untrusting.get("/").header("x-forwarded-proto", "https").send().await.unwrap();
    assert!(!claimed.headers()["set-cookie"].to_str().unwrap().contains("Secure"));
}

#[tokio::test]
async fn someone_elses_interview_is_not_found() {
    let house = House::start().await;
    let (mine, id) = house.visitor().await;
    let (other, _) = house.visitor().await;
    let made_by_a_worker = house.session().await;
    for path in ["events", "export", "export?format=json"] {
        let to = |id: &str| house.get(&format!("/interview/{id}/{path}"));
        let own = to(&id.to_string()).header("cookie", &mine.cookie).send().await.unwrap();
        assert_eq!(own.status(), StatusCode::OK, "{path}");
        let mut refused = Vec::new();
        for (id, cookie) in [
            (id.to_string(), Some(&other.cookie)),
            (id.to_string(), None),
            (made_by_a_worker.clone(), Some(&mine.cookie)),
            ("00000000-0000-4000-8000-000000000000".to_owned(), Some(&mine.cookie)),
            ("x".to_owned(), Some(&mine.cookie)),
        ] {
            let request = to(&id);
            let request = match cookie {
                Some(cookie) => request.header("cookie", cookie),
                None => request,
            };
            let response = request.send().await.unwrap();
            refused.push((response.status(), response.text().await.unwrap()));
        }
        assert_eq!(refused[0].0, StatusCode::NOT_FOUND);
        assert!(refused.windows(2).all(|two| two[0] == two[1]), "nothing tells them apart: {refused:?}");
    }
}

#[tokio::test]
async fn only_the_page_itself_may_change_something() {
    let house = House::start().await;
    let status = async |headers: &[(&'static str, &str)]| {
        let request =
            headers.iter().fold(house.post("/api/whatever"), |r, (name, value)| r.header(*name, *value));
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body("a=b")
            .send()
            .await
            .unwrap()
            .status()
    };
    let refused = StatusCode::FORBIDDEN;
    assert_eq!(status(&[]).await, refused);
    assert_eq!(status(&[("origin", "https://elsewhere.example")]).await, refused);
    assert_eq!(status(&[("origin", "null")]).await, refused);
    // Behind `no-referrer` a browser hides the origin, and says by another header that the page itself asks.
    assert_ne!(status(&[("origin", "null"), ("sec-fetch-site", "same-origin")]).await, refused);
    assert_eq!(status(&[("origin", "null"), ("sec-fetch-site", "same-site")]).await, refused);
    let hidden = house.post("/api/whatever").header("origin", "null").send().await.unwrap();
    let words = hidden.text().await.unwrap();
    assert!(
        words.contains("Origin: null") && words.contains("Referrer-Policy"),
        "named, with what to do: {words}"
    );
    // A page's scripts get them as whatever else they show.
    let asked = house.post("/api/answer").header("accept", "application/json").header("origin", "null");
    let error: app::AppError = asked.send().await.unwrap().json().await.unwrap();
    assert!(
        matches!(&error, app::AppError::Invalid(words) if words.contains("Referrer-Policy")),
        "{error:?}"
    );
    assert_eq!(status(&[("origin", &house.base), ("sec-fetch-site", "cross-site")]).await, refused);
    assert_ne!(status(&[("origin", &house.base)]).await, refused);
    assert_ne!(status(&[("sec-fetch-site", "same-origin")]).await, refused);
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let response =
            house.request(method, "/").header("origin", "https://elsewhere.example").send().await.unwrap();
        assert_eq!(response.status(), refused);
        assert!(response.text().await.unwrap().contains("another site"));
    }
}

#[tokio::test]
async fn every_response_carries_the_headers_that_protect() {
    let house = House::start().await;
    let (mine, id) = house.visitor().await;
    let own = format!("/interview/{id}");
    let paths = [
        "/",
        "/nowhere",
        "/assets/app-1.css",
        "/assets/none.js",
        "/favicon.ico",
        "/healthz",
        "/readyz",
        "/openapi.json",
        "/engine/sessions/x/",
        "/engine/nowhere",
        "/interview/x/events",
        "/api/none",
        &own,
        &format!("{own}/events"),
        &format!("{own}/export"),
        &format!("{own}/export?format=pdf"),
    ];
    for path in paths {
        let responses = [
            house
                .get(path)
                .header("cookie", &mine.cookie)
                .header("x-ingest-secret", SECRET)
                .send()
                .await
                .unwrap(),
            house.post(path).send().await.unwrap(),
        ];
        for response in responses {
            let header =
                |name: &str| response.headers().get(name).map_or("", |v| v.to_str().unwrap()).to_owned();
            let policy = header("content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
                "{path}: {policy}"
            );
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{path}: {policy}"
            );
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
            assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
            assert!(header("permissions-policy").contains("microphone=(self)"), "{path}");
            assert!(!header("x-request-id").is_empty(), "{path}");
            let kept = response.status() == StatusCode::OK && path.starts_with("/assets/");
            let cache = if kept { "public, max-age=31536000, immutable" } else { "no-store" };
            assert_eq!(header("cache-control"), cache, "{path}");
        }
    }
}

#[tokio::test]
async fn pages_have_a_nonce_of_their_own_and_the_unknown_has_its_page() {
    let house = House::start().await;
    let mut seen = Vec::new();
    for (path, status) in [("/", 200), ("/", 200), ("/nowhere/at/all", 404)] {
        let response = house.get(path).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        let html = response.text().await.unwrap();
        assert!(html.contains(&format!("nonce=\"{nonce}\"")) && html.contains("/assets/app-1.css"), "{html}");
        assert!(nonce.len() >= 16 && !seen.contains(&nonce));
        seen.push(nonce);
    }
}

#[tokio::test]
async fn files_come_compressed_and_are_kept() {
    let house = House::start().await;
    for (accepted, text) in [("br, gzip", "brotli"), ("gzip", "gzip"), ("identity", "plain")] {
        let response =
            house.get("/assets/app-1.css").header("accept-encoding", accepted).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/css");
        assert!(response.headers()["vary"].to_str().unwrap().contains("accept-encoding"));
        assert_eq!(response.text().await.unwrap(), text);
    }
    for outside in
        ["/assets/../manifest.json", "/assets/%2e%2e/manifest.json", "/assets/..%2fmanifest.json", "/assets/"]
    {
        let status = house.get(outside).send().await.unwrap().status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{outside}");
    }
    assert!(house.get("/favicon.svg").send().await.unwrap().status().is_redirection());
}
