//! Writes `frontend/voice/protocol.ts`, and checks that it is what these types make.

use std::path::Path;
use std::{env, fs};

use ts_rs::{Config, TS};

use crate::browser::{Device, Replied, RoomExit, VoiceEvent, VoiceFault, Words};
use crate::signals::{self, AgentState, Control, Mode, Timing, Trouble};

/// Set by `make protocol`: the file is written instead of compared.
const WRITE: &str = "PROTOCOL_WRITE";

#[test]
fn the_typescript_is_what_these_types_make() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/voice/protocol.ts");
    let made = made();
    if env::var_os(WRITE).is_some() {
        fs::write(&file, &made).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == made, "frontend/voice/protocol.ts is out of date: run `make protocol`");
}

/// The whole file.
fn made() -> String {
    let config = Config::default();
    let names = [
        ("TRANSCRIPTION", signals::TRANSCRIPTION),
        ("SEGMENT", signals::SEGMENT),
        ("TRACK", signals::TRACK),
        ("FINAL", signals::FINAL),
        ("STATE", signals::STATE),
        ("TROUBLE", signals::TROUBLE),
        ("CONTROL", signals::CONTROL),
        ("TIMING", signals::TIMING),
    ];
    let mut made = "// Generated from app/protocol by `make protocol`: change it there.\n\n".to_owned();
    made.extend(names.map(|(name, value)| format!("export const {name} = {value:?};\n")));
    made.push_str(&format!("export const KEY_TAIL_MS = {};\n", signals::KEY_TAIL_MS));
    made.extend([
        declared::<AgentState>(&config),
        declared::<Trouble>(&config),
        declared::<Mode>(&config),
        declared::<Control>(&config),
        declared::<Timing>(&config),
        declared::<VoiceEvent>(&config),
        declared::<Device>(&config),
        declared::<Words>(&config),
        declared::<Replied>(&config),
        declared::<RoomExit>(&config),
        declared::<VoiceFault>(&config),
    ]);
    made
}

/// A type as it stands in the file.
fn declared<T: TS>(config: &Config) -> String {
    format!("\n{}export {}\n", T::docs().unwrap_or_default(), T::decl(config))
}
