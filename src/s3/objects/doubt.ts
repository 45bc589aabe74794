import { isCleanRefusal } from "../../aws/verdict.js";

/** Whether one of the tries of a write may have stored something, though no response confirms it. */
export class Doubt {
  #isThere = false;
  #mayBeStored = false;

  /** @param error that left it open; absent: a response that is not about what was sent */
  readonly arose = (error?: unknown): void => {
    this.#isThere = true;
    if (!isCleanRefusal(error)) this.#mayBeStored = true;
  };

  get isThere(): boolean {
    return this.#isThere;
  }

  /** What is at the target may be the trace of such a try. */
  get mayBeStored(): boolean {
    return this.#mayBeStored;
  }
}
