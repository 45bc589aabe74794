"""Reads files of profiles as the AWS CLI does. A line of JSON in: the paths of both; one out: what botocore makes of them."""

import configparser
import json
import os
import sys

sys.path.insert(0, "/usr/lib/python3/dist-packages/awscli")

from botocore import configloader  # noqa: E402
from botocore.configprovider import ConfiguredEndpointProvider  # noqa: E402
from botocore.exceptions import ConfigParseError, InvalidConfigError  # noqa: E402
from botocore.session import Session  # noqa: E402


def first_line(path):
    """Of what configparser itself refuses; None for what botocore refuses after it."""
    try:
        configparser.RawConfigParser().read([path])
    except configparser.MissingSectionHeaderError as error:
        return {"first": error.lineno}
    except configparser.ParsingError as error:
        return {"first": error.errors[0][0]}
    except configparser.Error as error:
        return {"last": error.lineno}
    except UnicodeDecodeError:
        pass
    return None


def endpoint(full, scoped, service):
    try:
        found = ConfiguredEndpointProvider(full, scoped, service, environ={}).provide()
        return {"error": "nested"} if isinstance(found, dict) else found
    except (InvalidConfigError, AttributeError, TypeError) as error:
        return {"error": type(error).__name__}


def read(config, credentials):
    os.environ.update(AWS_CONFIG_FILE=config, AWS_SHARED_CREDENTIALS_FILE=credentials)
    try:
        full = Session().full_config
        profiles = full["profiles"]
        return {
            "profiles": profiles,
            "credentials": configloader.raw_config_parse(credentials),
            "config": configloader.load_config(config)["profiles"],
            "endpoints": {
                name: [endpoint(full, scoped, service) for service in ("s3", "sts")]
                for name, scoped in profiles.items()
            },
        }
    except ConfigParseError as error:
        path = error.kwargs["path"]
        return {"file": path, "line": first_line(path)}


for asked in sys.stdin:
    print(json.dumps(read(*json.loads(asked))), flush=True)
