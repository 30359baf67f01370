//! What the site is made of, as one digest: the same digest means that there is nothing to do.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::SitePurpose;

/// The file in the site that holds the digest of the inputs it was made of.
const RECORD: &str = "inputs.sha256";

/// The folders of modules that pages load by themselves.
const MODULES: [&str; 3] = ["voice", "replay", "heard"];

/// The digest of everything that the site depends on: the compiled front end, the modules, the styles, the
/// versions of what npm brings, this program, and what the site is for.
///
/// # Errors
/// When one of them cannot be read.
pub fn digest(workspace: &Path, wasm: &Path, purpose: SitePurpose) -> Result<String> {
    let mut files =
        vec![wasm.to_path_buf(), workspace.join("frontend/package-lock.json"), env::current_exe()?];
    collect(&workspace.join("style"), &mut files)?;
    for module in MODULES {
        collect(&workspace.join("frontend").join(module), &mut files)?;
    }
    let mut whole = Sha256::new();
    whole.update([purpose as u8]);
    for file in &files {
        let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_name().unwrap_or_default().as_encoded_bytes();
        whole.update((name.len() as u64).to_le_bytes());
        whole.update(name);
        whole.update(Sha256::digest(&content));
    }
    Ok(hex(&whole.finalize()))
}

/// Whether `site` was made of inputs with this digest.
pub fn unchanged(site: &Path, digest: &str) -> bool {
    fs::read_to_string(site.join(RECORD)).is_ok_and(|recorded| recorded == digest)
}

/// Notes in `site` what it was made of.
///
/// # Errors
/// When the note cannot be written.
pub fn record(site: &Path, digest: &str) -> Result<()> {
    let file = site.join(RECORD);
    fs::write(&file, digest).with_context(|| format!("cannot write {}", file.display()))
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds all files under `folder`, in an order that does not depend on the file system.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let mut entries = fs::read_dir(folder)
        .and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()
        })
        .with_context(|| format!("cannot list {}", folder.display()))?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(&entry, files)?;
        } else {
            files.push(entry);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("frontend/voice")).unwrap();
        fs::create_dir_all(folder.path().join("frontend/replay")).unwrap();
        fs::create_dir_all(folder.path().join("frontend/heard")).unwrap();
        fs::create_dir_all(folder.path().join("style/parts")).unwrap();
        fs::write(folder.path().join("frontend/package-lock.json"), "{}").unwrap();
        fs::write(folder.path().join("style/main.css"), "a{}").unwrap();
        fs::write(folder.path().join("style/parts/one.css"), "b{}").unwrap();
        fs::write(folder.path().join("frontend/voice/voice.ts"), "c()").unwrap();
        fs::write(folder.path().join("frontend/replay/replay.ts"), "d()").unwrap();
        fs::write(folder.path().join("frontend/heard/heard.ts"), "e()").unwrap();
        fs::write(folder.path().join("front.wasm"), "\0asm").unwrap();
        folder
    }

    #[test]
    fn every_input_counts_and_nothing_else() {
        let folder = workspace();
        let root = folder.path();
        let wasm = root.join("front.wasm");
        let first = digest(root, &wasm, SitePurpose::Serve).unwrap();
        fs::write(root.join("README.md"), "words").unwrap();
        assert_eq!(digest(root, &wasm, SitePurpose::Serve).unwrap(), first, "other files do not matter");
        let inputs = [
            "frontend/package-lock.json",
            "style/main.css",
            "style/parts/one.css",
            "frontend/voice/voice.ts",
            "frontend/replay/replay.ts",
            "frontend/heard/heard.ts",
            "front.wasm",
        ];
        for input in inputs {
            let before = fs::read(root.join(input)).unwrap();
            fs::write(root.join(input), "changed").unwrap();
            assert_ne!(digest(root, &wasm, SitePurpose::Serve).unwrap(), first, "{input} matters");
            fs::write(root.join(input), before).unwrap();
        }
        assert_eq!(digest(root, &wasm, SitePurpose::Serve).unwrap(), first);
        assert_ne!(digest(root, &wasm, SitePurpose::Develop).unwrap(), first, "what it is for matters");
    }

    #[test]
    fn a_recorded_digest_is_recognised_and_another_is_not() {
        let site = tempfile::tempdir().unwrap();
        assert!(!unchanged(site.path(), "abc"));
        record(site.path(), "abc").unwrap();
        assert!(unchanged(site.path(), "abc"));
        assert!(!unchanged(site.path(), "abd"));
    }
}
