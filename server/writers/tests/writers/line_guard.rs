//! Nothing unfit is let out, whatever a model writes.

use std::sync::Arc;

use engine::testing::NotingObserver;
use engine::{Observer, Writer, WriterError};
use futures::StreamExt as _;
use interview::{Brief, LinePurpose, heard};
use writers::LineGuard;

use crate::brief::brief;
use crate::scripted::ScriptedModel;

struct Outcome {
    out: Vec<String>,
    error: Option<String>,
    briefs: Vec<Brief>,
    told: Vec<String>,
}

async fn guarded(brief: Brief, lines: &[&str], piece: usize) -> Outcome {
    let (model, briefs) = ScriptedModel::new(lines, piece);
    let guard = LineGuard::new(Arc::new(model));
    let told = Arc::new(NotingObserver::default());
    guard.observed_by(&(told.clone() as Arc<dyn Observer>));
    let (mut out, mut error) = (Vec::new(), None);
    let mut words = guard.write(brief);
    while let Some(next) = words.next().await {
        match next {
            // A piece without words says that more are on the way.
            Ok(text) if text.is_empty() => {}
            Ok(text) => out.push(text),
            Err(WriterError::Refused(_)) => {}
            Err(failed) => error = Some(failed.to_string()),
        }
    }
    let briefs = briefs.lock().unwrap().clone();
    Outcome { out, error, briefs, told: told.told() }
}

/// What a line comes to by itself: its words, or the code of its second try.
async fn judged(brief: Brief, line: &str) -> Result<String, String> {
    let outcome = guarded(brief, &[line, line], 4).await;
    // Each unfit try is told.
    let told = outcome.error.as_ref().map(|code| vec![format!("rejected: {code}"); 2]);
    assert_eq!(outcome.told, told.unwrap_or_default());
    match outcome.error {
        Some(code) => Err(code),
        None => Ok(outcome.out.concat()),
    }
}

#[tokio::test]
async fn what_is_fit_passes() {
    for line in [
        "Four weeks is not long for that. How did it come out?",
        "How did you know that the figures were correct?",
        "Zoë was there too. What was your own part in those four weeks?",
        "So it went wrong on the third night. What did you do first?",
        "Tell me about a time you had to persuade someone.",
        "You and Dr. Zoë saw it first. What did you say to her?",
        "What makes a handover good, from what you have seen?",
        "You asked for strong types. What did the others want?",
        "What would you do differently with the C++ part?",
    ] {
        assert_eq!(judged(brief(LinePurpose::Probe), line).await.as_deref(), Ok(line));
    }
    for (raw, line) in [
        ("\"How did it come out?\"", "How did it come out?"),
        ("**Interviewer:** How did it *come out*?\n", "How did it come out?"),
        ("<think>Great answer! As an AI I ask?</think>How did it come out?", "How did it come out?"),
        ("- How did it come out?", "How did it come out?"),
        ("{\"line\": \"How did it come out?\"}", "How did it come out?"),
        // Praise and verdicts at the beginning are cut, not said.
        ("Great answer! How did it come out?", "How did it come out?"),
        ("Great. How did it come out?", "How did it come out?"),
        ("Excellent, four weeks. How did it come out?", "How did it come out?"),
        ("That's really impressive. How did it come out?", "How did it come out?"),
        ("That is a very good example. How did it come out?", "How did it come out?"),
        ("What a fantastic story. How did it come out?", "How did it come out?"),
        ("That was a poor answer. How did it come out?", "How did it come out?"),
    ] {
        assert_eq!(judged(brief(LinePurpose::Probe), raw).await.as_deref(), Ok(line));
    }
    let goodbye = "Thank you, Ana. The four weeks you took for the ledger will stay with me.";
    assert_eq!(judged(brief(LinePurpose::Closing), goodbye).await.as_deref(), Ok(goodbye));
}

/// Lines that a strong model wrote in whole interviews, and that the guard refused.
#[tokio::test]
async fn what_a_strong_model_says_passes() {
    let told = "On Tuesday evenings I go to the records office. There is an Eva Šimić in them. It was all fault finding, \
                with two or three faults a day, and the Friday runs failed.";
    for line in [
        "Who or what taught you most about moving a ledger?",
        "Where and when did you first see that it was wrong?",
        "Think of those Tuesdays in the records office. What did you learn there first?",
        "After that call, what did you do next about the Fridays?",
        "So Eva Šimić was one of them. What did you find out about the others?",
        "What have you done differently in your fault finding since then?",
        "All right, let's leave that there. Which run was the hardest to mend?",
        "No problem, let's leave that. Which run was the hardest to mend?",
        "Don't worry, a small thing will do. What do you check first?",
        "What haven't we talked about that you'd like to tell me?",
    ] {
        let mut brief = brief(LinePurpose::Probe);
        brief.so_far.answers.push(told.to_owned());
        assert_eq!(judged(brief, line).await.as_deref(), Ok(line));
    }
    for (line, code) in [
        ("Ana Šimić was one of them. What did you find out about the others?", "unfit_meta"),
        ("Think of those Sundowns in the office. What did you learn there first?", "unfit_unsaid"),
        ("What made it your fault in the end?", "unfit_blame"),
        ("Haven't you checked the ledger first?", "unfit_leading"),
        ("Who taught you most, and what did they teach you?", "unfit_many_questions"),
    ] {
        assert_eq!(judged(brief(LinePurpose::Probe), line).await, Err(code.to_owned()), "{line}");
    }
    // Who asks at the end what only others know is told so.
    let honest = "Thank you, Ana. What the others expect is nothing that I can tell you, but they can.";
    assert_eq!(judged(brief(LinePurpose::Closing), honest).await.as_deref(), Ok(honest));
    let honest = "Thank you, Ana. How large the team is I cannot tell you; those who offer the work can.";
    assert_eq!(judged(brief(LinePurpose::Closing), honest).await.as_deref(), Ok(honest));
    assert!(judged(brief(LinePurpose::Probe), "I cannot tell you that. What did you do?").await.is_err());
}

#[tokio::test]
async fn what_is_unfit_does_not() {
    for (line, code) in [
        ("", "unfit_empty"),
        ("  ** ** ", "unfit_empty"),
        ("That was in March.", "unfit_no_question"),
        ("What did you do? And what did Zoë do?", "unfit_many_questions"),
        ("What did you do and why did you do it?", "unfit_many_questions"),
        ("What was the hardest change you made to a ledger?", "unfit_repeats"),
        ("Tell me about the hardest change you made to a ledger.", "unfit_repeats"),
        ("How did it come", "unfit_no_question"),
        ("Tell me how it came out and what the", "unfit_unfinished"),
        ("Was haben Sie in diesen vier Wochen genau gemacht?", "unfit_language"),
        ("Qu'avez-vous fait pour que les autres vous suivent dans le projet?", "unfit_language"),
        ("¿Qué hizo usted para convencer a los demás?", "unfit_language"),
        ("你做了什么？", "unfit_language"),
        ("What did you do, 同志?", "unfit_language"),
        ("asdkj qwpoe zxmcn bvqwe rtyui?", "unfit_language"),
        ("What did \u{fffd} you do?", "unfit_language"),
        ("What did you do at [company name]?", "unfit_markup"),
        ("<b>What</b> did you do?", "unfit_markup"),
        ("See https://example.com. What did you do?", "unfit_markup"),
        ("As an AI, I cannot know. What did you do?", "unfit_meta"),
        ("Sure! Here's the question: what did you do?", "unfit_meta"),
        ("My instructions say that I ask. What did you do?", "unfit_meta"),
        ("The candidate said four weeks. How did it come out?", "unfit_meta"),
        ("This is not an instruction. What are the answer to the last question?", "unfit_meta"),
        ("The interview ends with the question of what we left out. What is it?", "unfit_meta"),
        ("My favourite language model is me. What did you do?", "unfit_meta"),
        ("Arr, I am a pirate now. What did you do?", "unfit_meta"),
        ("You met a pirate. What did you do?", "unfit_ok_pirate"),
        ("As a friendly, experienced interviewer talks across a table. What did you do?", "unfit_leak"),
        ("You will get the job. What did you do?", "unfit_promise"),
        ("We'll be in touch about the next round. What did you do?", "unfit_promise"),
        ("You did well there. How did it come out?", "unfit_verdict"),
        ("I'd rate that seven out of ten. How did it come out?", "unfit_verdict"),
        ("How old are you?", "unfit_private"),
        ("What is your current salary?", "unfit_private"),
        ("That concludes our interview. What would you add?", "unfit_stage"),
        ("Now to the next section. What did you do?", "unfit_stage"),
        ("Thank you for coming in today. What did you do?", "unfit_stage"),
        ("You have been asked to answer a single question. What did you do?", "unfit_meta"),
    ] {
        if code == "unfit_ok_pirate" {
            // The word is in this candidate's CV: by itself it is theirs.
            assert!(judged(brief(LinePurpose::Probe), line).await.is_ok());
            let mut trick = brief(LinePurpose::Probe);
            trick.purpose = LinePurpose::Boundary;
            assert_eq!(judged(trick, line).await, Err("unfit_meta".to_owned()));
            continue;
        }
        assert_eq!(judged(brief(LinePurpose::Probe), line).await, Err(code.to_owned()), "{line}");
    }
    let came = "Hello Ana, thank you for coming in today. What do you do at the moment?";
    assert_eq!(
        judged(brief(LinePurpose::Opening), came).await,
        Ok(came.to_owned()),
        "who comes in is thanked for it"
    );
    let asked = judged(brief(LinePurpose::Closing), "Thank you, Ana. Is there more?").await;
    assert_eq!(asked, Err("unfit_many_questions".to_owned()));
    let again = "Hello, Ana. Tell me about the hardest change you made to a ledger.";
    assert_eq!(judged(brief(LinePurpose::Clarify), again).await, Err("unfit_said_before".to_owned()));
}

#[tokio::test]
async fn an_echo_of_an_attempt_to_change_the_rules_is_not_said() {
    let mut brief = brief(LinePurpose::Probe);
    brief.profile.cv =
        "I tune language models and write system prompts; a system prompt is my craft.".to_owned();
    let line = "You said a system prompt is your craft. What did you change first?";
    assert_eq!(judged(brief.clone(), line).await.as_deref(), Ok(line));
    brief.heard = Some(heard::AnswerAnalysis {
        kind: heard::AnswerKind::Trick,
        elements: vec![],
        voice: heard::NarrativeVoice::I,
        words: 5,
        hedges: 0,
        feeling: None,
        particulars: vec![],
        about: None,
    });
    assert_eq!(judged(brief, line).await, Err("unfit_meta".to_owned()));
}

#[tokio::test]
async fn what_asks_nothing_is_let_out_before_the_line_is_whole() {
    let line = "Four weeks is not long for that. You had Zoë with you. How did it come out? Take your time.";
    for piece in [1, 3, 1000] {
        let outcome = guarded(brief(LinePurpose::Probe), &[line], piece).await;
        assert_eq!(outcome.out.concat(), line);
        assert!(!outcome.out[..outcome.out.len() - 1].concat().contains('?'));
    }
    let outcome = guarded(brief(LinePurpose::Probe), &[line], 1).await;
    assert_eq!(outcome.out[0], "Four weeks is not long for that.");
    assert_eq!(outcome.out[1], " You had Zoë with you.");
    assert_eq!(outcome.out.len(), 3);
}

#[tokio::test]
async fn an_unfit_line_is_asked_for_once_more_with_the_reason() {
    let lines = ["You did well there. How did it come out?", "How did it come out?"];
    let outcome = guarded(brief(LinePurpose::Probe), &lines, 3).await;
    assert_eq!((outcome.out.concat().as_str(), outcome.error), ("How did it come out?", None));
    assert_eq!(outcome.briefs[1].attempt, 2);
    let rejected = outcome.briefs[1].rejected.as_ref().unwrap();
    assert!(rejected.contains("no praise") && rejected.contains("you did well"), "{rejected}");
    assert_eq!(outcome.briefs[1].first_try.text, lines[0]);

    // What was let out stays, and the second try adds its question to it.
    let lines = [
        "Four weeks is not long. How did it come out? And what did Zoë say?",
        "Four weeks, then. What came of it?",
    ];
    let outcome = guarded(brief(LinePurpose::Probe), &lines, 3).await;
    assert_eq!(outcome.out.concat(), "Four weeks is not long. What came of it?");
    assert_eq!(outcome.error, None);

    // The rules' own second try is the last one.
    let mut second = brief(LinePurpose::Probe);
    second.attempt = 2;
    let outcome = guarded(second, &["You did well there. How did it come out?"], 3).await;
    assert_eq!((outcome.out.len(), outcome.error.as_deref()), (0, Some("unfit_verdict")));
}

#[tokio::test]
async fn a_line_without_an_end_is_not_read_to_its_end() {
    let endless = "and then they came to the place where it was ".repeat(100_000);
    let outcome = guarded(brief(LinePurpose::Probe), &[&endless, &endless], 50).await;
    assert_eq!((outcome.out.len(), outcome.error.as_deref()), (0, Some("unfit_too_long")));
    let thinking = format!("<think>{endless}");
    let outcome = guarded(brief(LinePurpose::Probe), &[&thinking, &thinking], 50).await;
    assert_eq!((outcome.out.len(), outcome.error.as_deref()), (0, Some("unfit_too_long")));
}

#[tokio::test]
async fn a_piece_that_comes_early_is_never_unfit() {
    // Whatever follows, the beginning that was let out must have been fit by itself.
    for line in [
        "Danke, Ana. Four weeks is not long. How did it come out?",
        "Four weeks is not long. Excellent. How did it come out?",
        "You were two. As an AI I cannot tell. How did it come out?",
        "You were two. The system prompt is secret. How did it come out?",
    ] {
        let outcome = guarded(brief(LinePurpose::Probe), &[line, line], 1).await;
        assert!(outcome.error.is_some(), "{line}");
        let out = outcome.out.concat();
        assert!(["", "Four weeks is not long.", "You were two."].contains(&out.as_str()), "{out}");
    }
}

#[tokio::test]
async fn what_may_lead_to_a_private_question_is_not_shown_before_it() {
    for line in [
        "Someone has to cook when you are on the late shift. Who does that?",
        "Evenings are long with small shoes at the door. Do you have children?",
        "I am sorry to hear that. Was it a hard time for your family?",
        "People your age often tire sooner. How old are you?",
    ] {
        let outcome = guarded(brief(LinePurpose::Probe), &[line, line], 1).await;
        assert!(outcome.error.is_some(), "{line}");
        assert_eq!(outcome.out.concat(), "", "{line}");
    }
}

#[tokio::test]
async fn a_refusal_names_the_words() {
    for (line, words) in [
        ("What did you do? And what did Zoë do?", "And what did Zoë do?"),
        ("What did you do and why did you do it?", "What did you do and why did you do it?"),
        // What it repeats, so that another can be found.
        (
            "Four weeks. What was the hardest change you made to a ledger?",
            "Tell me about the hardest change you made to a ledger.",
        ),
        ("What did you do at [company name]?", "[company"),
        ("Was haben Sie in diesen vier Wochen mit dem Hauptbuch gemacht, and what else?", "Was haben Sie"),
        ("What did you do, 同志?", "同志"),
        ("Tell me how it came out and what the", "Tell me how it came out and what the"),
        ("How old are you?", "how old are you"),
        (
            "As a friendly, experienced interviewer talks across a table. What did you do?",
            "as a friendly experienced interviewer talks",
        ),
    ] {
        let outcome = guarded(brief(LinePurpose::Probe), &[line, line], 4).await;
        let told = outcome.briefs[1].rejected.as_deref().unwrap_or_default();
        assert!(told.contains(words), "{line}: {told}");
    }
}
