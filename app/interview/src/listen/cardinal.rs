//! Cardinals in words.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// What a single word in small letters counts: "zero" to "nineteen", and the tens.
pub fn cardinal(word: &str) -> Option<u64> {
    let small = SMALL.iter().zip(0..).find(|(known, _)| **known == word);
    let ten = TENS.iter().zip(2..).find(|(known, _)| **known == word);
    small.map(|(_, n)| n).or(ten.map(|(_, n)| n * 10))
}
