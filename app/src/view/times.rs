//! Times as people read them, on the server and in the browser alike.

use interview::Millis;

/// A moment as calendar and clock show it somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Civil {
    /// Year, month (from 1) and day (from 1).
    pub date: (i32, u32, u32),
    /// Hour and minute.
    pub time: (u32, u32),
}

/// "Today 10:02", "Yesterday 10:02", "19 November", "19 November 2025". `yesterday`: the date before today's.
pub fn day_of(at: Civil, today: (i32, u32, u32), yesterday: (i32, u32, u32)) -> String {
    let Civil { date, time: (hour, minute) } = at;
    if date == today {
        return format!("Today {hour:02}:{minute:02}");
    }
    if date == yesterday {
        return format!("Yesterday {hour:02}:{minute:02}");
    }
    if date.0 == today.0 { format!("{} {}", date.2, month_of(date.1)) } else { date_of(date) }
}

/// "22 November 2025"
pub fn date_of((year, month, day): (i32, u32, u32)) -> String {
    format!("{day} {} {year}", month_of(month))
}

fn month_of(month: u32) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    MONTHS[(month.clamp(1, 12) - 1) as usize]
}

/// How far into something: "3:07".
pub fn clock_of(at: Millis) -> String {
    let seconds = at / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_as_people_do() {
        let at = |date, time| day_of(Civil { date, time }, (2026, 3, 1), (2026, 2, 28));
        assert_eq!(at((2026, 3, 1), (10, 2)), "Today 10:02");
        assert_eq!(at((2026, 2, 28), (23, 59)), "Yesterday 23:59");
        assert_eq!(at((2026, 2, 3), (10, 2)), "3 February");
        assert_eq!(at((2025, 11, 22), (10, 2)), "22 November 2025");
    }

    #[test]
    fn a_place_in_a_play_is_minutes_and_seconds() {
        assert_eq!((clock_of(0), clock_of(187_400)), ("0:00".to_owned(), "3:07".to_owned()));
    }
}
