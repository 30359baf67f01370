// What the candidate of the specs says: real answers, each of them different.

export const ANSWERS = [
  "I started on the support desk of a payments company in Leeds. After a year of fixing the tools we used, I moved to the platform team, and for six years I have built ledgers there.",
  "What I enjoy is the moment a messy process becomes boring. In 2023 I rewrote our settlement batch so that it ran in nine minutes instead of three hours.",
  "My part was the design and most of the code; two colleagues did the tests and the migration. I chose to replay the old ledger beside the new one for four weeks before we switched.",
  "The hardest thing was that the old system rounded halves in two different ways. I wrote down every case, took it to the finance team, and we agreed on one rule.",
  "We had no wrong balance after the switch, and the night shift was dropped. That saved about 40,000 pounds a year.",
  "I would involve the auditors sooner. They asked for a report in the last week which I could have planned for from the start.",
  "Last spring a colleague and I disagreed about using a queue. I built a small prototype of both ways in two days, and the measurements settled it.",
  "I mentor two juniors. One of them could not say when she was stuck, so we agreed on a thirty-minute rule, and she now leads our on-call rota.",
  "Our on-call team of five got 60 alerts a week. I grouped them by cause, removed the ones nobody acted on, and we were down to eight by the summer.",
  "A deployment of mine took payments down for eleven minutes in 2022. I rolled back, wrote the report the same day, and added a check that would have stopped it.",
  "I read the whole contract of the bank's interface first, made a list of nine open questions, and called their engineer instead of writing mails.",
  "I use Rust and PostgreSQL every day, and Python for the tools around them.",
];

/** The nth answer; past the last one they say that they come back to an earlier one. */
export function answer(n: number): string {
  const text = ANSWERS[n % ANSWERS.length] ?? "";
  const round = Math.floor(n / ANSWERS.length);
  return round === 0 ? text : `To come back to it, case ${round + 1}: ${text}`;
}
