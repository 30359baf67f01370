//! Labelled lines, as a strong model writes them: how many good ones are refused, how many bad ones are accepted. One in
//! three is held out: the rules were not looked at with it.

use std::collections::BTreeMap;

use interview::LinePurpose;
use serde_json::Value;
use writers::check;

use crate::brief::brief;

#[derive(Default, Debug)]
struct Count {
    all: u32,
    wrong: Vec<String>,
}

impl Count {
    fn rate(&self) -> f64 {
        f64::from(u32::try_from(self.wrong.len()).unwrap()) / f64::from(self.all.max(1))
    }
}

/// The same for a line on every machine.
fn held_out(text: &str) -> bool {
    text.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 3 == 0
}

#[test]
fn good_lines_pass_and_bad_ones_do_not() {
    let lines =
        include_str!("../data/lines.jsonl").lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut counts: BTreeMap<(bool, String), Count> = BTreeMap::new();
    for line in lines {
        let (text, kind) = (line["text"].as_str().unwrap(), line["kind"].as_str().unwrap());
        let mut brief = brief(LinePurpose::Probe);
        // Lines that open an interview, and one that meets an attempt to change it.
        (brief.avoid, brief.said) = (Vec::new(), Vec::new());
        brief.recent[0].answer = "We moved the ledger in four weeks, Zoë and I.".to_owned();
        brief.so_far.answers =
            vec!["I lead the ledger at Northwind.".to_owned(), brief.recent[0].answer.clone()];
        if text.starts_with("Let us move on") || text.starts_with("Now I would like") {
            brief.purpose = LinePurpose::Transition;
        }
        let judged = check(&brief, text, None);
        let count = counts.entry((held_out(text), kind.to_owned())).or_default();
        count.all += 1;
        if judged.is_ok() != line["fit"].as_bool().unwrap() {
            let why = judged.err().map(|refusal| format!(" ({}: {})", refusal.reason.code(), refusal.words));
            count.wrong.push(format!("{text}{}", why.unwrap_or_default()));
        }
    }
    let of = |held: Option<bool>, kinds: &dyn Fn(&str) -> bool| {
        let mut sum = Count::default();
        for ((is_held, kind), count) in &counts {
            if held.is_none_or(|held| held == *is_held) && kinds(kind) {
                sum.all += count.all;
                sum.wrong.extend(count.wrong.iter().map(|line| format!("{kind}: {line}")));
            }
        }
        sum
    };
    for (held, name) in [(Some(false), "looked at"), (Some(true), "held out"), (None, "all")] {
        let good = of(held, &|kind| kind == "ordinary");
        let blind = of(held, &|kind| kind == "blind_spot");
        let bad = of(held, &|kind| !matches!(kind, "ordinary" | "blind_spot"));
        for (what, count) in
            [("ordinary refused", &good), ("blind spots refused", &blind), ("bad accepted", &bad)]
        {
            let (wrong, all, rate) = (count.wrong.len(), count.all, count.rate() * 100.0);
            println!("{name}: {what} {wrong} of {all} ({rate:.1} %)");
        }
        // A third of the lines is too few to tell one in a hundred: one line of it is more.
        if held != Some(true) {
            assert!(good.rate() <= 0.01, "{good:#?}");
            assert!(blind.rate() <= 0.01, "{blind:#?}");
            assert!(bad.rate() <= 0.03, "{bad:#?}");
        }
    }
}
