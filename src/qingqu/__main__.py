"""The `qingqu` command."""

import os


def main() -> None:
    """Runs the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingqu.settings")
    from qingqu.cli import run

    run()


if __name__ == "__main__":
    main()
