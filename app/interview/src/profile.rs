//! Who is interviewed, and for what.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bank::family::{RoleFamily, family_of};

/// How far along someone is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seniority {
    /// Studying, or before the first job.
    Student,
    /// The first years.
    Junior,
    /// Works on their own.
    #[default]
    Mid,
    /// Carries others along.
    Senior,
    /// Leads people or a field.
    Lead,
}

impl Seniority {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Student, Self::Junior, Self::Mid, Self::Senior, Self::Lead];

    /// The word used in forms, files and the API.
    pub fn key(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Junior => "junior",
            Self::Mid => "mid",
            Self::Senior => "senior",
            Self::Lead => "lead",
        }
    }

    /// Reads the word; the empty one is [`Seniority::Mid`].
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        if text.is_empty() {
            return Some(Self::default());
        }
        Self::ALL.into_iter().find(|s| s.key() == text)
    }
}

/// Who is interviewed, for what, and what they gave to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The candidate's name, as they want to be called.
    pub name: String,
    /// The role they apply for.
    pub role: String,
    /// How far along they are.
    pub seniority: Seniority,
    /// A pasted CV; may be empty.
    pub cv: String,
    /// A pasted job description; may be empty.
    pub job_description: String,
}

/// Longest name, in characters.
pub const MAX_NAME: usize = 80;
/// Longest role, in characters.
pub const MAX_ROLE: usize = 120;
/// Longest CV or job description, in characters.
pub const MAX_PASTED: usize = 20_000;

/// What is wrong with a profile; each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum ProfileError {
    /// No name.
    #[error("Please give a name to be called by.")]
    NoName,
    /// The name is too long.
    #[error("The name is longer than {MAX_NAME} characters; please shorten it.")]
    LongName,
    /// No role.
    #[error("Please give the role you are applying for.")]
    NoRole,
    /// The role is too long.
    #[error("The role is longer than {MAX_ROLE} characters; please shorten it.")]
    LongRole,
    /// The CV is too long.
    #[error("The CV is longer than {MAX_PASTED} characters; please paste the parts that matter.")]
    LongCv,
    /// The job description is too long.
    #[error(
        "The job description is longer than {MAX_PASTED} characters; please paste the parts that matter."
    )]
    LongJobDescription,
}

impl Profile {
    /// Tidies and checks what a person or a caller gave: white space is folded in name and role, control
    /// characters are dropped.
    pub fn new(
        name: &str,
        role: &str,
        seniority: Seniority,
        cv: &str,
        job_description: &str,
    ) -> Result<Self, ProfileError> {
        let (name, role) = (fold(name), fold(role));
        let (cv, job_description) = (plain(cv), plain(job_description));
        let longer = |text: &str, limit: usize| text.chars().count() > limit;
        if name.is_empty() {
            return Err(ProfileError::NoName);
        }
        if longer(&name, MAX_NAME) {
            return Err(ProfileError::LongName);
        }
        if role.is_empty() {
            return Err(ProfileError::NoRole);
        }
        if longer(&role, MAX_ROLE) {
            return Err(ProfileError::LongRole);
        }
        if longer(&cv, MAX_PASTED) {
            return Err(ProfileError::LongCv);
        }
        if longer(&job_description, MAX_PASTED) {
            return Err(ProfileError::LongJobDescription);
        }
        Ok(Self { name, role, seniority, cv, job_description })
    }

    /// The name to address them by: the first word of the name, without an honorific.
    pub fn first_name(&self) -> &str {
        let honorific = |word: &&str| {
            !matches!(
                word.trim_end_matches('.').to_lowercase().as_str(),
                "mr" | "mrs" | "ms" | "dr" | "prof" | "mx" | "miss" | "sir" | "sister" | "madam"
            )
        };
        self.name.split_whitespace().find(honorific).unwrap_or(&self.name)
    }

    /// The trade that the role belongs to.
    pub fn family(&self) -> RoleFamily {
        family_of(&self.role)
    }
}

fn fold(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    words.join(" ")
}

fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_tidied_and_checked() {
        let p =
            Profile::new("  Dr.  Priya \n Nair ", " Backend\tengineer ", Seniority::Senior, "a\u{0}b\nc", "")
                .unwrap();
        assert_eq!(
            (p.name.as_str(), p.role.as_str(), p.cv.as_str()),
            ("Dr. Priya Nair", "Backend engineer", "ab\nc")
        );
        assert_eq!(p.first_name(), "Priya");
        let bad =
            |name: &str, role: &str, cv: &str| Profile::new(name, role, Seniority::Mid, cv, "").unwrap_err();
        assert_eq!(bad(" \n", "x", ""), ProfileError::NoName);
        assert_eq!(bad("x", "", ""), ProfileError::NoRole);
        assert_eq!(bad(&"x".repeat(81), "x", ""), ProfileError::LongName);
        assert_eq!(bad("x", &"é".repeat(121), ""), ProfileError::LongRole);
        assert_eq!(bad("x", "x", &"x".repeat(MAX_PASTED + 1)), ProfileError::LongCv);
    }

    #[test]
    fn seniority_is_read_back() {
        for s in Seniority::ALL {
            assert_eq!(Seniority::parse(&s.key().to_uppercase()), Some(s));
        }
        assert_eq!(Seniority::parse(" "), Some(Seniority::Mid));
        assert_eq!(Seniority::parse("wizard"), None);
    }
}
