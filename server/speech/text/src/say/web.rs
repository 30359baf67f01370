//! Addresses: of pages, of mail, of files, and what is behind a link.

use super::token::{Verbalisation, VerbalisedPart, View, WrittenTokenKind};
use super::{cardinal, word};

/// An address longer than this, in tokens, is read on as text.
const MOST: usize = 200;

pub(super) fn read(view: &View<'_>) -> Option<Verbalisation> {
    if !view.starts() {
        return link(view);
    }
    page(view).or_else(|| mail(view)).or_else(|| path(view))
}

/// The address behind a Markdown link is not said: `](https://...)`.
fn link(view: &View<'_>) -> Option<Verbalisation> {
    let address = view.is(0, ']')
        && view.is(1, '(')
        && (matches!(view.word(2), Some("http" | "https" | "www" | "mailto"))
            || matches!(view.mark(2), Some('/' | '#')));
    let end = (2..MOST).take_while(|_| address).find(|at| view.is(*at, ')') || ends(view, *at))?;
    view.is(end, ')').then(|| vec![VerbalisedPart { tokens: end + 1, said: String::new() }])
}

/// `https://example.com/a?b=c`, `www.example.com`.
fn page(view: &View<'_>) -> Option<Verbalisation> {
    let scheme = view.word(0)?;
    let from = if matches!(scheme, "http" | "https" | "ftp" | "ws" | "wss" | "ssh" | "git" | "file")
        && view.is(1, ':')
        && view.is(2, '/')
        && view.is(3, '/')
        && view.is_solid(4)
    {
        4
    } else if scheme.eq_ignore_ascii_case("www") && view.is(1, '.') && view.is_solid(2) {
        0
    } else {
        return None;
    };
    let mut parts = vec![VerbalisedPart { tokens: from, said: String::new() }];
    parts.retain(|p| p.tokens > 0);
    parts.extend(spoken(view, from, end(view, from)));
    Some(parts)
}

/// "jane.doe@example.com".
fn mail(view: &View<'_>) -> Option<Verbalisation> {
    view.is_solid(0).then_some(())?;
    let at =
        (1..32).find(|at| !view.is_solid(*at) && !matches!(view.mark(*at), Some('.' | '_' | '-' | '+')))?;
    let domain = view.is(at, '@') && view.is_solid(at + 1) && view.is_solid(at - 1);
    domain.then(|| spoken(view, 0, end(view, 0)))
}

/// "/etc/hosts", "~/notes".
fn path(view: &View<'_>) -> Option<Verbalisation> {
    let from = usize::from(view.is(0, '~'));
    let free = view
        .before()
        .is_none_or(|t| matches!(t.kind, WrittenTokenKind::Space | WrittenTokenKind::Line) || t.text == "`");
    (free && view.is(from, '/') && view.word(from + 1).is_some()).then(|| spoken(view, 0, end(view, 0)))
}

fn ends(view: &View<'_>, at: usize) -> bool {
    view.get(at).is_none_or(|t| matches!(t.kind, WrittenTokenKind::Space | WrittenTokenKind::Line))
        || view.mark(at).is_some_and(|c| "\"<>()[]{}`|,;*—–".contains(c))
}

/// Where an address ends: the punctuation of the sentence is not of it.
fn end(view: &View<'_>, from: usize) -> usize {
    let mut end = (from..from + MOST).find(|at| ends(view, *at)).unwrap_or(from + MOST);
    while end > from && view.mark(end - 1).is_some_and(|c| ".!?:'".contains(c)) {
        end -= 1;
    }
    end
}

fn spoken(view: &View<'_>, from: usize, end: usize) -> Vec<VerbalisedPart> {
    (from..end)
        .map(|at| {
            let said = match (view.word(at), view.digits(at)) {
                (Some("etc"), _) => word::spelled("etc"),
                (Some(written), _) => word::spoken(written),
                (_, Some(digits)) => cardinal::cardinal(digits),
                (None, None) => view.mark(at).map_or("", named).to_owned(),
            };
            VerbalisedPart { tokens: 1, said }
        })
        .collect()
}

fn named(mark: char) -> &'static str {
    match mark {
        '.' => "dot",
        '/' => "slash",
        '@' => "at",
        '-' => "dash",
        '_' => "underscore",
        ':' => "colon",
        '?' => "question mark",
        '=' => "equals",
        '&' => "and",
        '#' => "hash",
        '+' => "plus",
        '%' => "percent",
        '~' => "tilde",
        _ => "",
    }
}
