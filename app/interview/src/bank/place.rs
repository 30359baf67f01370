//! The places of work that a CV names: "Senior engineer, Northwind, 2019 - 2023", and no title, certificate or month.

use super::sayable::{clipped, sayable};
use super::word_by_word::list_contains;

/// What a place of work is not called.
const NOT_PLACES: &str = "college present today current experience education skills employment work history \
    summary profile curriculum cv resume engineer developer manager nurse teacher analyst designer assistant director \
    lead senior junior consultant officer intern student head lawyer accountant the a university degree bsc msc ba ma \
    phd languages references interests hobbies contact address phone email responsibilities projects i we my our \
    street road avenue key rewards mr mrs before previously earlier since then until later after currently now also both \
    diploma certificate certification nvq hnd hnc gcse gcses pgce qts licence license chartered cscs ceng ieng member membership \
    fellow fellowship award course training apprenticeship qualification qualifications level acca aat cipd";

/// A place of work, from "... at Northwind" or from a line of parts with years.
pub(super) fn place(line: &str) -> Option<String> {
    if let Some((_, after)) = line.split_once(" at ") {
        return named(clipped(after).unwrap_or(""));
    }
    // A certificate has a year as well; a job lasts, or its title stands before it.
    let first = line.split([',', '|', '–', '—', '(', ':']).next().unwrap_or_default().to_lowercase();
    let titled = first
        .split_whitespace()
        .last()
        .is_some_and(|word| is_job(word) || list_contains(COMMON_TITLES, word));
    let dated = line.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() == 4);
    if !(lasts(line) || titled && dated) {
        return None;
    }
    let parts = line.split([',', '|', '–', '—', '\t', '(', ')', ':', ';']).flat_map(|part| part.split(" - "));
    parts.map(str::trim).filter_map(named).next()
}

/// Whether a line of a CV names a stretch of time: "2018 - 2021", "since 2019", "March 2020 to now".
fn lasts(line: &str) -> bool {
    let low = line.to_lowercase();
    let words: Vec<&str> =
        low.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|b| b.is_ascii_digit())
    };
    let until = |word: &str| {
        year(word)
            || list_contains("now present today current currently date ongoing", word)
            || word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit())
    };
    let between = |word: &str| list_contains(MONTHS, word) || list_contains("to until till", word);
    (0..words.len()).filter(|at| year(words[*at])).any(|at| {
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        let after = words[at + 1..].iter().find(|word| !between(word));
        list_contains("since from", before) || after.is_some_and(|word| until(word))
    })
}

/// The months, in full and cut short.
const MONTHS: &str = "january february march april may june july august september october november december jan feb mar apr jun jul \
    aug sep sept oct nov dec";

/// How the last word of a job's title ends: nobody has worked "at Pharmacy Technician".
const TITLES: [&str; 5] = ["ist", "ician", "arian", "sman", "eeper"];
/// And titles that end as places do, too: "Anglian Water", "Blue Door Restaurant".
const NAMED_TITLES: &str = "programmer planner driver cleaner carer joiner plumber plasterer roofer welder fitter painter gardener \
    baker butcher barber hairdresser lecturer researcher writer reporter producer photographer trainer adviser buyer cashier farmer \
    labourer worker porter supervisor coordinator operator inspector editor tutor auditor instructor contractor surveyor solicitor \
    doctor professor administrator advisor conveyor attendant clerk chef cook secretary apprentice trainee \
    volunteer foreman handyman mechanic signaller midwife paramedic constable sergeant steward executive representative owner founder";

/// Whether a word is the last of a job's title.
fn is_job(word: &str) -> bool {
    TITLES.iter().any(|end| word.ends_with(end)) || list_contains(NAMED_TITLES, word)
}

/// Titles that are never part of a place's name.
const COMMON_TITLES: &str = "engineer developer manager nurse teacher analyst designer assistant director officer consultant \
    intern lawyer accountant leader";

/// Whether it names a job, or letters after a name, and no place.
fn is_title(words: &[&str]) -> bool {
    let shouts = |word: &&str| word.chars().skip(1).any(char::is_uppercase);
    words.last().is_some_and(|word| is_job(&word.to_lowercase()))
        || words.len() > 1 && words.iter().all(shouts)
}

/// A name of one to four capitalised words, none of them a title, a month or a heading.
fn named(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches(['.', ',']);
    let words: Vec<&str> = text.split_whitespace().collect();
    let capital =
        |w: &&str| w.chars().next().is_some_and(char::is_uppercase) || list_contains("of and & de la", w);
    let title = |w: &&str| {
        let low = w.to_lowercase();
        list_contains(NOT_PLACES, &low) || list_contains(MONTHS, &low)
    };
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let proper =
        (1..=4).contains(&words.len()) && words.iter().all(capital) && !words.iter().any(title) && !digits;
    (proper && !is_title(&words) && words[0].chars().count() > 2 && sayable(text)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::pasted::{Phrase, from_cv};

    #[test]
    fn titles_and_certificates_are_no_places() {
        let places =
            |cv| from_cv(cv).into_iter().filter(|it| matches!(it, Phrase::Place(_))).collect::<Vec<_>>();
        assert_eq!(
            places(
                "Pharmacy Technician, Raigmore Hospital, 2019 - now\nCEng MICE, 2017\nILFM Diploma, 2016\nAWS Solutions Architect Associate, CKA (2023)\nCeMAP 2010, CeRER 2019\nFitter, Anglian Water, 2014"
            ),
            [Phrase::Place("Raigmore Hospital".into()), Phrase::Place("Anglian Water".into())]
        );
    }
}
