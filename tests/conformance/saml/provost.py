"""The real binary as the walks need it. What its commands and flags are called stands here and nowhere else."""

import os
import re
import subprocess
import threading

PATIENCE = 60


class Provost:
    """The engine that PROVOST_DATA_DIR and the rest of the environment name, through its command line."""

    CONFIGURE = ("sso", "configure", "--metadata")
    SHOW = ("sso", "show", "--json")
    TEST = ("sso", "test")
    ENABLE = ("sso", "enable", "--yes")
    DISABLE = ("sso", "disable", "--yes")
    # Single sign-on is not turned on before somebody is known to get in without it.
    MARK_RECOVERY = ("recover", "mark")
    PROVE_RECOVERY = ("recover", "prove", "--password-stdin")

    ADD_MEMBER = ("member", "add")
    RESET_LINK = ("member", "reset-link")

    def __init__(self, binary, owner, password):
        self.binary, self.owner, self.password = binary, owner, password

    def run(self, *words, given=None):
        done = subprocess.run(
            [self.binary, *words], input=given, stdin=None if given else subprocess.DEVNULL,
            capture_output=True, text=True, timeout=PATIENCE,
        )
        assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}: {done.stderr}{done.stdout}"
        return done.stdout

    def keep_for_recovery(self):
        self.run(*self.MARK_RECOVERY, self.owner)
        self.run(*self.PROVE_RECOVERY, self.owner, given=self.password + "\n")

    def add_member(self, email):
        self.run(*self.ADD_MEMBER, email)

    def reset_link(self, email):
        """The URL by which a member sets a password."""
        return re.search(r"https?://\S+", self.run(*self.RESET_LINK, email))[0]

    def configure(self, metadata):
        """`metadata` is a file or a URL."""
        self.run(*self.CONFIGURE, str(metadata), "--yes")

    def show(self):
        return self.run(*self.SHOW)

    def enable(self):
        self.run(*self.ENABLE)

    def disable(self):
        self.run(*self.DISABLE)

    def test(self, visit):
        """A test-drive: the command tells a URL, `visit` goes there as a browser would, the command tells how it went.

        Its exit code and all that it wrote.
        """
        process = subprocess.Popen(
            [self.binary, *self.TEST], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, env={**os.environ, "NO_COLOR": "1"},
        )
        # A command that says nothing more is ended, and with it the reading below.
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        told, visited = [], False
        try:
            for line in process.stdout:
                told.append(line)
                found = re.search(r"https?://\S+", line)
                if found and not visited:
                    visited = True
                    visit(found[0])
            code = process.wait()
        finally:
            alarm.cancel()
            process.kill()
        assert visited, f"{' '.join(self.TEST)} told no URL: {''.join(told)}"
        return code, "".join(told)
