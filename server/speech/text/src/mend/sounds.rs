//! Sounds of English, and how easily one is heard as another.

use std::sync::LazyLock;

/// The sounds, one letter each; ARPAbet's names beside them in [`ARPABET`].
pub(super) const SOUNDS: &[u8] = b"iIeEaAoOuUV3YWXpbtdkgfvTDszSZCJmnNlrwjh";

/// ARPAbet's names in the order of [`SOUNDS`].
const ARPABET: [&str; 39] = [
    "iy", "ih", "ey", "eh", "ae", "aa", "ao", "ow", "uw", "uh", "ah", "er", "ay", "aw", "oy", "p", "b", "t",
    "d", "k", "g", "f", "v", "th", "dh", "s", "z", "sh", "zh", "ch", "jh", "m", "n", "ng", "l", "r", "w",
    "y", "hh",
];

/// How many sounds there are.
pub(super) const KINDS: usize = ARPABET.len();
/// The first so many are vowels.
const VOWELS: u8 = 15;

/// A sound, as its place in [`SOUNDS`].
pub(super) type PhonemeIndex = u8;

/// The sound with this letter.
pub(super) fn by_letter(letter: u8) -> Option<PhonemeIndex> {
    SOUNDS.iter().position(|&l| l == letter).and_then(|at| u8::try_from(at).ok())
}

/// The sound with this ARPAbet name.
pub(super) fn by_arpabet(name: &str) -> Option<PhonemeIndex> {
    ARPABET.iter().position(|&n| n == name).and_then(|at| u8::try_from(at).ok())
}

/// Whether it is a vowel.
pub(super) fn vowel(sound: PhonemeIndex) -> bool {
    sound < VOWELS
}

/// Where the vowels lie, from close to open and from front to back.
const PLACES: [(f32, f32); 15] = [
    (0.0, 0.0),
    (0.5, 0.3),
    (0.8, 0.0),
    (1.2, 0.3),
    (2.0, 0.5),
    (2.3, 1.4),
    (1.7, 1.9),
    (1.0, 2.1),
    (0.0, 1.9),
    (0.4, 1.6),
    (1.4, 1.1),
    (1.1, 1.1),
    (1.8, 0.9),
    (1.9, 1.4),
    (1.2, 1.5),
];

/// Consonants (and glides) that are heard as each other, and at what cost; the others cost [`FAR`].
const PAIRS: &[(&str, f32)] = &[
    ("td sz", 0.13),
    ("pb kg fv TD SZ CJ", 0.24),
    ("nN JZ", 0.2),
    ("mn tT dD fT CS dJ tC sS zZ r3 gJ", 0.3),
    ("mN vD sT zD vb fp wv kh jJ", 0.38),
    ("kt pt pk bd dg bg zJ sC sf td wl rw rl dl nl nd hf", 0.52),
    ("ji wu jI wU wO lO lU", 0.35),
];

/// The cost of hearing one consonant as any other.
const FAR: f32 = 0.85;
/// The cost of hearing a vowel as a consonant.
const OTHER: f32 = 1.1;

/// What it costs to hear one sound as another, to hear one that is not there, or not to hear one.
pub(super) struct Costs {
    swap: [[f32; KINDS]; KINDS],
    lone: [f32; KINDS],
}

/// The costs.
pub(super) static COSTS: LazyLock<Costs> = LazyLock::new(Costs::new);

impl Costs {
    fn new() -> Self {
        let mut swap = [[0.0; KINDS]; KINDS];
        let vowels = usize::from(VOWELS);
        for (a, row) in swap.iter_mut().enumerate() {
            for (b, cost) in row.iter_mut().enumerate() {
                *cost = match (a < vowels, b < vowels) {
                    _ if a == b => 0.0,
                    (true, true) => {
                        let (down, back) = (PLACES[a].0 - PLACES[b].0, PLACES[a].1 - PLACES[b].1);
                        (0.06 + 0.21 * down.hypot(back)).min(0.6)
                    }
                    (false, false) => FAR,
                    (true, false) | (false, true) => OTHER,
                };
            }
        }
        for (pairs, cost) in PAIRS {
            for pair in pairs.split(' ') {
                let at = |i: usize| by_letter(pair.as_bytes()[i]).map_or(0, usize::from);
                let (a, b) = (at(0), at(1));
                swap[a][b] = f32::min(*cost, swap[a][b]);
                swap[b][a] = swap[a][b];
            }
        }
        let mut lone = [0.6; KINDS];
        for (at, &letter) in SOUNDS.iter().enumerate() {
            lone[at] = match letter {
                b'V' => 0.3,
                b'I' | b'U' => 0.36,
                b'h' | b'j' => 0.28,
                b't' | b'd' | b'r' => 0.4,
                b's' | b'z' | b'n' | b'l' => 0.5,
                b'3' => 0.5,
                _ if at < vowels => 0.55,
                _ => 0.62,
            };
        }
        Self { swap, lone }
    }

    /// How far apart two ways to sound are; `None` beyond `most`.
    pub(super) fn sound_distance(&self, a: &[PhonemeIndex], b: &[PhonemeIndex], most: f32) -> Option<f32> {
        let mut rows = [[0.0_f32; LONGEST + 1]; 2];
        if a.len() > LONGEST || b.len() > LONGEST {
            return None;
        }
        for at in 0..b.len() {
            rows[0][at + 1] = rows[0][at] + self.alone(b, at);
        }
        for (i, &sound) in a.iter().enumerate() {
            let (before, now) = if i % 2 == 0 { halves(&mut rows) } else { halves_back(&mut rows) };
            let gone = self.alone(a, i);
            now[0] = before[0] + gone;
            let mut least = now[0];
            for (j, &other) in b.iter().enumerate() {
                // What begins alike is heard alike: people rarely mishear a first sound.
                let weight = if i == 0 && j == 0 { 1.3 } else { 1.0 };
                let swapped = before[j] + weight * self.swap[usize::from(sound)][usize::from(other)];
                let cost = swapped.min(before[j + 1] + gone).min(now[j] + self.alone(b, j));
                now[j + 1] = cost;
                least = least.min(cost);
            }
            if least > most {
                return None;
            }
        }
        let end = rows[a.len() % 2][b.len()];
        (end <= most).then_some(end)
    }

    /// The cost of this sound having nothing to match.
    fn alone(&self, sounds: &[PhonemeIndex], at: usize) -> f32 {
        // The same sound twice, where words meet, is heard once.
        if at > 0 && sounds[at - 1] == sounds[at] { 0.05 } else { self.lone[usize::from(sounds[at])] }
    }
}

/// Most sounds of one stretch or term.
pub(super) const LONGEST: usize = 40;

type CostRow = [f32; LONGEST + 1];

fn halves(rows: &mut [CostRow; 2]) -> (&CostRow, &mut CostRow) {
    let (first, second) = rows.split_at_mut(1);
    (&first[0], &mut second[0])
}

fn halves_back(rows: &mut [CostRow; 2]) -> (&CostRow, &mut CostRow) {
    let (first, second) = rows.split_at_mut(1);
    (&second[0], &mut first[0])
}
