"""Say in plain words what is wrong with a typed command: the library's own sentences are for programmers."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

THEN_JOIN = "Add one film at a time; films of one run are joined after that: midstance takes join."


def say_mistake(fault: Any) -> str:
    """Return what is wrong with the words of a command, and how it is meant; its help where none were given."""
    said = fault.format_message()
    if said.startswith("Usage:"):
        return str(said)
    asked = fault.ctx.command_path if fault.ctx else "midstance COMMAND"  # an option without its value has none
    return f"midstance: {_plainly(fault, said)} How it is meant: {asked} --help"


def _plainly(fault: Any, said: str) -> str:
    kind, param = type(fault).__name__, getattr(fault, "param", None)
    if kind == "NoSuchOption":
        known = [name for each in fault.ctx.command.params for name in each.opts if name.startswith("--")]
        if fault.option_name == "--together" and _adds_a_take(fault):
            return f"There is no option --together here. {THEN_JOIN}"
        near = get_close_matches(fault.option_name, known, n=1, cutoff=0.5)
        return f"There is no option {fault.option_name}.{f' Did you mean {near[0]}?' if near else ''}"
    if kind == "MissingParameter" and param is not None:
        return f"{_named(param)} is missing. {param.help or ''}".strip()
    if kind == "BadOptionUsage":
        many = re.search(r"requires (\d+) ", said)
        return f"{fault.option_name} needs {f'{many[1]} values' if many else 'a value'} after it."
    if kind == "BadParameter" and param is not None:
        wanted = "a whole number" if "integer" in said else "a number" if "number" in said else "something else"
        return f"{_named(param)}: write {wanted}."
    return _of_the_words(fault, said)


def _of_the_words(fault: Any, said: str) -> str:
    """Say what is wrong with the words that are no options."""
    if found := re.match(r"No such command '(.*?)'\.", said):
        near = get_close_matches(found[1], list(getattr(fault.ctx.command, "commands", {})), n=1, cutoff=0.5)
        return f"There is no command {found[1]}.{f' Did you mean {near[0]}?' if near else ''}"
    if found := re.search(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", said):
        films = f" {THEN_JOIN}" if _adds_a_take(fault) else ""
        return f"{found[1]}: one word too many. A name with spaces needs quotation marks.{films}"
    return said if said.endswith(".") else f"{said}."


def _adds_a_take(fault: Any) -> bool:
    return bool(fault.ctx and fault.ctx.command_path.endswith("takes add"))


def _named(param: Any) -> str:
    """Return what an option or an argument is called in the help."""
    if param.param_type_name == "option":
        return str(param.opts[0])
    return str(param.metavar or param.name).upper()
