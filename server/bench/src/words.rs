//! What a candidate might answer: three sentences or four, put together so that no two answers of an interview
//! are alike.

const SITUATIONS: [&str; 8] = [
    "At my last company, a payments firm in Leeds, our billing service dropped about two hundred invoices a week and nobody could say why.",
    "Two years ago I joined a team of six that ran the booking system of a hospital, and the nightly import failed every other Monday.",
    "When we moved our search to Elasticsearch in 2023, the first release made the product page take four seconds instead of one.",
    "I worked on a warehouse app for Android that forty pickers used all day, and it froze whenever the wireless network was weak.",
    "Our largest customer, a chain of pharmacies, told us in March that they would leave unless the reports were right by the end of the quarter.",
    "I was the only engineer on call in the week in which the certificate of our identity provider expired on a Sunday morning.",
    "My manager asked me to take over a Python codebase of eighty thousand lines whose two authors had left the company in the same month.",
    "We had promised the finance department a new ledger by June, and in April less than half of it was there and nothing was tested.",
];

const ACTIONS: [&str; 9] = [
    "I traced one request through every service, found a retry without an idempotency key, wrote a failing test first, and then added the key and replayed the queue.",
    "I sat down with two of the people who used it, watched them work for a morning, and then cut the scope to the three screens that they really needed.",
    "I wrote down what each part was supposed to do, agreed on it with the product owner, and rewrote the riskiest module in small steps behind a flag.",
    "I measured before I changed anything: a profile showed that most of the time went into one query, so I added an index and cached what hardly ever changed.",
    "I argued for a feature freeze, which was not popular, and I showed the team a chart of our incidents so that everybody could see what it would buy us.",
    "I paired with a junior colleague on it, let her drive, and we added alerts and a runbook so that the next person would not have to guess.",
    "I rolled the change back within ten minutes, told the customer what had happened and what not, and only then looked for the cause in the logs.",
    "I compared three ways of doing it with a small prototype each, and chose the dullest one because we could explain it to the auditors.",
    "I split the work into slices that could be shipped on their own, and asked the people of the neighbouring team to review the first of them in detail.",
];

const RESULTS: [&str; 7] = [
    "Within three weeks the errors went from two hundred to none, and the support team told me that they had their Mondays back.",
    "In the end we shipped four days late, but with nothing broken, and the customer signed for two more years.",
    "Response times fell from 4 seconds to 600 milliseconds, and we could switch off two of the five servers.",
    "It was not a full success: the import still needs a person to look at it once a month, and I would start with the data next time.",
    "What I learned is to ask earlier who decides, because we lost a week on a question that one call could have settled.",
    "The freeze took a month, incidents fell by seventy percent, and the team kept the habit of looking at the chart together on Fridays.",
    "She presented it to the whole department herself, and today she leads that part of the product without my help.",
];

/// The answer of this number.
pub(crate) fn answer(number: usize) -> String {
    let pick = |of: &[&'static str], step: usize| of[(number * step + number / of.len()) % of.len()];
    format!("{} {} {}", pick(&SITUATIONS, 1), pick(&ACTIONS, 2), pick(&RESULTS, 3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn answers_are_long_enough_unlike_and_need_no_escaping() {
        for start in 0..200 {
            let of_an_interview: BTreeSet<String> = (start..start + 30).map(answer).collect();
            assert_eq!(of_an_interview.len(), 30);
            for text in of_an_interview {
                let words = text.split_whitespace().count();
                assert!((60..=120).contains(&words), "{words}: {text}");
                assert!(!text.contains(['"', '\\']) && text.is_ascii());
            }
        }
    }
}
