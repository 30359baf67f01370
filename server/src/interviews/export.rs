//! `GET /interview/{id}/export?format=md|json`: an interview as a file.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, header};
use serde::Deserialize;

use super::{Refusal, owned};
use crate::transcript::{self, Format};
use crate::wired::Wired;

/// What is asked for.
#[derive(Debug, Deserialize)]
pub struct ExportQuery {
    format: Option<String>,
}

/// Gives an interview as a file.
pub async fn handle(
    State(wired): State<Wired>,
    Path(id): Path<String>,
    Query(asked): Query<ExportQuery>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let (id, _) = owned(&wired, &headers, &id).await?;
    let format = Format::parse(asked.format.as_deref().unwrap_or("md"))
        .ok_or(Refusal::Malformed("There are two formats: md and json."))?;
    let export = wired.engine.export(id).await?;
    let mut response = transcript::write(&export, format).into_response();
    let file = format!("attachment; filename=\"{}\"", transcript::file_name(&export, format));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    if let Ok(file) = HeaderValue::from_str(&file) {
        headers.insert(header::CONTENT_DISPOSITION, file);
    }
    Ok(response)
}
