import { hasControlCharacter, isBrokenText } from "../output/control-characters.js";
import type { Endpoint } from "./endpoint.js";
import { type NamedValue, uriWithControlCharacters, uriWithoutSlash } from "./failures.js";

/** Where ECS and CodeBuild answer: the task metadata address of every container. */
export const CONTAINER_HOST = "169.254.170.2";

/**
 * Reads a relative URI. It is only ever a request target, sent byte for byte to 169.254.170.2:80: base and path are
 * never joined and parsed again, so that `@host/x`, `3/x` or `:8080/x` cannot name another host.
 *
 * @throws Failure `uri-no-slash`, `uri-control-character`
 */
export function parseRelativeUri(given: NamedValue): Endpoint {
  const { value } = given;
  if (!value.startsWith("/")) throw uriWithoutSlash(given);
  if (hasControlCharacter(value) || isBrokenText(value)) throw uriWithControlCharacters(given);
  const [target = "/"] = value.split("#");
  return { scheme: "http", host: CONTAINER_HOST, port: 80, target: target.replaceAll(" ", "%20") };
}
