/** What is wrong with a value on its way through a build, and how to put it right. */
export interface Symptom {
  readonly found: string;
  readonly fix: string;
}

/**
 * Looks at a value that was passed from shell to docker to container, for what gets lost or added on the way. The value
 * itself is never repeated.
 */
export function symptomOf(value: string): Symptom | undefined {
  if (value.trim() === "")
    return value === ""
      ? {
          found: "set, but empty",
          fix: "It was empty where it was passed on: print its length there first.",
        }
      : {
          found: "only white space",
          fix: "It was empty where it was passed on: print its length there first.",
        };
  if (/^["'].*["']$/s.test(value))
    return {
      found: "has quotes around it",
      fix: "Drop them: in an env file and in a secret's content quotes are part of the value.",
    };
  if (/^\$\{?\w|^%\w+%$|^\$env:/i.test(value))
    return {
      found: "is a variable's name, not its value",
      fix: "Nothing expanded it: use double quotes, not single ones; in exec form there is no shell.",
    };
  if (/[\r\n]/.test(value))
    return {
      found: "has a line break in it",
      fix: "Write it with printf %s, without the line break of echo or of a Windows editor.",
    };
  if (value !== value.trim())
    return { found: "has white space at an end", fix: "Write it with printf %s, without the space." };
  return undefined;
}
