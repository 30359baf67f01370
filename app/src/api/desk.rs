//! What the server functions do on the server.

mod addresses;
mod again;
mod begin;
mod look_back;
mod turns;

use engine::{Owner, SessionId};
use http::{HeaderValue, header};
use interview::TurnId;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

pub(super) use self::addresses::{again_of, entry_of, line_of, list_from, notes_after, page_of, voice_of};
pub(super) use self::begin::plans;
pub(super) use self::turns::request;
use super::ReturnedForm;
use crate::AppError;
use crate::context::AppContext;
use crate::view::About;

/// Who asks, and what there is to ask.
pub(super) struct ApiRequestContext {
    pub(super) context: AppContext,
    owner: Owner,
    response: Option<ResponseOptions>,
    is_form: bool,
}

impl ApiRequestContext {
    /// The desk for the request being served.
    pub(super) fn open() -> Result<Self, AppError> {
        // Both are provided for every request; without them the wiring is broken.
        let (Some(context), Some(owner)) = (use_context::<AppContext>(), use_context::<Owner>()) else {
            return Err(AppError::Failed);
        };
        let is_form = use_context::<http::request::Parts>().is_some_and(|parts| {
            parts.method == http::Method::POST
                && parts
                    .headers
                    .get(header::ACCEPT)
                    .is_some_and(|v| v.to_str().is_ok_and(|v| v.contains("text/html")))
        });
        Ok(Self { context, owner, response: use_context(), is_form })
    }

    /// Sets the status that an error has.
    pub(super) fn reply<T>(&self, result: Result<T, AppError>) -> Result<T, AppError> {
        if let (Err(error), Some(response), false) = (&result, &self.response, self.is_form) {
            response.set_status(error.status());
            if *error == AppError::Busy {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from_static("2"));
            }
        }
        result
    }

    /// Answers a form: it goes to `page`, and if it was not taken it is kept under `key` for it.
    pub(super) fn reply_to_form<T>(
        &self,
        key: &str,
        page: &str,
        form: ReturnedForm,
        result: Result<T, AppError>,
    ) -> Result<T, AppError> {
        if !self.is_form {
            if key == "start" && result.is_ok() {
                leptos_axum::redirect(page);
            }
            return self.reply(result);
        }
        if let Err(error) = &result {
            self.keep(key, &ReturnedForm { problem: error.to_string(), ..form });
        }
        if let (Some(response), Ok(page)) = (&self.response, HeaderValue::from_str(page)) {
            response.insert_header(header::LOCATION, page);
            // See Other: the browser reads the page, and a reload does not post again.
            response.set_status(http::StatusCode::SEE_OTHER);
        }
        result
    }

    /// Keeps a posted form for the next page that shows it.
    pub(super) fn keep(&self, key: &str, form: &ReturnedForm) {
        if !self.is_form || *form == ReturnedForm::default() {
            return;
        }
        if let Ok(json) = serde_json::to_string(form) {
            self.context.return_form(&self.owner, key, json);
        }
    }

    pub(super) fn kept(&self, key: &str) -> Option<ReturnedForm> {
        serde_json::from_str(&self.context.take_form(&self.owner, key)?).ok()
    }

    pub(super) fn about(&self) -> About {
        self.context.about_now()
    }

    /// The session of this id, if it is the asker's.
    pub(super) async fn own(&self, id: &str) -> Result<SessionId, AppError> {
        let session = SessionId::parse(id).ok_or(AppError::NotFound)?;
        self.context.engine.check_owner(session, &self.owner).await?;
        Ok(session)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a caller makes its own turn ids; the rules read nothing into them"
)]
pub(super) fn fresh_turn() -> TurnId {
    TurnId(uuid::Uuid::new_v4().to_string())
}
