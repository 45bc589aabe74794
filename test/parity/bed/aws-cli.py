"""Debian's AWS CLI, loaded once and forked for each command line.

`aws` spends most of its half second on loading itself. This program does what /usr/bin/aws does, `clidriver.main()`,
in a fork that has it loaded. A request is a line of JSON on standard input (id, args, cwd, env, and the files that are
the three streams); the answer is a line with the id and the exit code. When standard input ends, so does this.
"""

import json
import mimetypes
import os
import select
import signal
import sys
import time

import awscli.clidriver
import awscli.customizations.s3.subcommands  # noqa: F401 (loaded for the forks)
import s3transfer.manager  # noqa: F401

LONGEST = 120


def become_aws(request):
    own_data = os.environ["AWS_DATA_PATH"]  # set by the import of awscli
    os.environ.clear()
    os.environ.update(request["env"], AWS_DATA_PATH=own_data)
    os.chdir(request["cwd"])
    for descriptor, name, flags in (
        (0, "stdin", os.O_RDONLY),
        (1, "stdout", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
        (2, "stderr", os.O_WRONLY | os.O_CREAT | os.O_TRUNC),
    ):
        opened = os.open(request[name], flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    sys.argv = ["aws", *request["args"]]
    code = 255
    try:
        code = awscli.clidriver.main() or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def answer(identity, code):
    os.write(1, (json.dumps({"id": identity, "code": code}) + "\n").encode())


def main():
    # Content types as the AWS CLI knows them by itself: what /etc/mime.types adds is the machine's.
    mimetypes.knownfiles = []
    mimetypes.init()
    running = {}
    pending = b""
    while True:
        ready, _, _ = select.select([0], [], [], 0.005)
        if ready:
            received = os.read(0, 1 << 16)
            if not received:
                break
            pending += received
        while b"\n" in pending:
            line, pending = pending.split(b"\n", 1)
            request = json.loads(line)
            child = os.fork()
            if child == 0:
                become_aws(request)
            running[child] = (request["id"], time.monotonic())
        for child, (identity, started) in list(running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                del running[child]
                answer(identity, os.waitstatus_to_exitcode(status))
            elif time.monotonic() - started > LONGEST:
                os.kill(child, signal.SIGKILL)
    for child in running:
        os.kill(child, signal.SIGKILL)


main()
