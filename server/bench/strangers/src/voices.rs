//! The voices: men and women, slow and fast, American, British and Caribbean.

/// What speaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum StrangerEngine {
    /// espeak-ng: a voice with a variant, and words a minute. Formants; every word is clear and none is natural.
    Espeak(&'static str, u32),
    /// flite: a voice, and how much longer everything lasts.
    Flite(&'static str, f32),
    /// Piper's one voice that comes as a package: how much longer everything lasts, and how much higher it is played.
    Piper(f32, f32),
}

/// A voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StrangerVoice {
    /// Its name in tables.
    pub name: &'static str,
    /// What speaks.
    pub engine: StrangerEngine,
}

const fn voice(name: &'static str, engine: StrangerEngine) -> StrangerVoice {
    StrangerVoice { name, engine }
}

/// All of them.
pub const ALL: [StrangerVoice; 16] = [
    voice("espeak-ng US man", StrangerEngine::Espeak("en-us+m3", 160)),
    voice("flite slt, US woman", StrangerEngine::Flite("slt", 1.0)),
    voice("Piper joe, US man", StrangerEngine::Piper(1.0, 1.0)),
    voice("espeak-ng GB woman", StrangerEngine::Espeak("en-gb+f2", 175)),
    voice("flite rms, US man, fast", StrangerEngine::Flite("rms", 0.85)),
    voice("Piper joe, higher", StrangerEngine::Piper(1.12, 1.14)),
    voice("espeak-ng Scottish man", StrangerEngine::Espeak("en-gb-scotland+m1", 165)),
    voice("flite awb, Scottish man", StrangerEngine::Flite("awb", 1.0)),
    voice("Piper joe, slow", StrangerEngine::Piper(1.25, 0.97)),
    voice("espeak-ng RP woman, fast", StrangerEngine::Espeak("en-gb-x-rp+f3", 200)),
    voice("flite slt, slow", StrangerEngine::Flite("slt", 1.22)),
    voice("Piper joe, fast, lower", StrangerEngine::Piper(0.82, 0.9)),
    voice("espeak-ng Caribbean man", StrangerEngine::Espeak("en-029+m4", 150)),
    voice("flite kal, US man", StrangerEngine::Flite("kal16", 1.0)),
    voice("espeak-ng US woman, slow", StrangerEngine::Espeak("en-us+f4", 135)),
    voice("flite rms, US man", StrangerEngine::Flite("rms", 1.05)),
];
