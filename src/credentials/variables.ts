/** The environment variables and secret names of the container credential protocol, as every AWS SDK spells them. */
export const RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
export const FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
export const AUTHORIZATION_TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
export const AUTHORIZATION_TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/** The keys that every SDK reads straight from the environment. */
export const ACCESS_KEY_ID = "AWS_ACCESS_KEY_ID";
export const SECRET_ACCESS_KEY = "AWS_SECRET_ACCESS_KEY";
export const SESSION_TOKEN = "AWS_SESSION_TOKEN";
/** Its name of old, which botocore still reads first. */
export const SECURITY_TOKEN = "AWS_SECURITY_TOKEN";
export const CREDENTIAL_EXPIRATION = "AWS_CREDENTIAL_EXPIRATION";

/** Of an identity that a token stands for: IRSA's, and what else calls AssumeRoleWithWebIdentity. */
export const WEB_IDENTITY_TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
export const ROLE_ARN = "AWS_ROLE_ARN";
export const ROLE_SESSION_NAME = "AWS_ROLE_SESSION_NAME";

/** The id of our BuildKit secret with the content of a credentials file. */
export const CREDENTIALS_SECRET = "aws-credentials";
