//! Speech whose words can be read off its samples, and a model that reads them, badly at the edges of its window.

use crate::ports::Transcript;

pub(crate) const MS: usize = 16;

/// A word of speech: every sample of it has the same size, which tells which word it is.
#[derive(Debug, Clone)]
pub(crate) struct Spoken {
    pub(crate) text: &'static str,
    pub(crate) start: usize,
    pub(crate) samples: usize,
}

/// Something to be said.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) words: Vec<Spoken>,
    pub(crate) pcm: Vec<i16>,
    /// Where the pauses of 300 ms and more begin, and how long they are, in samples.
    pub(crate) pauses: Vec<(usize, usize)>,
}

const WORDS: [&str; 24] = [
    "very", "the", "it", "was", "times", "we", "and", "then", "server", "queue", "team", "because", "so",
    "really", "data", "is", "that", "a", "of", "plan", "release", "very", "it", "the",
];

/// A little chance, always the same.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

impl Script {
    /// About so many seconds of speech in phrases of up to `phrase` words with pauses between them.
    pub(crate) fn new(seed: u64, seconds: usize, phrase: usize) -> Self {
        let (mut dice, mut script) = (Dice(seed), Self::default());
        script.silence(&mut dice, 100);
        while script.pcm.len() < seconds * 1000 * MS {
            for _ in 0..1 + dice.roll(phrase) {
                script.word(&mut dice);
                let gap = 30 + dice.roll(60);
                script.silence(&mut dice, gap);
            }
            let pause = 260 + dice.roll(700);
            script.pauses.push((script.pcm.len(), pause * MS));
            script.silence(&mut dice, pause);
        }
        script
    }

    /// About so many seconds of speech without any pause.
    pub(crate) fn unbroken(seed: u64, seconds: usize) -> Self {
        let (mut dice, mut script) = (Dice(seed), Self::default());
        script.silence(&mut dice, 100);
        while script.pcm.len() < seconds * 1000 * MS {
            script.word(&mut dice);
            let gap = 30 + dice.roll(60);
            script.silence(&mut dice, gap);
        }
        script
    }

    fn word(&mut self, dice: &mut Dice) {
        let text = WORDS[dice.roll(WORDS.len())];
        let samples = (60 + 45 * text.len() + dice.roll(120)) * MS;
        let size = 3000 + 8 * self.words.len() as i16;
        self.words.push(Spoken { text, start: self.pcm.len(), samples });
        self.pcm.extend((0..samples).map(|at| if at % 16 < 8 { size } else { -size }));
    }

    fn silence(&mut self, dice: &mut Dice, ms: usize) {
        self.pcm.extend((0..ms * MS).map(|_| dice.roll(7) as i16 - 3));
    }

    pub(crate) fn text(&self) -> String {
        self.words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
    }

    /// Writes a window of this speech down. Words that the window cuts are lost or misheard; of the others, so many
    /// in a hundred, different ones in different windows.
    pub(crate) fn read(&self, pcm: &[i16], misheard: usize) -> Transcript {
        let mut heard = Vec::new();
        let mut at = 0;
        while at < pcm.len() {
            let size = pcm[at].unsigned_abs() as usize;
            if size < 3000 {
                at += 1;
                continue;
            }
            let run = pcm[at..].iter().take_while(|sample| sample.unsigned_abs() as usize == size).count();
            let number = (size - 3000) / 8;
            let word = &self.words[number];
            let mut dice = Dice((pcm.len() * 31 + number) as u64);
            if run == word.samples {
                let wrong = dice.roll(100) < misheard;
                heard.push(if wrong { "mumble" } else { word.text });
            } else if run * 3 > word.samples {
                heard.push(&word.text[..word.text.len().div_ceil(2)]);
            }
            at += run;
        }
        let text = heard.join(" ");
        Transcript { text, ..Transcript::default() }
    }
}
