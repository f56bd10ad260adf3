"""`python -m doppelt` is the command line, which the wheel carries."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path


def command_line() -> Path:
    """The program `doppelt` that was installed with this package."""
    name = "doppelt.exe" if os.name == "nt" else "doppelt"
    folders = [sysconfig.get_path("scripts"), Path(sys.prefix) / "bin"]
    if hasattr(sysconfig, "get_preferred_scheme"):
        folders.append(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")))
    for folder in folders:
        if (program := Path(folder) / name).is_file():
            return program
    raise SystemExit(
        "doppelt: error: this installation has no command line\n"
        "  hint:  install the wheel that python/build.sh makes, or cargo install doppelt"
    )


def main() -> None:
    """Hands over to the command line and ends as it ends."""
    program = str(command_line())
    if os.name == "nt":
        raise SystemExit(subprocess.call([program, *sys.argv[1:]]))
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()
