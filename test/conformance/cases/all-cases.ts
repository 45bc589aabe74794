import type { Case } from "../harness/case.js";
import { ADDRESSES } from "./addresses.js";
import { BODIES } from "./bodies.js";
import { INSTANCE } from "./instance.js";
import { PRECEDENCE } from "./precedence.js";
import { REQUEST } from "./request.js";
import { SECURE } from "./secure.js";
import { STATUSES } from "./statuses.js";
import { TOKENS } from "./tokens.js";
import { WIRE } from "./wire.js";

/** The table of black-box cases over the eleven points of the protocol. */
export const ALL_CASES: readonly Case[] = [
  ...PRECEDENCE,
  ...ADDRESSES,
  ...TOKENS,
  ...REQUEST,
  ...STATUSES,
  ...BODIES,
  ...WIRE,
  ...SECURE,
  ...INSTANCE,
];
