//! An [`Stt`] whose transcripts are repaired, for example with the vocabulary of an interview: [`MendedStt`].

use std::sync::Arc;

use async_trait::async_trait;

use super::stitch::key;
use crate::ports::{Abilities, HearOptions, Stt, SttEvent, SttStream, TimedWord, Transcript};

/// Repairs a text; `None` where there is nothing to repair.
pub type Mend = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Words at the end of what is settled that a repair may still join with the next.
const MAY_JOIN: usize = 3;

/// Repairs what another [`Stt`] hears. What it heard is kept in [`Transcript::heard`].
#[derive(Clone)]
pub struct MendedStt {
    inner: Arc<dyn Stt>,
    make: Arc<dyn Fn(&HearOptions) -> Mend + Send + Sync>,
}

impl MendedStt {
    /// Repairs what `inner` hears; `make` makes the repair for a stream, of its vocabulary.
    pub fn new(inner: Arc<dyn Stt>, make: impl Fn(&HearOptions) -> Mend + Send + Sync + 'static) -> Self {
        Self { inner, make: Arc::new(make) }
    }
}

impl Stt for MendedStt {
    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn open(&self, options: HearOptions) -> Box<dyn SttStream> {
        let mend = (self.make)(&options);
        Box::new(MendedStream { inner: self.inner.open(options), mend })
    }
}

struct MendedStream {
    inner: Box<dyn SttStream>,
    mend: Mend,
}

#[async_trait]
impl SttStream for MendedStream {
    fn hear(&mut self, pcm: &[i16], skipped_ms: u32) {
        self.inner.hear(pcm, skipped_ms);
    }

    fn pause(&mut self) -> u32 {
        self.inner.pause()
    }

    fn commit(&mut self) {
        self.inner.commit();
    }

    fn discard(&mut self) {
        self.inner.discard();
    }

    fn pace(&mut self, interim_every_ms: u32) {
        self.inner.pace(interim_every_ms);
    }

    async fn next(&mut self) -> Option<SttEvent> {
        Some(match self.inner.next().await? {
            SttEvent::Interim { transcript, settled } => {
                let (transcript, settled) = mended(&self.mend, transcript, settled);
                SttEvent::Interim { transcript, settled }
            }
            SttEvent::Paused { pause, transcript } => {
                SttEvent::Paused { pause, transcript: mended(&self.mend, transcript, 0).0 }
            }
            SttEvent::Final(transcript) => SttEvent::Final(mended(&self.mend, transcript, 0).0),
            SttEvent::Trouble(error) => SttEvent::Trouble(error),
        })
    }
}

fn mended(mend: &Mend, mut transcript: Transcript, settled: usize) -> (Transcript, usize) {
    let Some(text) = mend(&transcript.text).filter(|text| *text != transcript.text) else {
        // Even so, the next words may change the last of these.
        let settled = transcript.text.get(..settled).map_or(0, |text| {
            text.char_indices()
                .rev()
                .filter(|(_, letter)| letter.is_whitespace())
                .nth(MAY_JOIN)
                .map_or(0, |(at, _)| at)
        });
        return (transcript, settled);
    };
    let (old, new): (Vec<&str>, Vec<&str>) =
        (transcript.text.split_whitespace().collect(), text.split_whitespace().collect());
    let same = same(&old, &new);
    let settled_words = transcript.text.get(..settled).map_or(0, |text| text.split_whitespace().count());
    let last = same.iter().rev().find(|(known, _)| known + MAY_JOIN < settled_words).map(|(_, at)| *at);
    let settled = last
        .and_then(|last| {
            text.match_indices(new[last])
                .map(|(at, _)| at)
                .find(|at| text[..*at].split_whitespace().count() == last)
                .map(|at| at + new[last].len())
        })
        .unwrap_or(0);
    if transcript.words.len() == old.len() {
        transcript.words = timed(&transcript.words, &new, &same);
    } else {
        transcript.words.clear();
    }
    transcript.heard = Some(std::mem::replace(&mut transcript.text, text));
    (transcript, settled)
}

/// The longest row of words that are the same in both, as pairs of their places.
fn same(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let (old, new): (Vec<String>, Vec<String>) =
        (old.iter().map(|word| key(word)).collect(), new.iter().map(|word| key(word)).collect());
    let before = old.iter().zip(&new).take_while(|(one, other)| one == other).count();
    let (rows, columns) = (old.len() - before + 1, new.len() - before + 1);
    // How many are the same from here to the end.
    let mut length = vec![0_u32; rows * columns];
    for row in (0..rows - 1).rev() {
        for column in (0..columns - 1).rev() {
            length[row * columns + column] = if old[before + row] == new[before + column] {
                length[(row + 1) * columns + column + 1] + 1
            } else {
                length[(row + 1) * columns + column].max(length[row * columns + column + 1])
            };
        }
    }
    let mut pairs: Vec<(usize, usize)> = (0..before).map(|at| (at, at)).collect();
    let (mut row, mut column) = (0, 0);
    while row + 1 < rows && column + 1 < columns {
        if old[before + row] == new[before + column] {
            pairs.push((before + row, before + column));
            (row, column) = (row + 1, column + 1);
        } else if length[(row + 1) * columns + column] >= length[row * columns + column + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

/// The times of the new words: those that are the same keep theirs, and what is between shares the time there.
fn timed(old: &[TimedWord], new: &[&str], same: &[(usize, usize)]) -> Vec<TimedWord> {
    let mut words = Vec::with_capacity(new.len());
    let (mut known, mut at) = (0, 0);
    for (next_known, next) in same.iter().copied().chain([(old.len(), new.len())]) {
        let earliest = words.last().map_or(0, |word: &TimedWord| word.end_ms);
        let between = &old[known..next_known];
        let start = between.first().map_or(earliest, |word| word.start_ms);
        let end = between.last().map_or(start, |word| word.end_ms);
        let letters: u32 = new[at..next].iter().map(|word| word.chars().count() as u32).sum();
        let mut before = 0;
        for word in &new[at..next] {
            let place = |letters_before: u32| start + (end - start) * letters_before / letters.max(1);
            let from = place(before);
            before += word.chars().count() as u32;
            words.push(TimedWord { text: (*word).to_owned(), start_ms: from, end_ms: place(before) });
        }
        if let (Some(word), Some(text)) = (old.get(next_known), new.get(next)) {
            words.push(TimedWord { text: (*text).to_owned(), ..word.clone() });
        }
        (known, at) = (next_known + 1, next + 1);
        if known > old.len() || at > new.len() {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(text: &str) -> Transcript {
        let words = text.split_whitespace().zip(0..).map(|(word, at)| TimedWord {
            text: word.to_owned(),
            start_ms: at * 100,
            end_ms: at * 100 + 80,
        });
        Transcript { text: text.to_owned(), words: words.collect(), ..Transcript::default() }
    }

    fn mend() -> Mend {
        Arc::new(|text| text.contains("cooper netties").then(|| text.replace("cooper netties", "Kubernetes")))
    }

    #[test]
    fn what_was_heard_is_kept_and_words_keep_their_times() {
        let (mended, settled) = mended(&mend(), transcript("we run cooper netties at work now and then"), 40);
        assert_eq!(mended.text, "we run Kubernetes at work now and then");
        assert_eq!(mended.heard.as_deref(), Some("we run cooper netties at work now and then"));
        let times: Vec<_> =
            mended.words.iter().map(|word| (word.text.as_str(), word.start_ms, word.end_ms)).collect();
        assert_eq!(times[1..4], [("run", 100, 180), ("Kubernetes", 200, 380), ("at", 400, 480)]);
        assert_eq!(times.len(), 8);
        // Nine words, of which eight were settled; the last three may still be joined with the next.
        assert_eq!(&mended.text[..settled], "we run Kubernetes at work");
    }

    #[test]
    fn what_needs_no_mending_stays() {
        let given = transcript("we run it at work");
        let (same, settled) = mended(&mend(), given.clone(), 17);
        assert_eq!((&same, &same.heard), (&given, &None));
        assert_eq!(&same.text[..settled], "we");
        assert_eq!(mended(&mend(), Transcript::default(), 0).0, Transcript::default());
    }

    #[test]
    fn repairs_at_either_end_and_that_add_words_keep_times_in_order() {
        for (from, to) in
            [("cooper netties", "Kubernetes"), ("a b c", "x a b c y"), ("a b", ""), ("a", "p q r")]
        {
            let to = to.to_owned();
            let mend: Mend = Arc::new(move |_| Some(to.clone()));
            let (mended, _) = mended(&mend, transcript(from), 0);
            assert_eq!(mended.words.len(), mended.text.split_whitespace().count());
            assert!(mended.words.iter().all(|word| word.start_ms <= word.end_ms));
            assert!(
                mended.words.windows(2).all(|pair| pair[0].end_ms <= pair[1].start_ms.max(pair[0].end_ms))
            );
        }
    }
}
