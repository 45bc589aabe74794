/** Shorter ones would blank out ordinary words. */
const SHORTEST = 8;

/** Every secret that this process has met. One process serves one user: one list is enough. */
const secrets = new Set<string>();

/** Their forms, longest first, as far as they were needed: what goes well never conceals anything. */
let forms: readonly string[] | undefined;

/** The characters of the base64 of `secret` that do not depend on what stands before or after it. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const first = shift === 0 ? 0 : shift + 1;
    const whole = Math.floor(((shift + bytes.length) * 8) / 6);
    return text.slice(first, whole);
  });
}

/** By way of bytes, since encodeURIComponent throws at a lone surrogate. */
function urlEncoded(secret: string): string {
  return encodeURIComponent(Buffer.from(secret).toString());
}

function formsOf(secret: string): string[] {
  const base64 = base64Forms(secret);
  const all = [
    secret,
    urlEncoded(secret),
    urlEncoded(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return all.filter((form) => form.length >= SHORTEST);
}

/** Remembers secrets, so that `concealed` blanks them out from now on, also in their encoded forms. */
export function learnSecrets(...learnt: readonly (string | undefined)[]): void {
  for (const secret of learnt) {
    if (secret === undefined || secret.length < SHORTEST || secrets.has(secret)) continue;
    secrets.add(secret);
    forms = undefined;
  }
}

/** The text with every secret that was learnt replaced by `***`. */
export function concealed(text: string): string {
  forms ??= [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return forms.reduce((rest, form) => (rest.includes(form) ? rest.split(form).join("***") : rest), text);
}
