"""The command `tiercare`: find the command, run it, and end with the right exit code.

0 done; 1 a figure of `verify` or the machine failed; 2 the user's input is at fault; 130 stopped by Ctrl-C.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from app.commands import COMMANDS, Command
from app.parser import LANGUAGES, Parser, common_options
from sim.language.messages import UserError, nearest, refuse, say

DONE, FAILED, FAULTY, STOPPED = 0, 1, 2, 130
TRACE = "TIERCARE_TRACE"
"""Environment variable that shows where in the code an unexpected error arose."""


def main(words: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        _never_choke(stream)
    lang = spoken()
    given = list(sys.argv[1:] if words is None else words)
    try:
        lang = _asked(given) or lang
        code = _obey(given, lang)
        sys.stdout.flush()
    except UserError as fault:
        return _end(FAULTY, fault.text(lang))
    except KeyboardInterrupt as stopped:  # whoever keeps what was done says so
        return _end(STOPPED, str(stopped) or say("cli.stopped", lang))
    except BrokenPipeError:
        return _reader_left()
    except (OSError, MemoryError) as error:
        return _end(FAILED, say("cli.machine_failed", lang, reason=str(error) or type(error).__name__))
    except Exception as error:
        if os.environ.get(TRACE):
            traceback.print_exc()
        return _end(FAILED, say("cli.our_fault", lang, reason=f"{type(error).__name__}: {error}", variable=TRACE))
    return code


def _obey(words: list[str], lang: str) -> int:
    """Find the command among the words and run it."""
    name, others = _named(words)
    if name is None:
        sys.stdout.write(_version() if "--version" in others else _overview(lang))
        return DONE
    commands = {command.name: command for command in COMMANDS}
    if others and f"{name} {others[0]}" in commands:
        name, others = f"{name} {others[0]}", others[1:]
    if name not in commands:
        raise refuse("cli.no_command", "tiercare", word=name, known=", ".join(commands), near=nearest(name, commands))
    parser = _parser(commands[name], lang)
    if {"-h", "--help"} & set(others):
        sys.stdout.write(parser.help())
        return DONE
    return commands[name].act(parser.read(others), lang)


def _named(words: list[str]) -> tuple[str | None, list[str]]:
    """Split off the command: the first word that is neither a common option nor the value of --lang."""
    for place, word in enumerate(words):
        if not word.startswith("-") and (place == 0 or words[place - 1] != "--lang"):
            return word, words[:place] + words[place + 1 :]
    for word in words:
        if word.startswith("-") and word.split("=")[0] not in ("--lang", "--json", "-h", "--help", "--version"):
            raise refuse("cli.unknown_option", "tiercare", word=word, near=None)
    return None, words


def _parser(command: Command, lang: str) -> Parser:
    """Build the parser of one command."""
    parser = Parser(command.name, lang, say(command.summary, lang), say(command.examples, lang))
    command.options(parser)
    common_options(parser)
    return parser


def _overview(lang: str) -> str:
    """Write the help of `tiercare` itself."""
    lines = [
        say("cli.title", lang),
        "",
        f"{say('cli.usage', lang)}tiercare {say('cli.command', lang)} [...]",
        "",
        say("cli.commands", lang),
    ]
    lines += [f"  {command.name:<16}{say(command.summary, lang)}" for command in COMMANDS]
    return "\n".join([*lines, "", say("cli.more", lang), "", say("cli.examples", lang), say("cli.title.examples", lang), ""])


def _version() -> str:
    """Write name and version."""
    from importlib.metadata import version

    return f"tiercare {version('tiercare')}\n"


def spoken() -> str:
    """Tell the user's language from the environment: Chinese where it says zh, else English."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def _asked(words: list[str]) -> str | None:
    """Tell the language asked for with --lang, None where none is; raises UserError for one not spoken."""
    asked = None
    for place, word in enumerate(words):
        if word == "--lang":
            asked = words[place + 1] if place + 1 < len(words) else ""
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    if asked is not None and asked not in LANGUAGES:
        raise refuse("cli.no_language", "--lang", word=asked, known=", ".join(LANGUAGES))
    return asked


def _open_streams() -> None:
    """Let words go nowhere where a stream was closed before we began: services and schedulers start programs so."""
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: SIM115


def _never_choke(stream: TextIO) -> None:
    """Let a terminal that cannot show a character show another instead of failing."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")


def _end(code: int, message: str) -> int:
    """Say why the command ends."""
    print(message, file=sys.stderr)
    return code


def _reader_left() -> int:
    """End quietly when whoever read our output has gone (as `| head` does)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


if __name__ == "__main__":
    sys.exit(main())
