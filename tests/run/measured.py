# SPDX-License-Identifier: MIT
"""python3 measured.py FILE PROGRAM ARGUMENT... writes PROGRAM's peak to FILE.

In KiB. Apart from the test, because what a process starts begins with its own
peak, and that of a test with a server in it is far above pop3spec's.
"""

import os
import sys


def main():
    path, *command = sys.argv[1:]
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status, usage = os.wait4(pid, 0)
    with open(path, "w") as file:
        file.write(f"{usage.ru_maxrss}\n")
    return os.waitstatus_to_exitcode(status) & 255


if __name__ == "__main__":
    sys.exit(main())
