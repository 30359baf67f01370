//! The three tools: wasm-bindgen, `wasm-opt` and esbuild.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::SitePurpose;

/// The WebAssembly features that rustc 1.95 turns on by default; every current browser has them.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The page's script while it is developed: the usual one, and what loads the page anew.
const DEVELOP: &str = include_str!("develop.js");

/// What the tools made, before it is named by content and compressed.
pub struct Built {
    /// The optimised module.
    pub wasm: PathBuf,
    /// The folder with what esbuild wrote: scripts, styles and fonts, already named by content.
    pub assets: PathBuf,
    /// esbuild's account of which source became which file.
    pub metafile: PathBuf,
}

/// Runs the tools, leaving everything in the folder `work`.
///
/// # Errors
/// When a tool is missing or refuses its input; what it printed has then been shown.
pub fn build(workspace: &Path, wasm: &Path, work: &Path, purpose: SitePurpose) -> Result<Built> {
    let develop = purpose == SitePurpose::Develop;
    let glue = work.join("glue");
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(!develop)
        .remove_producers_section(true)
        .out_name("frontend")
        .generate(&glue)
        .context("wasm-bindgen failed")?;

    let modules = workspace.join("frontend/node_modules");
    if !modules.is_dir() {
        bail!("{} is missing: run `npm ci` in frontend/ (make does)", modules.display());
    }
    let bound = glue.join("frontend_bg.wasm");
    let wasm = if develop { bound } else { optimise(&modules, &bound, work)? };
    let script = if develop { work.join("develop.js") } else { glue.join("frontend.js") };
    if develop {
        fs::write(&script, DEVELOP).context("cannot write develop.js")?;
    }
    let minify: &[&str] = if develop { &[] } else { &["--minify"] };

    let assets = work.join("assets");
    let metafile = work.join("esbuild.json");
    // The metafile names paths relative to the working folder, so all of them start there.
    let mut esbuild = Command::new(fs::canonicalize(modules.join(".bin/esbuild"))?);
    esbuild
        .current_dir(workspace)
        .env("NODE_PATH", fs::canonicalize(&modules)?)
        .arg(flag("interviewos", &fs::canonicalize(script)?))
        .arg(flag("main", &fs::canonicalize(workspace.join("style/main.css"))?))
        // A module of its own: pages load it when voice starts.
        .arg(flag("voice", &fs::canonicalize(workspace.join("frontend/voice/voice.ts"))?))
        // Likewise: the page of replay loads it.
        .arg(flag("replay", &fs::canonicalize(workspace.join("frontend/replay/replay.ts"))?))
        // And this one, pages on which the sound of answers is played.
        .arg(flag("heard", &fs::canonicalize(workspace.join("frontend/heard/heard.ts"))?))
        .args(minify)
        .args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"])
        .args([
            "--legal-comments=none",
            "--loader:.woff2=file",
            "--loader:.wav=file",
            "--public-path=/assets",
        ])
        .args(["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]"])
        .arg(flag("--outdir", &std::path::absolute(&assets)?))
        .arg(flag("--metafile", &std::path::absolute(&metafile)?));
    run("esbuild", &mut esbuild)?;
    Ok(Built { wasm, assets, metafile })
}

/// What `wasm-opt` makes of this module.
fn optimise(modules: &Path, bound: &Path, work: &Path) -> Result<PathBuf> {
    let optimised = work.join("frontend.wasm");
    let mut wasm_opt = Command::new("node");
    wasm_opt
        .arg(modules.join("binaryen/bin/wasm-opt"))
        // What the first round leaves, a second one makes smaller still.
        .args(["-Oz", "-Oz"])
        // rustc puts the stack first, and its last kilobyte is never reached: addresses there are nobody's.
        .arg("--low-memory-unused")
        .args(WASM_FEATURES)
        .arg(bound)
        .arg("-o")
        .arg(&optimised);
    run("wasm-opt", &mut wasm_opt)?;
    Ok(optimised)
}

/// `name=path`, whatever bytes the path is made of.
fn flag(name: &str, path: &Path) -> std::ffi::OsString {
    let mut whole = std::ffi::OsString::from(name);
    whole.push(OsStr::new("="));
    whole.push(path);
    whole
}

fn run(name: &str, command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {name}"))?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}
