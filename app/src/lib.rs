//! The pages, components and server functions.
//!
//! Every page is rendered by the server and then hydrated (`frontend`). Starting, answering and finishing are
//! plain HTML forms that post to the same server functions that the hydrated page calls.
//!
//! There is no router in the browser: going to another page loads it, which costs the wasm nothing and works
//! the same without scripts. [`App`] reads the path of the request; it names its routes to
//! `leptos_axum::generate_route_list` and sets the status itself (404 for what is not there), so it can stand
//! behind any other address as well.
#![recursion_limit = "256"]

mod api;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod csp;
mod error;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "files are read in the browser; here it is tested")
)]
mod intake;
#[cfg(feature = "hydrate")]
mod live;
mod pages;
#[cfg(feature = "ssr")]
mod shell;
mod state;
pub mod view;
#[cfg(any(feature = "hydrate", test))]
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "voice runs in the browser; here it is tested")
)]
mod voice;

pub use api::{
    Answer, Ask, Comment, Correct, DeleteComment, DeleteInterview, DeleteInterviews, Finish, Fork, JoinVoice,
    LabelInterview, ListInterviews, LoadAbout, LoadHome, LoadInterview, Practise, Retry, SettleClaim,
    ShareInterview, StartInterview, Strike, UnshareInterview,
};
pub use error::AppError;
pub use pages::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
