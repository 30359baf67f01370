//! The fields of work, finer than [`crate::RoleFamily`]: which one a role belongs to, if that is sure, and what is asked
//! there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

/// The main questions of one field of work.
#[derive(Debug, Deserialize)]
pub(super) struct FieldQuestions {
    /// Titles that belong to it, in lower case.
    roles: Vec<String>,
    /// Titles that look alike and belong elsewhere.
    not_roles: Vec<String>,
    /// What its work is about: who says several of these words works in it.
    #[serde(default)]
    work: BTreeSet<String>,
    /// By topic.
    #[serde(flatten)]
    topics: BTreeMap<String, TopicLines>,
}

#[derive(Debug, Deserialize)]
struct TopicLines {
    lines: Vec<String>,
}

impl FieldQuestions {
    /// The main questions of a topic.
    pub(super) fn questions(&self, topic: &str) -> &[String] {
        self.topics.get(topic).map_or(&[], |topic| topic.lines.as_slice())
    }

    /// Whether a CV and what was said tell of work in this field: by a title that was held, or by what its work is about.
    pub(super) fn shows_field_experience(&self, cv: &str, answers: &str) -> bool {
        let cv = format!(" {} ", plain(cv));
        let said = plain(answers);
        let said: Vec<&str> = said.split(' ').collect();
        let telling = |title: &&String| !VAGUE.contains(&title.trim());
        let held = |title: &String| cv.contains(title.as_str()) || is_called(&said, title.trim());
        let all = || said.iter().copied().chain(cv.split(' '));
        let named = self.work.iter().filter(|word| all().any(|told| told == word.as_str())).count();
        self.roles.iter().filter(telling).any(held) || named >= NAMED
    }

    /// How many letters the longest of its titles has that is in this role, a space around both; 0: none, or another
    /// title is longer.
    fn matches(&self, role: &str) -> usize {
        let longest = |titles: &[String]| {
            titles.iter().filter(|title| has(role, title)).map(String::len).max().unwrap_or(0)
        };
        let (own, other) = (longest(&self.roles), longest(&self.not_roles));
        if own > other { own } else { 0 }
    }
}

/// Titles that say little by themselves: they count only where the role is nothing else.
const VAGUE: [&str; 20] = [
    "engineer",
    "manager",
    "lead",
    "team lead",
    "team leader",
    "analyst",
    "assistant",
    "officer",
    "technician",
    "operator",
    "consultant",
    "director",
    "supervisor",
    "specialist",
    "coordinator",
    "designer",
    "researcher",
    "planner",
    "advisor",
    "adviser",
];
/// Who says so many of the words of a field works in it.
const NAMED: usize = 2;
/// Words with which people say what they are: "I'm a nurse", "she worked as a nurse".
const BEING: [&str; 8] = ["i'm", "am", "was", "as", "been", "be", "became", "become"];
/// So many words may stand between them and the title.
const BETWEEN: usize = 3;

/// Whether somebody calls themselves so in what they say.
fn is_called(said: &[&str], title: &str) -> bool {
    let title: Vec<&str> = title.split(' ').collect();
    (0..said.len()).any(|at| {
        let before = &said[at.saturating_sub(BETWEEN)..at];
        said[at..].starts_with(&title) && before.iter().any(|word| BEING.contains(word))
    })
}

/// Words of a role that say how high it is, not what it is.
const RANK: [&str; 12] = [
    "senior",
    "junior",
    "trainee",
    "apprentice",
    "principal",
    "staff",
    "chief",
    "deputy",
    "assistant",
    "graduate",
    "experienced",
    "mid",
];

/// Whether a title is in a role as whole words.
fn has(role: &str, title: &str) -> bool {
    role.contains(title)
        && (!VAGUE.contains(&title.trim())
            || role.split_whitespace().filter(|word| !RANK.contains(word)).eq(title.split_whitespace()))
}

/// Titles as roles are spelt, a space around each: "back-end" is "back end" and "backend".
fn spelt(titles: &[String]) -> Vec<String> {
    titles.iter().flat_map(|title| spellings(title)).map(|title| format!(" {title} ")).collect()
}

fn spellings(title: &str) -> impl Iterator<Item = String> {
    let joined = title.contains('-').then(|| plain(&title.replace('-', "")));
    [Some(plain(title)), joined].into_iter().flatten()
}

/// Words in lower case with one space between.
fn plain(text: &str) -> String {
    let letters = |letter: char| if letter.is_alphanumeric() || letter == '\'' { letter } else { ' ' };
    let plain: String = text.to_lowercase().chars().map(letters).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

macro_rules! families {
    ($($name:literal,)*) => { [$(($name, include_str!(concat!("../../bank/families/", $name, ".toml"))),)*] };
}

fn families() -> &'static BTreeMap<&'static str, FieldQuestions> {
    static FAMILIES: OnceLock<BTreeMap<&'static str, FieldQuestions>> = OnceLock::new();
    FAMILIES.get_or_init(|| {
        let texts = families![
            "administration",
            "agriculture_environment",
            "creative",
            "customer_support",
            "data",
            "emergency_security",
            "engineering",
            "finance",
            "general",
            "hospitality",
            "hr",
            "infrastructure",
            "legal",
            "logistics",
            "management",
            "manufacturing",
            "marketing",
            "medicine_therapy",
            "nursing_care",
            "product_design",
            "property",
            "retail_service",
            "sales",
            "science",
            "social_work",
            "software",
            "student",
            "teaching",
            "trades",
        ];
        let read = |(name, text): (&'static str, &str)| match toml::from_str::<FieldQuestions>(text) {
            Ok(family) => {
                let (roles, not_roles) = (spelt(&family.roles), spelt(&family.not_roles));
                (name, FieldQuestions { roles, not_roles, ..family })
            }
            Err(error) => panic!("bank/families/{name}.toml, which the tests prove to parse: {error}"),
        };
        texts.into_iter().map(read).collect()
    })
}

/// The field of this name.
#[cfg(test)]
pub(super) fn named(name: &str) -> &'static FieldQuestions {
    &families()[name]
}

/// What is asked of anybody who has worked.
pub(super) fn general() -> &'static FieldQuestions {
    &families()["general"]
}

/// What is asked before the first job.
pub(super) fn student() -> &'static FieldQuestions {
    &families()["student"]
}

/// The field of work of a role; `None` unless one fits better than all others.
pub(super) fn of_role(role: &str) -> Option<(&'static str, &'static FieldQuestions)> {
    let plain = format!(" {} ", plain(role));
    let mut fitting: Vec<(usize, &'static str)> = families()
        .iter()
        .map(|(name, family)| (family.matches(&plain), *name))
        .filter(|(length, _)| *length > 0)
        .collect();
    fitting.sort_by_key(|(length, name)| (std::cmp::Reverse(*length), *name));
    let (length, name) = *fitting.first()?;
    let alone = fitting.get(1).is_none_or(|(other, _)| *other < length);
    alone.then(|| (name, &families()[name]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_chosen_only_when_it_is_sure() {
        let of = |role: &str| of_role(role).map(|(name, _)| name);
        for (role, name) in [
            ("Senior Backend Engineer", "software"),
            ("ICU nurse", "nursing_care"),
            ("Primary-school teacher", "teaching"),
            ("Forklift driver", "logistics"),
            ("Sous-chef", "hospitality"),
            ("Site Reliability Engineer", "infrastructure"),
            ("Electrician", "trades"),
            ("Financial controller", "finance"),
        ] {
            assert_eq!(of(role), Some(name), "{role}");
        }
        for role in ["Customer operations lead", "???", "", "Chief everything", "Engineer of dreams"] {
            assert_eq!(of(role), None, "{role}");
        }
    }

    #[test]
    fn every_topic_has_questions_for_everybody() {
        for topic in crate::bank::topics() {
            if matches!(topic, "open_door") {
                continue;
            }
            assert!(general().questions(topic).len() >= 6, "general: {topic}");
            assert!(student().questions(topic).len() >= 6, "student: {topic}");
            for (name, family) in families() {
                assert!(matches!(*name, "general" | "student") || family.work.len() >= 10, "{name}");
                if topic != "origin" {
                    assert!(family.questions(topic).len() >= 6, "{name}: {topic}");
                }
            }
        }
    }
}
