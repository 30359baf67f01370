//! Drives voice: does what is asked for, joins, joins again, leaves.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::browser::{VoiceEvent, Words};
use protocol::signals::{AgentState, Control, Mode, Trouble};
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::JsValue;
use web_sys::{Element, HtmlElement};

use super::bridge;
use super::kept::{self, Kept};
use super::state::{Agent, Faults, Phase, Talk, Why, mixed};
use super::{Act, Choice, keys};
use crate::AppError;
use crate::api;
use crate::state::State;

/// How long the interviewer may take to come before that is said.
const ABSENT: Duration = Duration::from_secs(10);
/// The pauses before a lost connection is tried again.
const AGAIN: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
    Duration::from_secs(20),
];
/// How long it is said that the browser went on to another microphone.
const SWITCHED: Duration = Duration::from_secs(8);
/// From here on the meter shows a voice, in percent.
const AUDIBLE: u32 = 35;
/// While somebody types it is told this often.
const TYPED: Duration = Duration::from_secs(4);

thread_local! {
    /// The module, once it is loaded.
    static VOICE: RefCell<Option<bridge::Voice>> = const { RefCell::new(None) };
    /// Counts what was begun: what an earlier attempt still brings is not taken.
    static ATTEMPT: Cell<u32> = const { Cell::new(0) };
    /// How often in a row joining failed.
    static FAILED: Cell<usize> = const { Cell::new(0) };
    /// That something is typed was told a moment ago.
    static TYPING: Cell<bool> = const { Cell::new(false) };
}

/// Makes voice possible on this page, and goes on with it where it was on or was chosen.
pub(crate) fn begin(state: State) {
    if !state.offers_voice {
        return;
    }
    state.voice.update(|t| {
        t.volume = kept::percent(Kept::Volume, 0, 100);
        t.speed = kept::percent(Kept::Speed, 80, 130);
        t.patience = kept::percent(Kept::Patience, 70, 200);
        t.push = kept::yes(Kept::Push);
    });
    keys::listen(state);
    listen("visibilitychange", move || {
        // A tab that slept goes on by itself.
        if !document().hidden() && phase(state) == Phase::Out(Why::Asleep) {
            act(state, Act::Join);
        }
    });
    listen("online", move || {
        if matches!(phase(state), Phase::Out(Why::Lost | Why::Blocked)) {
            act(state, Act::Join);
        }
    });
    Effect::new(move |_| {
        let over = state.view.with(|v| v.status.is_completed());
        state.voice.update(|t| t.over = over);
        part(state);
    });
    if kept::was_on(&id(state)) {
        state.voice.update(|t| t.phase = Phase::Offered);
        spawn_local(async move {
            if let Ok(voice) = module(state).await
                && permitted(&voice).await
                && phase(state) == Phase::Offered
            {
                join(state).await;
            }
        });
    } else if window().location().hash().is_ok_and(|hash| hash == "#voice") {
        // Chosen on the first page; a reload is to go by whether it was on.
        if let Ok(history) = window().history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some("#now"));
        }
        act(state, Act::Start);
    }
}

/// Shows both voices in this canvas.
pub(super) fn draw(canvas: &Element) {
    if let Some(voice) = loaded() {
        voice.draw(canvas);
    }
}

/// Does what was asked for.
pub(crate) fn act(state: State, act: Act) {
    match act {
        Act::Start => spawn_local(start(state)),
        Act::Join => {
            FAILED.set(0);
            spawn_local(join(state));
        }
        Act::Test => drive(state, async |voice| voice.test().await),
        Act::Play => drive(state, async |voice| voice.play().await),
        Act::Another => choose(state, Choice::Microphone(String::new())),
        Act::Mute => {
            let muted = !state.voice.with_untracked(|t| t.muted);
            state.voice.update(|t| t.muted = muted);
            drive(state, async move |voice| voice.mute(muted).await);
        }
        Act::Think => crate::live::ask(state, "wait"),
        Act::Settings => state.voice.update(|t| t.settings = !t.settings),
        Act::Leave => {
            leave(state);
            crate::live::focus_composer();
        }
    }
}

/// Does as was chosen, and remembers it.
pub(crate) fn choose(state: State, choice: Choice) {
    match choice {
        Choice::Microphone(id) => {
            kept::keep(Kept::Microphone, &id);
            drive(state, async move |voice| voice.use_microphone(&id).await);
        }
        Choice::Speaker(id) => {
            kept::keep(Kept::Speaker, &id);
            state.voice.update(|t| t.speaker = id);
            sound(state);
        }
        Choice::Volume(volume) => {
            kept::keep(Kept::Volume, &volume.to_string());
            state.voice.update(|t| t.volume = volume);
            sound(state);
        }
        Choice::Speed(speed) => {
            kept::keep(Kept::Speed, &speed.to_string());
            state.voice.update(|t| t.speed = speed);
            control(state, Control { speed: Some(factor(speed)), ..Control::default() });
        }
        Choice::Patience(patience) => {
            kept::keep(Kept::Patience, &patience.to_string());
            state.voice.update(|t| t.patience = patience);
            control(state, Control { patience: Some(factor(patience)), ..Control::default() });
        }
        Choice::Push(push) => {
            kept::keep(Kept::Push, if push { "yes" } else { "" });
            state.voice.update(|t| (t.push, t.talking, t.muted) = (push, false, false));
            if let Some(voice) = loaded() {
                voice.hold(!push);
            }
            drive(state, async |voice| voice.mute(false).await);
            control(state, Control { mode: Some(mode(push)), ..Control::default() });
            if push {
                // The next press of Space is to talk, not to untick.
                focus(".talk");
            }
        }
        Choice::Talk(talk) => {
            if state.voice.with_untracked(|t| !t.push || t.talking == talk) {
                return;
            }
            state.voice.update(|t| t.talking = talk);
            if let Some(voice) = loaded() {
                voice.hold(talk);
            }
            control(state, Control { talk: Some(talk), ..Control::default() });
        }
    }
}

fn mode(push: bool) -> Mode {
    if push { Mode::Push } else { Mode::Open }
}

/// Percent as a factor.
fn factor(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

async fn start(state: State) {
    let attempt = next();
    state.voice.update(|t| (t.phase, t.sounded, t.faults) = (Phase::Asking, false, Faults::default()));
    focus_strip();
    let voice = match module(state).await {
        Ok(voice) => voice,
        Err(why) => return out(state, attempt, why),
    };
    if kept::yes(Kept::Tried) && permitted(&voice).await {
        return join(state).await;
    }
    match voice.open(&kept::choice(Kept::Microphone)).await {
        Ok(()) if current(attempt) => state.voice.update(|t| t.phase = Phase::Check),
        // Left in between.
        Ok(()) => close(),
        Err(fault) => out(state, attempt, bridge::why(&fault)),
    }
}

async fn join(state: State) {
    let attempt = next();
    state.voice.update(|t| {
        // The microphone stays as it is.
        let Faults { muted, silent, .. } = t.faults;
        let faults = Faults { reconnecting: FAILED.get() > 0, muted, silent, ..Faults::default() };
        (t.phase, t.agent, t.faults) = (Phase::Joining, Agent::default(), faults);
        (t.muted, t.talking) = (false, false);
        t.captions.clear();
    });
    let voice = match module(state).await {
        Ok(voice) => voice,
        Err(why) => return out(state, attempt, why),
    };
    if let Err(fault) = voice.open(&kept::choice(Kept::Microphone)).await {
        return out(state, attempt, bridge::why(&fault));
    }
    kept::keep(Kept::Tried, "yes");
    sound(state);
    voice.hold(!kept::yes(Kept::Push));
    let ticket = match api::join_voice(id(state)).await {
        Ok(ticket) => ticket,
        Err(AppError::Unreachable | AppError::Busy | AppError::TooOften { .. }) => {
            return again(state, attempt);
        }
        Err(error) => {
            state.voice.update(|t| t.refused = error.to_string());
            return out(state, attempt, Why::Refused);
        }
    };
    if mixed(&window().location().origin().unwrap_or_default(), &ticket.server_url) {
        return out(state, attempt, Why::Mixed);
    }
    if !current(attempt) {
        // Left in between, by typing or because something newer began.
        return;
    }
    if let Err(fault) = voice.join(&ticket.server_url, &ticket.token).await {
        let why = bridge::why(&fault);
        // Trying again would take as long, and fail alike.
        let lasts = matches!(why, Why::Blocked | Why::Unadmitted);
        return if lasts { out(state, attempt, why) } else { again(state, attempt) };
    }
    if !current(attempt) {
        return;
    }
    FAILED.set(0);
    kept::set_on(&id(state), true);
    state.voice.update(|t| {
        t.phase = Phase::On;
        t.faults.reconnecting = false;
    });
    focus_strip();
    greet(state);
    miss(state, attempt);
}

/// Says so if the interviewer is not there after a while.
fn miss(state: State, attempt: u32) {
    let late = move || {
        if current(attempt) && !state.voice.with_untracked(|t| t.agent.here) {
            state.voice.update(|t| t.faults.absent = true);
        }
    };
    set_timeout(late, ABSENT);
}

/// Tries again after a pause, if that did not fail too often.
fn again(state: State, attempt: u32) {
    if !current(attempt) {
        return;
    }
    let failed = FAILED.get();
    let Some(pause) = AGAIN.get(failed) else { return out(state, attempt, Why::Lost) };
    FAILED.set(failed + 1);
    state.voice.update(|t| {
        t.phase = Phase::Joining;
        t.faults.reconnecting = true;
    });
    let retry = move || {
        if current(attempt) {
            spawn_local(join(state));
        }
    };
    set_timeout(retry, *pause);
}

/// Voice does not go on; the microphone is given back.
fn out(state: State, attempt: u32, why: Why) {
    if !current(attempt) {
        return;
    }
    next();
    state.voice.update(|t| t.phase = Phase::Out(why));
    if matches!(why, Why::Elsewhere | Why::Insecure | Why::Mixed | Why::Refused) {
        kept::set_on(&id(state), false);
    }
    close();
    focus_strip();
}

/// Goes on in text.
fn leave(state: State) {
    next();
    state.voice.update(|t| (t.phase, t.agent, t.settings) = (Phase::Off, Agent::default(), false));
    kept::set_on(&id(state), false);
    close();
}

/// A spoken interview ends when the goodbye has been heard: once the interviewer has left.
fn part(state: State) {
    let gone = |t: &Talk| t.over && t.phase != Phase::Off && !t.agent.here;
    if state.voice.with_untracked(gone) {
        leave(state);
        if state.voice.with_untracked(|t| t.finished) {
            crate::live::go_to_notes(state);
        }
    }
}

fn close() {
    if let Some(voice) = loaded() {
        // Leaving cannot fail in a way that matters: the room notices by itself.
        spawn_local(async move { drop(voice.leave().await) });
    }
}

/// What the voice module tells.
fn heard(state: State, event: VoiceEvent) {
    let on = phase(state) == Phase::On;
    match event {
        // Another tab may come while this one is still joining.
        VoiceEvent::RoomLeft(exit) if on || phase(state) == Phase::Joining => {
            let attempt = next();
            state.voice.update(|t| t.agent = Agent::default());
            part(state);
            if phase(state) != Phase::Off {
                let why = Why::from(exit);
                if why == Why::Lost { again(state, attempt) } else { out(state, attempt, why) }
            }
        }
        VoiceEvent::RoomLeft(_) => {}
        VoiceEvent::AgentPresent(here) => changed(state, |agent| agent.here = here),
        // A name that is not known says nothing.
        VoiceEvent::AgentState(name) => {
            changed(state, |agent| agent.state = AgentState::named(&name).unwrap_or_default());
        }
        VoiceEvent::AgentTrouble(name) => changed(state, |agent| agent.trouble = Trouble::named(&name)),
        VoiceEvent::MicrophoneSwitched(label) => {
            state.voice.update(|t| t.switched = Some(label.clone()));
            let gone = move || {
                state.voice.update(|t| t.switched = t.switched.take().filter(|now| *now != label));
            };
            set_timeout(gone, SWITCHED);
        }
        shown @ (VoiceEvent::Microphones(_)
        | VoiceEvent::MicrophoneInUse(_)
        | VoiceEvent::MicrophonePresent(_)
        | VoiceEvent::MicrophoneMuted(_)
        | VoiceEvent::MicrophoneSilent(_)
        | VoiceEvent::Level(_)
        | VoiceEvent::LevelMeasurable(_)
        | VoiceEvent::Speakers(_)
        | VoiceEvent::PlaybackBlocked(_)
        | VoiceEvent::Line(_)
        | VoiceEvent::Words(_)
        | VoiceEvent::Replied(_)
        | VoiceEvent::ConnectionWeak(_)
        | VoiceEvent::Reconnecting(_)) => state.voice.update(|t| take(t, shown, on)),
    }
}

/// Takes what is only shown.
fn take(t: &mut Talk, event: VoiceEvent, on: bool) {
    match event {
        VoiceEvent::Microphones(microphones) => t.microphones = microphones,
        VoiceEvent::MicrophoneInUse(id) => t.microphone = id,
        VoiceEvent::MicrophonePresent(present) => t.faults.unplugged = !present,
        VoiceEvent::MicrophoneMuted(muted) => t.faults.muted = muted,
        VoiceEvent::MicrophoneSilent(silent) => t.faults.silent = silent,
        VoiceEvent::Level(level) => (t.level, t.sounded) = (level, t.sounded || level > AUDIBLE),
        VoiceEvent::LevelMeasurable(measurable) => t.unmeasured = !measurable,
        VoiceEvent::Speakers(speakers) => {
            let chosen = kept::choice(Kept::Speaker);
            let there = speakers.iter().any(|speaker| speaker.id == chosen);
            t.speaker = if there { chosen } else { String::new() };
            t.speakers = speakers;
        }
        VoiceEvent::PlaybackBlocked(blocked) => t.faults.blocked = blocked,
        VoiceEvent::Line(text) => t.captions.heard(text),
        VoiceEvent::Words(Words { segment, text, is_final }) => t.captions.said(segment, text, is_final),
        VoiceEvent::Replied(replied) => t.replied = Some(replied),
        VoiceEvent::ConnectionWeak(weak) => t.faults.weak = weak,
        VoiceEvent::Reconnecting(reconnecting) => t.faults.reconnecting = reconnecting && on,
        VoiceEvent::MicrophoneSwitched(_)
        | VoiceEvent::AgentPresent(_)
        | VoiceEvent::AgentState(_)
        | VoiceEvent::AgentTrouble(_)
        | VoiceEvent::RoomLeft(_) => {}
    }
}

/// The interviewer came, changed or left.
fn changed(state: State, change: impl FnOnce(&mut Agent)) {
    let before = state.voice.with_untracked(|t| t.agent);
    let mut agent = before;
    change(&mut agent);
    if before == agent {
        return;
    }
    state.voice.update(|t| {
        t.agent = agent;
        t.faults.absent &= !agent.here;
        if agent.state != AgentState::Speaking {
            t.captions.line.clear();
        }
    });
    if agent.here && !before.here {
        greet(state);
    }
    if !agent.here && before.here {
        miss(state, ATTEMPT.get());
        part(state);
    }
}

/// An interviewer who has just come knows nothing of what was chosen.
fn greet(state: State) {
    let (here, push, speed, patience) =
        state.voice.with_untracked(|t| (t.agent.here, t.push, t.speed, t.patience));
    if here {
        let chosen = Control {
            mode: Some(mode(push)),
            speed: Some(factor(speed)),
            patience: Some(factor(patience)),
            ..Control::default()
        };
        control(state, chosen);
    }
}

fn control(state: State, control: Control) {
    if phase(state) == Phase::On {
        drive(state, async move |voice| voice.tell(control).await);
    }
}

/// Something was typed while the interviewer listens: that is no silence. Told now and then.
pub(crate) fn typing(state: State) {
    if phase(state) == Phase::On && !TYPING.replace(true) {
        control(state, Control { typing: Some(true), ..Control::default() });
        set_timeout(|| TYPING.set(false), TYPED);
    }
}

/// Where the interviewer's voice goes, and how loud.
fn sound(state: State) {
    if let Some(voice) = loaded() {
        voice.set(state.voice.with_untracked(|t| t.volume), &kept::choice(Kept::Speaker));
    }
}

/// Does something with the module, if it is loaded; what fails is said where it matters.
fn drive(state: State, ask: impl AsyncFnOnce(&bridge::Voice) -> Result<(), JsValue> + 'static) {
    let Some(voice) = loaded() else { return };
    spawn_local(async move {
        if let Err(fault) = ask(&voice).await
            && bridge::why(&fault) == Why::NoMicrophone
        {
            state.voice.update(|t| t.faults.unplugged = true);
        }
    });
}

/// The module; loaded now if it was not.
async fn module(state: State) -> Result<bridge::Voice, Why> {
    if let Some(voice) = loaded() {
        return Ok(voice);
    }
    let meta = document().query_selector("meta[name=interviewos-voice]").ok().flatten().ok_or(Why::Failed)?;
    let address = meta.get_attribute("content").ok_or(Why::Failed)?;
    let voice = bridge::voice(&address, move |event| heard(state, event)).await?;
    // Whoever asked twice at once shares one.
    Ok(VOICE.with_borrow_mut(|kept| kept.get_or_insert(voice).clone()))
}

async fn permitted(voice: &bridge::Voice) -> bool {
    voice.permitted().await.is_ok_and(|yes| yes.is_truthy())
}

fn loaded() -> Option<bridge::Voice> {
    VOICE.with_borrow(Clone::clone)
}

/// Begins something that makes what was begun before void.
fn next() -> u32 {
    ATTEMPT.set(ATTEMPT.get().wrapping_add(1));
    ATTEMPT.get()
}

fn current(attempt: u32) -> bool {
    ATTEMPT.get() == attempt
}

/// What had the focus may be gone: the strip takes it, unless a person is writing.
fn focus_strip() {
    request_animation_frame(|| {
        let lost = document().active_element().is_none_or(|e| e.tag_name() == "BODY");
        let strip = document().get_element_by_id("voice").and_then(|e| e.dyn_into::<HtmlElement>().ok());
        if let (true, Some(strip)) = (lost, strip) {
            let _ = strip.focus();
        }
    });
}

/// Gives the focus to what this selector finds, once it is there.
pub(super) fn focus(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(element)) = document().query_selector(selector)
            && let Ok(element) = element.dyn_into::<HtmlElement>()
        {
            let _ = element.focus();
        }
    });
}

/// Calls back on an event of the window or, if it comes there, of the document, for as long as the page is open.
fn listen(event: &'static str, back: impl Fn() + 'static) {
    std::mem::forget(window_event_listener_untyped(event, move |_| back()));
}

fn phase(state: State) -> Phase {
    state.voice.with_untracked(|t| t.phase)
}

fn id(state: State) -> String {
    state.view.with_untracked(|v| v.id.clone())
}
