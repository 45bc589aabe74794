import type { SourceDescription } from "../credentials/credentials.js";

const PLACES = {
  option: "option",
  environment: "environment variable",
  secret: "secret file",
  file: "file",
} as const;

/** `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (secret file)`: what names a source of credentials, and where it stands. */
export function namedSource({ name, place }: Pick<SourceDescription, "name" | "place">): string {
  return `${name} (${PLACES[place]})`;
}
