import type { Call, Response } from "./operation.js";
import { accessDenied, S3Error } from "./s3-error.js";
import { element } from "./xml.js";

/** STS in the same server: who the caller is. Source: "GetCallerIdentity", AWS STS API Reference. */
export function getCallerIdentity(call: Call): Response {
  if (call.caller === undefined) throw accessDenied("Request is missing Authentication Token");
  const asked = new URLSearchParams(call.body.toString());
  if (asked.get("Action") !== "GetCallerIdentity" || asked.get("Version") !== "2011-06-15") {
    throw new S3Error(400, "InvalidAction", "Could not find operation for the version.");
  }
  const { arn, account } = call.caller.keys;
  const result = `${element("Arn", arn)}${element("UserId", "AROAEXAMPLE:AWSCodeBuild")}${element("Account", account)}`;
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body: Buffer.from(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`,
    ),
  };
}

/** An error in STS's envelope. */
export function stsError(error: S3Error): Response {
  return {
    status: error.status,
    headers: { "content-type": "text/xml" },
    body: Buffer.from(
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>${element("Type", "Sender")}${element("Code", error.code)}${element("Message", error.message)}</Error></ErrorResponse>`,
    ),
  };
}
