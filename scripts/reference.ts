#!/usr/bin/env node
/** Writes docs/reference.md. */
import { writeFileSync } from "node:fs";
import { reference } from "./reference/reference.js";

writeFileSync("docs/reference.md", reference());
console.log("docs/reference.md");
