//! What the notes say of marked stories.

use anyhow::Result;
use report::Aspect;

use super::{AspectLabel, AspectLevel, LabelledStory, Worth};

/// What the notes say of stories, beside what people marked.
#[derive(Debug, Clone, Copy, Default)]
struct NotesTally {
    /// Said to be there, with words that were marked; with others, though it is there; and where it is not.
    said: [usize; 3],
    /// The same of what is said to be touched on.
    partly: [usize; 3],
    /// Left open: where it is there, and where it is not.
    open: [usize; 2],
    /// Said to be not found: where it is not, is touched on, is there.
    missing: [usize; 3],
    /// Not spoken of.
    silent: usize,
}

/// A table of what the notes say of these stories.
///
/// # Errors
/// None that happens: the standard plan is there.
pub fn measure(stories: &[LabelledStory]) -> Result<String> {
    let mut text = String::new();
    for (name, read) in [("read", true), ("by words alone", false)] {
        text += &format!(
            "{name:<16}{:>24}{:>24}{:>12}{:>24}{:>8}\n",
            "said: so, other, none",
            "partly: so, other, none",
            "open: is, not",
            "none: so, partly, is",
            "silent"
        );
        let mut tallies = Aspect::ALL.map(|aspect| (aspect, NotesTally::default()));
        for story in stories {
            let report = story.with(read, report::report)?;
            for (aspect, tally) in &mut tallies {
                tally.count(&report, *aspect, &story.marks[aspect.key()]);
            }
        }
        let mut sum = NotesTally::default();
        for (aspect, tally) in tallies {
            text += &tally.row(aspect.key());
            sum.add(&tally);
        }
        text += &sum.row("all");
    }
    Ok(text)
}

impl NotesTally {
    fn count(&mut self, report: &report::Report, aspect: Aspect, marked: &AspectLabel) {
        let story = report.stories.first();
        let Some(mark) = story.and_then(|story| story.mark(aspect)) else {
            self.silent += 1;
            return;
        };
        let quoted = mark.supporting_quotation().map(|quote| marked.worth(quote.seq(), &quote.place()));
        let at = match (marked.level, quoted) {
            (AspectLevel::None, _) => 2,
            (AspectLevel::Partly | AspectLevel::Said, Some(Worth::Best | Worth::Fine)) => 0,
            (AspectLevel::Partly | AspectLevel::Said, Some(Worth::Wrong) | None) => 1,
        };
        match mark {
            report::AspectMark::Said(_) => self.said[at] += 1,
            report::AspectMark::Partly(_) => self.partly[at] += 1,
            report::AspectMark::Unclear => self.open[usize::from(marked.level == AspectLevel::None)] += 1,
            report::AspectMark::NotFound(_) => self.missing[marked.level as usize] += 1,
            report::AspectMark::Struck => self.silent += 1,
        }
    }

    fn add(&mut self, other: &Self) {
        let add =
            |to: &mut [usize], from: &[usize]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.said, &other.said);
        add(&mut self.partly, &other.partly);
        add(&mut self.open, &other.open);
        add(&mut self.missing, &other.missing);
        self.silent += other.silent;
    }

    fn row(&self, name: &str) -> String {
        let list = |counts: &[usize]| counts.iter().map(|count| format!("{count:>5}")).collect::<String>();
        format!(
            "{name:<16}{:>24}{:>24}{:>12}{:>24}{:>8}\n",
            list(&self.said),
            list(&self.partly),
            list(&self.open),
            list(&self.missing),
            self.silent
        )
    }
}
