//! The boundary to `frontend/voice/voice.ts`: what it can be asked for, and what it tells.

use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};

use super::state::{Agent, Device, Why};

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

    /// Tells the agent something: JSON.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn control(this: &Voice, json: &str) -> Result<(), JsValue>;

    /// Shows both voices in this canvas.
    #[wasm_bindgen(method)]
    pub(super) fn draw(this: &Voice, canvas: &JsValue);

    /// Leaves the room and gives the microphone back.
    #[wasm_bindgen(method, catch)]
    pub(super) async fn leave(this: &Voice) -> Result<(), JsValue>;
}

#[wasm_bindgen]
extern "C" {
    /// What is told: an object of `frontend/voice/events.ts`. Only the fields of its kind are there.
    type Told;
    #[wasm_bindgen(method, getter)]
    fn kind(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn microphones(this: &Told) -> Vec<Named>;
    #[wasm_bindgen(method, getter)]
    fn speakers(this: &Told) -> Vec<Named>;
    #[wasm_bindgen(method, getter)]
    fn microphone(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn level(this: &Told) -> u32;
    /// Whether it is so: what a kind tells as yes or no.
    #[wasm_bindgen(method, getter)]
    fn yes(this: &Told) -> bool;
    #[wasm_bindgen(method, getter)]
    fn state(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn trouble(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn mine(this: &Told) -> bool;
    #[wasm_bindgen(method, getter)]
    fn segment(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn text(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn played_ms(this: &Told) -> u32;
    #[wasm_bindgen(method, getter)]
    fn reason(this: &Told) -> String;
    #[wasm_bindgen(method, getter)]
    fn label(this: &Told) -> String;

    /// A device.
    type Named;
    #[wasm_bindgen(method, getter)]
    fn id(this: &Named) -> String;
    #[wasm_bindgen(method, getter)]
    fn label(this: &Named) -> String;
}

/// What happened.
#[derive(Debug)]
pub(super) enum Event {
    /// What there is to speak and listen with, and the id of the microphone in use.
    Devices { microphones: Vec<Device>, speakers: Vec<Device>, microphone: String },
    /// How loud the candidate is, in percent.
    Level(u32),
    /// Whether there is a microphone (it has gone, or is there again).
    Microphone(bool),
    /// Whether the microphone is muted outside the page.
    Muted(bool),
    /// Whether nothing but digital silence comes from the microphone.
    Silent(bool),
    /// The browser went on to the microphone of this name.
    Switched(String),
    /// This browser does not tell how loud the candidate is.
    Unmeasured,
    /// The interviewer in the room.
    Agent(Agent),
    /// What the interviewer says, so far.
    Line(String),
    /// What the candidate says, and whether it will not change any more.
    Words { segment: String, text: String, done: bool },
    /// Whether sound waits for a click.
    Blocked(bool),
    /// Whether the connection is weak.
    Weak(bool),
    /// Whether the connection is being found again.
    Reconnecting(bool),
    /// How long a reply took, in milliseconds.
    Timing(u32),
    /// The room is left.
    Out(Why),
}

impl Event {
    fn read(told: &Told) -> Option<Self> {
        let devices =
            |named: Vec<Named>| named.iter().map(|n| Device { id: n.id(), label: n.label() }).collect();
        Some(match told.kind().as_str() {
            "devices" => Self::Devices {
                microphones: devices(told.microphones()),
                speakers: devices(told.speakers()),
                microphone: told.microphone(),
            },
            "level" => Self::Level(told.level()),
            "microphone" => Self::Microphone(told.yes()),
            "muted" => Self::Muted(told.yes()),
            "silent" => Self::Silent(told.yes()),
            "switched" => Self::Switched(told.label()),
            "unmeasured" => Self::Unmeasured,
            "agent" => Self::Agent(Agent::told(told.yes(), &told.state(), &told.trouble())),
            "caption" if told.mine() => {
                Self::Words { segment: told.segment(), text: told.text(), done: told.yes() }
            }
            "caption" => Self::Line(told.text()),
            "blocked" => Self::Blocked(told.yes()),
            "weak" => Self::Weak(told.yes()),
            "reconnecting" => Self::Reconnecting(told.yes()),
            "timing" => Self::Timing(told.played_ms()),
            "out" => Self::Out(match told.reason().as_str() {
                "elsewhere" => Why::Elsewhere,
                "asleep" => Why::Asleep,
                "closed" => Why::Closed,
                _ => Why::Lost,
            }),
            _ => return None,
        })
    }
}

/// Loads the module at this address and makes it tell `heard` what happens, for as long as the page is open.
pub(super) async fn voice(address: &str, mut heard: impl FnMut(Event) + 'static) -> Result<Voice, Why> {
    let module = load(address).await.map_err(|_| Why::Failed)?;
    let on = Closure::<dyn FnMut(Told)>::new(move |told: Told| {
        if let Some(event) = Event::read(&told) {
            heard(event);
        }
    });
    let voice = make(&module, on.as_ref());
    on.forget();
    Ok(voice)
}

/// What a fault means.
pub(super) fn why(fault: &JsValue) -> Why {
    match fault.as_string().as_deref() {
        Some("insecure") => Why::Insecure,
        Some("denied") => Why::Denied,
        Some("none") => Why::NoMicrophone,
        Some("taken") => Why::Taken,
        Some("unreachable") => Why::Lost,
        Some("blocked") => Why::Blocked,
        Some("refused") => Why::Unadmitted,
        Some(_) | None => Why::Failed,
    }
}
