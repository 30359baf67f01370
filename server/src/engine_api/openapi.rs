//! `GET /openapi.json`: the engine API, described from the code itself.

use axum::Json;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, License, OpenApi, OpenApiBuilder};

/// What is said of the whole.
pub(super) fn frame() -> OpenApi {
    let mut license = License::new("Apache-2.0");
    license.identifier = Some("Apache-2.0".to_owned());
    let info = InfoBuilder::new()
        .title("InterviewOS engine API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Holds interviews turn by turn, for voice workers and other callers in any language. Every address \
             answers with and without its last slash. The secret is that of the setting `ingest_secret`, or \
             the one in the file `ingest-secret` of the data folder.",
        ))
        .license(Some(license))
        .build();
    let mut components = Components::new();
    let secret = ApiKey::Header(ApiKeyValue::new("X-INGEST-SECRET"));
    components.add_security_scheme("ingest_secret", SecurityScheme::ApiKey(secret));
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// The whole description.
pub fn document() -> OpenApi {
    super::documented_routes().into_openapi()
}

/// Serves it.
pub async fn handle() -> Json<OpenApi> {
    Json(document())
}
