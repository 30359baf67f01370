//! The claim ledger: what introductions claimed beside what stories showed, and what does not fit together.

use leptos::prelude::*;

use crate::view::{ClaimView, LedgerView, QuestionView, SaidView};

pub(super) fn shown(ledger: LedgerView) -> AnyView {
    let questions = ledger.questions.into_iter().map(question).collect_view();
    let claims = ledger.claims.into_iter().map(claim).collect_view();
    view! {
        <section class="bill-part" aria-labelledby="claims">
            <h2 id="claims">"Claims"</h2>
            <p class="bill-note">
                "What you said about yourself in introductions, and whether one of your stories has shown it. An interviewer with your CV in hand will compare the two as well."
            </p>
            {questions}
            <ul class="claims">{claims}</ul>
        </section>
    }
    .into_any()
}

/// "You said “seven people” on 14 November and “nine people” on 28 November. Which is it?"
fn question(question: QuestionView) -> AnyView {
    let QuestionView { name, said: [earlier, later], id, settled } = question;
    let same_day = earlier.day == later.day;
    let first = if same_day {
        format!(" in one interview on {} and ", earlier.day)
    } else {
        format!(" on {} and ", earlier.day)
    };
    let second = if same_day {
        " in another. Which is it?".to_owned()
    } else {
        format!(" on {}. Which is it?", later.day)
    };
    view! {
        <div class="bill-next">
            <h3 class="entry-name">{name}</h3>
            <div>
                <p class="stated">
                    "You said " <q>{earlier.words}</q> {first} <q>{later.words}</q> {second}
                </p>
                <div class="bill-do">
                    <a href=earlier.line>"First line" <span class="visually-hidden">" about " {name}</span></a>
                    <a href=later.line>"Second line" <span class="visually-hidden">" about " {name}</span></a>
                    <form method="post" action="/api/settle_claim">
                        <input type="hidden" name="id" value=id />
                        <input type="hidden" name="line" value=settled.line.to_string() />
                        <input type="hidden" name="other" value=settled.other.to_string() />
                        <input type="hidden" name="other_line" value=settled.other_line.to_string() />
                        <input type="hidden" name="what" value=settled.what />
                        <button class="link" type="submit">
                            "Both are right"
                        </button>
                    </form>
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn claim(claim: ClaimView) -> AnyView {
    let ClaimView { name, said, shown, can_be_shown } = claim;
    let words = said.first().map(|said| said.words.clone()).unwrap_or_default();
    let verdict = match (can_be_shown, shown.is_empty()) {
        (false, _) => ().into_any(),
        (true, true) => view! { <span class="claim-open">"No story has shown it yet."</span> }.into_any(),
        (true, false) => view! { <span>"Shown in a story on " {days(&shown)} "."</span> }.into_any(),
    };
    view! {
        <li>
            <span class="entry-name">{name}</span>
            <p>
                <q>{words}</q>
                <span class="bill-note">" Claimed on " {days(&said)} ". " {verdict}</span>
            </p>
        </li>
    }
    .into_any()
}

/// "28 November, 21 November", each a link to its line.
fn days(said: &[SaidView]) -> AnyView {
    let links = said.iter().enumerate().map(|(at, said)| {
        let between = if at == 0 { "" } else { ", " };
        let about = format!(": \u{201c}{}\u{201d}", said.words);
        view! {
            {between}
            <a href=said.line.clone()>
                {said.day.clone()} <span class="visually-hidden">{about}</span>
            </a>
        }
    });
    links.collect_view().into_any()
}
