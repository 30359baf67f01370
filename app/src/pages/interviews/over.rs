//! Over time: small dots on one rule, with the numbers beside and a table of the same for those who do not see them.

use leptos::prelude::*;

use crate::view::{CourseView, OverView};

/// The drawing: so wide and high, with so much room at its edges.
const WIDTH: usize = 240;
const HEIGHT: usize = 28;
const EDGE: usize = 6;

pub(super) fn shown(over: OverView) -> AnyView {
    let OverView { days, aspects, competencies } = over;
    let span = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => format!("from {first} to {last}"),
        (Some(day), _) => format!("all on {day}"),
        (None, _) => String::new(),
    };
    let note = format!(
        "{} interviews compared, {span}. A dot above the line means that more than half of your stories had that part.",
        days.len()
    );
    let stories = part("How many stories had each part", &days, &aspects);
    let shown = (!competencies.is_empty()).then(|| part("What the best story showed", &days, &competencies));
    view! {
        <section class="bill-part" aria-labelledby="over-time">
            <h2 id="over-time">"Over time"</h2>
            <p class="bill-note">{note}</p>
            {stories}
            {shown}
        </section>
    }
    .into_any()
}

fn part(caption: &'static str, days: &[String], courses: &[CourseView]) -> AnyView {
    let drawn = courses.iter().map(drawn).collect_view();
    let heads = days.iter().map(|day| view! { <th scope="col">{day.clone()}</th> }).collect_view();
    let rows = courses
        .iter()
        .map(|course| {
            let cells = course.long.iter().map(|words| view! { <td>{words.clone()}</td> }).collect_view();
            view! {
                <tr>
                    <th scope="row">{course.name.clone()}</th>
                    {cells}
                    <td>{course.direction}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <h3 class="over-head" aria-hidden="true">
            {caption}
        </h3>
        <ul class="over" aria-hidden="true">
            {drawn}
        </ul>
        // A table is as wide as its cells whatever it is told: what is around it hides it.
        <div class="visually-hidden">
        <table>
            <caption>{caption}</caption>
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    {heads}
                    <th scope="col">"The latest"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        </div>
    }
    .into_any()
}

fn drawn(course: &CourseView) -> AnyView {
    let last = course.heights.len().saturating_sub(1).max(1);
    let dots = course
        .heights
        .iter()
        .enumerate()
        .filter_map(|(at, height)| {
            let x = EDGE + at * (WIDTH - 2 * EDGE) / last;
            let y = HEIGHT - EDGE - (*height)? * (HEIGHT - 2 * EDGE) / 100;
            Some(view! { <circle cx=x.to_string() cy=y.to_string() r="3.5" /> })
        })
        .collect_view();
    let middle = (HEIGHT / 2).to_string();
    view! {
        <li>
            <span class="over-name">{course.name.clone()}</span>
            <svg class="over-dots" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                <line x1="0" y1=middle.clone() x2=WIDTH.to_string() y2=middle />
                {dots}
            </svg>
            <span class="over-numbers">{course.short.join("\u{2002}")}</span>
            <span class="over-way">{course.direction}</span>
        </li>
    }
    .into_any()
}
