"""The command line: each command reads words, calls one function, prints. Exit 0 done, 1 rejected or failed, 2 wrong
use or unreadable input with one line on stderr."""

import sys

import click

from qingqu.base.errors import Refusal

SECTIONS = {
    "Start here": ("demo", "check"),
    "Run": ("serve", "worker", "tick"),
    "Data": ("data",),
    "Rules": ("rules",),
    "Without a database": ("contract", "ranges"),
    "Record": ("ledger",),
}
# These judge the files they are given and touch neither database nor state folder.
HOMELESS = frozenset({"contract", "ranges"})


class Contents(click.Group):
    """Help that reads like a table of contents."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands under their sections, sub-commands beneath."""
        for title, names in SECTIONS.items():
            rows = []
            for name in names:
                command = self.commands[name]
                if isinstance(command, click.Group):
                    rows += [
                        (f"{name} {sub}", part.get_short_help_str(70))
                        for sub, part in command.commands.items()
                    ]
                else:
                    rows.append((name, command.get_short_help_str(70)))
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(cls=Contents, context_settings={"help_option_names": ["-h", "--help"]})
def root() -> None:
    """Qingqu 清渠: disclosure, comparison and seal, one loop of grassroots supervision.

    State lives in QINGQU_HOME (default ./var). Every command takes --json where it prints results."""


def run() -> None:
    """Entry point: every refusal is one line, exit 2; never a traceback for bad input."""
    import django
    from django.core.exceptions import ImproperlyConfigured, PermissionDenied

    try:
        django.setup()
        if not ({"-h", "--help"} & set(sys.argv) or HOMELESS & set(sys.argv[1:2])):
            from qingqu.ops.home import prepare

            prepare()
        from qingqu.cli import contract, data, ledger, ranges, rules, site

        for module in (site, data, rules, contract, ranges, ledger):
            module.register(root)
        root(standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"qingqu: {error.format_message()}（qingqu --help 看用法）", err=True)
        sys.exit(2)
    except (Refusal, ImproperlyConfigured) as error:
        click.echo(f"qingqu: {error}", err=True)
        sys.exit(2)
    except PermissionDenied as error:
        click.echo(f"qingqu: 此人没有权限：{error}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
