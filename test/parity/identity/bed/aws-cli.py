"""Loads the AWS CLI once and runs it in a fork for each line of standard input.

A line is a JSON object: args, env, cwd, and the files for its three streams. The answer is its exit code, or null where
the fork was not done in time: the CLI has a thread of its own, which a fork does not have, so that it might wait for it
for ever. Such a run is for its caller to repeat.
"""

import json
import os
import select
import signal
import sys

LIMIT_SECONDS = 20

before = dict(os.environ)
import awscli.clidriver  # noqa: E402

# What the import itself sets: where the CLI's data is.
OWN = {name: value for name, value in os.environ.items() if before.get(name) != value}


def run(job):
    os.environ.clear()
    os.environ.update(OWN)
    os.environ.update(job["env"])
    os.chdir(job["cwd"])
    for fd, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        os.dup2(os.open(job["streams"][fd], flags), fd)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")
    sys.argv = ["aws", *job["args"]]
    code = awscli.clidriver.main()
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def forked(job):
    """Exit code of the run; None when it was not done in time."""
    pid = os.fork()
    if pid == 0:
        code = 255
        try:
            code = run(job)
        except BaseException as error:
            os.write(2, repr(error).encode())
        os._exit(code)
    done = os.pidfd_open(pid)
    in_time = select.select([done], [], [], LIMIT_SECONDS)[0] != []
    os.close(done)
    if not in_time:
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    return os.waitstatus_to_exitcode(status) if in_time else None


# Most modules are imported by the first run only: here, before there are forks.
awscli.clidriver.create_clidriver().main(["s3", "ls", "s3://some-bucket"])
print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(forked(json.loads(line))), flush=True)
