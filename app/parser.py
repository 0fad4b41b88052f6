"""Read the words of a command line; whatever is wrong comes out as one clear message in the user's language."""

import argparse
from collections.abc import Sequence
from typing import NoReturn

from sim.language.messages import nearest, refuse, say

LANGUAGES = ("en", "zh")


class _Help(argparse.RawTextHelpFormatter):
    """Help whose lines break where the table of messages breaks them."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=110)


class Parser(argparse.ArgumentParser):
    """The words one command takes; every command also takes --lang, --json and --help."""

    def __init__(self, command: str, lang: str, summary: str, examples: str) -> None:
        """Begin with the options every command takes.

        summary, examples : said at the top and at the end of the help
        """
        super().__init__(prog=f"tiercare {command}", formatter_class=_Help, add_help=False, allow_abbrev=False, exit_on_error=False)
        self.lang = lang
        self.usage, self.summary, self.epilog = argparse.SUPPRESS, summary, f"{say('cli.examples', lang)}\n{examples}"
        self._takes = self.add_argument_group(say("cli.takes", lang))
        self._options = self.add_argument_group(say("cli.options", lang))
        self._metavars: dict[str, str | None] = {}
        self._line = [f"tiercare {command}"]

    def takes(self, name: str, shown: str, meaning: str) -> None:
        """Let the command take words that are no options; how many is for the command to say."""
        self._takes.add_argument(name, metavar=shown, nargs="*", help=_literal(meaning))
        self._line.append(shown)

    def option(self, name: str, shown: str, meaning: str) -> None:
        """Let the command take an option with one value, as text."""
        self._remember(self._options.add_argument(name, metavar=shown, help=_literal(meaning)))

    def repeated(self, name: str, shown: str, meaning: str) -> None:
        """Let the command take an option with a value any number of times."""
        self._remember(self._options.add_argument(name, metavar=shown, help=_literal(meaning), action="append", default=[]))

    def switch(self, name: str, meaning: str) -> None:
        """Let the command take an option without a value."""
        self._remember(self._options.add_argument(*name.split(", "), action="store_true", help=_literal(meaning)))

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Read the words; raises UserError for an option that is unknown, lacks its value or has one too many."""
        try:
            known, others = self.parse_known_intermixed_args(list(words))
        except argparse.ArgumentError as error:
            raise self._misused(error.argument_name or "") from None
        for word in others:
            if not word.startswith("-"):
                raise refuse("cli.unwanted", self.prog, word=word)
            raise refuse("cli.unknown_option", self.prog, word=word, near=nearest(word.split("=")[0], self._metavars))
        return known

    def help(self) -> str:
        """Write the help page."""
        self.description = f"{say('cli.usage', self.lang)}{' '.join([*self._line, '[...]'])}\n\n{self.summary}"
        return self.format_help()

    def error(self, message: str) -> NoReturn:
        """Refuse what argparse has no finer word for."""
        raise refuse("cli.unclear", self.prog, words=message)

    def _remember(self, action: argparse.Action) -> None:
        """Keep the names and the value of an option, for messages."""
        self._metavars.update(dict.fromkeys(action.option_strings, action.metavar if isinstance(action.metavar, str) else None))

    def _misused(self, names: str) -> Exception:
        """Say how an option should have been given."""
        name = names.split("/")[-1]
        shown = self._metavars.get(name)
        return refuse("cli.wants_value" if shown else "cli.wants_no_value", self.prog, option=name, shown=shown)


def _literal(meaning: str) -> str:
    """Keep percent signs, which argparse would fill in."""
    return meaning.replace("%", "%%")


def common_options(parser: Parser) -> None:
    """Add the options every command takes."""
    parser.option("--lang", "zh|en", say("cli.option.lang", parser.lang))
    parser.switch("--json", say("cli.option.json", parser.lang))
    parser.switch("-h, --help", say("cli.option.help", parser.lang))


def only(words: Sequence[str], wanted: str, prog: str) -> str:
    """Take the one word a command wants.

    wanted : what it is called in the help, e.g. SCENARIO
    raises : UserError where there is none or more than one
    """
    if len(words) != 1:
        raise refuse("cli.wants_one" if words else "cli.wants_some", prog, wanted=wanted, words=" ".join(words))
    return words[0]


def whole(text: str | None, option: str, least: int, otherwise: int, most: int = 10**18 - 1) -> int:
    """Read a whole number from `least` to `most`; `otherwise` where the option was not given; raises UserError quoting the text."""
    if text is None:
        return otherwise
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18 and int(digits) >= least):
        raise refuse("cli.not_whole", option, value=text, least=least, example=max(least, otherwise))
    if int(digits) > most:
        raise refuse("cli.too_many", option, value=text, most=f"{most:,}")
    return int(digits)


def part(text: str | None, option: str) -> float:
    """Read a share above 0 and at most 1, plain or in per cent ('0.05', '5 %'); 1 where the option was not given; raises UserError quoting
    the text."""
    said = "1" if text is None else text.strip()
    try:
        number = float(said[:-1]) / 100 if said.endswith(("%", "％")) else float(said)
    except ValueError:
        number = -1.0
    if not 0.0 < number <= 1.0:
        raise refuse("cli.not_part", option, value=text)
    return number


def seconds(text: str | None, option: str) -> float | None:
    """Read a number of seconds above 0; None where the option was not given; raises UserError quoting the text."""
    if text is None:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 < number < 1e7:
        raise refuse("cli.not_seconds", option, value=text)
    return number
