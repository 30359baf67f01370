//! The whole bench in a few seconds, on the program as this test holds it: called with `serve` it is the program.

use std::path::Path;
use std::process::ExitCode;

use bench::{ProgramBenchPlan, ProgramWorkload};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return server::cli::main();
    }
    let dir = tempfile::tempdir().expect("a folder can be made");
    site(dir.path());
    let plan = ProgramBenchPlan {
        program: std::env::current_exe().expect("this test is a program"),
        site: dir.path().join("site"),
        models: None,
        folder: dir.path().join("data"),
        amounts: ProgramWorkload::quick(),
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let report = runtime.block_on(bench::run(&plan, |_| ())).expect("everything can be measured");
    check(&report.markdown(), report.json());
    let left: Vec<_> = std::fs::read_dir(&plan.folder).expect("the folder is there").collect();
    assert!(left.is_empty(), "what was written is gone: {left:?}");
    println!("test the_bench_measures_all_that_it_names ... ok\n");
    println!("test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out");
    ExitCode::SUCCESS
}

/// Every figure is there and is one.
fn check(table: &str, json: &serde_json::Value) {
    for row in [
        "| raw: durable",
        "| turns, 1 session |",
        "| turns, 16 sessions at once |",
        "| turns, 64 sessions at once |",
        "| turns through the page's `/api/answer`",
        "| the report on an interview of 60 answers |",
        "| home page, 1 connection |",
        "| interview page, 16 connections at once |",
        "| memory, idle",
        "| memory, an open event stream for each of the 8 |",
        "| cold start to the first answer",
        "| shipped: wasm |",
    ] {
        assert!(table.contains(row), "no row {row} in\n{table}");
    }
    assert!(!table.contains("NaN") && !table.contains("inf"), "{table}");
    for figure in [
        "/raw/rate",
        "/turns/0/ratio",
        "/turns/2/p99",
        "/answers/p50",
        "/reports/p50",
        "/pages/interview/1/rate",
    ] {
        assert!(json.pointer(figure).and_then(|f| f.as_f64()).is_some_and(|f| f > 0.0), "{figure} in {json}");
    }
    let memory = |name: &str| json["memory"][name].as_u64().unwrap_or_default();
    assert!(memory("idle") > 1_000_000 && memory("followed") >= memory("idle"), "{json}");
}

/// As the bundler leaves it, but empty.
fn site(dir: &Path) {
    let assets = dir.join("site/assets");
    std::fs::create_dir_all(&assets).expect("a folder can be made");
    let names = ["a.js", "a.wasm", "a.css", "a.svg"];
    for name in names {
        std::fs::write(assets.join(name), "x").expect("a file can be written");
    }
    let [js, wasm, css, favicon] = names.map(|name| format!("/assets/{name}"));
    let manifest = serde_json::json!({ "js": js, "wasm": wasm, "css": css, "fonts": [], "favicon": favicon });
    std::fs::write(dir.join("site/manifest.json"), manifest.to_string()).expect("a file can be written");
}
