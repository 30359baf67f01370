//! What of the posting and of the CV came up.

use std::sync::LazyLock;

use interview::reading::Who;
use interview::{bank, listen};
use serde::Serialize;

use crate::sentence::AnswerSentence;
use crate::statement::{Book, StatementKind};
use crate::told::{LineResponse, QuestionThread, is_standalone_question};
use crate::{Quotation, Statement, quote};

/// What came up of the phrases of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PaperCoverage {
    /// What came up, with the candidate's words: those that name it, or that answer a question on it.
    #[serde(rename = "came_up")]
    pub heard: Vec<Statement>,
    /// What no answer names in these words, in the paper's own.
    #[serde(rename = "not_in_these_words")]
    pub not_heard: Vec<String>,
}

/// What the posting asks for. `None` if it names nothing.
pub(crate) fn posting(
    told: &[QuestionThread<'_>],
    posting: &str,
    role: &str,
    book: &mut Book<'_>,
) -> Option<PaperCoverage> {
    match_paper_phrases(told, &bank::wishes(posting, role), StatementKind::Posting, "posting", book)
}

/// What the CV says that they did. `None` if it says nothing of that. Places and tools are no matter: nobody can bring
/// each of them into a conversation, and that one came up says nothing.
pub(crate) fn cv(told: &[QuestionThread<'_>], cv: &str, book: &mut Book<'_>) -> Option<PaperCoverage> {
    match_paper_phrases(told, &bank::deeds_in_cv(cv), StatementKind::Cv, "cv", book)
}

fn match_paper_phrases(
    told: &[QuestionThread<'_>],
    phrases: &[String],
    kind: StatementKind,
    paper: &str,
    book: &mut Book<'_>,
) -> Option<PaperCoverage> {
    if phrases.is_empty() {
        return None;
    }
    let mut looked = PaperCoverage { heard: Vec::new(), not_heard: Vec::new() };
    let said: Vec<StemmedSentence<'_, '_>> =
        told.iter().flat_map(|told| &told.runs).flat_map(StemmedSentence::of).collect();
    for (n, phrase) in phrases.iter().enumerate() {
        if phrases[..n].contains(phrase) {
            continue;
        }
        match find_answer_about(told, phrase)
            .map_or_else(|| match_phrase(&said, phrase, kind), PhraseMatch::CameUp)
        {
            PhraseMatch::CameUp(on) => {
                let statement = Statement::new(kind, format!("{paper}.{n}"), phrase.clone(), on);
                looked.heard.extend(book.accept_unless_struck(statement));
            }
            PhraseMatch::Perhaps => {}
            PhraseMatch::Nothing => looked.not_heard.push(phrase.clone()),
        }
    }
    Some(looked)
}

struct StemmedSentence<'t, 'a> {
    sentence: &'t AnswerSentence<'a>,
    run: &'t LineResponse<'a>,
    stems: Vec<String>,
    /// It can show something: what is wished for, or was never done, shows nothing.
    shows: bool,
}

impl<'t, 'a> StemmedSentence<'t, 'a> {
    /// What was said to a line; what they ask for themselves is not theirs.
    fn of(run: &'t LineResponse<'a>) -> impl Iterator<Item = Self> {
        let said = run.sentences.iter().filter(|sentence| !sentence.text().ends_with('?'));
        said.map(move |sentence| Self {
            sentence,
            stems: stems(sentence.text()),
            shows: run.is_answer_attempt()
                && !sentence.lacks
                && !sentence.supposes
                && !sentence.idle
                && (sentence.own || matches!(sentence.who(), Who::I | Who::We))
                // Somebody's loss shows nobody's skill.
                && listen::loss(sentence.text()).is_none(),
            run,
        })
    }
}

/// Words of postings and CVs that say little of what they ask for.
const LITTLE: &str = "experience knowledge strong skill ability able good excellent proven work working environment standard \
    practice tool method principle technique industry sector setting similar relevant equivalent advantage required \
    essential desirable preferred ideally plus year lead leading manage managing management manager handle handling \
    deliver delivering support supporting ensure ensuring run running maintain maintaining prepare preparing plan \
    planning provide providing develop developing use using improve improving help helping help make making team \
    people high level day new other both well understanding background confident comfortable willing willingness";
/// Words that name half of all work: alone they do not say that something came up.
const COMMON: &str = "customer client school boat technician assistant staff patient child children data system project \
    business company service product quality report process colleague member office site senior junior job role care \
    test testing design user order time record communication communicator relationship problem solution detail \
    student family parent driver driving check write written english number line phone computer software food code move moved \
    level app website shop store hospital hotel review minute hour week month second first language take contact";

static LITTLE_STEMS: LazyLock<Vec<String>> = LazyLock::new(|| listen::stems(LITTLE));
static COMMON_STEMS: LazyLock<Vec<String>> = LazyLock::new(|| listen::stems(COMMON));

/// A text in small letters without hyphens: "fact-find" is also said as "fact find".
fn apart(text: &str) -> String {
    text.to_lowercase().replace('-', " ")
}

/// The stems of a text.
fn stems(text: &str) -> Vec<String> {
    listen::stems(&text.replace('-', " "))
}

/// The figures of a phrase that are found again as they stand: "from 48 to 19".
fn figures(phrase: &str) -> Vec<&str> {
    let digits = |word: &&str| word.len() >= 2 && word.chars().all(|c| c.is_ascii_digit());
    phrase.split(|c: char| !c.is_alphanumeric()).filter(digits).collect()
}

/// Letters at the beginning by which two words are akin: "compliant" and "compliance".
const AKIN: usize = 6;

/// Whether two words are akin: then it cannot be said that one did not come up where the other did.
fn share_prefix(a: &str, b: &str) -> bool {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count() >= AKIN
}

/// The stems of a phrase that say what it asks for, each once.
fn significant_stems(phrase: &str) -> Vec<String> {
    let counts = |stem: &String| stem.chars().any(|c| c.is_ascii_digit());
    let mut weighty = Vec::new();
    for stem in stems(phrase) {
        if !LITTLE_STEMS.contains(&stem) && !counts(&stem) && !weighty.contains(&stem) {
            weighty.push(stem);
        }
    }
    weighty
}

/// A place or a tool: "Orwell Freight Forwarding Ltd".
fn is_name(phrase: &str) -> bool {
    phrase.split_whitespace().all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()))
}

/// "Statistical process control" is said as "SPC".
fn initials(phrase: &str) -> Option<String> {
    let words: Vec<&str> = phrase.split_whitespace().collect();
    let letters = words.iter().filter_map(|word| word.chars().next());
    (3..=5).contains(&words.len()).then(|| letters.flat_map(char::to_lowercase).collect())
}

/// Fewer words than these say nothing of what they name: "Container terminal."
const QUOTED: usize = 4;
/// Fewer letters than these are no beginning of a longer word.
const BEGINS: usize = 6;
/// A longer word has so many letters more, at most: "Postgres" and "PostgreSQL", but not "electric" and "electronically".
const LONGER: usize = 3;

/// The same, or one begins with the other.
fn stems_match(a: &str, b: &str) -> bool {
    let begins = |long: &str, short: &str| long.starts_with(short) && long.len() - short.len() <= LONGER;
    a == b || a.len().min(b.len()) >= BEGINS && (begins(a, b) || begins(b, a))
}

/// How many of these stems are in what was said.
fn count_matching_stems(stems: &[String], said: &[String]) -> usize {
    stems.iter().filter(|stem| said.iter().any(|known| stems_match(known, stem))).count()
}

/// True for a stem that is not everybody's: "rota", "safeguard".
fn rare(stem: &String) -> bool {
    stem.len() >= 4 && !COMMON_STEMS.contains(stem)
}

/// Whether something came up.
enum PhraseMatch {
    /// It did, in these words.
    CameUp(Quotation),
    /// One of its words was said, or it is what they wish for: it is said neither that it came up nor that it did not.
    Perhaps,
    Nothing,
}

/// The words that name what a phrase asks for, in one sentence of what they did or are: two of three of its words that say
/// something, or two that are not everybody's ("rotas", "safeguarding"). A name ("SQL") is enough alone, as is the one such
/// word of a line of the posting where it is in a deed of theirs.
fn match_phrase(said: &[StemmedSentence<'_, '_>], phrase: &str, kind: StatementKind) -> PhraseMatch {
    let wanted = significant_stems(phrase);
    let name = |word: &&str| word.chars().filter(|c| c.is_uppercase()).count() >= 2;
    let names = phrase.split(|c: char| !c.is_alphanumeric()).filter(name).flat_map(stems);
    let names: Vec<String> = names.chain(initials(phrase)).collect();
    let rare: Vec<String> = wanted.iter().filter(|stem| rare(stem)).cloned().collect();
    let figures = figures(phrase);
    let counts = |said: &StemmedSentence<'_, '_>| {
        let words = said.sentence.text().split(|c: char| !c.is_alphanumeric());
        figures.iter().filter(|figure| words.clone().any(|word| word == **figure)).count()
    };
    let compounds: Vec<String> =
        phrase.split_whitespace().filter(|word| word.contains('-')).map(apart).collect();
    let compounded = |said: &StemmedSentence<'_, '_>| {
        compounds.iter().any(|words| apart(said.sentence.text()).contains(words))
    };
    let there = |said: &StemmedSentence<'_, '_>, stems: &[String]| count_matching_stems(stems, &said.stems);
    // Of sentences that name a deed as well, the one that tells of a deed of theirs.
    let does = |said: &StemmedSentence<'_, '_>| !is_name(phrase) && said.sentence.deed && said.sentence.own;
    let (named, short) =
        (is_name(phrase), kind == StatementKind::Posting && wanted.len() <= 2 && rare.len() == 1);
    let names_it = |said: &StemmedSentence<'_, '_>| {
        // "Humberline Buses" is not "the buses".
        if named && !mentions_name(said.sentence.text(), phrase) {
            return false;
        }
        let (most, few) = (there(said, &wanted), there(said, &rare));
        wanted.len() >= 2 && most * 3 >= wanted.len() * 2
            || few >= if named { 1 } else { 2 }
            || short && few > 0 && does(said)
            // "API" alone is not "own the reliability of the payment API".
            || there(said, &names) > 0 && (wanted.len() <= 3 || most > there(said, &names))
            || compounded(said)
            || counts(said) >= 2
            || counts(said) > 0 && few > 0
    };
    let how_well = |said: &&StemmedSentence<'_, '_>| {
        (there(said, &wanted) + counts(said) + usize::from(compounded(said)), there(said, &names), does(said))
    };
    let touches = |said: &StemmedSentence<'_, '_>| {
        counts(said) > 0
            || rare.iter().any(|stem| {
                said.stems.iter().any(|known| stems_match(known, stem) || share_prefix(known, stem))
            })
    };
    let Some(best) = said.iter().rev().max_by_key(how_well) else { return PhraseMatch::Nothing };
    let says = |on: &Quotation| on.text().split_whitespace().count() >= QUOTED;
    match quote::quote_with_neighbours(best.sentence, &best.run.sentences)
        .filter(says)
        .filter(|_| best.shows && names_it(best))
    {
        Some(on) => PhraseMatch::CameUp(on),
        None if names_it(best) || said.iter().any(touches) => PhraseMatch::Perhaps,
        None => PhraseMatch::Nothing,
    }
}

/// Whether words of a name are in a text as a name: capitals as they are there, or none in it at all.
fn mentions_name(text: &str, name: &str) -> bool {
    let plain = !text.chars().any(char::is_uppercase);
    let holds = |word: &str| {
        let word = if plain { word.to_lowercase() } else { word.to_owned() };
        text.split(|c: char| !c.is_alphanumeric()).any(|said| said == word)
    };
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).any(holds)
}

/// The answer to a question that named it: of its sentences the one that tells of a deed of theirs and names it, as far as
/// there is one.
fn find_answer_about(told: &[QuestionThread<'_>], phrase: &str) -> Option<Quotation> {
    let wanted = significant_stems(phrase);
    // "Your CV mentions Phlebotomist" is no question on "planning the rota for fourteen phlebotomists".
    let most = |text: &str| {
        let asked = stems(text);
        !wanted.is_empty()
            && wanted.iter().filter(|stem| asked.contains(stem)).count() * 3 >= wanted.len() * 2
    };
    let by_name = |told: &&QuestionThread<'_>| {
        told.named.as_deref().is_some_and(most)
            || is_standalone_question(told.question) && most(&told.question.text)
    };
    let told = told.iter().find(|told| by_name(told) && !told.weighs)?;
    let names = |sentence: &AnswerSentence<'_>| count_matching_stems(&wanted, &stems(sentence.text()));
    let tells = told.answers().flat_map(|run| run.sentences.iter().map(move |sentence| (run, sentence)));
    let tells = tells.filter(|(_, sentence)| !sentence.idle && !sentence.lacks && !sentence.supposes);
    // The first of equals.
    let worth =
        |sentence: &AnswerSentence<'_>| std::cmp::Reverse((sentence.deed && sentence.own, names(sentence)));
    let (run, sentence) = tells.min_by_key(|(_, sentence)| worth(sentence))?;
    quote::quote_with_neighbours(sentence, &run.sentences)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{asked, said, with};

    /// What came up of a paper by this answer; `None`: it is said neither that it did nor that it did not.
    fn came_up(kind: StatementKind, paper: &str, answer: &str) -> Option<bool> {
        let papers = if kind == StatementKind::Posting { ("", paper) } else { (paper, "") };
        let messages = [asked(1, "Tell me about your work."), said(2, answer)];
        let report = with(papers, &messages, &[], crate::report);
        let looked = if kind == StatementKind::Posting { report.posting } else { report.cv };
        let looked = looked.unwrap_or(PaperCoverage { heard: Vec::new(), not_heard: Vec::new() });
        match (looked.heard.is_empty(), looked.not_heard.is_empty()) {
            (false, _) => Some(true),
            (true, false) => Some(false),
            (true, true) => None,
        }
    }

    #[test]
    fn what_is_wished_for_or_hedged_or_was_never_done_is_no_showing_of_it() {
        let wound = "- Experience with wound care";
        for (answer, came) in [
            ("I dressed wounds on the burns ward for two years.", Some(true)),
            ("I want to do more wound care.", None),
            ("I\u{2019}ve never done wound care.", None),
            ("Kind of, I guess I maybe saw some wound care.", None),
            ("Have you got much wound care here?", Some(false)),
            ("I planned the rota for nine nurses.", Some(false)),
            ("Wound care, yes.", None),
        ] {
            assert_eq!(came_up(StatementKind::Posting, wound, answer), came, "{answer}");
        }
        let minutes = "- Take minutes at hearings";
        assert_ne!(
            came_up(StatementKind::Posting, minutes, "I walked over, which took about ten minutes."),
            Some(true)
        );
    }

    #[test]
    fn a_firm_is_known_by_its_name() {
        assert!(mentions_name("At Humberline I ran the desk.", "Humberline Buses"));
        assert!(
            mentions_name("at humberline i ran the desk", "Humberline Buses"),
            "as speech may be written"
        );
        assert!(!mentions_name("They give me the buses in the morning.", "Humberline Buses"));
    }

    #[test]
    fn what_a_cv_says_was_done_is_looked_for_and_no_place_or_tool_of_it() {
        let cv = "Backend engineer, Farewell Transit, 2020 to today\n- Cut the nightly settlement run from five hours to \
                  forty minutes\n- Kafka, Go, Postgres";
        let came = |answer| came_up(StatementKind::Cv, cv, answer);
        assert_eq!(
            came("I cut the settlement run, which went over the nightly limit, to forty minutes."),
            Some(true)
        );
        assert_eq!(came("At Farewell Transit I work with Kafka every day."), Some(false));
    }

    #[test]
    fn figures_and_words_akin_are_heard() {
        let cv = "Herd manager\n- Brought mastitis cases down from 48 to 19 a year";
        assert_eq!(
            came_up(StatementKind::Cv, cv, "We were at 48 a hundred, and I got it down to 19 by the spring."),
            Some(true)
        );
        let posting = "- Keep compliant records";
        assert_eq!(
            came_up(StatementKind::Posting, posting, "I wrote it up for my compliance lady that day."),
            None
        );
        let cv = "Adviser\n- Rebuilt the firm's fact-find";
        assert_ne!(
            came_up(StatementKind::Cv, cv, "The fact find is the form we fill in with people."),
            Some(false)
        );
    }

    #[test]
    fn half_a_word_is_not_the_word() {
        let posting = "- Confidence with electronic requesting";
        let came = |answer| came_up(StatementKind::Posting, posting, answer);
        assert_ne!(came("I had no electricity in the village and we brought her to hospital."), Some(true));
        assert_eq!(came("I moved our lab to electronic requesting in a week."), Some(true));
    }

    #[test]
    fn a_deed_of_the_cv_told_in_other_words_is_not_called_untold() {
        let cv = "Ward nurse, St Piran\n- Introduced a falls checklist on the stroke ward";
        let came = |answer| came_up(StatementKind::Cv, cv, answer);
        assert_eq!(came("I wrote a checklist against falls and walked round with it."), Some(true));
        assert_ne!(came("There was a checklist that I wrote."), Some(false));
        assert_eq!(came("I sat with a student for six shifts."), Some(false));
    }
}
