//! Server-sent events out of bytes that may be split anywhere, also inside a character.

use std::collections::VecDeque;

use crate::ProviderFault;

/// Longest line, and longest event, in bytes.
const LONGEST: usize = 256 * 1024;

/// Takes bytes, gives the data of events. Holds at most one event that is not complete.
#[derive(Debug, Default)]
pub struct Decoder {
    /// The line that has begun.
    line: Vec<u8>,
    /// The data of the event that has begun.
    data: Option<String>,
    /// The last byte was a carriage return: a line feed that follows belongs to it.
    after_cr: bool,
    begun: bool,
    ready: VecDeque<String>,
}

impl Decoder {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ProviderFault::Endless`] if a line or an event is longer than 256 KiB, [`ProviderFault::Garbage`] if it is not
    /// UTF-8.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ProviderFault> {
        for &byte in bytes {
            let follows = std::mem::replace(&mut self.after_cr, byte == b'\r');
            match byte {
                b'\n' if follows => {}
                b'\n' | b'\r' => self.end_line()?,
                _ if self.line.len() >= LONGEST => return Err(ProviderFault::Endless),
                _ => self.line.push(byte),
            }
        }
        Ok(())
    }

    /// The data of the next complete event.
    pub fn event(&mut self) -> Option<String> {
        self.ready.pop_front()
    }

    /// Nothing more will come: an event without the empty line that ends it counts as complete, since some
    /// servers leave that line out.
    ///
    /// # Errors
    /// As [`Decoder::push`].
    pub fn finish(&mut self) -> Result<(), ProviderFault> {
        if !self.line.is_empty() {
            self.end_line()?;
        }
        self.ready.extend(self.data.take());
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), ProviderFault> {
        let bytes = std::mem::take(&mut self.line);
        let mut line = std::str::from_utf8(&bytes).map_err(|_| ProviderFault::Garbage)?;
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            self.ready.extend(self.data.take());
            return Ok(());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        if field == "data" {
            let value = value.strip_prefix(' ').unwrap_or(value);
            match &mut self.data {
                Some(data) if data.len() + value.len() >= LONGEST => return Err(ProviderFault::Endless),
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "\u{feff}: hello\r\ndata: {\"a\":\"Zoë — 王\"}\r\n\r\nevent: x\rdata:one\rdata: two\r\rid: 7\n\n\ndata:  spaced\n\ndata\n\ndata: last";

    fn events(pieces: &[&[u8]]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut found = Vec::new();
        for piece in pieces {
            decoder.push(piece).unwrap();
            found.extend(std::iter::from_fn(|| decoder.event()));
        }
        decoder.finish().unwrap();
        found.extend(std::iter::from_fn(|| decoder.event()));
        found
    }

    #[test]
    fn split_anywhere_it_is_the_same() {
        let bytes = STREAM.as_bytes();
        let want = vec!["{\"a\":\"Zoë — 王\"}", "one\ntwo", " spaced", "", "last"];
        for at in 0..=bytes.len() {
            for other in at..=bytes.len() {
                assert_eq!(events(&[&bytes[..at], &bytes[at..other], &bytes[other..]]), want, "{at} {other}");
            }
        }
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        assert_eq!(events(&single), want);
    }

    #[test]
    fn it_is_bounded() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(&vec![b'x'; LONGEST + 1]), Err(ProviderFault::Endless));
        let mut decoder = Decoder::default();
        let line = format!("data: {}\n", "x".repeat(1000));
        let refused = (0..LONGEST).find_map(|_| decoder.push(line.as_bytes()).err());
        assert_eq!(refused, Some(ProviderFault::Endless));
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(Decoder::default().push(b"data: \xff\xfe\n"), Err(ProviderFault::Garbage));
    }
}
