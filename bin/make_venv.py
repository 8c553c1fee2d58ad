"""Make .venv hold what a lock file pins: `make_venv.py requirements.txt`. Quick when it does already.

Runs on the machine's own Python before anything is installed, so: standard library only. A set-up that was
killed half way is begun afresh, and two at once wait for each other.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
# Stands while something is being installed: where it is found, that did not get through.
UNFINISHED = VENV / ".unfinished"


def main(lock: Path) -> None:
    with (HERE / ".venv.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        make_venv()
        install(lock)


def make_venv() -> None:
    if UNFINISHED.exists() or (PYTHON.is_symlink() and not runs(PYTHON)):
        shutil.rmtree(VENV)
    if PYTHON.exists():
        return
    if not runs(Path(sys.executable), "import ensurepip, venv"):
        sys.exit(
            "This Python makes no virtual environments. On Debian or Ubuntu: apt install python3-venv, then again."
        )
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if made.returncode:
        sys.exit(f"Could not make {VENV}: {(made.stdout + made.stderr).strip()}")


def install(lock: Path) -> None:
    """Install a lock's pins, and remember by its hash that they are in."""
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = VENV / f".installed-{lock.name}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing {lock.name} (a minute or two the first time) …", flush=True)
    UNFINISHED.touch()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--require-hashes"]
    if subprocess.run([*pip, "-r", str(lock)]).returncode:
        sys.exit(f"Installing {lock.name} failed, for the reason above. The next try begins afresh.")
    stamp.write_text(wanted)
    UNFINISHED.unlink()


def runs(python: Path, code: str = "") -> bool:
    """Whether this Python is there, new enough and able to do that. A link may point to one that was removed."""
    try:
        return not subprocess.run(
            [python, "-c", f"import sys; assert sys.version_info >= (3, 11); {code}"], stderr=subprocess.DEVNULL
        ).returncode
    except OSError:
        return False


if __name__ == "__main__":
    try:
        main(HERE / sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("Stopped. The next run goes on from here, or begins afresh.")
    except OSError as error:
        sys.exit(f"Set-up failed: {error}")
