//! Where voice is shown on the page of an interview. The server leaves these places empty: without scripts there is no
//! voice, and what is made in the browser alone (`crate::voice::show`) needs no hydration, which costs a tenth of the wasm.

use leptos::prelude::*;

use crate::state::PageState;

/// A place for voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VoiceSlot {
    /// Above the composer: the strip.
    Strip,
    /// In the composer's row: the way in and out.
    Row,
    /// In the composer's row: what is held to talk.
    Talk,
}

/// The place; what belongs there is put into it in the browser.
pub(super) fn place(state: PageState, place: VoiceSlot) -> AnyView {
    let element = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            crate::voice::show(state, place, &element);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = state;
    let class = match place {
        VoiceSlot::Strip => "voice",
        VoiceSlot::Row => "voice-way",
        VoiceSlot::Talk => "voice-talk",
    };
    view! { <div class=class node_ref=element></div> }.into_any()
}
