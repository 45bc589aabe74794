import { ExitCode, Failure } from "../failure.js";
import { printable } from "../output/printable.js";
import { strayFault } from "../output/stray-secret.js";
import { systemError } from "../system-error.js";

export const caBundleUnreadable = (path: string, cause: unknown) =>
  new Failure("ca-bundle-unreadable", {
    message: `The CA bundle ${printable(path)} cannot be read: ${strayFault(path) ?? printable(systemError(cause).message)}`,
    hint: "--ca-bundle, AWS_CA_BUNDLE and the profile's ca_bundle must name a PEM file.",
    exitCode: ExitCode.usage,
    cause,
  });

export const proxyUnusable = (cause: unknown) =>
  new Failure("proxy-unusable", {
    message: "The address in HTTP_PROXY or HTTPS_PROXY is not that of an http or https proxy.",
    hint: "Write it as http://HOST:PORT, or set NO_PROXY for the endpoint.",
    exitCode: ExitCode.usage,
    cause,
  });

export const unsendableHeader = (name: string) =>
  new Failure("unsendable-header", {
    message: `The value of the header ${printable(name)} holds a control character, or is not valid Unicode: it cannot be sent.`,
    exitCode: ExitCode.failed,
  });
