//! Names and abbreviations that hold more than letters.

use super::symbol;
use super::token::{Verbalisation, View, WrittenTokenKind, part};

/// What ends a name that is cut short with a point.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Point {
    /// There is none.
    None,
    /// It belongs to the abbreviation: something always follows.
    Swallowed,
    /// It may end the sentence as well.
    Shared,
}

use Point::{None as No, Shared, Swallowed};

/// Longer ones first where one begins another. Lower case matches any case; a capital only itself.
const NAMES: &[(&str, &str, Point)] = &[
    ("c++", "C plus plus", No),
    ("g++", "G plus plus", No),
    ("c#", "C sharp", No),
    ("f#", "F sharp", No),
    ("asp.net", "A S P dot net", No),
    ("ado.net", "A D O dot net", No),
    ("vb.net", "V B dot net", No),
    ("at&t", "A T and T", No),
    (".net", "dot net", No),
    ("node.js", "node J S", No),
    ("next.js", "next J S", No),
    ("nuxt.js", "nuxt J S", No),
    ("nest.js", "nest J S", No),
    ("vue.js", "view J S", No),
    ("react.js", "react J S", No),
    ("angular.js", "angular J S", No),
    ("ember.js", "ember J S", No),
    ("express.js", "express J S", No),
    ("three.js", "three J S", No),
    ("k8s", "Kubernetes", No),
    ("i18n", "internationalization", No),
    ("l10n", "localization", No),
    ("a11y", "accessibility", No),
    ("o11y", "observability", No),
    ("wi-fi", "wifi", No),
    ("socket.io", "socket I O", No),
    ("draw.io", "draw I O", No),
    ("w/o", "without", No),
    ("b/c", "because", No),
    ("w/", "with", No),
    ("e.g", "for example,", Swallowed),
    ("i.e", "that is,", Swallowed),
    ("eg.", "for example,", No),
    ("ie.", "that is,", No),
    ("a.k.a", "also known as", Swallowed),
    ("Ph.D", "P H D", Shared),
    ("M.Sc", "M S C", Shared),
    ("B.Sc", "B S C", Shared),
    ("a.m", "A M", Shared),
    ("p.m", "P M", Shared),
    ("p.a", "per year", Shared),
    ("etc", "etcetera", Shared),
    ("vs", "versus", Swallowed),
    ("cf", "compare", Swallowed),
    ("viz", "namely", Swallowed),
    ("approx", "approximately", Swallowed),
    ("mr", "mister", Swallowed),
    ("mrs", "missus", Swallowed),
    ("ms.", "miss", No),
    ("dr", "doctor", Swallowed),
    ("prof", "professor", Swallowed),
    ("Inc", "incorporated", Shared),
    ("Ltd", "limited", Shared),
    ("Corp", "corporation", Shared),
    ("Jr", "junior", Swallowed),
    ("Sr", "senior", Swallowed),
    ("dept", "department", Shared),
    ("mgmt", "management", Shared),
    ("yrs", "years", Shared),
];

/// Before a number: "no. 5".
const NUMBERED: &[(&str, &str)] = &[
    ("no", "number"),
    ("nos", "numbers"),
    ("nr", "number"),
    ("fig", "figure"),
    ("figs", "figures"),
    ("vol", "volume"),
    ("ch", "chapter"),
    ("sec", "section"),
    ("ver", "version"),
    ("eq", "equation"),
    ("p", "page"),
    ("pp", "pages"),
    ("art", "article"),
    ("ca", "about"),
];

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    // None begins with a digit, and of marks only with a point.
    if !view.starts() || !(view.word(0).is_some() || view.is(0, '.')) {
        return None;
    }
    numbered(view).or_else(|| named(view)).or_else(|| initials(view))
}

fn named(view: &View<'_>) -> Option<Verbalisation> {
    let first = view.get(0)?.text.bytes().next()?;
    let (len, (_, said, point)) = NAMES
        .iter()
        .filter(|(written, ..)| written.as_bytes()[0].eq_ignore_ascii_case(&first))
        .find_map(|name| Some((matches(view, name.0)?, name)))?;
    let dot = view.is(len, '.');
    let dotted = match point {
        No => false,
        Swallowed => dot && !view.get(len + 1).is_none_or(|t| t.kind == WrittenTokenKind::Line),
        Shared => dot && !symbol::sentence_follows(view, len + 1),
    };
    Some(part(len + usize::from(dotted), *said))
}

/// The same for a word without any point: what is part of another word is said as it is alone.
pub(super) fn letters_only(word: &str) -> Option<&'static str> {
    NAMES.iter().find(|(written, ..)| same(written, word)).map(|(_, said, _)| *said)
}

fn same(written: &str, text: &str) -> bool {
    written.len() == text.len()
        && written.bytes().zip(text.bytes()).all(|(w, t)| w == t || w == t.to_ascii_lowercase())
}

/// How many tokens the written name takes here, if it stands here.
fn matches(view: &View<'_>, written: &str) -> Option<usize> {
    let mut rest = written;
    let mut at = 0;
    while !rest.is_empty() {
        let text = view.get(at)?.text.as_str();
        let (head, tail) = rest.split_at_checked(text.len())?;
        if !same(head, text) {
            return None;
        }
        rest = tail;
        at += 1;
    }
    Some(at)
}

fn numbered(view: &View<'_>) -> Option<Verbalisation> {
    let word = view.word(0)?;
    let space = usize::from(view.is_space(2));
    view.digits(2 + space).filter(|_| view.is(1, '.'))?;
    let (_, said) = NUMBERED.iter().find(|(written, _)| written.eq_ignore_ascii_case(word))?;
    Some(part(2, *said))
}

/// "U.S.", "J.R.R.": letters with a point after each.
fn initials(view: &View<'_>) -> Option<Verbalisation> {
    let mut said = String::new();
    let mut at = 0;
    while let Some(letter) = view.word(at).filter(|w| w.len() == 1 && view.is(at + 1, '.') && at < 16) {
        said.push_str(letter);
        at += 2;
    }
    if at < 4 || !said.bytes().all(|b| b.is_ascii_uppercase()) || view.is_solid(at) {
        return None;
    }
    let shared = symbol::sentence_follows(view, at);
    Some(part(at - usize::from(shared), super::word::spelled(&said)))
}
