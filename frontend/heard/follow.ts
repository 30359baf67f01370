// The words of an answer follow its sound: the sentence that is being heard is marked. When each word was said is not kept; how
// far the sound has come tells how far the words have, which is true to about a sentence.

const NAME = "heard";

/** Where the sentences of a text begin and end. */
export function sentences(text: string): [number, number][] {
  const all: [number, number][] = [];
  for (const { index, segment } of new Intl.Segmenter("en", { granularity: "sentence" }).segment(text)) {
    all.push([index, index + segment.trimEnd().length]);
  }
  return all;
}

/** The sentence that is being said when so much of the sound, from 0 to 1, is over. */
export function heardAt(text: string, share: number): [number, number] | undefined {
  const at = Math.min(Math.max(share, 0), 1) * text.length;
  return sentences(text).findLast(([from]) => from <= at);
}

/** The pieces of the words in an element, without what can be done about them. */
function pieces(said: Element): Text[] {
  const all: Text[] = [];
  const walk = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    if (!node.parentElement?.closest(".mend")) all.push(node as Text);
  }
  return all;
}

/** Marks what is being heard of the words in this element; none of them where there is no element. */
export function follow(said: Element | null, share: number): void {
  // Who has a browser without it reads along as well.
  if (!("highlights" in CSS)) return;
  const all = said ? pieces(said) : [];
  const place = heardAt(all.map((piece) => piece.data).join(""), share);
  if (!place) {
    CSS.highlights.delete(NAME);
    return;
  }
  const [from, to] = place;
  const range = new Range();
  let before = 0;
  for (const piece of all) {
    const after = before + piece.length;
    if (before <= from && from < after) range.setStart(piece, from - before);
    if (before < to && to <= after) range.setEnd(piece, to - before);
    before = after;
  }
  CSS.highlights.set(NAME, new Highlight(range));
}
