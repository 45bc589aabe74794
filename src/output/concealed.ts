/** Shorter ones would blank out ordinary words. */
const SHORTEST = 8;

/** Every form of every secret that this process has met. One process serves one user: one list is enough. */
const forms = new Set<string>();

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

/** Remembers secrets, so that `concealed` blanks them out from now on, also in their encoded forms. */
export function learnSecrets(...secrets: readonly (string | undefined)[]): void {
  for (const secret of secrets) {
    if (secret === undefined || secret.length < SHORTEST) continue;
    const base64 = base64Forms(secret);
    const all = [
      secret,
      urlEncoded(secret),
      urlEncoded(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
      JSON.stringify(secret).slice(1, -1),
      ...base64,
      ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
    ];
    for (const form of all) if (form.length >= SHORTEST) forms.add(form);
  }
}

/** The text with every secret that was learnt replaced by `***`. */
export function concealed(text: string): string {
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return longestFirst.reduce(
    (rest, form) => (rest.includes(form) ? rest.split(form).join("***") : rest),
    text,
  );
}
