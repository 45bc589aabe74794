"""Runs a command and prints, as one line of JSON, what the kernel says of it: wall and CPU seconds, peak resident KiB."""

import json
import os
import sys
import time

out = os.open("/dev/null", os.O_WRONLY)
err = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
started = time.perf_counter()
child = os.posix_spawnp(
    sys.argv[2],
    sys.argv[2:],
    os.environ,
    file_actions=[(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, err, 2)],
)
_, status, usage = os.wait4(child, 0)
wall = time.perf_counter() - started
print(
    json.dumps(
        {
            "code": os.waitstatus_to_exitcode(status),
            "wall": wall,
            "cpu": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss,
        }
    )
)
