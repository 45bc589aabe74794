import type { Environment } from "../../context.js";
import type { NamedValue, SettingsInForce } from "../../profiles/settings-in-force.js";
import { badSetting } from "./failures.js";

/** What configures S3 and STS besides options: the environment, then the profile in force. */
export interface Surroundings {
  readonly env: Environment;
  readonly settings: SettingsInForce;
}

/** A variable's value, else the setting's; an empty one counts as not given. */
export function configured(
  { env, settings }: Surroundings,
  variable: string,
  setting: string,
): NamedValue | undefined {
  const value = env[variable];
  if (value) return { value, from: variable };
  const found = settings.get(setting);
  return found?.value ? found : undefined;
}

/** Only `true`, in any case, is true (botocore's ensure_boolean). */
export function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}

export function isConfigured(surroundings: Surroundings, variable: string, setting: string): boolean {
  return isTrue(configured(surroundings, variable, setting)?.value);
}

/**
 * Where a service is, in botocore's order: the variable of the service, that of all services, the section of services that
 * the profile names, the profile. A section is looked for only where the variables name nothing.
 *
 * @throws Failure `services-missing`
 */
export function configuredEndpoint(
  surroundings: Surroundings,
  service: "s3" | "sts",
): NamedValue | undefined {
  const { env, settings } = surroundings;
  if (isConfigured(surroundings, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
    return undefined;
  const ofService = `AWS_ENDPOINT_URL_${service.toUpperCase()}`;
  const variable = [ofService, "AWS_ENDPOINT_URL"].find((name) => env[name]);
  if (variable !== undefined) return { value: env[variable] ?? "", from: variable };
  const found = settings.serviceEndpoint(service) ?? settings.get("endpoint_url");
  return found?.value ? found : undefined;
}

const CHECKSUMS = ["when_supported", "when_required"] as const;

/**
 * When a checksum goes along, or is asked for.
 *
 * @throws Failure `bad-setting` (252) for another word than the AWS CLI knows
 */
export function checksums(
  surroundings: Surroundings,
  setting: "request_checksum_calculation" | "response_checksum_validation",
): (typeof CHECKSUMS)[number] {
  const found = configured(surroundings, `AWS_${setting.toUpperCase()}`, setting);
  if (found === undefined) return "when_supported";
  const value = CHECKSUMS.find((each) => each === found.value.toLowerCase());
  if (value === undefined) throw badSetting(setting, found, `One of: ${CHECKSUMS.join(", ")}.`);
  return value;
}
