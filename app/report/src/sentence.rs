//! A sentence of an answer, and what can be told from its words alone.

use std::ops::Range;

use interview::Message;
use interview::heard::{AnswerKind, Element, NarrativeVoice};
use interview::listen::{self, AnswerContext, NarrativeTense};
use interview::reading::{Role, SentenceReading, Tone, Who};

/// Words of one who only says that all was well.
const PAT: usize = 5;
/// Words of one who only says that it was told.
const REMINDER: usize = 8;

/// A sentence of an answer.
pub(crate) struct AnswerSentence<'a> {
    pub(crate) message: &'a Message,
    /// Where it is in the message, in bytes.
    pub(crate) place: Range<usize>,
    /// What a model read in it, if one has.
    pub(crate) read: Option<&'a SentenceReading>,
    /// What its words tell.
    pub(crate) elements: Vec<Element>,
    pub(crate) voice: NarrativeVoice,
    /// Where its figures are in the message, in bytes.
    pub(crate) figures: Vec<Range<usize>>,
    /// One of them measures something, and is not only how long something took: "for ten minutes".
    pub(crate) measures: bool,
    /// It says how much something changed: "from forty to six".
    pub(crate) change: bool,
    /// It only says that all was well: "It was fine."
    pub(crate) pat: bool,
    /// It tells of nothing: it asks back, passes, or says that all was told.
    pub(crate) idle: bool,
    /// It tells what would be done, not what was.
    pub(crate) supposes: bool,
    /// It says what they want to do or have not done, or it is all hedges.
    pub(crate) lacks: bool,
    /// It tells of something past.
    pub(crate) past: bool,
    /// It has a verb in the past that is no "had done", and is not about what is always done: something happens in it.
    pub(crate) deed: bool,
    /// It says that something was not theirs.
    pub(crate) denies: bool,
    /// It is over, or came after something: "the next month we had two falls".
    pub(crate) over: bool,
    /// It says how something is now: "it's still there", "three wards use it since".
    pub(crate) today: bool,
    /// It stops in the middle: "and I could see her face, and".
    pub(crate) breaks_off: bool,
    /// It says that they do not know.
    pub(crate) unknown: bool,
    /// It begins with what the story is about: "The Glanusk job, ash dieback along three kilometres".
    pub(crate) names: bool,
    /// It says how something ended: "in the end", "finally".
    pub(crate) concludes: bool,
    /// It says "I" or "my".
    pub(crate) own: bool,
}

impl<'a> AnswerSentence<'a> {
    pub(crate) fn of(message: &'a Message, place: Range<usize>, read: Option<&'a SentenceReading>) -> Self {
        let text = message.text.get(place.clone()).unwrap_or_default();
        let heard = listen::listen(text, AnswerContext { question: "", role: "", pasted: "" });
        let figures = listen::figures(text);
        let measures = figures.iter().any(|figure| !is_duration(text, figure));
        let figures = figures.into_iter();
        let figures = figures.map(|figure| place.start + figure.start..place.start + figure.end).collect();
        let words = text.split_whitespace().count();
        let tells = matches!(heard.kind, AnswerKind::Answer | AnswerKind::Short | AnswerKind::Vague);
        let idle = !tells
            || text.ends_with('?')
            || words <= REMINDER && listen::told_before(text)
            || only_says_no(text);
        let own = |word: &str| {
            matches!(word.trim_matches(|c: char| !c.is_alphanumeric()), "I" | "i" | "my" | "My" | "me")
        };
        let own = text.split(|c: char| c.is_whitespace() || matches!(c, '\'' | '\u{2019}')).any(own);
        Self {
            message,
            place,
            read,
            elements: heard.elements,
            voice: heard.voice,
            figures,
            measures,
            change: listen::measured_change(text),
            pat: words <= PAT && is_stock_phrase(text),
            idle,
            supposes: supposes(text),
            lacks: states_wish_or_lack(text) || heard.hedges > 1,
            past: listen::tells_of_the_past(text),
            deed: listen::something_happens(text)
                && listen::narrative_tense(text) != Some(NarrativeTense::Habit),
            denies: denies(text),
            over: listen::tells_of_the_past(text) || listen::something_happens(text) || comes_after(text),
            today: today(text),
            breaks_off: breaks_off(text),
            unknown: unknown(text),
            names: introduces_topic(text),
            concludes: concludes(text),
            own,
        }
    }

    /// How likely it does this, in thousandths; `None` where no model read it.
    pub(crate) fn role_likelihood(&self, role: Role) -> Option<u16> {
        Some(self.read?.roles.iter().find(|known| known.what == role).map_or(0, |known| known.likely))
    }

    /// How it went, if a model read it.
    pub(crate) fn tone(&self) -> Option<Tone> {
        self.read.map(|read| read.tone)
    }

    /// Who acts in it, as far as can be told.
    pub(crate) fn who(&self) -> Who {
        // Who begins with "we" tells of all of them, whatever else is in it.
        let first = self.text().split(|c: char| c.is_whitespace() || matches!(c, '\'' | '\u{2019}')).next();
        let we = first.is_some_and(|word| word.eq_ignore_ascii_case("we"));
        match (self.read, self.voice) {
            _ if we => Who::We,
            (Some(read), _) => read.who,
            (None, NarrativeVoice::I) => Who::I,
            (None, NarrativeVoice::We) => Who::We,
            (None, NarrativeVoice::Mixed) => Who::None,
        }
    }

    /// Its words, as they stand in the message.
    pub(crate) fn text(&self) -> &'a str {
        self.message.text.get(self.place.clone()).unwrap_or_default()
    }

    /// It takes back what was said before it: "No, wait, it was fourteen".
    pub(crate) fn takes_back(&self) -> bool {
        let letters = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}');
        let words = self.text().split(|c: char| !letters(c)).filter(|word| !word.is_empty());
        let low: Vec<String> = words.take(4).map(str::to_lowercase).collect();
        let starts = |back: &&[&str]| {
            low.len() >= back.len() && low.iter().zip(*back).all(|(word, back)| word == back)
        };
        [
            &["no", "wait"][..],
            &["actually", "no"],
            &["well", "actually", "no"],
            &["no", "sorry"],
            &["sorry", "no"],
            &["no", "hang", "on"],
        ]
        .iter()
        .any(starts)
    }

    /// How many words it has.
    pub(crate) fn words(&self) -> usize {
        self.text().split_whitespace().count()
    }
}

/// The words of a text: what is not a letter or a digit parts them.
fn words(low: &str) -> impl Iterator<Item = &str> + Clone {
    low.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether one of these words is in it.
fn has_one(text: &str, sought: &[&str]) -> bool {
    words(&text.to_lowercase()).any(|word| sought.contains(&word))
}

/// It in small letters, with the plain apostrophe.
fn plain(text: &str) -> String {
    text.to_lowercase().replace('\u{2019}', "'")
}

/// Words that a denial may have around it.
const AROUND_NO: &str = "no not nope nah really as such that much so well um uh i don t think particularly especially just \
    to be honest honestly sorry yet at all oh guess suppose know of can";

/// "No, not really.", "Not as such.": there is nothing in it but a denial.
fn only_says_no(text: &str) -> bool {
    let low = plain(text);
    has_one(&low, &["no", "not", "nope", "nah"])
        && words(&low).all(|word| AROUND_NO.split_whitespace().any(|small| small == word))
}

/// "It was fine.", "All good, yeah."
fn is_stock_phrase(text: &str) -> bool {
    has_one(text, &["fine", "good", "okay", "ok", "alright", "great", "nice", "well"])
}

/// "For ten minutes", "for about 2 hours": how long something took.
fn is_duration(text: &str, figure: &Range<usize>) -> bool {
    let letters = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let word = |word: Option<&str>| word.map(letters).unwrap_or_default();
    let mut before = text.get(..figure.start).unwrap_or_default().split_whitespace().rev();
    let after = word(text.get(figure.end..).unwrap_or_default().split_whitespace().next());
    let first = word(before.next());
    let about = ["about", "around", "another", "over", "nearly", "almost", "roughly", "some", "the"];
    let first = if about.contains(&first.as_str()) { word(before.next()) } else { first };
    let unit = ["second", "minute", "hour", "day", "night", "week", "month", "year"];
    first == "for" && unit.contains(&after.trim_end_matches('s'))
}

/// "What to do about the bats wasn't mine", "I was told to": it was somebody else's, or nothing that they did.
fn denies(text: &str) -> bool {
    let low = plain(text);
    if ["i was told", "i was asked", "i was given", "i was the one"]
        .iter()
        .any(|words| low.starts_with(words))
    {
        return true;
    }
    [
        "n't mine",
        "not mine",
        "n't my ",
        "not my ",
        "n't me ",
        "not me ",
        "n't me,",
        "not me,",
        "n't me.",
        "n't down to me",
        "n't up to me",
    ]
    .iter()
    .any(|words| low.contains(words))
}

/// "The next month we had two falls": what was had after something.
fn comes_after(text: &str) -> bool {
    has_one(text, &["next", "after", "afterwards", "then", "later"]) && has_one(text, &["had"])
}

/// "It's on three wards now": how things are since.
fn today(text: &str) -> bool {
    has_one(text, &["now", "still", "since", "today", "anymore", "nowadays"])
}

/// Words that nothing ends with; who talks may well end with "so".
const OPEN: [&str; 12] =
    ["and", "because", "the", "a", "an", "to", "with", "of", "or", "which", "if", "when"];

/// Whether it stops in the middle. What was spoken has no marks at its end, so the last word decides.
fn breaks_off(text: &str) -> bool {
    let last = text.trim_end_matches(['\u{2026}', '.', ',', ' ', '-', '\u{2014}']);
    let ended = text.ends_with('.') && !text.ends_with("..");
    let last = last.rsplit(char::is_whitespace).next().unwrap_or_default().to_lowercase();
    !ended && OPEN.contains(&last.as_str())
}

/// More words than these after "I don't know" tell something all the same: "I don't know really, just that ...".
const AFTER_ALL: usize = 6;

/// Whether it says that they do not know.
fn unknown(text: &str) -> bool {
    let low = plain(text);
    let goes_on = |at: usize| low[at..].split_whitespace().count() > AFTER_ALL + 2;
    if low.match_indices("don't know").any(|(at, _)| goes_on(at)) {
        return false;
    }
    [
        "couldn't tell you",
        "can't tell you",
        "couldn't say",
        "can't say",
        "don't know",
        "no idea",
        "we'll see",
        "hasn't worked out",
        "too early to",
        "too soon to",
        "remains to be seen",
        "not finished",
        "isn't finished",
        "still going on",
        "still under way",
        "still on site",
    ]
    .iter()
    .any(|words| low.contains(words))
}

/// "I want to do more wound care", "I have never run a rota": what they would like, or have not done.
fn states_wish_or_lack(text: &str) -> bool {
    let low = plain(text);
    let starts = |words: &str| {
        low.match_indices(words).any(|(at, _)| at == 0 || !low[..at].ends_with(char::is_alphanumeric))
    };
    [
        "i want",
        "i'd like",
        "i would like",
        "i'd love",
        "i'm hoping to",
        "i hope to",
        "i'm keen to",
        "i'm looking to",
        "i'm looking for",
        "i'm interested in",
        "i've never",
        "i have never",
        "i never",
        "i haven't",
        "i have not",
        "i didn't",
        "i've not",
        "i've no experience",
        "i have no experience",
        "i don't have",
        "not yet",
        "i'd have to learn",
        "i would have to learn",
    ]
    .iter()
    .any(|words| starts(words))
        || starts("i don't know") && unknown(text)
}

/// Whether it begins with what the story is about, and not with what is always so.
fn introduces_topic(text: &str) -> bool {
    let low = text.to_lowercase();
    let mut words = words(&low);
    let article =
        words.next().is_some_and(|word| ["the", "a", "an", "our", "my", "there", "this"].contains(&word));
    let always = ["always", "typically", "usually", "normally", "generally", "often", "every"];
    article && !words.any(|word| always.contains(&word))
}

/// Whether it says how something ended.
fn concludes(text: &str) -> bool {
    let low = text.to_lowercase();
    ["in the end", "finally", "eventually", "turned out"].iter().any(|words| low.contains(words))
}

/// "If I did it again, I'd ...", "I would have asked sooner": what follows a condition of one's own did not happen.
fn supposes(text: &str) -> bool {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase().replace('\u{2019}', "'"))
        .collect();
    let pair = |first: &str, then: &[&str]| {
        words.windows(2).any(|pair| pair[0] == first && then.contains(&pair[1].as_str()))
    };
    let would_have = words.windows(3).any(|three| three == ["i", "would", "have"]);
    would_have
        || pair("i'd", &["have"])
        || pair("if", &["i", "i'd", "we", "we'd"])
            && (pair("i", &["would"]) || words.iter().any(|word| word == "i'd"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_back_is_known_by_how_the_next_begins() {
        let back = |text: &str| {
            let message = crate::testing::said(2, text);
            AnswerSentence::of(&message, 0..text.len(), None).takes_back()
        };
        for text in
            ["No, wait, it was fourteen.", "Actually no, I didn't stop it.", "No wait", "Sorry, no, June."]
        {
            assert!(back(text), "{text}");
        }
        for text in ["No, it was fourteen.", "Actually I did.", "No waiting was needed.", "", "No"] {
            assert!(!back(text), "{text}");
        }
    }

    #[test]
    fn how_long_something_took_measures_nothing_of_it() {
        let of = |text: &str| {
            listen::figures(text).iter().map(|figure| is_duration(text, figure)).collect::<Vec<_>>()
        };
        for text in [
            "I listened for ten minutes.",
            "We waited for about 2 hours.",
            "I sat with her for another 40 minutes.",
        ] {
            assert_eq!(of(text), [true], "{text}");
        }
        for text in [
            "It ran in 9 minutes.",
            "I called 40 families.",
            "We cut it from 12 days.",
            "I paid for 3 doors.",
        ] {
            assert!(of(text).iter().all(|lasts| !lasts), "{text}");
        }
    }

    #[test]
    fn a_bare_no_says_nothing() {
        let idle = |text: &str| {
            let message = crate::testing::said(2, text);
            AnswerSentence::of(&message, 0..text.len(), None).idle
        };
        for text in [
            "no, not really",
            "Not as such.",
            "Um, no.",
            "No, I don\u{2019}t think so",
            "Well, not that I know of.",
        ] {
            assert!(idle(text), "{text}");
        }
        for text in ["No, they left it at five.", "Not a single one came back.", "He said no."] {
            assert!(!idle(text), "{text}");
        }
    }

    #[test]
    fn a_wish_and_what_was_never_done_show_nothing() {
        for text in
            ["I want to do more wound care.", "Well, I\u{2019}ve never run a rota.", "Rotas, not yet."]
        {
            assert!(states_wish_or_lack(text), "{text}");
        }
        for text in ["I run the rota.", "She said she wants to see the rota.", "Hawaii wants to rota."] {
            assert!(!states_wish_or_lack(text), "{text}");
        }
    }

    #[test]
    fn what_would_be_done_is_told_from_what_was() {
        for text in [
            "If I did it again I'd make twenty.",
            "I would ask first, if I had the choice.",
            "If I\u{2019}d known, I would have rung.",
        ] {
            assert!(supposes(text), "{text}");
        }
        for text in [
            "I asked if I could stay.",
            "I'd been there a year.",
            "He would ask if we had time.",
            "I'd ring if they were late.",
        ] {
            assert!(!supposes(text), "{text}");
        }
    }
}
