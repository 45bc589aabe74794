import { readFileSync } from "node:fs";
import { OBJECTS, objectsBelow } from "./objects.js";

/** Dockerfile.example as it stands: the secret form. */
export const EXAMPLE = readFileSync("Dockerfile.example", "utf8");

/** As the file itself says: its commented lines in place of those above them. */
export function buildArgumentForm(): string {
  const [secretForm, rest] = EXAMPLE.split(/^(?=# ---- The build-argument form)/m) as [string, string];
  const comments = secretForm.split(/^(?=# ---- The secret form)/m)[0];
  return comments + rest.replaceAll(/^#(?=[A-Z]+ | && )/gm, "");
}

/** What its image has in /opt/files. */
export const FETCHED = {
  "settings.json": OBJECTS["app/settings.json"],
  ...Object.fromEntries(
    Object.entries(objectsBelow("app/assets/")).map(([name, body]) => [`assets/${name}`, body]),
  ),
};
