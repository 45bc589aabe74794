import type { SourceDescription } from "../credentials/credentials.js";
import { namedSource } from "./named-source.js";

/** `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (environment variable), http://169.254.170.2/v2/credentials/1234…` */
export function sourceWords(source: SourceDescription): string {
  const { name, place, address, path, roleArn, base } = source;
  if (base !== undefined) return `${roleArn}, by ${name}, assumed with the keys of ${sourceWords(base)}`;
  const where = `${address ?? ""}${path ?? ""}`;
  if (where === name) return name;
  const named = place === "option" ? name : namedSource(source);
  return where === "" ? named : `${named}, ${where}`;
}
