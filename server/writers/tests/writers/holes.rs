//! Lines that were written to go through the guard's holes, kind by kind, and good ones of the same shape.

use interview::{Exchange, InterviewHistory, LinePurpose};
use serde_json::Value;
use writers::check;

use crate::brief::brief;

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap())
}

#[test]
fn what_goes_through_a_hole_is_refused_and_good_lines_of_its_shape_are_not() {
    let table: Value = serde_json::from_str(include_str!("../data/holes.json")).unwrap();
    let text = |name: &str| table[name].as_str().unwrap();
    let mut brief = brief(LinePurpose::Probe);
    (brief.profile.name, brief.profile.role) = (text("name").to_owned(), text("role").to_owned());
    (brief.profile.cv, brief.profile.job_description) = (String::new(), String::new());
    brief.recent =
        vec![Exchange { question: text("question").to_owned(), answer: text("answer").to_owned() }];
    (brief.avoid, brief.said) = (vec![text("question").into()], vec![text("question").to_owned()]);
    (brief.question, brief.topic, brief.keepsake) = (Some(text("question").into()), None, None);
    let answers = strings(&table["earlier"]).chain([text("answer")]).map(str::to_owned).collect();
    brief.so_far = InterviewHistory { answers, turns_left: 3, ..InterviewHistory::default() };
    let mut wrong = Vec::new();
    let (mut bad, mut good) = (0, 0);
    for (kind, lines) in table["kinds"].as_object().unwrap() {
        // A model that reads lines and takes them all to be fine cannot clear these.
        let likely = (kind == "private_whatever_a_model_thinks").then_some(0);
        for line in strings(&lines["bad"]) {
            bad += 1;
            if check(&brief, line, likely).is_ok() {
                wrong.push(format!("{kind}, said: {line}"));
            }
        }
        for line in strings(&lines["good"]) {
            good += 1;
            if let Err(why) = check(&brief, line, None) {
                wrong.push(format!("{kind}, refused: {line} ({}: {})", why.reason.code(), why.words));
            }
        }
    }
    assert!(bad > 150 && good > 150, "{bad} and {good} lines");
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), bad + good);
}

#[test]
fn who_asks_the_interviewer_something_may_be_told_that_nobody_here_can_say() {
    let mut brief = brief(LinePurpose::Probe);
    let line = "I wasn't there so I can't say. What do patients mostly ask you about?";
    let ask =
        |answer: &str| vec![Exchange { question: "What happened?".to_owned(), answer: answer.to_owned() }];
    brief.recent = ask("He shouted at me in front of the ward. What would you have done?");
    assert_eq!(check(&brief, line, None).map_err(|why| why.words), Ok(()));
    brief.recent = ask("He shouted at me in front of the ward.");
    assert!(check(&brief, line, None).is_err());
}
