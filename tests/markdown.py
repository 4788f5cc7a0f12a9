# SPDX-License-Identifier: GPL-2.0-only
"""Tables of the pages that tests write."""


def row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(head, rows):
    yield row(head)
    yield row(["---"] * len(head))
    for cells in rows:
        yield row(cells)
