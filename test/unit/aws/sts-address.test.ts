import { describe, expect, it } from "vitest";
import { stsAddress } from "../../../src/aws/sts-address.js";

const PLACE = { region: undefined, fips: false, dualStack: false };
const CHINA = "arn:aws-cn:iam::123456789012:role/a";
const GOV = "arn:aws-us-gov:iam::123456789012:role/a";

describe("where STS is asked", () => {
  // What AWS CLI 2.36 asks with these variables, recorded with --debug.
  it.each([
    [{}, "https://sts.amazonaws.com/", "us-east-1"],
    [{ region: "aws-global" }, "https://sts.amazonaws.com/", "us-east-1"],
    [{ region: "us-east-1" }, "https://sts.us-east-1.amazonaws.com/", "us-east-1"],
    [{ region: "cn-north-1" }, "https://sts.cn-north-1.amazonaws.com.cn/", "cn-north-1"],
    [{ region: "us-isob-east-1" }, "https://sts.us-isob-east-1.sc2s.sgov.gov/", "us-isob-east-1"],
    [{ region: "eusc-de-east-1" }, "https://sts.eusc-de-east-1.amazonaws.eu/", "eusc-de-east-1"],
    [{ region: "eu-west-1", fips: true }, "https://sts-fips.eu-west-1.amazonaws.com/", "eu-west-1"],
    [{ region: "us-gov-east-1", fips: true }, "https://sts.us-gov-east-1.amazonaws.com/", "us-gov-east-1"],
    [{ region: "eu-west-1", dualStack: true }, "https://sts.eu-west-1.api.aws/", "eu-west-1"],
    [
      { region: "us-east-1", fips: true, dualStack: true },
      "https://sts-fips.us-east-1.api.aws/",
      "us-east-1",
    ],
    [{ region: "eu-west-1", endpointUrl: "http://127.0.0.1:9" }, "http://127.0.0.1:9/", "eu-west-1"],
    [{ endpointUrl: "http://127.0.0.1:9/x" }, "http://127.0.0.1:9/x", "us-east-1"],
  ])("%j: %s for %s", (given, url, region) => {
    const address = stsAddress({ ...PLACE, ...given }, []);
    expect({ url: address.url.href, region: address.region }).toEqual({ url, region });
  });

  it.each([
    [{}, [CHINA], "https://sts.cn-northwest-1.amazonaws.com.cn/", "cn-northwest-1"],
    [{}, [undefined, GOV], "https://sts.us-gov-west-1.amazonaws.com/", "us-gov-west-1"],
    [{ endpointUrl: "http://127.0.0.1:9/" }, [CHINA], "http://127.0.0.1:9/", "cn-northwest-1"],
    // The CLI asks sts-fips.aws-global.amazonaws.com, which nobody has.
    [{ fips: true }, [], "https://sts-fips.us-east-1.amazonaws.com/", "us-east-1"],
    [{ region: "eu-west-1" }, [CHINA], "https://sts.eu-west-1.amazonaws.com/", "eu-west-1"],
  ])("%j with %j: the role's own partition where no region is named", (given, arns, url, region) => {
    const address = stsAddress({ ...PLACE, ...given }, arns);
    expect({ url: address.url.href, region: address.region }).toEqual({ url, region });
  });
});
