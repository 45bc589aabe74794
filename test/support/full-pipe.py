"""Runs a command whose standard output is a full pipe that does not block, drains it a second later, and prints what the
command wrote."""

import os
import subprocess
import sys
import time

reader, writer = os.pipe()
os.set_blocking(writer, False)
filled = 0
try:
    while True:
        filled += os.write(writer, b"x" * 4096)
except BlockingIOError:
    pass
child = subprocess.Popen(sys.argv[1:], stdout=writer)
os.close(writer)
time.sleep(1)
output = b""
while block := os.read(reader, 65536):
    output += block
sys.stdout.buffer.write(output[filled:])
sys.exit(child.wait())
