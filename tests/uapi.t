#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The netlink interface is written down once, in uapi/devtlb.yaml. Is what is generated from it what is there; and
what generation cannot promise: that numbers stay, that C can use the header, that the spec is one of the kernel's
kind? Each comparison must go red on a defect in a copy.

    prove tests/uapi.t
    KERNEL_SOURCE=~/linux prove tests/uapi.t    # and the kernel's schema of specs
"""
import copy
import glob
import importlib.machinery
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("1..0 # SKIP install python3-yaml")
    sys.exit(0)
try:
    import jsonschema
except ImportError:
    jsonschema = None

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
CC = os.environ.get("CC", "gcc")
CXX = os.environ.get("CXX", "g++")
if not shutil.which(CC):
    print(f"1..0 # SKIP install {CC}")
    sys.exit(0)


def load_generator():
    loader = importlib.machinery.SourceFileLoader("generate", "uapi/generate")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("generate", loader))
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


GENERATOR = load_generator()
SPEC, NUMBERS, INSN = "uapi/devtlb.yaml", "tests/uapi-numbers", "uapi/devtlb.h"


def generated(sources):
    return GENERATOR.generate(yaml.safe_load(sources[SPEC]))


# The comparisons: each returns its complaints

def regenerated(sources):
    """Nobody has changed by hand what is generated."""
    with tempfile.TemporaryDirectory() as root:
        made = generated(sources)
        for path in made:
            os.makedirs(os.path.dirname(f"{root}/{path}"), exist_ok=True)
            with open(f"{root}/{path}", "w", encoding="utf-8") as file:
                file.write(sources[path])
        return [f"{path} is not what uapi/generate makes: run it" for path in GENERATOR.differing(made, root)]


def with_headers(sources, suffix, program, command):
    """Compiles a program against copies of the headers; returns what it prints, or raises what the compiler says."""
    with tempfile.TemporaryDirectory() as place:
        for path in glob.glob("uapi/*.h"):
            with open(f"{place}/{os.path.basename(path)}", "w", encoding="utf-8") as file:
                file.write(sources[path])
        with open(f"{place}/program.{suffix}", "w", encoding="utf-8") as file:
            file.write(program)
        subprocess.run(command + [f"-I{place}", "-o", f"{place}/program", f"{place}/program.{suffix}"], check=True,
                       stderr=subprocess.PIPE, text=True)
        return subprocess.run([f"{place}/program"], check=True, text=True, stdout=subprocess.PIPE).stdout


def values(sources, expressions):
    """What the C compiler says that each expression is."""
    lines = "".join(f'printf("%lld\\n", (long long)({expression}));\n' for expression in expressions)
    output = with_headers(sources, "c", '#include <stddef.h>\n#include <stdio.h>\n#include "devtlb.h"\n'
                          f"int main(void)\n{{\n{lines}return 0;\n}}\n", [CC, "-std=gnu11", "-w"])
    return dict(zip(expressions, map(int, output.split())))


def numbers(sources):
    """What the last release had still has its number: others may have been compiled with it."""
    of_old = dict(re.findall(r"^(DEVTLB_\w+) (\d+)$", sources[NUMBERS], re.M))
    now = values(sources, list(of_old))
    return [f"{name} was {number} and is {now[name]}" for name, number in of_old.items() if now[name] != int(number)]


def all_released(sources):
    """Nothing was taken out of the list."""
    known = re.findall(r"^(DEVTLB_\w+) \d+$", sources[NUMBERS], re.M)
    return [] if len(known) == len(set(known)) == int(re.search(r"^# (\d+) numbers", sources[NUMBERS], re.M)[1]) else [
        f"{len(set(known))} numbers, the first line says otherwise"]


def layout(sources):
    """struct devtlb_insn: 32 bytes, no holes, aligned to eight."""
    insn = "struct devtlb_insn"
    body = re.search(insn + r" \{(.*?)\};", sources[INSN], re.S)[1]
    fields = re.findall(r"(\w+);", body)
    at = [f"offsetof({insn}, {field})" for field in fields]
    size = [f"sizeof((({insn} *)0)->{field})" for field in fields]
    actual = values(sources, at + size + [f"sizeof({insn})", f"_Alignof({insn})"])
    end, complaints = 0, []
    for field, begins, bytes_ in zip(fields, at, size):
        if actual[begins] != end:
            complaints.append(f"a hole before {field}, at {end}")
        end = actual[begins] + actual[bytes_]
    if (end, actual[f"sizeof({insn})"], actual[f"_Alignof({insn})"]) != (32, 32, 8):
        complaints.append(f"its fields end at {end}; it has {actual[f'sizeof({insn})']} bytes")
    return complaints


def longest_program(sources):
    """The policy lets the longest program pass, and not one instruction more."""
    spec = yaml.safe_load(sources[SPEC])
    thread = next(s for s in spec["attribute-sets"] if s["name"] == "thread")
    program = next(a for a in thread["attributes"] if a["name"] == "program")
    most = values(sources, ["DEVTLB_PROGRAM_MAX * sizeof(struct devtlb_insn)"]).popitem()[1]
    return [] if program["checks"]["max-len"] == most else [f"max-len is not {most}"]


# Twice: the guard, too.
ALONE = '#include "devtlb.h"\n#include "devtlb.h"\nstruct devtlb_insn devtlb_alone;\nint main(void) { return 0; }\n'


def as_c(sources):
    with_headers(sources, "c", ALONE, [CC, "-Wall", "-Wextra", "-Werror", "-std=c99", "-pedantic"])
    return []


def as_cplusplus(sources):
    with_headers(sources, "cc", ALONE, [CXX, "-Wall", "-Wextra", "-Werror", "-std=c++11", "-pedantic"])
    return []


def described(sources):
    """The generator does not let pass what has no doc."""
    generated(sources)
    return []


def used(sources):
    """What a command takes is looked at, and what one replies is put, by somebody."""
    spec = GENERATOR.Spec(yaml.safe_load(sources[SPEC]))
    complaints = []
    for attributes in spec.sets.values():
        for attribute in attributes.entries:
            if attribute["type"] in ("unused", "pad"):
                continue
            if attribute not in spec.requested(attributes) + spec.replied(attributes):
                complaints.append(f"{attribute.c_name}: no command takes or replies it")
            if not re.search(rf"\b{attribute.c_name}\b", sources["handlers"] + sources["module/netlink/subjects.c"]):
                complaints.append(f"{attribute.c_name}: nobody in module/netlink knows it")
    return complaints


def schema(sources):
    """What the kernel wants of a spec."""
    path = os.path.join(os.environ["KERNEL_SOURCE"], "Documentation/netlink/genetlink-c.yaml")
    with open(path, encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(yaml.safe_load(file))
    return [f"{'/'.join(map(str, e.path))}: {e.message}"
            for e in validator.iter_errors(yaml.safe_load(sources[SPEC]))]


COMPARISONS = {
    regenerated: "regenerated: no difference",
    numbers: "what the last release had has the same number",
    all_released: "... and nothing was taken out of the list of them",
    layout: "struct devtlb_insn has 32 bytes and no holes, and is aligned to eight",
    longest_program: "the longest program passes the policy, and no longer one",
    as_c: "the header compiles alone as C99",
    as_cplusplus: "the header compiles alone as C++",
    described: "everything in the YAML is described",
    used: "every attribute is taken or replied by a command, and known to the module",
    schema: "the YAML keeps to the kernel's schema",
}

# The comparison that must go red, the file, what is replaced by what (each once).
DEFECTS = [
    (regenerated, SPEC, "another lowest value",
     r"(name: check-every\n        type: u32\n)", r"\1        checks:\n          min: 1\n"),
    (regenerated, SPEC, "another length", r"(max-len: )chain-max - 1", r"\1chain-max"),
    (regenerated, SPEC, "other words", r"faults handled for the device", "faults handled"),
    (regenerated, SPEC, "a command for everybody",
     r"(name: site-get\n(?:      .*\n)*?)      flags: \[ admin-perm \]\n", r"\1"),
    (numbers, NUMBERS, "an attribute had another number", r"^(DEVTLB_A_PASID_FILLS )\d+$", r"\g<1>99"),
    (numbers, "uapi/devtlb_netlink.h", "a command more, in the middle", r"(\tDEVTLB_CMD_THREAD_STOP,\n)",
     r"\1\tDEVTLB_CMD_THREAD_NEW,\n"),
    (numbers, "uapi/devtlb_netlink.h", "an attribute is missing", r"\tDEVTLB_A_AUDIT_HELD,\n", ""),
    (numbers, "uapi/devtlb_netlink.h", "a constant changes", r"(DEVTLB_REGS\s+)8", r"\g<1>16"),
    (all_released, NUMBERS, "a number is forgotten", r"^DEVTLB_REGS \d+\n", ""),
    (layout, INSN, "a hole", r"\t__u32 reserved;\n", ""),
    (layout, INSN, "a field more", r"(\t__u64 value;\n)", r"\1\t__u64 more;\n"),
    (longest_program, SPEC, "another length of programs", r"max-len: 2048", "max-len: 2016"),
    (as_c, INSN, "an include is missing", r"#include <linux/types\.h>\n", ""),
    (as_c, INSN, "no guard", r"#ifndef _UAPI_DEVTLB_H\n", "#if 1\n"),
    (as_cplusplus, INSN, "a keyword of C++", r"__u32 reserved;", "__u32 class;"),
    (described, SPEC, "an attribute without doc",
     r"(name: check-every\n        type: u32\n)        doc: >-\n(?:          .*\n)+", r"\1"),
    (used, "handlers", "an attribute is not sent", r"nla_put_flag\(skb, DEVTLB_A_PASID_FRACTURE\)|"
     r"info->attrs\[DEVTLB_A_PASID_FRACTURE\]", "0"),
    (used, SPEC, "an attribute of no command", r"(      -\n        name: exempt\n)",
     r"      -\n        name: new\n        type: u32\n        doc: new\n\1"),
    (schema, SPEC, "a property that the schema does not know", r"^protocol: genetlink-c$",
     "protocol: genetlink-c\nprotocol-version: 1"),
]


def complaints_of(comparison, sources):
    try:
        return comparison(sources)
    except subprocess.CalledProcessError as error:
        return error.stderr.splitlines() or [str(error)]
    except KeyError as error:
        return [f"missing: {error}"]


def why_not(comparison):
    """Why a comparison cannot be made here; None if it can."""
    if comparison is as_cplusplus and not shutil.which(CXX):
        return f"install {CXX}"
    if comparison is schema:
        if "KERNEL_SOURCE" not in os.environ:
            return "set KERNEL_SOURCE to a kernel's source"
        if not jsonschema:
            return "install python3-jsonschema"
    return None


def read_sources():
    sources = {}
    with open(SPEC, encoding="utf-8") as file:
        sources[SPEC] = file.read()
    made = generated(sources)
    handlers = [path for path in sorted(glob.glob("module/netlink/*.c")) if path not in made]
    for path in [NUMBERS, *glob.glob("uapi/*.h"), *made, *handlers]:
        with open(path, encoding="utf-8") as file:
            sources[path] = file.read()
    sources["handlers"] = "".join(sources[path] for path in handlers)
    return sources, list(made)


def main():
    sources, made = read_sources()
    by_hand = [(regenerated, path, "something is changed by hand", r"\Z", "\n") for path in made]
    defects = by_hand + DEFECTS
    print(f"1..{len(COMPARISONS) + len(defects) + 1}")
    row, failed = 0, False

    def result(good, name, diagnosis=(), skip=None):
        nonlocal row, failed
        row += 1
        failed |= not good
        print(f"{'ok' if good else 'not ok'} {row} - {name}" + (f" # SKIP {skip}" if skip else ""))
        for line in diagnosis:
            print(f"# {line}")

    before = {}
    for comparison, name in COMPARISONS.items():
        skip = why_not(comparison)
        complaints = [] if skip else complaints_of(comparison, sources)
        before[comparison] = set(complaints)
        result(not complaints, name, complaints, skip)
    for comparison, file, name, old, new in defects:
        title = f"red: {file}: {name}"
        skip = why_not(comparison)
        if skip:
            result(True, title, skip=skip)
            continue
        broken = copy.copy(sources)
        broken[file], replaced = re.subn(old, new, sources[file], flags=re.M)
        noticed = set(complaints_of(comparison, broken)) - before[comparison]
        if not replaced or broken[file] == sources[file]:
            result(False, title, ["the defect was not put in; mend this test"])
        else:
            result(bool(noticed), title, [] if noticed else ["nobody noticed"])
    result({d[0] for d in defects} == set(COMPARISONS), "every comparison has a defect that turns it red")
    return 1 if failed else 0


sys.exit(main())
