//! The voices: men and women, slow and fast, American, British and Caribbean.

/// What speaks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Engine {
    /// espeak-ng: a voice with a variant, and words a minute. Formants; every word is clear and none is natural.
    Espeak(&'static str, u32),
    /// flite: a voice, and how much longer everything lasts.
    Flite(&'static str, f32),
    /// Piper's one voice that comes as a package: how much longer everything lasts, and how much higher it is played.
    Piper(f32, f32),
}

/// A voice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// Its name in tables.
    pub name: &'static str,
    /// What speaks.
    pub engine: Engine,
}

const fn voice(name: &'static str, engine: Engine) -> Voice {
    Voice { name, engine }
}

/// All of them.
pub const ALL: [Voice; 16] = [
    voice("espeak-ng US man", Engine::Espeak("en-us+m3", 160)),
    voice("flite slt, US woman", Engine::Flite("slt", 1.0)),
    voice("Piper joe, US man", Engine::Piper(1.0, 1.0)),
    voice("espeak-ng GB woman", Engine::Espeak("en-gb+f2", 175)),
    voice("flite rms, US man, fast", Engine::Flite("rms", 0.85)),
    voice("Piper joe, higher", Engine::Piper(1.12, 1.14)),
    voice("espeak-ng Scottish man", Engine::Espeak("en-gb-scotland+m1", 165)),
    voice("flite awb, Scottish man", Engine::Flite("awb", 1.0)),
    voice("Piper joe, slow", Engine::Piper(1.25, 0.97)),
    voice("espeak-ng RP woman, fast", Engine::Espeak("en-gb-x-rp+f3", 200)),
    voice("flite slt, slow", Engine::Flite("slt", 1.22)),
    voice("Piper joe, fast, lower", Engine::Piper(0.82, 0.9)),
    voice("espeak-ng Caribbean man", Engine::Espeak("en-029+m4", 150)),
    voice("flite kal, US man", Engine::Flite("kal16", 1.0)),
    voice("espeak-ng US woman, slow", Engine::Espeak("en-us+f4", 135)),
    voice("flite rms, US man", Engine::Flite("rms", 1.05)),
];
