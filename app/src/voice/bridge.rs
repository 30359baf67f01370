//! The boundary to `frontend/voice/voice.ts`: what it can be asked for, and what it tells.

use protocol::browser::{VoiceEvent, VoiceFault};
use protocol::signals::{Control, Mode};
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

use super::state::VoiceStopReason;

#[wasm_bindgen(inline_js = "export const load = (address) => import(address);\n\
                            export const make = (module, on) => new module.Voice(on);")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load(address: &str) -> Result<JsValue, JsValue>;

    fn make(module: &JsValue, on: &JsValue) -> Voice;
}

#[wasm_bindgen]
extern "C" {
    /// Microphone, loudspeaker and room. What fails does so with the name of a fault.
    #[derive(Clone)]
    pub(super) type Voice;

    /// Whether the microphone may be used without the browser asking.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn permitted(this: &Voice) -> Result<JsValue, JsValue>;

    /// Opens the microphone of this id (empty: any), if none is open.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn open(this: &Voice, id: &str) -> Result<(), JsValue>;

    /// Speaks the test line.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn test(this: &Voice) -> Result<(), JsValue>;

    /// Joins a room with the open microphone.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn join(this: &Voice, url: &str, token: &str) -> Result<(), JsValue>;

    /// Goes on with another microphone (empty: any).
    #[wasm_bindgen(method, catch, js_name = "use")]
    pub(super) async fn use_microphone(this: &Voice, id: &str) -> Result<(), JsValue>;

    /// Mutes the microphone, or lets it be heard again.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn mute(this: &Voice, muted: bool) -> Result<(), JsValue>;

    /// With push to talk: whether what is said leaves the browser.
    #[wasm_bindgen(method)]
    pub(super) fn hold(this: &Voice, open: bool);

    /// How loud the interviewer is (percent), and on which loudspeaker (empty: the usual one).
    #[wasm_bindgen(method)]
    pub(super) fn set(this: &Voice, volume: u32, speaker: &str);

    /// Lets sound be heard.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn play(this: &Voice) -> Result<(), JsValue>;

    /// Tells the agent what is given, as a [`Control`].
    #[wasm_bindgen(method, catch)]
    async fn control(
        this: &Voice,
        mode: Option<&str>,
        talk: Option<bool>,
        speed: Option<f64>,
        patience: Option<f64>,
        typing: Option<bool>,
    ) -> Result<(), JsValue>;

    /// Shows both voices in this canvas.
    #[wasm_bindgen(method)]
    pub(super) fn draw(this: &Voice, canvas: &JsValue);

    /// Leaves the room and gives the microphone back.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn leave(this: &Voice) -> Result<(), JsValue>;
}

impl Voice {
    /// Tells the agent this.
    pub(super) async fn tell(&self, control: Control) -> Result<(), JsValue> {
        let Control { mode, talk, speed, patience, typing } = control;
        self.control(mode.map(Mode::name), talk, speed, patience, typing).await
    }
}

/// Loads the module at this address and makes it tell `heard` what happens, for as long as the page is open.
pub(super) async fn voice(
    address: &str,
    mut heard: impl FnMut(VoiceEvent) + 'static,
) -> Result<Voice, VoiceStopReason> {
    let module = load(address).await.map_err(|_| VoiceStopReason::Failed)?;
    let on = Closure::<dyn FnMut(String)>::new(move |json: String| {
        if let Ok(event) = serde_json::from_str(&json) {
            heard(event);
        }
    });
    let voice = make(&module, on.as_ref());
    on.forget();
    Ok(voice)
}

/// What a fault means.
pub(super) fn why(fault: &JsValue) -> VoiceStopReason {
    let fault = fault.as_string().and_then(|name| VoiceFault::named(&name));
    match fault.unwrap_or(VoiceFault::Failed) {
        VoiceFault::Insecure => VoiceStopReason::Insecure,
        VoiceFault::Denied => VoiceStopReason::Denied,
        VoiceFault::NoMicrophone => VoiceStopReason::NoMicrophone,
        VoiceFault::Taken => VoiceStopReason::Taken,
        VoiceFault::Unreachable => VoiceStopReason::Lost,
        VoiceFault::Blocked => VoiceStopReason::Blocked,
        VoiceFault::Refused => VoiceStopReason::Unadmitted,
        VoiceFault::Failed => VoiceStopReason::Failed,
    }
}
