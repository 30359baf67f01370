//! An interview that is shared, as its reader and its person see it: the play, with comments in the margin.

use std::net::IpAddr;

use engine::{Comment, ReadersCopy, ReadingLink, Snapshot};
use interview::{Speaker, Stage};
use jiff::tz::TimeZone;

use super::acts::Acts;
use super::make::{level, long_day, zoned};
use super::notes::moment;
use super::title_of;
use crate::api::ReturnedForm;

/// What the reader of a link is shown.
pub(crate) struct ReadView {
    /// What stands in the address; comments are sent with it.
    pub secret: String,
    /// Role and level.
    pub title: String,
    /// "Full interview, 28 November 2026."
    pub about: String,
    /// Until when the link is valid: "5 December".
    pub until: String,
    /// The lines, with comments.
    pub play: PlayView,
    /// CV and job description, if the link shows them.
    pub papers: Option<(String, String)>,
    /// A comment that could not be taken; `corrects` says beside which line.
    pub form: ReturnedForm,
    /// The id of the next comment.
    pub fresh: String,
}

/// What the page shows on which an interview is shared.
pub(crate) struct ShareView {
    /// The interview's id.
    pub id: String,
    /// By which a form that is sent twice makes one link.
    pub press: String,
    /// Role and level.
    pub title: String,
    /// Its links, the last made first.
    pub links: Vec<LinkView>,
    /// The path of the link that was just made; empty if none was.
    pub made: String,
    /// Where this page is, as far as is known: "localhost:3000".
    pub host: String,
    /// True if that is a name of this machine to itself: no other one gets there by it.
    pub is_loopback: bool,
    /// What was wrong with a form.
    pub problem: String,
    /// The lines that have comments.
    pub play: PlayView,
}

/// A link.
pub(crate) struct LinkView {
    /// By which it is revoked.
    pub digest: String,
    /// "Made on 28 November at 10:02, valid until 5 December; without name, CV and contact details."
    pub about: String,
}

/// What was said, with what was written in the margin.
pub(crate) struct PlayView {
    /// The lines.
    pub lines: Vec<PlayLine>,
    /// What was written on the whole.
    pub whole: Vec<CommentView>,
}

/// A line.
pub(crate) struct PlayLine {
    /// The number of the part that begins with it, from 1, and its title.
    pub act: Option<(usize, String)>,
    /// Its number.
    pub seq: u32,
    /// True for the interviewer's.
    pub asks: bool,
    /// Who says it.
    pub who: String,
    /// The words.
    pub text: String,
    /// True if it was cut to what was heard of it.
    pub cut: bool,
    /// True if the question before it was skipped.
    pub skips: bool,
    /// When: for programs, and as a clock shows it.
    pub when: (String, String),
    /// What was written beside it.
    pub comments: Vec<CommentView>,
}

/// A comment.
pub(crate) struct CommentView {
    /// Its id.
    pub id: String,
    /// Who wrote it; empty if that was not said.
    pub author: String,
    /// The words.
    pub text: String,
    /// "28 November"
    pub day: String,
}

/// What the reader of a link is shown; with a comment that could not be taken, and the id of the next one.
pub(crate) fn read(copy: &ReadersCopy, secret: &str, (form, fresh): (ReturnedForm, String)) -> ReadView {
    let title = title_of(&copy.role, level(copy.seniority));
    let day = zoned(copy.created_at, &TimeZone::system()).strftime("%-d %B %Y").to_string();
    let who = copy.name.clone().unwrap_or_else(|| "Candidate".to_owned());
    let lines = copy.lines.iter().map(|line| SharedLine {
        skips: line.skips,
        seq: line.seq,
        speaker: line.speaker,
        stage: &line.stage,
        text: &line.text,
        at: line.at,
        cut: line.cut,
    });
    ReadView {
        secret: secret.to_owned(),
        about: format!("{}, {day}.", copy.plan),
        until: long_day(copy.expires_at),
        play: play(lines, &copy.stages, &who, &copy.comments),
        papers: copy.papers.clone(),
        title,
        form,
        fresh,
    }
}

/// What the page shows on which an interview is shared; `form` came back with it or holds the path of a link just made.
pub(crate) fn sharing(
    snapshot: &Snapshot,
    links: &[ReadingLink],
    comments: &[Comment],
    (form, host): (ReturnedForm, String),
) -> ShareView {
    // Where only the lines with comments stand, nothing is said of those between them.
    let lines = snapshot.messages.iter().map(|(m, _)| SharedLine {
        skips: false,
        seq: m.seq,
        speaker: m.speaker,
        stage: &m.stage,
        text: &m.text,
        at: m.at,
        cut: m.cut,
    });
    let mut play = play(lines, &snapshot.plan.stages, snapshot.profile.first_name(), comments);
    play.lines.retain(|line| !line.comments.is_empty());
    ShareView {
        press: String::new(),
        id: snapshot.id.to_string(),
        title: title_of(&snapshot.profile.role, level(snapshot.profile.seniority)),
        links: links.iter().map(link).collect(),
        made: if form.problem.is_empty() { form.text } else { String::new() },
        is_loopback: is_loopback(&host),
        host,
        problem: form.problem,
        play,
    }
}

/// True for what a machine calls itself; with or without a port.
fn is_loopback(host: &str) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = if port.ends_with(']') { host } else { name };
    let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
    match name.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => name == "localhost" || name.ends_with(".localhost"),
    }
}

fn link(link: &ReadingLink) -> LinkView {
    let shows = match (link.name, link.papers) {
        (false, false) => "without your name, CV and contact details",
        (true, false) => "with your name, without CV and contact details",
        (false, true) => "with CV and contact details, without your name",
        (true, true) => "with your name, CV and contact details",
    };
    let made = zoned(link.made_at, &TimeZone::system()).strftime("%-d %B at %H:%M").to_string();
    let about = format!("Made on {made}, valid until {}; {shows}.", long_day(link.expires_at));
    LinkView { digest: link.digest.clone(), about }
}

/// A line of either.
struct SharedLine<'a> {
    seq: u32,
    speaker: Speaker,
    stage: &'a str,
    text: &'a str,
    at: i64,
    cut: bool,
    skips: bool,
}

fn play<'a>(
    lines: impl Iterator<Item = SharedLine<'a>>,
    stages: &'a [Stage],
    who: &str,
    comments: &[Comment],
) -> PlayView {
    let beside = |seq: u32| comments.iter().filter(move |it| it.line == seq).map(comment_view).collect();
    let mut acts = Acts::new(stages);
    let lines = lines.map(|line| {
        let asks = line.speaker == Speaker::Interviewer;
        PlayLine {
            act: acts.begins(line.stage),
            seq: line.seq,
            asks,
            who: if asks { "Interviewer".to_owned() } else { who.to_owned() },
            text: line.text.to_owned(),
            cut: line.cut,
            skips: line.skips,
            when: moment(line.at),
            comments: beside(line.seq),
        }
    });
    PlayView { lines: lines.collect(), whole: beside(0) }
}

/// A comment as pages show it.
pub(crate) fn comment_view(comment: &Comment) -> CommentView {
    CommentView {
        id: comment.id.clone(),
        author: comment.author.clone(),
        text: comment.text.clone(),
        day: long_day(comment.at),
    }
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn names_of_a_machine_to_itself_are_told_from_those_that_others_reach_it_by() {
        for own in [
            "localhost:3000",
            "LOCALHOST",
            "127.0.0.1:3302",
            "127.1.2.3",
            "[::1]:3000",
            "[::1]",
            "a.localhost:80",
        ] {
            assert!(is_loopback(own), "{own}");
        }
        for open in [
            "192.168.1.7:3000",
            "practise.example",
            "localhost.example:80",
            "[2001:db8::1]:3000",
            "host.local",
            "",
        ] {
            assert!(!is_loopback(open), "{open}");
        }
    }
}
