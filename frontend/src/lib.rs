//! What the browser loads: takes over the pages that the server rendered.

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes the page live. Called once by the document's own script.
#[wasm_bindgen]
pub fn hydrate() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
