//! Times of day.

use super::cardinal::{cardinal, pair, value};
use super::symbol;
use super::token::{Verbalisation, View, part};

/// "9:30", "9:30am", "9 a.m.", "14:05:30": tokens and words.
pub(super) fn clock(view: &View<'_>) -> Option<(usize, String)> {
    if view.starts() { clock_here(view) } else { None }
}

/// The same right after something else: "2024-03-01T14:05".
pub(super) fn clock_here(view: &View<'_>) -> Option<(usize, String)> {
    let hour = view.digits(0).filter(|d| d.len() <= 2)?;
    let hours = value(hour).filter(|h| *h < 25)?;
    let minutes = view.digits(2).filter(|m| view.is(1, ':') && m.len() == 2 && value(m) < Some(60));
    let seconds = view.digits(4).filter(|s| minutes.is_some() && view.is(3, ':') && s.len() == 2);
    let mut at = match (minutes, seconds) {
        (Some(_), Some(_)) => 5,
        (Some(_), None) => 3,
        (None, _) => 1,
    };
    // "1:30:2:5" and "10:20-fold" are no times; nor is "12:30.5".
    if minutes.is_some() && (view.is(at, ':') || view.is(at, '.')) && view.digits(at + 1).is_some() {
        return None;
    }
    let half = half(view, at).filter(|_| (1..=12).contains(&hours) || minutes.is_some());
    if minutes.is_none() && half.is_none() {
        return None;
    }
    let mut said =
        if hour.len() == 2 && hour.starts_with('0') { cardinal(&hour[1..]) } else { cardinal(hour) };
    match minutes {
        Some("00") if half.is_some() => {}
        Some("00") if seconds.is_some() => said.push_str(" hundred"),
        Some("00") if hours == 0 || hours > 12 => said.push_str(" hundred"),
        Some("00") => said.push_str(" o'clock"),
        Some(minutes) => {
            said.push(' ');
            said.push_str(&pair(minutes));
        }
        None => {}
    }
    if let Some(seconds) = seconds {
        said.push_str(" and ");
        said.push_str(&cardinal(if seconds.len() > 1 {
            seconds.strip_prefix('0').unwrap_or(seconds)
        } else {
            seconds
        }));
        said.push_str(if seconds == "01" { " second" } else { " seconds" });
    }
    if let Some((tokens, name)) = half {
        at += tokens;
        said.push(' ');
        said.push_str(name);
    }
    Some((at, said))
}

/// "am", " PM", " a.m.".
fn half(view: &View<'_>, at: usize) -> Option<(usize, &'static str)> {
    let space = usize::from(view.is_space(at));
    let word = view.word(at + space)?;
    if view.digits(at + space + 1).is_some() {
        return None;
    }
    match word {
        "am" | "AM" | "Am" => return Some((space + 1, "A M")),
        "pm" | "PM" | "Pm" => return Some((space + 1, "P M")),
        _ => {}
    }
    let name = match word {
        "a" | "A" => "A M",
        "p" | "P" => "P M",
        _ => return None,
    };
    let dotted = view.is(at + space + 1, '.') && matches!(view.word(at + space + 2), Some("m" | "M"));
    // The last point ends the sentence as well, where one ends.
    let swallowed = view.is(at + space + 3, '.') && !symbol::sentence_follows(view, at + space + 4);
    dotted.then_some((space + 3 + usize::from(swallowed), name))
}

/// "3:1", "16:9", "80:20:5": what is no time is a proportion.
pub(super) fn ratio(view: &View<'_>) -> Option<Verbalisation> {
    view.digits(0).filter(|_| view.starts() && view.is(1, ':') && view.digits(2).is_some())?;
    let mut said = String::new();
    let mut at = 0;
    while let Some(digits) = view.digits(at).filter(|_| at < 12) {
        if view.is(at + 1, ',') && view.digits(at + 2).is_some() {
            // The beginning of a longer number: "0:1,000".
            if at == 0 {
                return None;
            }
            at -= 1;
            break;
        }
        if at > 0 {
            said.push_str(" to ");
        }
        said.push_str(&cardinal(digits));
        at += 1;
        if view.is(at, ':') && view.digits(at + 1).is_some() && at < 11 {
            at += 1;
        } else {
            break;
        }
    }
    clock(view).is_none().then(|| part(at, said))
}
