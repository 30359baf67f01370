//! The words around speech, without any audio: [`say`] makes a text speakable, [`mend`] repairs what was misheard.
//! Pure: no I/O, no clock, no model.

pub mod mend;
pub mod say;
