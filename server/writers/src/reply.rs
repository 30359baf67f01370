//! The body of a reply, cut into JSON values, whatever form it comes in: server-sent events, one JSON document though a
//! stream was asked for, JSON by the line.

use std::collections::VecDeque;

use serde_json::{Deserializer, Value};

use crate::ProviderFault;
use crate::sse::Decoder;

/// What a reply holds.
#[derive(Debug, PartialEq)]
pub(crate) enum ReplyPiece {
    /// A value.
    Value(Value),
    /// The word that nothing follows.
    Done,
}

/// Takes bytes, gives pieces.
#[derive(Debug, Default)]
pub(crate) struct ReplyBodyDecoder {
    form: Form,
    ready: VecDeque<ReplyPiece>,
    /// Whether something came that cannot be read.
    strange: bool,
}

#[derive(Debug)]
enum Form {
    /// Not yet known; what came so far.
    Unknown(Vec<u8>),
    Events(Decoder),
    Json(Vec<u8>),
}

impl Default for Form {
    fn default() -> Self {
        Self::Unknown(Vec::new())
    }
}

impl ReplyBodyDecoder {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ProviderFault::Html`] if it is a web page; [`ProviderFault::Endless`] and [`ProviderFault::Garbage`] as those
    /// of [`Decoder::push`].
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), ProviderFault> {
        match &mut self.form {
            Form::Unknown(start) => {
                start.extend_from_slice(bytes);
                let mark = [0xef, 0xbb, 0xbf];
                if start.len() < mark.len() && mark.starts_with(start) {
                    return Ok(());
                }
                let text = start.strip_prefix(&mark).unwrap_or(start);
                let first = text.iter().copied().find(|byte| !byte.is_ascii_whitespace());
                let Some(first) = first else { return Ok(()) };
                let all = std::mem::take(start);
                match first {
                    b'<' => return Err(ProviderFault::Html),
                    b'{' | b'[' => {
                        let from = if all.starts_with(&mark) { mark.len() } else { 0 };
                        self.form = Form::Json(all[from..].to_vec());
                        return Ok(());
                    }
                    _ => self.form = Form::Events(Decoder::default()),
                }
                self.push(&all)
            }
            Form::Events(decoder) => {
                decoder.push(bytes)?;
                self.take_events()
            }
            Form::Json(all) => {
                all.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Nothing more will come.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub(crate) fn finish(&mut self) -> Result<(), ProviderFault> {
        match &mut self.form {
            Form::Unknown(_) => Ok(()),
            Form::Events(decoder) => {
                decoder.finish()?;
                self.take_events()
            }
            Form::Json(all) => {
                let all = std::mem::take(all);
                for value in Deserializer::from_slice(&all).into_iter::<Value>() {
                    match value {
                        Ok(value) => self.ready.extend(each(value).map(ReplyPiece::Value)),
                        Err(_) => self.strange = true,
                    }
                }
                Ok(())
            }
        }
    }

    /// The next piece.
    pub(crate) fn next(&mut self) -> Option<ReplyPiece> {
        self.ready.pop_front()
    }

    /// Whether something came that cannot be read.
    pub(crate) fn is_strange(&self) -> bool {
        self.strange
    }

    fn take_events(&mut self) -> Result<(), ProviderFault> {
        let Form::Events(decoder) = &mut self.form else { return Ok(()) };
        while let Some(event) = decoder.event() {
            if let Ok(value) = serde_json::from_str(&event) {
                self.ready.extend(each(value).map(ReplyPiece::Value));
                continue;
            }
            // Some servers leave out the empty line between events.
            for line in event.lines().map(str::trim).filter(|line| !line.is_empty()) {
                if line == "[DONE]" {
                    self.ready.push_back(ReplyPiece::Done);
                } else if !line.starts_with(['{', '[']) {
                    self.strange = true;
                } else {
                    // Words would be missing in the middle of the line.
                    let value = serde_json::from_str(line).map_err(|_| ProviderFault::Garbage)?;
                    self.ready.extend(each(value).map(ReplyPiece::Value));
                }
            }
        }
        Ok(())
    }
}

/// The values of a list, or the one value.
fn each(value: Value) -> impl Iterator<Item = Value> {
    match value {
        Value::Array(values) => values,
        one @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_)) => {
            vec![one]
        }
    }
    .into_iter()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &str, piece: usize) -> (Vec<ReplyPiece>, bool) {
        let mut read = ReplyBodyDecoder::default();
        for bytes in body.as_bytes().chunks(piece) {
            read.push(bytes).unwrap();
        }
        read.finish().unwrap();
        (std::iter::from_fn(|| read.next()).collect(), read.is_strange())
    }

    #[test]
    fn every_form_gives_its_values_however_it_is_split() {
        let (a, b) = (|| ReplyPiece::Value(json!({"a": 1})), || ReplyPiece::Value(json!({"b": "ž"})));
        for (body, want) in [
            ("data: {\"a\":1}\n\ndata: {\"b\":\"ž\"}\n\ndata: [DONE]\n\n", vec![a(), b(), ReplyPiece::Done]),
            (
                "\u{feff}data:{\"a\":1}\r\ndata:\r\ndata: {\"b\":\"ž\"}\ndata:[DONE]",
                vec![a(), b(), ReplyPiece::Done],
            ),
            ("data:\n\n: hi\n\ndata: [{\"a\":1},{\"b\":\"ž\"}]\n\n", vec![a(), b()]),
            (" \n{\"a\":1}", vec![a()]),
            ("\u{feff}{\"a\":1}\n{\"b\":\"ž\"}\n", vec![a(), b()]),
            ("[{\"a\":1}\n,\n{\"b\":\"ž\"}]", vec![a(), b()]),
            ("", vec![]),
            (" \n\n", vec![]),
        ] {
            for piece in [1, 2, 7, 1000] {
                assert_eq!(read(body, piece), (want.iter().map(copy).collect(), false), "{body} by {piece}");
            }
        }
    }

    fn copy(piece: &ReplyPiece) -> ReplyPiece {
        match piece {
            ReplyPiece::Value(value) => ReplyPiece::Value(value.clone()),
            ReplyPiece::Done => ReplyPiece::Done,
        }
    }

    #[test]
    fn a_page_is_named_and_what_cannot_be_read_is_noticed() {
        assert_eq!(ReplyBodyDecoder::default().push(b"\n <!doctype html>"), Err(ProviderFault::Html));
        assert_eq!(read("data: hello\n\n", 3), (vec![], true));
        assert_eq!(read("{\"a\":", 3), (vec![], true));
        assert_eq!(ReplyBodyDecoder::default().push(b"data: {\"a\n\n"), Err(ProviderFault::Garbage));
    }
}
