//! Text made speakable: numbers, symbols and abbreviations become words.
