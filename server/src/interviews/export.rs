//! `GET /interview/{id}/export?format=md|json|zip[&leave_out=contacts]`: an interview as a file; the zip holds both and the
//! sound of its answers.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::{BrowserRefusal, find_owned_interview, zip};
use crate::transcript::{self, Extent, TranscriptFormat};
use crate::wired::Wired;

/// The format that holds the others.
const ZIP: &str = "zip";

/// What is asked for.
#[derive(Debug, Deserialize)]
pub struct ExportQuery {
    format: Option<String>,
    leave_out: Option<String>,
}

/// Gives an interview as a file.
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    Query(asked): Query<ExportQuery>,
    headers: HeaderMap,
) -> Result<Response, BrowserRefusal> {
    let (id, _) = find_owned_interview(&wired, &headers, &id).await?;
    let extent = match asked.leave_out.as_deref() {
        None => Extent::Whole,
        Some("contacts") => Extent::WithoutContacts,
        Some(_) => {
            return Err(BrowserRefusal::Malformed("Only contacts can be left out: leave_out=contacts."));
        }
    };
    let asked = asked.format.as_deref().unwrap_or("md");
    let format = TranscriptFormat::parse(asked);
    if format.is_none() && asked != ZIP {
        return Err(BrowserRefusal::Malformed("There are three formats: md, json and zip."));
    }
    let export = wired.engine.export(id).await?;
    let name = transcript::file_name(&export, format.unwrap_or(TranscriptFormat::Json));
    let (name, kind, mut response) = match format {
        Some(format) => {
            (name, format.content_type(), transcript::write(&export, format, extent).into_response())
        }
        None => {
            let name = name.replacen(".json", ".zip", 1);
            (name, "application/zip", zip::body(wired.engine.clone(), export, extent).into_response())
        }
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(file) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, file);
    }
    Ok(response)
}
