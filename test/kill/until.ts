/** Resolves when the condition holds; rejects after a minute. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error("the condition never came to hold");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
