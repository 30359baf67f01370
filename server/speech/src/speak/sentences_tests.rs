//! What is one sentence, and what is two.

use proptest::prelude::*;

use super::*;

fn split(text: &str) -> String {
    sentences(text).iter().map(|piece| text[piece.bytes.clone()].trim()).collect::<Vec<_>>().join(" | ")
}

#[test]
fn sentences_are_found() {
    // Where `|` stands, and nowhere else.
    for line in [
        "Hello. | How are you? | Fine! | Good.",
        "One sentence without an end",
        "I asked Dr. Smith and Mrs. Jones about it. | They agreed.",
        "It grew by 3.5 percent in 2.4 seconds. | Not bad.",
        "Version 1.2.3 is out. | See example.com for more.",
        "\"Stop!\" he said. | \"Why?\" she asked. | “Go.” | Then he left.",
        "(It worked.) | We were happy.",
        "Use a cache, e.g. Redis, i.e. memory. | It helps.",
        "J. K. Rowling wrote it. | John F. Kennedy did not.",
        "It was written in C. | How did you port it?",
        "That was plan B. | Then came plan C.",
        "So did I. | You too?",
        "She moved to the U.S. Army base. | He stayed in the U.S. | We all did.",
        "We met at 9 a.m. Monday. | It ended at 5 p.m. | Then we left.",
        "Well... | I am not sure. | Wait… what? | No way!",
        "Hmm... | Let me think.",
        "Really?! | Yes!!! | OK.",
        "Was it wrong? | No. | I think not.",
        "See No. 5 and fig. 3 on pp. 12. | Thanks.",
        "Mr. and Mrs. Lee vs. St. Mary's. | Who won?",
        "It is 20 years old. | 15 people run it.",
        "I like Yahoo! and others. | Do you?",
        "What is 2 + 2? | Four.",
        "He works at Acme Inc. | We met there.",
        "C# and C++. | Which one?",
        "Node.js and .NET. | Both?",
        "Questions? | (Take your time.) | Go on.",
        "Great 👍. | Next one.",
        "Is it O(n)? | Or O(1)?",
        "He said \"it depends.\" | That was all.",
        "And then?... | Nothing.",
    ] {
        assert_eq!(split(&line.replace("| ", "")), line);
    }
}

#[test]
fn lines_end_sentences_unless_they_go_on() {
    assert_eq!(
        split("Three things:\n1. Speed\n2. Cost\n- and care"),
        "Three things: | 1. Speed | 2. Cost | - and care"
    );
    assert_eq!(split("This line is\nwrapped here.\n\nNext part"), "This line is\nwrapped here. | Next part");
    let ends: Vec<PieceEnd> = sentences("Title\nOne. Two.\n").iter().map(|piece| piece.end).collect();
    assert_eq!(ends, [PieceEnd::Paragraph, PieceEnd::Sentence, PieceEnd::Paragraph]);
    assert_eq!(split(" \n "), "");
}

#[test]
fn the_lists_of_words_are_sorted() {
    assert!(SHORT.is_sorted());
    assert!(STARTERS.is_sorted());
}

fn cut_up(text: &str) -> Vec<(&str, PieceEnd)> {
    pieces(text).into_iter().map(|piece| (text[piece.bytes].trim(), piece.end)).collect()
}

#[test]
fn a_long_first_sentence_begins_with_a_short_clause() {
    let text = "You wrote on your CV that you cut the build time, which I find impressive, from forty minutes to \
                nine; how did you do that, and who helped you?";
    let pieces = cut_up(text);
    assert_eq!(
        pieces[0],
        ("You wrote on your CV that you cut the build time, which I find impressive,", PieceEnd::Clause)
    );
    assert_eq!(pieces.len(), 2);
    assert_eq!(pieces[1].1, PieceEnd::Sentence);
    // A later one of that length stays whole, and so does one without a clause.
    assert_eq!(cut_up(&format!("Well. {text}")).len(), 2);
    assert_eq!(cut_up(&text.replace([',', ';'], "")).len(), 1);
    // Nothing small is cut off at either end.
    let name = "Maria, could you please tell me about the largest system that you have ever had to look after alone?";
    assert_eq!(cut_up(name).len(), 1);
}

#[test]
fn sentences_without_end_are_cut() {
    let words = "word ".repeat(200);
    assert!(cut_up(&words).iter().all(|(piece, _)| piece.len() <= LONGEST && !piece.starts_with("ord")));
    let clauses = "this goes on and on, ".repeat(40);
    let ends: Vec<PieceEnd> = cut_up(&clauses).iter().map(|(_, end)| *end).collect();
    assert!(ends.len() > 3 && ends[..ends.len() - 1].iter().all(|end| *end == PieceEnd::Clause));
    assert!(cut_up(&"ö".repeat(1000)).len() >= 8);
}

#[test]
fn whole_sentences_have_no_white_space_around_them() {
    let text = "  Dr. Smith said \"No.\"  Then he left. ";
    let parts: Vec<&str> = whole(text).into_iter().map(|part| &text[part]).collect();
    assert_eq!(parts, ["Dr. Smith said \"No.\"", "Then he left."]);
    assert!(whole(" ").is_empty());
    // A long first one stays whole; one without end is cut and loses nothing.
    let long = "We had a plan for everything that could go wrong on that day, and another one for what was left over, too.";
    assert_eq!(whole(long).iter().map(|part| &long[part.clone()]).collect::<Vec<_>>(), [long]);
    let endless = "word ".repeat(300);
    let parts = whole(&endless);
    assert!(parts.iter().all(|part| part.len() <= LONGEST));
    assert_eq!(parts.iter().map(|part| endless[part.clone()].split(' ').count()).sum::<usize>(), 300);
    for (at, begins) in [(9, 5), (4, 5), (0, 0), (15, 16), (21, 21)] {
        assert_eq!(sentence_at("One. Two three. Four.", at), begins, "{at}");
    }
}

proptest! {
    #[test]
    fn pieces_are_the_text_and_bounded(text in "([a-zA-Zé👍]{1,9}|[.!?,;:…—\"()]|[ \n]|[0-9]{1,3}|Dr\\. |e\\.g\\. ){0,200}") {
        let pieces = pieces(&text);
        prop_assert_eq!(pieces.is_empty(), text.trim().is_empty());
        let mut at = 0;
        for piece in &pieces {
            prop_assert_eq!(piece.bytes.start, at);
            prop_assert!((1..=LONGEST).contains(&text[piece.bytes.clone()].trim().len()));
            at = piece.bytes.end;
        }
        prop_assert!(pieces.is_empty() || at == text.len());
    }

    #[test]
    fn whatever_is_given_comes_back(text in "\\PC{0,400}") {
        let pieces = pieces(&text);
        let joined: String = pieces.iter().map(|piece| &text[piece.bytes.clone()]).collect();
        prop_assert!(pieces.is_empty() && text.trim().is_empty() || joined == text);
        prop_assert!(pieces.iter().all(|piece| (1..=LONGEST).contains(&text[piece.bytes.clone()].trim().len())));
    }
}
