//! The bench with as little as shows that everything can be measured.

use std::process::Command;

#[test]
fn the_bench_measures_all_that_it_names() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let json = folder.path().join("figures.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rooms-bench"));
    command.args(["bench", "--rooms", "1,2", "--seconds", "2", "--json"]).arg(&json);
    let output = command.output().expect("it runs");
    let (table, said) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    assert!(table.contains("\n| 1 | ") && table.contains("\n| 2 | ") && !table.contains("NaN"), "{table}");
    let figures = std::fs::read_to_string(json).expect("the figures are written");
    let figures: serde_json::Value = serde_json::from_str(&figures).expect("they are JSON");
    assert!(table.contains("\nOur participant by itself (10 of them"), "{table}");
    for name in ["/cores_each", "/bytes_each", "/idle_bytes"] {
        let figure = figures["our_participant"].pointer(name).and_then(serde_json::Value::as_f64);
        assert!(figure.is_some_and(|figure| figure > 0.0), "{name} in {figures}");
    }
    for level in 0..2 {
        let figure = |name: &str| figures["levels"][level].pointer(name).and_then(|f| f.as_f64());
        for name in
            ["/memory_bytes", "/latency_ms/p50", "/without_server_ms/p99", "/packets", "/rms", "/load_cores"]
        {
            assert!(figure(name).is_some_and(|f| f > 0.0), "{name} in {figures}");
        }
        assert_eq!(figure("/rooms_of_our_participants"), Some(level as f64));
    }
}
