//! What a candidate says, and what they do while the interviewer speaks.

use std::sync::Arc;

use anyhow::Result;

use crate::voice::{CandidateVoices, quiet};

/// How an answer is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CandidateSpeakingStyle {
    /// Sentence after sentence, with pauses under 0.7 s between.
    Fluent,
    /// With a pause of 1.2 s inside a sentence.
    Hesitant,
    /// A few words.
    Short,
}

/// What is done while the interviewer speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CandidateAside {
    /// Nothing.
    None,
    /// "Mhm."
    Mhm,
    /// A cough.
    Cough,
    /// Real words: the interviewer is to stop.
    Interrupt,
}

/// One turn of a candidate's.
#[derive(Debug, Clone)]
pub(crate) struct ScriptedTurn {
    /// The name of the voice.
    pub(crate) voice: Arc<str>,
    pub(crate) manner: CandidateSpeakingStyle,
    pub(crate) aside: CandidateAside,
    /// The words of the answer, and its sound, which begins and ends with a voice.
    pub(crate) text: String,
    pub(crate) sound: Arc<[i16]>,
    /// The words said while the interviewer speaks, as far as they are words, and their sound.
    pub(crate) aside_text: String,
    pub(crate) aside_sound: Arc<[i16]>,
}

/// The answers: in sentences; `/` is where a hesitant person pauses.
const ANSWERS: [&[&str]; 16] = [
    &[
        "My name is Robin.",
        "I have worked as a software engineer for eight years, mostly on / payment systems.",
    ],
    &[
        "I studied physics in Leeds.",
        "Then I joined a small company that sold maps, and / I stayed for five years.",
    ],
    &[
        "In my last job I looked after the billing service.",
        "It failed twice a week because / nobody had tested the import.",
    ],
    &[
        "I wrote a test that showed the problem.",
        "Then I changed the code in small steps, and after / three weeks the errors were gone.",
    ],
    &[
        "We were four people, and I led the work.",
        "I decided to move the data first, since / everything else depended on it.",
    ],
    &[
        "The hardest part was the old database.",
        "I measured every query, and it turned out that / one of them took half of the time.",
    ],
    &["Yes, I did."],
    &[
        "I told the customer what had happened.",
        "She was angry at first, but / later she thanked us for being open about it.",
    ],
    &[
        "I learned to ask earlier who decides.",
        "We lost a week on a question that / one call could have answered.",
    ],
    &[
        "There was a conflict with another team.",
        "I asked for a meeting, listened to them, and / we agreed on a plan for both sides.",
    ],
    &["The result was clear.", "Response times fell from four seconds to / less than one second."],
    &[
        "I would start with the data the next time.",
        "Everything else was easy once / the numbers were right.",
    ],
    &["It was in the spring of last year."],
    &["I trained two new colleagues.", "One of them now leads the team, and / I am proud of that."],
    &[
        "We had promised it for June, and in April nothing was ready.",
        "So I cut the plan to / the three parts that people needed.",
    ],
    &["I like to work with people who care.", "That is why / I applied for this position."],
];

/// What is said to interrupt.
const INTERRUPTIONS: [&str; 3] = [
    "Sorry, could I ask something first?",
    "Wait a moment, I want to add something.",
    "Excuse me, may I correct that?",
];

/// Pauses between sentences of a fluent person, in milliseconds.
const FLUENT_MS: [u32; 4] = [320, 650, 450, 580];
/// The pause of a hesitant one.
const HESITANT_MS: u32 = 1200;

/// All turns of this candidate, spoken.
pub(crate) fn script(
    voices: &mut CandidateVoices,
    candidate: usize,
    answers: usize,
) -> Result<Vec<ScriptedTurn>> {
    (0..answers).map(|number| turn(voices, candidate, number)).collect()
}

fn turn(voices: &mut CandidateVoices, candidate: usize, number: usize) -> Result<ScriptedTurn> {
    let sentences = ANSWERS[(number + candidate * 5) % ANSWERS.len()];
    let manner = match (sentences.len(), (number + candidate) % 4) {
        (1, _) => CandidateSpeakingStyle::Short,
        (_, 3) => CandidateSpeakingStyle::Hesitant,
        (_, _) => CandidateSpeakingStyle::Fluent,
    };
    let aside = match (number + candidate) % 6 {
        2 => CandidateAside::Mhm,
        3 => CandidateAside::Interrupt,
        5 => CandidateAside::Cough,
        _ => CandidateAside::None,
    };
    let (mut text, mut sound) = (Vec::new(), Vec::new());
    for (at, sentence) in sentences.iter().enumerate() {
        if at > 0 {
            sound.extend(quiet(FLUENT_MS[(number + at) % FLUENT_MS.len()]));
        }
        let whole = sentence.replace(" /", "");
        match sentence.split_once(" / ").filter(|_| manner == CandidateSpeakingStyle::Hesitant) {
            Some((before, after)) => {
                sound.extend(&*voices.say(candidate, before)?);
                sound.extend(quiet(HESITANT_MS));
                sound.extend(&*voices.say(candidate, after)?);
            }
            None => sound.extend(&*voices.say(candidate, &whole)?),
        }
        text.push(whole);
    }
    let (aside_text, aside_sound) = match aside {
        CandidateAside::None => (String::new(), Arc::default()),
        CandidateAside::Mhm => (String::new(), voices.mhm(candidate, number)?),
        CandidateAside::Cough => (String::new(), voices.cough(candidate, number)),
        CandidateAside::Interrupt => {
            let words = INTERRUPTIONS[number % INTERRUPTIONS.len()];
            (words.to_owned(), voices.say(candidate, words)?)
        }
    };
    let voice = voices.name(candidate).into();
    Ok(ScriptedTurn {
        voice,
        manner,
        aside,
        text: text.join(" "),
        sound: sound.into(),
        aside_text,
        aside_sound,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_a_place_to_hesitate_or_are_short() {
        for sentences in ANSWERS {
            let pauses = sentences.iter().filter(|sentence| sentence.contains(" / ")).count();
            assert_eq!(pauses, usize::from(sentences.len() > 1), "{sentences:?}");
        }
    }
}
