#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes manual pages and shell completions from --help, so that there is one description of every option.

    describe_commands.py POSENET OUTPUT_FOLDER

POSENET is the command; the programs that it starts for `serve`, `human video` and `camera train` must be beside it.
Writes man/NAME.1, bash/posenet and zsh/_posenet. Fails if a help text does not have the form that it expects.
"""

import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

# The help texts' own layout: names start in column 2, descriptions in column 27.
ENTRY = re.compile(r"^  (\S.*?)(?:  +(\S.*))?$")
CONTINUATION = re.compile(r"^ {20,}(\S.*)$")


@dataclass
class Entry:
    """An option, an argument or a command."""

    name: str  # "--size N|WxH", "INPUT ..." or "estimate".
    text: str


@dataclass
class Section:
    """Part of a help text: entries, or lines as they are (examples, exit statuses)."""

    title: str
    entries: list[Entry] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass
class Command:
    """A command and what its help says."""

    words: list[str]
    description: list[str] = field(default_factory=list)
    usage: str = ""
    sections: list[Section] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # What follows the options, as it is.
    children: list["Command"] = field(default_factory=list)

    @property
    def page(self) -> str:
        return "-".join(self.words)

    def options(self) -> list[Entry]:
        return [
            entry
            for section in self.sections
            for entry in section.entries
            if entry.name.startswith("-") and not is_literal(section)
        ]


def is_literal(section: Section) -> bool:
    """Whether a section is text, such as examples, rather than a list of entries."""
    if section.title in ("Arguments", "Commands"):
        return False
    return not section.entries or not all(entry.name.startswith("-") for entry in section.entries)


def read_command(program: Path, words: list[str]) -> Command:
    """The command `words` with all that are below it."""
    text = subprocess.run(
        [program, *words[1:], "--help"], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout
    command = Command(words)
    section: Section | None = None
    for line in text.splitlines():
        title = re.match(r"^([A-Z][A-Za-z ]*):(?: (.*))?$", line)
        if title and title[1] == "Usage":
            command.usage = title[2] or ""
        elif title and not title[2]:
            section = Section(title[1])
            command.sections.append(section)
        elif section is not None and line.startswith("  "):
            section.lines.append(line[2:])
            continuation, entry = CONTINUATION.match(line), ENTRY.match(line)
            if continuation and section.entries:
                last = section.entries[-1]
                last.text = f"{last.text} {continuation[1]}".strip()
            elif entry:
                section.entries.append(Entry(entry[1], entry[2] or ""))
        elif not command.usage:
            command.description += [line] if line else []
        elif line or section is None:
            section = None
            command.notes.append(line)
        else:
            section.lines.append("")
    if not command.usage or not command.description:
        raise SystemExit(f"{' '.join(words)} --help: has no description or no line 'Usage:'")
    for section in command.sections:
        if section.title == "Commands":
            command.children = [read_command(program, [*words, entry.name]) for entry in section.entries]
    return command


def walk(command: Command) -> list[Command]:
    """The command and all that are below it."""
    return [command] + [below for child in command.children for below in walk(child)]


def roff(text: str) -> str:
    """`text` for a manual page."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text.startswith((".", "'")) else text


def literal(lines: list[str]) -> list[str]:
    """Lines that a manual page shows as they are, without empty ones at the ends."""
    return [".nf", *map(roff, "\n".join(lines).strip("\n").splitlines()), ".fi"]


def man_page(command: Command, version: str) -> str:
    """The manual page of a command, in man(7)'s macros."""
    prose = " ".join(command.description)
    first_sentence, _, rest = prose.partition(". ")
    lines = [
        f'.TH {command.page.upper()} 1 "" "posenet {version}" "User Commands"',
        ".SH NAME",
        f"{roff(command.page)} \\- {roff(first_sentence.rstrip('.')[0].lower() + first_sentence.rstrip('.')[1:])}",
        ".SH SYNOPSIS",
        f".B {roff(command.usage)}",
        ".SH DESCRIPTION",
        roff(prose),
    ]
    for section in command.sections:
        lines.append(f".SH {section.title.upper()}")
        if is_literal(section):
            lines += literal(section.lines)
            continue
        for entry in section.entries:
            lines += [".TP", f".B {roff(entry.name.replace(',', ', '))}", roff(entry.text)]
    if any(command.notes):
        lines += [".SH NOTES", *literal(command.notes)]
    related = [child.page for child in command.children]
    if len(command.words) > 1:
        related.insert(0, "-".join(command.words[:-1]))
    if related:
        lines += [".SH SEE ALSO", ", ".join(f"\\fB{roff(page)}\\fR(1)" for page in related)]
    return "\n".join(lines) + "\n"


def option_names(entry: Entry) -> list[str]:
    """["-h", "--help"] of "-h,--help"."""
    return entry.name.split(" ")[0].split(",")


def values_of(entry: Entry) -> list[str]:
    """The values of "--fit pad|stretch|crop", unless one of them stands for others."""
    _, _, placeholder = entry.name.partition(" ")
    values = placeholder.split("|") if "|" in placeholder else []
    return values if all(re.fullmatch(r"[a-z0-9]+", value) for value in values) else []


def bash_completion(root: Command) -> str:
    """Completion for bash: commands, options, the values of options, and files otherwise."""
    cases = []
    for command in walk(root):
        words = [child.words[-1] for child in command.children]
        options = [name for entry in command.options() for name in option_names(entry)]
        cases.append(
            f'    "{" ".join(command.words)}")\n      words="{" ".join(words)}"\n      options="{" ".join(options)}" ;;'
        )
    values: dict[str, list[str]] = {}
    for command in walk(root):
        for entry in command.options():
            for name in option_names(entry):
                values.setdefault(name, [])
                values[name] += [value for value in values_of(entry) if value not in values[name]]
    value_cases = [f'    {name}) choices="{" ".join(found)}" ;;' for name, found in values.items() if found]
    newline = "\n"
    return f"""# bash completion for posenet; made from --help.
_posenet() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command=posenet words= options= choices= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${{COMP_WORDS[i]}}
    case "$command $word" in
{newline.join(f'      "{" ".join(command.words)}") command="$command $word" ;;' for command in walk(root)[1:])}
    esac
  done
  case "$command" in
{newline.join(cases)}
  esac
  case "$previous" in
{newline.join(value_cases)}
  esac
  if [[ $choices && $current != -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif [[ $words ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  else
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}}
complete -F _posenet posenet
"""


def zsh_quoted(text: str) -> str:
    """`text` inside of a single-quoted specification of _arguments."""
    return re.sub(r"([\[\]:\\])", r"\\\1", text).replace("'", "'\\''")


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[a-z0-9)])[.;:] ", text)[0].rstrip(".")


def zsh_completion(root: Command) -> str:
    """Completion for zsh, with descriptions."""
    functions = []
    for command in walk(root):
        name = "_" + command.page.replace("-", "_")
        specifications = []
        for entry in command.options():
            names = option_names(entry)
            _, _, placeholder = entry.name.partition(" ")
            values = values_of(entry)
            action = f"({' '.join(values)})" if values else "_files"
            value = f":{zsh_quoted(placeholder)}:{action}" if placeholder else ""
            for option in names:
                specifications.append(f"    '*{option}[{zsh_quoted(first_sentence(entry.text))}]{value}'")
        if command.children:
            children = "\n".join(
                f"    '{child.words[-1]}:{zsh_quoted(first_sentence(' '.join(child.description)))}'"
                for child in command.children
            )
            cases = "\n".join(
                f"    {child.words[-1]}) _{child.page.replace('-', '_')} ;;" for child in command.children
            )
            functions.append(
                f"{name}() {{\n  local -a commands=(\n{children}\n  )\n  _arguments -C \\\n"
                + " \\\n".join(specifications)
                + " \\\n    '1: :->command' '*:: :->rest'\n  case $state in\n"
                "  command) _describe command commands ;;\n  rest)\n    case $words[1] in\n"
                f"{cases}\n    esac ;;\n  esac\n}}\n"
            )
        else:
            functions.append(f"{name}() {{\n  _arguments \\\n" + " \\\n".join([*specifications, "    '*:file:_files'"]) + "\n}\n")
    return "#compdef posenet\n# zsh completion for posenet; made from --help.\n\n" + "\n".join(functions) + '\n_posenet "$@"\n'


def main() -> None:
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    program, output = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    root = read_command(program, ["posenet"])
    for folder in ("man", "bash", "zsh"):
        (output / folder).mkdir(parents=True, exist_ok=True)
    for command in walk(root):
        (output / "man" / f"{command.page}.1").write_text(man_page(command, version), encoding="utf-8")
    (output / "bash" / "posenet").write_text(bash_completion(root), encoding="utf-8")
    (output / "zsh" / "_posenet").write_text(zsh_completion(root), encoding="utf-8")


if __name__ == "__main__":
    main()
