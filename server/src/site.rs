//! What the browser loads, as the bundler leaves it: `manifest.json` and, under `assets/`, files named by
//! their content.

use std::path::{Path, PathBuf};

use app::context::Assets;

/// The bundled site.
#[derive(Debug, Clone)]
pub struct Site {
    /// The addresses that pages name.
    pub assets: Assets,
    /// The folder of the hashed files.
    pub folder: PathBuf,
}

/// Why there is no site to serve.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// It was not built.
    #[error("the page has not been built: there is no {}; run `make build`, or name the folder with --site DIR", path.display())]
    Absent {
        /// The manifest looked for.
        path: PathBuf,
    },
    /// The manifest is not one.
    #[error("{} is not a manifest ({what}); run `make build` again", path.display())]
    Damaged {
        /// The manifest.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl Site {
    /// Reads the site in this folder, or in `site` beside the executable.
    pub fn open(folder: Option<&Path>) -> Result<Self, SiteError> {
        let folder = folder.map_or_else(beside_the_executable, Path::to_owned);
        let path = folder.join("manifest.json");
        let Ok(manifest) = std::fs::read(&path) else { return Err(SiteError::Absent { path }) };
        match serde_json::from_slice(&manifest) {
            Ok(assets) => Ok(Self { assets, folder: folder.join("assets") }),
            Err(error) => Err(SiteError::Damaged { path, what: error.to_string() }),
        }
    }
}

/// Where the site is unless another folder is named.
pub fn beside_the_executable() -> PathBuf {
    let executable = std::env::current_exe().unwrap_or_default();
    executable.parent().unwrap_or(Path::new(".")).join("site")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_read_or_the_remedy_named() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Site::open(Some(dir.path())).unwrap_err().to_string().contains("make build"));
        let manifest = dir.path().join("manifest.json");
        std::fs::write(&manifest, "{}").unwrap();
        assert!(Site::open(Some(dir.path())).unwrap_err().to_string().contains("not a manifest"));
        let whole = r#"{"js":"/assets/a.js","wasm":"/assets/a.wasm","css":"/assets/a.css","fonts":[],"favicon":"/assets/f.svg"}"#;
        std::fs::write(&manifest, whole).unwrap();
        assert_eq!(Site::open(Some(dir.path())).unwrap().assets.js, "/assets/a.js");
    }
}
