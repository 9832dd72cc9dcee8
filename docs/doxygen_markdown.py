#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Doxygen's filter for Markdown files: gives headings the anchors that GitHub gives them, and turns links to them into
references. Prints the file that is named on the command line."""
import collections
import pathlib
import re
import sys


def page_name(file):
    return re.sub(r'[^a-z0-9]+', '_', str(file.with_suffix('')).lower())


def anchor(file, heading):
    """The anchor of a heading, unique among all pages."""
    words = re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-')
    return f'{page_name(file)}-{words}'


def main():
    root = pathlib.Path.cwd()
    file = pathlib.Path(sys.argv[1]).resolve().relative_to(root)

    def reference(match):
        target, fragment = match.groups()
        page = (root / file.parent / target).resolve().relative_to(root) if target else file
        return f'](@ref {anchor(page, fragment)})'

    in_code = False
    has_title = False
    headings = collections.Counter()
    for line in (root / file).read_text().splitlines():
        if line.lstrip().startswith('```'):
            in_code = not in_code
        elif not in_code:
            line = re.sub(r'\]\(([^():#]*)#([^()]*)\)', reference, line)
            heading = re.fullmatch(r'(#+) (.*)', line)
            if heading and heading.group(1) == '#' and not has_title:
                has_title = True
                line += ' {#mainpage}' if str(file) == 'README.md' else f' {{#{page_name(file)}}}'
            elif heading:
                # GitHub numbers headings that are repeated: #added, #added-1.
                count = headings[heading.group(2)]
                headings[heading.group(2)] += 1
                suffix = f'-{count}' if count else ''
                line += f' {{#{anchor(file, heading.group(2))}{suffix}}}'
        print(line)


main()
