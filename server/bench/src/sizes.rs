//! What is shipped, in bytes.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Serialize;

/// Raw, and as a browser that takes brotli gets it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct TransferSize {
    pub(crate) raw: u64,
    pub(crate) brotli: u64,
}

/// What a browser loads, and the program.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Sizes {
    pub(crate) wasm: TransferSize,
    pub(crate) js: TransferSize,
    pub(crate) css: TransferSize,
    /// Compressed as they are.
    pub(crate) fonts: TransferSize,
    pub(crate) program: u64,
}

/// Reads them off the files.
pub(crate) fn read(program: &Path, site: &Path) -> Result<Sizes> {
    let mut sizes = Sizes { program: std::fs::metadata(program)?.len(), ..Sizes::default() };
    let assets = site.join("assets");
    let files = std::fs::read_dir(&assets).with_context(|| format!("{} cannot be read", assets.display()))?;
    for file in files {
        let path = file?.path();
        let of = match path.extension().and_then(|e| e.to_str()) {
            Some("wasm") => &mut sizes.wasm,
            Some("js") => &mut sizes.js,
            Some("css") => &mut sizes.css,
            Some("woff2") => &mut sizes.fonts,
            Some(_) | None => continue,
        };
        let raw = std::fs::metadata(&path)?.len();
        let mut compressed = path.into_os_string();
        compressed.push(".br");
        of.raw += raw;
        of.brotli += std::fs::metadata(compressed).map_or(raw, |m| m.len());
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_added_up_by_kind() {
        let dir = tempfile::tempdir().unwrap();
        let assets = dir.path().join("assets");
        std::fs::create_dir(&assets).unwrap();
        for (name, length) in
            [("a.js", 9), ("b.js", 5), ("a.js.br", 2), ("x.woff2", 7), ("y.woff2", 4), ("a.js.gz", 3)]
        {
            std::fs::write(assets.join(name), vec![0; length]).unwrap();
        }
        let sizes = read(&assets.join("a.js"), dir.path()).unwrap();
        assert_eq!(sizes.js, TransferSize { raw: 14, brotli: 7 });
        assert_eq!(sizes.fonts, TransferSize { raw: 11, brotli: 11 });
        assert_eq!((sizes.css, sizes.program), (TransferSize::default(), 9));
    }
}
