#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Calls and includes go one way: from a room (a directory of module/ or userspace/) to those below it, and never
round in a circle, neither among rooms nor among the files of one. Who calls whom is read from the objects.

    prove tests/rooms.t
"""
import collections
import glob
import os
import re
import subprocess
import sys
import tempfile

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

# From the top down; what stands beside each other does not know each other. The empty name is the directory itself.
ROOMS = {
    "module": [[""], ["netlink"], ["watch"], ["detect", "mutant"], ["notifier"], ["device"], ["compat"]],
    "userspace": [["commands", "scenarios"], ["fuzz"], ["operations"], ["watching", "fixtures"], ["cli", "runner"],
                  ["report"], ["client"], ["model"]],
}
SERIES = ["6.1", "6.12"]
LINES_MOST = 600


def releases():
    for series in SERIES:
        found = sorted(glob.glob(f"/lib/modules/{series}.[0-9]*-amd64/build"))
        if found:
            yield found[0].split("/")[3]


def build():
    """The directories that have objects of module/ and userspace/; or raises what make says."""
    os.makedirs("build", exist_ok=True)
    places = {"module": [], "userspace": ["build/userspace"]}
    targets = [["devtlb"]]
    for release in releases():
        places["module"].append(f"build/{release}/module")
        targets.append([f"build/{release}/devtlb.ko", f"KDIR=/lib/modules/{release}/build"])
    for target in targets:
        # The lock of tests/vm/run, which builds the same.
        subprocess.run(["flock", "build/.lock", "make", "-s"] + target, check=True, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True)
    return places


def objects(source, place):
    """{source file: object}, of what has a source today: a build directory keeps those of yesterday."""
    for path in glob.glob(f"{source}/**/*.c", recursive=True):
        name = os.path.relpath(path, source)
        if os.path.exists(f"{place}/{name[:-2]}.o"):
            yield name, f"{place}/{name[:-2]}.o"


def calls(source, place):
    """{(file, file): the symbols of the second that the first uses}"""
    defined, used = {}, collections.defaultdict(set)
    for name, path in objects(source, place):
        for line in subprocess.run(["nm", path], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines():
            kind, symbol = line.split()[-2:]
            if kind == "U":
                used[symbol].add(name)
            elif kind in "TDBRVWC":
                defined[symbol] = name
    edges = collections.defaultdict(set)
    for symbol in set(used) & set(defined):
        for user in used[symbol] - {defined[symbol]}:
            edges[user, defined[symbol]].add(symbol)
    return edges


def includes(source):
    """{(file, file): {the name by which the first includes the second}}"""
    edges = collections.defaultdict(set)
    for path in glob.glob(f"{source}/**/*.[ch]", recursive=True):
        name = os.path.relpath(path, source)
        with open(path, encoding="utf-8") as file:
            for included in re.findall(r'^#include "(.*)"', file.read(), re.M):
                for directory in (source, os.path.dirname(path)):
                    if os.path.exists(f"{directory}/{included}"):
                        other = os.path.relpath(f"{directory}/{included}", source)
                        # A file's own header is a part of it.
                        if other != name and os.path.splitext(other)[0] != os.path.splitext(name)[0]:
                            edges[name, other].add(f'"{included}"')
                        break
    return edges


def told(edge, symbols):
    return f"{edge[0]} -> {', '.join(sorted(symbols))} -> {edge[1]}"


def wrong_way(rooms, edges):
    """Edges that lead from a room to one that is not below it."""
    level = {room: number for number, beside in enumerate(rooms) for room in beside}
    for edge, symbols in sorted(edges.items()):
        upper, lower = (os.path.dirname(name) for name in edge)
        if upper not in level or lower not in level:
            yield f"{told(edge, symbols)}: a room that is not in the list"
        elif upper != lower and level[upper] >= level[lower]:
            yield told(edge, symbols)


def reached(edges, start):
    seen, ahead = set(), [start]
    while ahead:
        for nearer, farther in edges:
            if nearer == ahead[-1] and farther not in seen:
                seen.add(farther)
                ahead.append(farther)
                break
        else:
            ahead.pop()
    return seen


def circles(edges):
    """Edges on a circle of files."""
    beyond = {name: reached(edges, name) for name in {edge[0] for edge in edges}}
    for edge, symbols in sorted(edges.items()):
        if edge[0] in beyond.get(edge[1], ()):
            yield told(edge, symbols)


def too_long(source):
    for path in sorted(glob.glob(f"{source}/**/*.[ch]", recursive=True)):
        with open(path, encoding="utf-8") as file:
            lines = len(file.readlines())
        if lines > LINES_MOST:
            yield f"{path} has {lines} lines"


def noticed():
    """Would any of it be seen? Three files: one calls and includes upwards, two are a circle, one is too long."""
    files = {
        "low/a.c": "void b(void);\nvoid a(void)\n{\n\tb();\n}\n",
        "low/b.c": "void a(void);\nvoid c(void);\nvoid b(void)\n{\n\ta();\n\tc();\n}\n",
        "high/c.c": '#include "low/b.h"\nvoid c(void)\n{\n}\n' + "\n" * LINES_MOST,
        "high/c.h": "",
        "low/b.h": '#include "high/c.h"\n',
    }
    rooms = [["high"], ["low"]]
    with tempfile.TemporaryDirectory() as place:
        for name, text in files.items():
            os.makedirs(os.path.dirname(f"{place}/{name}"), exist_ok=True)
            with open(f"{place}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        for name in files:
            if name.endswith(".c"):
                subprocess.run(["gcc", f"-I{place}", "-c", "-o", f"{place}/{name[:-2]}.o", f"{place}/{name}"],
                               check=True)
        made = calls(place, place)
        yield "a call upwards", list(wrong_way(rooms, made)), ["low/b.c -> c -> high/c.c"]
        yield "a circle", list(circles(made)), ["low/a.c -> b -> low/b.c", "low/b.c -> a -> low/a.c"]
        yield "an include upwards", list(wrong_way(rooms, includes(place))), ['low/b.h -> "high/c.h" -> high/c.h']
        yield "a file that is too long", [line.split("/")[-1] for line in too_long(place)], [
            f"c.c has {LINES_MOST + 4} lines"]


def main():
    row, failed = 0, False

    def result(name, complaints):
        nonlocal row, failed
        row += 1
        failed |= bool(complaints)
        print(f"{'not ok' if complaints else 'ok'} {row} - {name}")
        for line in complaints:
            print(f"# {line}")

    print(f"1..{5 * len(ROOMS) + 4}")
    try:
        places = build()
    except subprocess.CalledProcessError as error:
        result("it builds", error.stdout.splitlines())
        return 1
    for source, rooms in ROOMS.items():
        edges = collections.defaultdict(set)
        for place in places[source]:
            for edge, symbols in calls(source, place).items():
                edges[edge] |= symbols
        have = {name for place in places[source] for name, _ in objects(source, place)}
        result(f"{source}: there are objects, and calls from one to another",
               [] if len(have) > 10 and len(edges) > 10 else [f"{len(have)} objects, {len(edges)} edges"])
        result(f"{source}: calls go down", list(wrong_way(rooms, edges)))
        result(f"{source}: no files call each other in a circle", list(circles(edges)))
        headers = includes(source)
        result(f"{source}: includes go down, and in no circle",
               sorted(set(wrong_way(rooms, headers)) | set(circles(headers))))
        result(f"{source}: no file has more than {LINES_MOST} lines", list(too_long(source)))
    for name, got, want in noticed():
        result(f"{name} is noticed", [] if got == want else [f"got {got}"])
    return 1 if failed else 0


sys.exit(main())
