//! The folder that is served: names by content, compressed siblings, the manifest, the table of sizes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::SitePurpose;
use crate::compress;
use crate::inputs::hex;
use crate::tools::Built;

/// One served file and what it costs to load.
pub struct AssetSize {
    /// The file's name in `assets/`.
    pub name: String,
    /// Bytes as they are.
    pub raw: u64,
    /// Bytes in brotli; none for what is compressed already (fonts) or gains little by it (sound).
    pub brotli: Option<u64>,
}

/// Writes the whole site into the empty folder `next`.
///
/// # Errors
/// When a file cannot be read or written, or when a part that the page needs is missing.
pub fn write(workspace: &Path, built: &Built, next: &Path, purpose: SitePurpose) -> Result<Vec<AssetSize>> {
    let put = |assets: &Path, name: &str, content: &[u8]| put(assets, name, content, purpose);
    let assets = next.join("assets");
    fs::create_dir_all(&assets).with_context(|| format!("cannot make {}", assets.display()))?;
    let mut sizes = Vec::new();

    let wasm = read(&built.wasm)?;
    let wasm_name = format!("interviewos-{}.wasm", short_hash(&wasm));
    sizes.push(put(&assets, &wasm_name, &wasm)?);

    let favicon = read(&workspace.join("style/favicon.svg"))?;
    let favicon_name = format!("favicon-{}.svg", short_hash(&favicon));
    sizes.push(put(&assets, &favicon_name, &favicon)?);

    let mut names = Vec::new();
    for entry in fs::read_dir(&built.assets)? {
        names.push(entry?.file_name().into_string().ok().context("a file name is not text")?);
    }
    names.sort();
    for name in &names {
        sizes.push(put(&assets, name, &read(&built.assets.join(name))?)?);
    }

    let metafile: Value = serde_json::from_slice(&read(&built.metafile)?)?;
    let manifest = json!({
        "js": url(&one(&names, "interviewos-", ".js")?),
        "wasm": url(&wasm_name),
        "voice": url(&one(&names, "voice-", ".js")?),
        "replay": url(&one(&names, "replay-", ".js")?),
        "heard": url(&one(&names, "heard-", ".js")?),
        "css": url(&one(&names, "main-", ".css")?),
        "fonts": preloaded(&metafile)?.iter().map(|name| url(name)).collect::<Vec<_>>(),
        "favicon": url(&favicon_name),
    });
    fs::write(next.join("manifest.json"), serde_json::to_vec_pretty(&manifest)?)?;
    Ok(sizes)
}

/// The brotli size of the wasm module.
///
/// # Errors
/// When there is none.
pub fn wasm_brotli(sizes: &[AssetSize]) -> Result<u64> {
    sizes
        .iter()
        .find(|size| size.name.ends_with(".wasm"))
        .and_then(|size| size.brotli)
        .context("the site has no wasm")
}

/// Prints what each file costs. Fonts are loaded only when a page shows their letters.
pub fn print_sizes(sizes: &[AssetSize]) {
    let width = sizes.iter().map(|size| size.name.len()).max().unwrap_or(0);
    println!("  {:width$} {:>9} {:>9}", "file", "raw", "brotli");
    for size in sizes {
        let brotli = size.brotli.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
        println!("  {:width$} {:>9} {brotli:>9}", size.name, size.raw);
    }
}

/// The fonts whose letters the first screen shows: the upright Latin of each family, in the order of the names.
/// Which files these became is read from esbuild's metafile.
fn preloaded(metafile: &Value) -> Result<Vec<String>> {
    let outputs = metafile["outputs"].as_object().context("esbuild's metafile has no outputs")?;
    let mut fonts = Vec::new();
    for (path, output) in outputs {
        let Some(name) = Path::new(path).file_name().and_then(|name| name.to_str()) else { continue };
        let Some(inputs) = output["inputs"].as_object() else { continue };
        let is_first_screen = |input: &String| {
            input.contains("-latin-") && !input.contains("-latin-ext-") && input.ends_with("-normal.woff2")
        };
        if name.ends_with(".woff2") && inputs.keys().any(is_first_screen) {
            fonts.push(name.to_owned());
        }
    }
    fonts.sort();
    if fonts.len() != 2 {
        bail!("the styles should use one upright Latin file of each of two font families, but use {fonts:?}");
    }
    Ok(fonts)
}

/// The only name of that beginning and end.
fn one(names: &[String], start: &str, end: &str) -> Result<String> {
    let mut found = names.iter().filter(|name| name.starts_with(start) && name.ends_with(end));
    match (found.next(), found.next()) {
        (Some(name), None) => Ok(name.clone()),
        (None, _) => bail!("esbuild made no {start}*{end}"),
        (Some(one), Some(other)) => bail!("esbuild made both {one} and {other}"),
    }
}

fn url(name: &str) -> String {
    format!("/assets/{name}")
}

/// Enough of a digest that two contents do not share a name.
fn short_hash(content: &[u8]) -> String {
    hex(&Sha256::digest(content)[..6])
}

/// Writes a file, and its compressed siblings where they are worth it.
fn put(assets: &Path, name: &str, content: &[u8], purpose: SitePurpose) -> Result<AssetSize> {
    let write = |name: &str, content: &[u8]| {
        fs::write(assets.join(name), content).with_context(|| format!("cannot write {name}"))
    };
    write(name, content)?;
    let mut size = AssetSize { name: name.to_owned(), raw: content.len() as u64, brotli: None };
    let gains = !name.ends_with(".woff2") && !name.ends_with(".wav");
    if gains && purpose == SitePurpose::Serve {
        let br = compress::brotli(content)?;
        size.brotli = Some(br.len() as u64);
        write(&format!("{name}.br"), &br)?;
        write(&format!("{name}.gz"), &compress::gzip(content)?)?;
    }
    Ok(size)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metafile(inputs: &[(&str, &str)]) -> Value {
        let outputs: serde_json::Map<_, _> = inputs
            .iter()
            .map(|(output, input)| ((*output).to_owned(), json!({"inputs": {(*input): {}}})))
            .collect();
        json!({ "outputs": outputs })
    }

    #[test]
    fn the_upright_latin_of_both_families_is_preloaded() {
        let found = preloaded(&metafile(&[
            ("t/sans-latin-wght-normal-B.woff2", "n/sans-latin-wght-normal.woff2"),
            ("t/news-latin-wght-normal-A.woff2", "n/news-latin-wght-normal.woff2"),
            ("t/news-latin-ext-wght-normal-C.woff2", "n/news-latin-ext-wght-normal.woff2"),
            ("t/news-latin-wght-italic-D.woff2", "n/news-latin-wght-italic.woff2"),
            ("t/main-E.css", "style/main.css"),
        ]));
        assert_eq!(found.unwrap(), ["news-latin-wght-normal-A.woff2", "sans-latin-wght-normal-B.woff2"]);
    }

    #[test]
    fn a_missing_family_is_an_error() {
        let one_family = metafile(&[("t/news-latin-wght-normal-A.woff2", "n/news-latin-wght-normal.woff2")]);
        assert!(preloaded(&one_family).is_err());
    }

    #[test]
    fn a_name_must_be_there_once() {
        let names = ["main-A.css", "main-B.css", "x-C.js"].map(String::from);
        assert_eq!(one(&names, "x-", ".js").unwrap(), "x-C.js");
        assert!(one(&names, "main-", ".css").is_err());
        assert!(one(&names, "y-", ".js").is_err());
    }

    #[test]
    fn text_gets_siblings_and_fonts_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let text = put(folder.path(), "a.css", b"body{}", SitePurpose::Serve).unwrap();
        let font = put(folder.path(), "a.woff2", b"wOF2", SitePurpose::Serve).unwrap();
        assert!(text.brotli.is_some() && font.brotli.is_none());
        let mut names: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["a.css", "a.css.br", "a.css.gz", "a.woff2"]);
    }

    #[test]
    fn what_is_only_looked_at_is_not_compressed() {
        let folder = tempfile::tempdir().unwrap();
        let text = put(folder.path(), "a.css", b"body{}", SitePurpose::Develop).unwrap();
        assert_eq!((text.raw, text.brotli), (6, None));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
