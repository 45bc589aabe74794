/**
 * Finds keys whose folder is another key's file: `a` and `a/b` cannot both lie in one folder. It is asked for every name
 * in sorted order and remembers only those that later ones can lie below. The first one, the file, stands.
 */
export class FolderClash {
  /** Each begins with the one before it, and the last name begins with them all. */
  readonly #open: string[] = [];

  clashes(name: string): boolean {
    for (
      let last = this.#open.at(-1);
      last !== undefined && !name.startsWith(last);
      last = this.#open.at(-1)
    ) {
      this.#open.pop();
    }
    if (this.#open.some((file) => name[file.length] === "/")) return true;
    this.#open.push(name);
    return false;
  }
}
