//! An interview as a file that a person keeps: Markdown set like a play, or JSON with everything.

mod json;
mod notes;
mod private;

use std::fmt::Write as _;

use engine::{Comment, Export, Origin, OriginKind};
use interview::{EndReason, Message, Modality, Speaker, Status, skips_previous_question, stage_title};

pub(crate) use self::json::sound_file;
pub use self::private::Extent;
use crate::times::rfc3339;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TranscriptFormat {
    /// Markdown, to read.
    Md,
    /// JSON, complete.
    Json,
}

impl TranscriptFormat {
    /// Reads the name of a format.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "md" => Some(Self::Md),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn extension(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Json => "json",
        }
    }

    /// Its content type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Md => "text/markdown; charset=utf-8",
            Self::Json => "application/json",
        }
    }
}

/// The name of the file: the day and the beginning of the id, no word of the person.
pub fn file_name(export: &Export, format: TranscriptFormat) -> String {
    let (day, id) = (rfc3339(export.snapshot.created_at), export.snapshot.id.to_string());
    format!("interview-{}-{}.{}", &day[..10], &id[..8], format.extension())
}

/// The file, of so much of it.
pub fn write(export: &Export, format: TranscriptFormat, extent: Extent) -> String {
    let export = &*extent.of(export);
    match format {
        TranscriptFormat::Md => markdown(export, extent),
        TranscriptFormat::Json => json::json(export, extent),
    }
}

fn markdown(export: &Export, extent: Extent) -> String {
    let s = &export.snapshot;
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&format!("# Interview: {}\n", escaped(&s.profile.role)));
    line(&format!("- Candidate: {}", escaped(&s.profile.name)));
    line(&format!("- Level: {}", s.profile.seniority.key()));
    line(&format!("- Plan: {}", escaped(&s.plan.title)));
    line(&format!("- Begun: {}", minute(s.created_at)));
    if let Some(at) = s.ended_at {
        line(&format!("- Ended: {}", minute(at)));
    }
    line(&format!("- Status: {}", status(s.status)));
    if let Some(origin) = &s.origin {
        line(&format!("- {}", came_from(origin)));
    }
    let mut stage = None;
    let said: Vec<&Message> = s.messages.iter().map(|(m, _)| m).collect();
    for (at, m) in said.iter().enumerate() {
        if skips_previous_question(&said, at) {
            line("\n*(Skipped.)*");
        }
        if stage != Some(&m.stage) {
            stage = Some(&m.stage);
            line(&format!("\n## {}", escaped(stage_title(&s.plan.stages, &m.stage))));
        }
        line("");
        line(&speech(m, s.profile.first_name()));
        if let Some(why) = m.why.as_ref().and_then(|why| app::view::why_told(why, m.source)) {
            line(&format!("\n*({})*", escaped(&why)));
        }
        comments_on_line(export, m.seq).for_each(|comment| line(&margin(comment)));
    }
    if comments_on_line(export, 0).next().is_some() {
        line("\n## On the whole");
        comments_on_line(export, 0).for_each(|comment| line(&margin(comment)));
    }
    out + &extent.words(&notes::markdown(&export.report))
}

/// What was written beside a line; beside none for 0.
fn comments_on_line(export: &Export, seq: u32) -> impl Iterator<Item = &Comment> {
    export.comments.iter().filter(move |comment| comment.line == seq)
}

/// What a coach wrote, as a quotation in the margin.
fn margin(comment: &Comment) -> String {
    let by =
        if comment.author.is_empty() { String::new() } else { format!("{}, ", escaped(&comment.author)) };
    let by = by.split_whitespace().collect::<Vec<_>>().join(" ");
    let apart = if by.is_empty() { "" } else { " " };
    let head = format!("\n> **COACH** *({by}{apart}{})*  ", &rfc3339(comment.at)[..10]);
    comment.text.lines().fold(head, |out, line| out + "\n> " + &escaped_line(line))
}

/// One speech: the speaker in capitals with the time, then the words, each line as it was.
fn speech(m: &Message, candidate: &str) -> String {
    let who = match m.speaker {
        Speaker::Interviewer => "INTERVIEWER".to_owned(),
        Speaker::Candidate => escaped(&candidate.to_uppercase()),
    };
    let how = match (m.modality, m.cut) {
        (Modality::Text, false) => "",
        (Modality::Voice, false) => ", spoken",
        (Modality::Text | Modality::Voice, true) => ", interrupted",
    };
    let corrected = m.original.as_deref().map_or(String::new(), |original| {
        format!(
            ", corrected from \u{201c}{}\u{201d}",
            escaped(&original.split_whitespace().collect::<Vec<_>>().join(" "))
        )
    });
    let mut out = format!("**{who}** *({}{how}{corrected})*  \n", &rfc3339(m.at)[11..16]);
    let mut lines = m.text.lines().peekable();
    while let Some(line) = lines.next() {
        let more = lines.peek().is_some();
        // Two blanks keep a line break within a paragraph; an empty line parts paragraphs anyway.
        let end = if more && !line.trim().is_empty() && lines.peek().is_some_and(|l| !l.trim().is_empty()) {
            "  \n"
        } else {
            "\n"
        };
        let _ = write!(out, "{}{}", escaped_line(line), if more { end } else { "" });
    }
    out
}

/// Words that Markdown must not read as marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line whose beginning is not to be read as a heading, a list or a rule either.
fn escaped_line(line: &str) -> String {
    let text = escaped(line.trim_end());
    let body = text.trim_start();
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    if body.starts_with(['#', '-', '+', '=']) {
        return format!("\\{body}");
    }
    if digits > 0 && body[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &body[..digits], &body[digits..]);
    }
    body.to_owned()
}

/// "Second take of line 5 of the interview 6d0b9a53-..."
fn came_from(origin: &Origin) -> String {
    let Origin { kind, parent, seq, number, .. } = origin;
    match kind {
        OriginKind::Take => format!("{} take of line {seq} of the interview {parent}", ordinal(*number)),
        OriginKind::Fork => format!("Branches off from line {seq} of the interview {parent}"),
    }
}

/// "Second", "Third", ..., "13th".
fn ordinal(number: u32) -> String {
    const WORDS: [&str; 10] =
        ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"];
    let word = usize::try_from(number).ok().and_then(|n| WORDS.get(n.checked_sub(1)?));
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    word.map_or_else(|| format!("{number}{ending}"), |word| (*word).to_owned())
}

fn minute(at: i64) -> String {
    let text = rfc3339(at);
    format!("{} {} UTC", &text[..10], &text[11..16])
}

fn status(status: Status) -> String {
    match status {
        Status::Ready => "not begun".to_owned(),
        Status::Active => "under way".to_owned(),
        Status::Paused => "paused".to_owned(),
        Status::Completed(reason) => format!("ended ({})", ended(reason)),
    }
}

fn ended(reason: EndReason) -> &'static str {
    match reason {
        EndReason::Finished => "every part was covered",
        EndReason::Asked => "the candidate finished early",
        EndReason::Abandoned => "closed after a long silence",
    }
}
