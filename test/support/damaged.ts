import fc from "fast-check";

/** A change of one place of a text: some characters out, others in. */
const change = (words: readonly string[]) =>
  fc.record({
    at: fc.nat({ max: 10_000 }),
    out: fc.constantFrom(0, 1, 2),
    in: fc.oneof(
      fc.constant(""),
      fc.constantFrom(...words),
      fc.string({ unit: "binary-ascii", maxLength: 2 }),
    ),
  });

/**
 * Good texts, most of them with one to three changes: what is damaged at random gets past a reader's first check, unlike
 * what is random altogether.
 *
 * @param words what is put in besides single characters: the form's own words
 */
export function damaged(good: fc.Arbitrary<string>, words: readonly string[]): fc.Arbitrary<string> {
  return fc.tuple(good, fc.array(change(words), { maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((before, { at, out, in: put }) => {
      const place = at % (before.length + 1);
      return before.slice(0, place) + put + before.slice(place + out);
    }, text),
  );
}
