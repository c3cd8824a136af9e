"""Comptoir's processes, begun from one that has imported the program and done nothing else.

An interpreter that imports everything takes most of the time of a short command, and tests begin
dozens.  Whoever comes out of here is a process of its own all the same: with its arguments,
environment, folder, pipes, signals, locks and exit status.  It is the server at standard input
that is asked, by JSON and three descriptors: standard output, standard error, and a socket on
which `began PID` and `ended STATUS` are said.  A dead process keeps its id until that is closed.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from contextlib import suppress

from bot.turn.registry import Registry

from bot.__main__ import program
from bot.command_line import backing_up, checking, demo, inviting, restoring, running

LARGEST = 1 << 17
"""Bytes of a wish: most of it is the environment."""
LOADED = (backing_up, checking, demo, inviting, restoring, running)
"""What the commands would import when they are called."""


def serve(wishes: socket.socket) -> None:
    """Begin a process for each wish, until nobody can have one any more."""
    Registry.standard()
    gc.collect()
    # What is shared stays shared: no process looks at it for garbage, and so copies it.
    gc.freeze()
    signal.signal(signal.SIGCHLD, forget_keepers)
    while True:
        wish, descriptors, _, _ = socket.recv_fds(wishes, LARGEST, 3)
        if not wish:
            return
        if os.fork() == 0:
            wishes.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            begin(json.loads(wish), *descriptors)
        for each in descriptors:
            os.close(each)


def forget_keepers(*_: object) -> None:
    """Let those go that have ended, with the time that was spent in their processes."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def begin(wish: dict[str, object], out: int, err: int, said: int) -> None:
    """Be the keeper of a process, or in that process the program, whose end is SystemExit."""
    pid = os.fork()
    if pid == 0:
        os.close(said)
        become(wish, out, err)
        program()
    os.close(out)
    os.close(err)
    with socket.socket(fileno=said) as keeper:
        keeper.sendall(f"began {pid}\n".encode())
        ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert ended is not None
        by_itself = ended.si_code == os.CLD_EXITED
        keeper.sendall(f"ended {ended.si_status if by_itself else -ended.si_status}\n".encode())
        keeper.recv(1)
    os.waitpid(pid, 0)
    os._exit(0)


def become(wish: dict[str, object], out: int, err: int) -> None:
    """Take the arguments, the folder, the environment and the pipes of a wish."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for there, here in ((nothing, 0), (out, 1), (err, 2)):
        os.dup2(there, here)
        os.close(there)
    arguments, folder, environ = wish["arguments"], wish["folder"], wish["environ"]
    assert isinstance(arguments, list)
    assert isinstance(environ, dict)
    sys.argv = ["comptoir", *arguments]
    os.chdir(str(folder))
    os.environ.clear()
    os.environ.update(environ)


if __name__ == "__main__":
    serve(socket.socket(fileno=os.dup(0)))
