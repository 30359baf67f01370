//! Makes the folder that the server serves out of the compiled front end, `frontend/voice/`, `style/` and the fonts.
//!
//! `bundle [--dev] WORKSPACE WASM SITE`: reads the front end at `WASM` and the sources under `WORKSPACE`, and leaves
//! in `SITE` the hashed files (`assets/`, each text and wasm file with a `.br` and a `.gz` beside it) and
//! `manifest.json`, which tells the server their addresses. It does nothing when no input changed, and swaps
//! a finished folder in, so that nobody sees half a site.
//!
//! With `--dev` the site is made in seconds for `make dev`: nothing is optimised or compressed, and pages load themselves
//! anew once the server was.
//!
//! The steps: wasm-bindgen (linked, so that its version is the one of the lock file), `wasm-opt`, esbuild.

mod compress;
mod inputs;
mod site;
mod tools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result, bail};

/// The most that the browser may have to load of wasm, compressed with brotli, in bytes.
const WASM_BROTLI_LIMIT: u64 = 240_000;

/// What a site is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SitePurpose {
    /// To be served to people.
    Serve,
    /// To be looked at by whoever changes it.
    Develop,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bundle: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut args: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let purpose = if args.first().is_some_and(|first| first == Path::new("--dev")) {
        args.remove(0);
        SitePurpose::Develop
    } else {
        SitePurpose::Serve
    };
    let [workspace, wasm, site] = args.as_slice() else {
        bail!("usage: bundle [--dev] WORKSPACE WASM SITE");
    };
    let digest = inputs::digest(workspace, wasm, purpose)?;
    if inputs::unchanged(site, &digest) {
        println!("The site is up to date: {}", site.display());
        return Ok(());
    }
    let next = sibling(site, "next")?;
    clear(&next)?;
    let work = sibling(site, "work")?;
    clear(&work)?;

    let built = tools::build(workspace, wasm, &work, purpose)?;
    let sizes = site::write(workspace, &built, &next, purpose)?;
    if purpose == SitePurpose::Serve {
        site::print_sizes(&sizes);
        let brotli = site::wasm_brotli(&sizes)?;
        if brotli > WASM_BROTLI_LIMIT {
            bail!(
                "the wasm is {brotli} bytes in brotli, over the limit of {WASM_BROTLI_LIMIT}: \
                 the first load must stay small (the folder {} keeps what was made)",
                next.display()
            );
        }
    }
    inputs::record(&next, &digest)?;
    swap(&next, site)?;
    fs::remove_dir_all(&work).with_context(|| format!("cannot remove {}", work.display()))
}

/// `SITE.suffix`, in the same folder as the site, so that a rename between them is a rename only.
fn sibling(site: &Path, suffix: &str) -> Result<PathBuf> {
    let mut name = site.file_name().context("the site needs a folder name")?.to_os_string();
    name.push(".");
    name.push(suffix);
    Ok(site.with_file_name(name))
}

/// Makes `folder` exist and be empty.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

/// Puts the finished folder `next` where `site` is.
fn swap(next: &Path, site: &Path) -> Result<()> {
    let old = sibling(site, "old")?;
    if old.exists() {
        fs::remove_dir_all(&old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    if site.exists() {
        fs::rename(site, &old).with_context(|| format!("cannot move {} away", site.display()))?;
    }
    fs::rename(next, site).with_context(|| format!("cannot move {} in", next.display()))?;
    if old.exists() {
        fs::remove_dir_all(&old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_site_replaces_the_old_one_wholly() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        fs::create_dir(&site).unwrap();
        fs::write(site.join("stale"), "x").unwrap();
        let next = sibling(&site, "next").unwrap();
        clear(&next).unwrap();
        fs::write(next.join("fresh"), "y").unwrap();

        swap(&next, &site).unwrap();

        let names: Vec<_> = fs::read_dir(&site).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["fresh"]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside the site");
    }
}
