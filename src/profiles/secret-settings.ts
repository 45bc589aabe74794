/** Settings whose values are secrets, in whatever line they stand: also in one that is indented by mistake. */
const SECRET = /(?:aws_secret_access_key|aws_session_token|aws_security_token)[ \t]*[=:][ \t]*([^\r\n]+)/gi;

/** The secrets in a file of profiles, whether or not it can be parsed. */
export function secretSettingsIn(text: string): string[] {
  return [...text.matchAll(SECRET)].map(([, value = ""]) => value.trim());
}
