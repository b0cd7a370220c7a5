"""Runs a command on a pseudo-terminal: pseudoTerminal.py COLUMNS PROGRAM ARGUMENT...

What the terminal would show goes to standard output. Lines on standard input: "columns N" resizes it, "interrupt" types Ctrl-C.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def resize(descriptor, columns):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


child, terminal = pty.fork()
if child == 0:
    resize(1, int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])
inputs = [terminal, 0]
while terminal in inputs:
    for ready in select.select(inputs, [], [])[0]:
        try:
            data = os.read(ready, 65536)
        except OSError:
            data = b""
        if not data:
            inputs.remove(ready)
        elif ready == terminal:
            os.write(1, data)
        else:
            for line in data.decode().splitlines():
                if line == "interrupt":
                    os.write(terminal, b"\x03")
                else:
                    resize(terminal, int(line.split()[1]))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
