"""As whom PostgreSQL runs when we are root, which it refuses to be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from embedded.errors import ServiceError

_NOBODY = 65534  # initdb wants a user id that has an entry in the list of users


@dataclass(frozen=True)
class Identity:
    """A prefix of the command, or a user and group to change to before it."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def own(self, folder: Path) -> None:
        """Give `folder` and what is in it to this identity, if another one had it before."""
        uid, gid = self.uid, self.gid
        if uid is None or gid is None:
            uid, gid = os.geteuid(), os.getegid()
        if folder.stat().st_uid == uid:
            return
        for parent, folders, files in os.walk(folder):
            for name in [*folders, *files]:
                os.chown(os.path.join(parent, name), uid, gid, follow_symlinks=False)
        os.chown(folder, uid, gid)  # last, since it says that the work is done

    def let_in(self, folder: Path) -> None:
        """Let this identity pass through `folder`, if it is somebody else; not look around."""
        if self.uid is not None:
            folder.chmod(folder.stat().st_mode | 0o011)

    def check_may_enter(self, *paths: Path) -> None:
        """Raise ServiceError when this identity can not reach one of `paths`."""
        for path in paths if self.uid is not None else ():
            tried = subprocess.run(
                ["test", "-x", str(path)], user=self.uid, group=self.gid, extra_groups=[]
            )
            if tried.returncode:
                raise ServiceError(
                    f"PostgreSQL never runs as root, and the user nobody may not enter {path}:"
                    " run `make up` as an ordinary user, or move the checkout and DATA_DIR to"
                    " where everyone may enter."
                )


OURSELVES = Identity()


def for_postgres() -> Identity:
    """Ourselves; for root a user namespace, and where that is forbidden the user nobody.

    The namespace leaves all files root's own and needs no folder to be opened to others.
    """
    if os.geteuid() != 0:
        return OURSELVES
    unshare = shutil.which("unshare")
    if unshare is not None:
        prefix = (unshare, "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--")
        if subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            return Identity(prefix=prefix)
    return nobody()


def nobody() -> Identity:
    """The system's user without rights."""
    entry = pwd.getpwnam("nobody")
    return Identity(uid=entry.pw_uid, gid=entry.pw_gid)
