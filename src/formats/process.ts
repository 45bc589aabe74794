import { expirationText } from "./expiration-text.js";
import type { Format } from "./format.js";

/** The JSON that `credential_process` in ~/.aws/config expects: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
export const processJson: Format = {
  name: "process",
  write: ({ accessKeyId, secretAccessKey, sessionToken, expiration, accountId }) => {
    // JSON.stringify leaves out what is undefined.
    const response = {
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration && expirationText(expiration),
      AccountId: accountId,
    };
    return `${JSON.stringify(response, null, 2)}\n`;
  },
};
