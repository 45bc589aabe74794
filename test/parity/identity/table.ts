import type { SetUp, SetUpGroup } from "./set-up.js";
import { credentialSources } from "./set-ups/credential-sources.js";
import { endpoints } from "./set-ups/endpoints.js";
import { files } from "./set-ups/files.js";
import { half } from "./set-ups/half.js";
import { loops } from "./set-ups/loops.js";
import { order } from "./set-ups/order.js";
import { credentialProcess } from "./set-ups/process.js";
import { profileInForce } from "./set-ups/profile-in-force.js";
import { roleParameters } from "./set-ups/role-parameters.js";
import { roles } from "./set-ups/roles.js";
import { s3 } from "./set-ups/s3.js";
import { secretsAndOptions } from "./set-ups/secrets.js";
import { settingsElsewhere } from "./set-ups/settings-elsewhere.js";
import { ssoSession } from "./set-ups/sso-session.js";
import { sts } from "./set-ups/sts.js";
import { webIdentity } from "./set-ups/web-identity.js";

/** Every set-up that is given to the AWS CLI and to us. */
export const TABLE: readonly SetUpGroup[] = [
  order,
  profileInForce,
  half,
  endpoints,
  credentialProcess,
  files,
  roles,
  credentialSources,
  roleParameters,
  webIdentity,
  sts,
  s3,
  secretsAndOptions,
  settingsElsewhere,
  ssoSession,
  loops,
];

export const SET_UPS: readonly SetUp[] = TABLE.flatMap(({ setUps }) => setUps);

/** Whoever does anything uses the keys of this one. */
export const CONTROL = "key variables (default, unnamed)";
