/** A whole response of ECS and CodeBuild; the words by which a leak is found stand in it. */
export const GOOD_FIELDS = {
  RoleArn: "arn:aws:iam::123456789012:role/service-role/build",
  AccessKeyId: "ASIAIOSFODNN7EXAMPLE",
  SecretAccessKey: "SECRETKEY/wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
  Token: "TOKENVALUE//////////IQoJb3JpZ2luX2VjEXAMPLE==",
  Expiration: "2099-01-02T03:04:05Z",
};

export const GOOD_BODY = JSON.stringify(GOOD_FIELDS);

/** The same with some fields changed; undefined leaves one out. */
export function bodyWith(changes: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ ...GOOD_FIELDS, ...changes });
}

/** As the endpoint sends it. */
export const GOOD_RESPONSE = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${GOOD_BODY.length}\r\n\r\n${GOOD_BODY}`;

export const RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
export const FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
export const TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
export const TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/** The variable of CodeBuild, with this case's id. */
export const CODEBUILD = { [RELATIVE]: "/v2/credentials/ID" };
