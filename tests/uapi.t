#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The netlink interface is written down four times: uapi/devtlb.h, uapi/devtlb.yaml,
module/netlink/*.c and the tool's attribute tables. Do they agree? And would this test
notice if they did not: each comparison must go red on a defect in a copy.

    prove tests/uapi.t
    KERNEL_SOURCE=~/linux prove tests/uapi.t    # and the kernel's schema of specs
"""
import copy
import glob
import importlib.machinery
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

FILES = {
    "yaml": "uapi/devtlb.yaml",
    "header": "uapi/devtlb.h",
    "module": "module/netlink/*.c",
    "limits": "module/**/*.h",
    "tool": "userspace/client/attributes.c userspace/model/callback.c",
    "client": "userspace/client/client.c",
    "mutants": "userspace/model/mutant.c",
}
# Of enum devtlb_thread_state the members are not called after the enum.
PREFIX = {"thread-state": "DEVTLB_THREAD_"}


# What is read from the files

def words(text):
    return " ".join(text.split())


def c_name(prefix, name):
    return (prefix + name).upper().replace("-", "_")


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def kernel_doc(comment):
    """{member: text} of a kernel-doc comment."""
    members, member = {}, None
    for line in comment.split("\n"):
        line = re.sub(r"^ \*\s?", "", line)
        start = re.match(r"@(\w+):\s*(.*)", line)
        if start:
            member = start[1]
            members[member] = start[2]
        elif member and line.strip():
            members[member] += " " + line
        else:
            member = None
    return {member: words(text) for member, text in members.items()}


def header_blocks(header, kind):
    """{name: (body, kernel-doc or None)} of the header's enums or structs."""
    blocks = {}
    for block in re.finditer(rf"^{kind} (\w+) \{{(.*?)^\}};", header, re.S | re.M):
        before = header[:block.start()]
        comment = re.search(r"/\*\*((?:(?!\*/).)*)\*/\n\Z", before, re.S)
        doc = None
        if comment and re.match(rf"\n \* {kind} {block[1]} - ", comment[1]):
            doc = kernel_doc(comment[1])
        blocks[block[1]] = (block[2], doc)
    return blocks


def header_enums(header):
    """{enum: [members]}, without the private ones."""
    enums = {}
    for name, (body, _) in header_blocks(header, "enum").items():
        body = without_comments(body.split("/* private:")[0])
        enums[name] = re.findall(r"^\s*(\w+)", body, re.M)
    return enums


def header_fields(header, struct):
    body = header_blocks(header, "struct")[struct][0]
    return re.findall(r"(\w+);", without_comments(body))


def header_commands(header):
    """{command: ("do", "dump" or its multicast group, text)} of the sections of the
    first comment."""
    intro = re.search(r"/\*\n \* devtlb:(.*?)\*/", header, re.S)[1]
    intro = re.sub(r"^ \* ?", "", intro, flags=re.M)
    parts = re.split(r'^(DEVTLB_CMD_\w+)(?: \((dump|multicast group "\w+")\))?\n-+$', intro,
                     flags=re.M)
    return {parts[i]: (parts[i + 1] or "do", words(parts[i + 2]))
            for i in range(1, len(parts), 3)}


def header_strings(header):
    """{name: text} of the constants that are strings."""
    return dict(re.findall(r'^#define (DEVTLB_\w+)\s+"(.*)"', header, re.M))


def compile_and_run(header, source):
    """The output of a program that includes the header; or raises what gcc says."""
    with tempfile.TemporaryDirectory() as place:
        with open(f"{place}/devtlb.h", "w", encoding="utf-8") as file:
            file.write(header)
        with open(f"{place}/probe.c", "w", encoding="utf-8") as file:
            file.write('#include "devtlb.h"\n' + source)
        subprocess.run([CC, "-std=gnu11", "-w", f"-I{place}", "-o", f"{place}/probe",
                        f"{place}/probe.c"], check=True, stderr=subprocess.PIPE,
                       text=True)
        return subprocess.run([f"{place}/probe"], check=True, text=True,
                              stdout=subprocess.PIPE).stdout


def values(header, expressions):
    """What the C compiler says that each expression is."""
    lines = "".join(f'printf("%lld\\n", (long long)({expression}));\n'
                    for expression in expressions)
    output = compile_and_run(header, "#include <stddef.h>\n#include <stdio.h>\n"
                             f"int main(void)\n{{\n{lines}return 0;\n}}\n")
    return dict(zip(expressions, map(int, output.split())))


class Spec:
    """devtlb.yaml with everything that it leaves implicit."""

    def __init__(self, text):
        self.tree = yaml.safe_load(text)
        self.sets = {s["name"]: s for s in self.tree["attribute-sets"]}
        self.operations = {c_name(self.tree["operations"]["name-prefix"], op["name"]): op
                           for op in self.tree["operations"]["list"]}
        self.definitions = {d["name"]: d for d in self.tree["definitions"]}
        self.enums = {}         # C enum: {C member: number}
        self.docs = {}          # C member: doc
        self.attributes = {}    # C attribute: its description
        for name, definition in self.definitions.items():
            if definition["type"] == "enum":
                prefix = PREFIX.get(name, f"devtlb-{name}-")
                self.number(c_name("", f"devtlb-{name}").lower(), prefix,
                            definition["entries"], definition.get("value-start", 0))
        for attributes in self.sets.values():
            self.number(c_name("", attributes["enum-name"]).lower(),
                        attributes["name-prefix"], attributes["attributes"], 1)
            for attribute in attributes["attributes"]:
                self.attributes[c_name(attributes["name-prefix"],
                                       attribute["name"])] = attribute
        operations = self.tree["operations"]
        self.number(c_name("", operations["enum-name"]).lower(),
                    operations["name-prefix"], operations["list"], 1)

    def number(self, enum, prefix, entries, number):
        self.enums[enum] = {}
        for entry in entries:
            number = entry.get("value", number)
            name = c_name(prefix, entry["name"])
            self.enums[enum][name] = number
            self.docs[name] = entry.get("doc", "")
            number += 1

    def members(self, command, direction):
        """C names of the attributes in a command's "request" or "reply"; an event is
        a reply to nobody."""
        op = self.operations[command]
        prefix = self.sets[op["attribute-set"]]["name-prefix"]
        kind = op.get("do", op.get("dump", {"reply": op.get("event")}))
        return {c_name(prefix, name)
                for name in (kind.get(direction) or {}).get("attributes", [])}

    def commands(self):
        return [name for name, op in self.operations.items() if op["name"] != "unspec"]

    def events(self):
        return {name for name in self.commands() if "event" in self.operations[name]}

    def groups(self):
        return {group["name"] for group in self.tree["mcast-groups"]["list"]}


class Module:
    """module/netlink/*.c: its operations and events, and the attributes they take and put."""

    def __init__(self, text):
        text = without_comments(text)
        self.bodies = {f[1]: f[2] for f in re.finditer(
            r"^(?:static )?[\w ]+[ *](\w+)\([^;{]*\)\n\{\n(.*?)^\}", text, re.S | re.M)}
        table = re.search(r"devtlb_ops\[\] = \{(.*?)^\};", text, re.S | re.M)[1]
        self.operations = {}
        for entry in re.split(r"\}, \{", table):
            op = dict(re.findall(r"\.(\w+) = (\w+)", entry))
            self.operations[op.pop("cmd")] = op
        self.jobs = dict(re.findall(r"\[(DEVTLB_CMD_\w+)\] = (\w+)", text))
        self.policies = {}
        for policy in re.finditer(r"nla_policy (\w+)\[.*?\] = \{(.*?)^\};", text,
                                  re.S | re.M):
            entries = re.split(r"\[(DEVTLB_A_\w+)\] =", policy[2])
            self.policies[policy[1]] = dict(zip(entries[1::2], entries[2::2]))

        groups = re.search(r"genl_multicast_group \w+\[\] = \{(.*?)^\};", text, re.S | re.M)
        self.groups = set(re.findall(r"\.name = (\w+)", groups[1])) if groups else set()

    def handlers(self, command):
        """The function behind an operation; those that make an event."""
        op = self.operations.get(command)
        if op:
            return [self.jobs.get(command) or op.get("doit") or op.get("dumpit")]
        return [name for name, body in self.bodies.items() if re.search(rf"\b{command}\b", body)]

    def reached_by(self, command):
        return "".join(self.reached(name) for name in self.handlers(command))

    def reached(self, function, seen=None):
        """The text of a function and of all that it calls in this file."""
        seen = set() if seen is None else seen
        if function in seen:
            return ""
        seen.add(function)
        body = self.bodies[function]
        return body + "".join(self.reached(name, seen)
                              for name in re.findall(r"\b(\w+)\(", body)
                              if name in self.bodies)

    def replies(self, command):
        """{attribute: which nla_put puts it}"""
        return {name: put[1] for put in re.finditer(
            r"\b(nla_put\w*)\(\s*\w+,([^,;()]*)", self.reached_by(command))
                for name in re.findall(r"DEVTLB_A_\w+", put[2])}

    def requests(self, command):
        text = self.reached_by(command)
        pairs = re.findall(r"devtlb_netlink_get_who\(cb, (DEVTLB_A_\w+),\s+(DEVTLB_A_\w+)", text)
        return {name for pair in pairs for name in pair} | set(re.findall(
            r"(?:attrs\[|dump_pasid\(cb, |request_pasid\(skb, info,\s+)(DEVTLB_A_\w+)", text))


def tool_tables(sources):
    """{set: {attribute: (key, type, names)}}"""
    tables = {}
    for table in re.finditer(r"struct attribute (\w+)_attributes\[\] = \{(.*?)\{ 0, NULL",
                             sources["tool"] + sources["client"], re.S):
        tables[table[1]] = {row[0]: row[1:] for row in re.findall(
            r'\{\s*(\w+),\s*"([^"]*)",\s*ATTRIBUTE_(\w+),\s*(\w+)\s*\}', table[2])}
    return tables


def differences(what, ours, theirs, left, right):
    return ([f"{what}{x}: in {left}, not in {right}" for x in sorted(ours - theirs)] +
            [f"{what}{x}: in {right}, not in {left}" for x in sorted(theirs - ours)])


# The comparisons: each returns its complaints

def numbers(sources):
    spec, enums = Spec(sources["yaml"]), header_enums(sources["header"])
    complaints = differences("enum ", set(enums), set(spec.enums), "header", "YAML")
    actual = values(sources["header"], [m for ms in enums.values() for m in ms])
    for enum in set(enums) & set(spec.enums):
        complaints += differences("", set(enums[enum]), set(spec.enums[enum]),
                                  "header", "YAML")
        complaints += [f"{m} is {actual[m]} in the header, {n} in the YAML"
                       for m, n in spec.enums[enum].items()
                       if actual.get(m, n) != n]
    return complaints


def constants(sources):
    spec = Spec(sources["yaml"])
    expected = {}
    for name, definition in spec.definitions.items():
        if definition["type"] == "const":
            expected[c_name("devtlb-", name)] = definition["value"]
        if definition["type"] == "flags":
            for bit, entry in enumerate(definition["entries"]):
                expected[c_name(f"devtlb-{name}-", entry["name"])] = 1 << bit
    # A spec of protocol "genetlink" has no place for the version: it is 1.
    expected["DEVTLB_GENL_VERSION"] = 1
    defined = set(re.findall(r"^#define (DEVTLB_\w+)\s+\S", sources["header"], re.M))
    strings = header_strings(sources["header"])
    complaints = differences("", defined - set(strings), set(expected), "header", "YAML")
    actual = values(sources["header"], sorted(defined & set(expected)))
    complaints += [f"{n} is {actual[n]} in the header, {v} in the YAML"
                   for n, v in expected.items() if actual.get(n, v) != v]
    family = strings.pop("DEVTLB_GENL_NAME")
    if family != spec.tree["name"]:
        complaints.append(f"the family is {family} in the header, {spec.tree['name']} in the YAML")
    complaints += differences("string ", set(strings.values()), spec.groups(),
                              "header", "YAML's multicast groups")
    return complaints


def operations(sources):
    spec, module = Spec(sources["yaml"]), Module(sources["module"])
    described = header_commands(sources["header"])
    commands, events = set(spec.commands()), spec.events()
    complaints = differences("", set(module.operations), commands - events, "module", "YAML")
    complaints += differences("", set(described), commands, "header's text", "YAML")
    groups = {header_strings(sources["header"]).get(name, name) for name in module.groups}
    complaints += differences("multicast group ", groups, spec.groups(), "module", "YAML")
    for event in events:
        group = spec.operations[event].get("mcgrp")
        if group not in spec.groups():
            complaints.append(f"{event}: no multicast group in the YAML")
        if described.get(event, [""])[0] != f'multicast group "{group}"':
            complaints.append(f"{event}: YAML and the header's text differ about its group")
        if not module.handlers(event):
            complaints.append(f"{event}: in the YAML, not in the module")
    for command in (commands - events) & set(module.operations) & set(described):
        op, ours = spec.operations[command], module.operations[command]
        if ("do" in op, "dump" in op) != ("doit" in ours, "dumpit" in ours):
            complaints.append(f"{command}: do or dump? YAML and module differ")
        if ("dump" if "dump" in op else "do") != described[command][0]:
            complaints.append(f"{command}: do or dump? YAML and the header's text differ")
        if ("admin-perm" in op.get("flags", [])) != (ours.get("flags") == "GENL_ADMIN_PERM"):
            complaints.append(f"{command}: YAML and module differ about privilege")
    return complaints


def requests(sources):
    spec, module = Spec(sources["yaml"]), Module(sources["module"])
    described = header_commands(sources["header"])
    complaints, taken = [], {}
    for command in set(spec.commands()) - spec.events():
        ours = spec.members(command, "request")
        complaints += differences(f"{command} request: ", module.requests(command), ours,
                                  "module", "YAML")
        text = re.search(r"Request: (.*?)(Reply:|$)", described[command][1])
        text = set(re.findall(r"DEVTLB_A_\w+\*?", text[1])) if text else set()
        for some in [name for name in text if name.endswith("*")]:
            text.remove(some)
            text |= {name for name, attribute in spec.attributes.items()
                     if name.startswith(some[:-1]) and
                     attribute["type"] not in ("unused", "pad")}
        complaints += differences(f"{command} request: ", text, ours,
                                  "header's text", "YAML")
        policy = module.operations.get(command, {}).get("policy")
        if policy:
            taken.setdefault(policy, set()).update(ours)
        elif ours:
            complaints.append(f"{command} takes attributes, but has no policy")
    for policy, attributes in taken.items():
        complaints += differences(f"{policy}: ", set(module.policies[policy]), attributes,
                                  "module", "YAML's requests")
    return complaints


def policies(sources):
    """uapi/generate makes them; nobody else has changed them."""
    generator = importlib.machinery.SourceFileLoader("generate", "uapi/generate").load_module()
    generated = generator.generate(generator.Spec(yaml.safe_load(sources["yaml"])))
    return [f"module/netlink/{name} is not what uapi/generate makes: run it"
            for name, text in generated.items() if text not in sources["module"] + sources["limits"]]


def replies(sources):
    spec, module = Spec(sources["yaml"]), Module(sources["module"])
    put = {"nla_put": "binary", "nla_put_u32": "u32", "nla_put_u64_64bit": "u64",
           "nla_put_string": "string", "nla_put_flag": "flag"}
    complaints = []
    for command in spec.commands():
        theirs = module.replies(command)
        complaints += differences(f"{command} reply: ", set(theirs),
                                  spec.members(command, "reply"), "module", "YAML")
        complaints += [f"{name}: {call}() in the module, {spec.attributes[name]['type']} in the YAML"
                       for name, call in theirs.items()
                       if name in spec.attributes and
                       spec.attributes[name]["type"] != put[call]]
    return complaints


def keys(sources):
    spec, tables = Spec(sources["yaml"]), tool_tables(sources)
    types = {"HEX": "u64", "STRINGS": "string", "U64S": "binary", "ENUM": "u32",
             "RIGHTS": "u32"}
    complaints, wanted = [], {}
    for command in spec.commands():
        # The answers to "bind" and "start" are one number, which nobody prints.
        if re.search("_GET$|_AUDIT$|_NTF$", command):
            name = spec.operations[command]["attribute-set"]
            wanted.setdefault(name, set()).update(spec.members(command, "reply"))
    complaints += differences("table of ", set(tables), set(wanted), "tool", "YAML")
    for name in set(tables) & set(wanted):
        complaints += differences(f"{name}: ", set(tables[name]), wanted[name],
                                  "tool", "YAML's replies")
        for attribute, (key, kind, _) in tables[name].items():
            ours = spec.attributes.get(attribute)
            if not ours:
                continue
            if ours["name"] != key:
                complaints.append(f"{attribute}: \"{key}\" in JSON, \"{ours['name']}\" in the YAML")
            shape = (ours["type"], ours.get("display-hint") == "hex",
                     ours.get("multi-attr", False), ours.get("sub-type") == "u64",
                     "enum" in ours and not ours.get("enum-as-flags"),
                     ours.get("enum-as-flags", False))
            if shape != (types.get(kind, kind.lower()), kind == "HEX", kind == "STRINGS",
                         kind == "U64S", kind == "ENUM", kind == "RIGHTS"):
                complaints.append(f"{attribute}: ATTRIBUTE_{kind} in the tool, {ours} in the YAML")
    return complaints


def value_names(sources):
    """Enum values in JSON are called as in the YAML; the callback as in the kernel."""
    spec, complaints = Spec(sources["yaml"]), []
    names = {}
    for table in re.finditer(r"(\w+)_names\[\] = \{(.*?)\};", sources["tool"], re.S):
        names[f"{table[1]}_names"] = dict(re.findall(r'\[(DEVTLB_\w+)\] = "(.*?)"', table[2]))
    for table in tool_tables(sources).values():
        for attribute, (_, kind, table_name) in table.items():
            if kind != "ENUM" or attribute not in spec.attributes:
                continue
            enum = spec.attributes[attribute].get("enum", "?")
            prefix = PREFIX.get(enum, f"devtlb-{enum}-")
            entries = {c_name(prefix, e["name"]): e
                       for e in spec.definitions.get(enum, {"entries": []})["entries"]}
            complaints += differences(f"{table_name}: ", set(names[table_name]), set(entries),
                                      "tool", "YAML")
            for member, name in names[table_name].items():
                entry = entries.get(member, {"name": name})
                if name != entry["name"] and not entry["doc"].startswith(f"->{name}:"):
                    complaints.append(f"{member}: \"{name}\" in JSON, \"{entry['name']}\" in the YAML")
    return complaints


def mutant_names(sources):
    """On the command line, mutants are called as in the YAML."""
    spec = Spec(sources["yaml"])
    ours = {c_name("devtlb-mutant-", entry["name"]): entry["name"]
            for entry in spec.definitions["mutant"]["entries"]}
    theirs = dict(re.findall(r'\.kind = (DEVTLB_MUTANT_\w+), \.name = "(.*?)"',
                             sources["mutants"]))
    complaints = differences("", set(theirs), set(ours), "tool", "YAML")
    complaints += [f"{member}: \"{name}\" in the tool, \"{ours[member]}\" in the YAML"
                   for member, name in theirs.items() if ours.get(member, name) != name]
    return complaints


def kernel_docs(sources):
    """Every member is described, and nothing else."""
    header, complaints = sources["header"], []
    members = dict(header_enums(header))
    members["devtlb_insn"] = header_fields(header, "devtlb_insn")
    blocks = header_blocks(header, "enum") | header_blocks(header, "struct")
    for name, (_, doc) in blocks.items():
        if doc is None:
            complaints.append(f"{name} has no kernel-doc")
        else:
            complaints += differences(f"{name}: @", set(members[name]), set(doc),
                                      "C", "kernel-doc")
    return complaints


def same_words(sources):
    """The YAML says what the header says: types, and texts."""
    spec, complaints = Spec(sources["yaml"]), []
    described = header_commands(sources["header"])
    documented = {}
    for _, doc in header_blocks(sources["header"], "enum").values():
        documented.update(doc or {})
    for name, text in spec.docs.items():
        theirs, ours = documented.get(name, ""), words(text)
        if name in described:
            all_of_it = words(f"{theirs} {described[name][1]}")
            complaints += [f"{name}: the header does not say \"{sentence}\""
                           for sentence in re.split(r"\.(?: |$)", ours)
                           if sentence not in all_of_it]
            continue
        kind = spec.attributes.get(name, {"type": "unused"})["type"]
        if kind not in ("unused", "pad"):
            ours = f"{kind}, {ours}"
        if ours != theirs:
            complaints.append(f"{name}: \"{theirs}\" in the header, \"{ours}\" in the YAML")
    licence = [re.search(r"SPDX-License-Identifier: (.*?)( \*/)?\n", sources[f])[1]
               for f in ("header", "yaml")]
    if licence[0] != licence[1]:
        complaints.append(f"licences: {licence}")
    return complaints


def layout(sources):
    """struct devtlb_insn: 32 bytes, no holes."""
    fields = header_fields(sources["header"], "devtlb_insn")
    insn = "struct devtlb_insn"
    at = [f"offsetof({insn}, {field})" for field in fields]
    size = [f"sizeof((({insn} *)0)->{field})" for field in fields]
    actual = values(sources["header"], at + size + [f"sizeof({insn})"])
    end, complaints = 0, []
    for field, begins, bytes_ in zip(fields, at, size):
        if actual[begins] != end:
            complaints.append(f"a hole before {field}, at {end}")
        end = actual[begins] + actual[bytes_]
    if (end, actual[f"sizeof({insn})"]) != (32, 32):
        complaints.append(f"its fields end at {end}, and it has {actual[f'sizeof({insn})']} bytes")
    return complaints


def compiles(sources, command, suffix):
    with tempfile.TemporaryDirectory() as place:
        with open(f"{place}/devtlb.h", "w", encoding="utf-8") as file:
            file.write(sources["header"])
        # Twice: the guard, too.
        with open(f"{place}/alone.{suffix}", "w", encoding="utf-8") as file:
            file.write('#include "devtlb.h"\n#include "devtlb.h"\n'
                       "struct devtlb_insn devtlb_alone;\n")
        gcc = subprocess.run(command + ["-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                                        f"-I{place}", f"{place}/alone.{suffix}"],
                             check=False, stderr=subprocess.PIPE, text=True)
        return gcc.stderr.splitlines() if gcc.returncode else []


def as_c(sources):
    return compiles(sources, [CC, "-std=c99", "-pedantic"], "c")


def as_cplusplus(sources):
    return compiles(sources, [CXX, "-std=c++11", "-pedantic"], "cc")


def schema(sources):
    """What the kernel wants of a spec."""
    path = os.path.join(os.environ["KERNEL_SOURCE"], "Documentation/netlink/genetlink.yaml")
    with open(path, encoding="utf-8") as file:
        validator = jsonschema.Draft7Validator(yaml.safe_load(file))
    return [f"{'/'.join(map(str, e.path))}: {e.message}"
            for e in validator.iter_errors(yaml.safe_load(sources["yaml"]))]


COMPARISONS = {
    numbers: "enums, attributes and commands have one number in the header and the YAML",
    constants: "so have constants, flags and the family",
    operations: "commands are do or dump, privileged or not, alike in header, YAML and module",
    requests: "requests have the same attributes in header, YAML and module",
    policies: "policies are generated from the YAML",
    replies: "replies have the same attributes in YAML and module",
    keys: "JSON keys and types are the names and types of the YAML",
    value_names: "values in JSON have the names of the YAML",
    mutant_names: "mutants have the names of the YAML",
    kernel_docs: "every member in the header has its kernel-doc",
    same_words: "the YAML has the types and words of the header, and its licence",
    layout: "struct devtlb_insn has 32 bytes and no holes",
    as_c: "the header compiles alone as C99",
    as_cplusplus: "the header compiles alone as C++",
    schema: "the YAML keeps to the kernel's schema",
}

# The comparison that must go red, the file, what is replaced by what (each once).
DEFECTS = [
    (numbers, "yaml", "an attribute is missing",
     r"      -\n        name: fill-retries\n(?:        .*\n)+", ""),
    (numbers, "yaml", "two attributes are swapped",
     r"(      -\n        name: fills\n(?:        .*\n)+)(      -\n        name: fill-retries\n(?:        .*\n)+)", r"\2\1"),
    (numbers, "yaml", "two commands are swapped",
     r"(    -\n      name: thread-start\n(?:      .*\n)+)(    -\n      name: thread-stop\n(?:      .*\n)+)", r"\2\1"),
    (numbers, "yaml", "an enum begins elsewhere",
     r"(name: breach\n(?:.*\n){1,4}?    value-start: )1", r"\g<1>2"),
    (numbers, "header", "an attribute that the YAML lacks",
     r"(\tDEVTLB_A_AUDIT_EXEMPT,\n)", r"\1\tDEVTLB_A_AUDIT_NEW,\n"),
    (constants, "header", "a constant changes", r"(DEVTLB_REGS\s+)8", r"\g<1>16"),
    (constants, "yaml", "a flag is missing", r"      -\n        name: write\n(?! *type:)", ""),
    (constants, "header", "the multicast group is called otherwise",
     r'(DEVTLB_GENL_FINDINGS\s+)"findings"', r'\1"others"'),
    (constants, "yaml", "the family is called otherwise", r"^name: devtlb$", "name: devtbl"),
    (operations, "yaml", "a dump becomes a do",
     r"(name: site-get\n(?:      .*\n)*?      )dump:", r"\1do:"),
    (operations, "module", "a command is not implemented",
     r"\.cmd = DEVTLB_CMD_AUDIT,", ".cmd = DEVTLB_CMD_NEW,"),
    (operations, "module", "a command for everybody",
     r"(\.cmd = DEVTLB_CMD_SITE_GET,\n\t\t\.flags = )GENL_ADMIN_PERM", r"\g<1>0"),
    (operations, "yaml", "an event has another group", r"(      mcgrp: )findings", r"\1others"),
    (operations, "header", "its text gives an event another group",
     r'multicast group "findings"\)$', 'multicast group "others")'),
    (operations, "module", "an event is never made", r"DEVTLB_CMD_FINDING_NTF", "0"),
    (operations, "header", "its text calls a dump a do", r"(DEVTLB_CMD_SITE_GET) \(dump\)", r"\1"),
    (requests, "module", "an attribute has no policy",
     r"\t\[DEVTLB_A_THREAD_CHECK_EVERY\] = .*\n", ""),
    (requests, "module", "an attribute is not looked at",
     r"info->attrs\[DEVTLB_A_PASID_FRACTURE\]", "false"),
    (requests, "header", "its text leaves out all of a kind", r"DEVTLB_A_MUTANT_\* attributes", "others"),
    (requests, "header", "its text leaves out an attribute", r", DEVTLB_A_PASID_FRACTURE", ""),
    (policies, "module", "another type, by hand",
     r"(\[DEVTLB_A_THREAD_CHECK_EVERY\] = \{ \.type = NLA_)U32", r"\1U64"),
    (policies, "yaml", "another lowest value",
     r"(name: check-every\n        type: u32\n)", r"\1        checks:\n          min: 1\n"),
    (policies, "yaml", "another highest value of a full range", r"(name: certain\n    type: const\n    value: )1000000", r"\g<1>1000"),
    (policies, "yaml", "another length", r"(max-len: )chain-max - 1", r"\1chain-max"),
    (replies, "module", "an attribute is not sent",
     r"\(pasid->atc\.fracture && nla_put_flag\(skb, DEVTLB_A_PASID_FRACTURE\)\) \|\|", ""),
    (replies, "yaml", "an event lacks an attribute", r"          - lost\n", ""),
    (replies, "yaml", "another type", r"(        name: seq\n        type: )u32", r"\1u64"),
    (keys, "tool", "a key is called otherwise", r'"probe-misses"', '"probe_misses"'),
    (keys, "tool", "an attribute is not shown", r"\t\{ DEVTLB_A_FINDING_AGE, .*\n", ""),
    (keys, "tool", "an attribute is shown as another type",
     r'("log", ATTRIBUTE_)U64S', r"\1STRING"),
    (keys, "client", "a key of the audit is called otherwise", r'(AUDIT_EXEMPT, )"exempt"', r'\1"equal"'),
    (value_names, "tool", "a value is called otherwise", r'"other-page"', '"other_page"'),
    (value_names, "tool", "a value has no name", r"\t\[DEVTLB_THREAD_STOPPED\] = .*\n", ""),
    (mutant_names, "mutants", "a mutant is called otherwise", r'"early-ack"', '"early_ack"'),
    (mutant_names, "mutants", "a mutant is missing", r"\t\{ \.kind = DEVTLB_MUTANT_LATE, .*\n", ""),
    (kernel_docs, "header", "a member has no kernel-doc",
     r" \* @DEVTLB_OP_FENCE: .*\n", ""),
    (kernel_docs, "header", "kernel-doc of what is not there",
     r"( \* @DEVTLB_OP_FENCE: .*\n)", r"\1 * @DEVTLB_OP_NEW: something\n"),
    (kernel_docs, "header", "a comment is no kernel-doc",
     r"/\*\*(\n \* enum devtlb_rule)", r"/*\1"),
    (same_words, "yaml", "other words", r"faults handled for the device", "faults handled"),
    (same_words, "yaml", "other words for a command", r"oldest first", "newest first"),
    (same_words, "header", "another type in the text",
     r"(@DEVTLB_A_FINDING_SEQ: )u32", r"\1u64"),
    (layout, "header", "a hole", r"\t__u32 reserved;\n", ""),
    (layout, "header", "a field more", r"(\t__u64 value;\n)", r"\1\t__u64 more;\n"),
    (as_c, "header", "an include is missing", r"#include <linux/types\.h>\n", ""),
    (as_c, "header", "no guard", r"#ifndef _UAPI_DEVTLB_H\n", "#if 1\n"),
    (as_cplusplus, "header", "a keyword of C++", r"__u32 reserved;", "__u32 class;"),
    (schema, "yaml", "a property that the schema does not know",
     r"^protocol: genetlink$", "protocol: genetlink\nversion: 1"),
]


def complaints_of(comparison, sources):
    try:
        return comparison(sources)
    except subprocess.CalledProcessError as error:
        return error.stderr.splitlines() or [str(error)]
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        return [f"cannot be compared: {error!r}"]


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


def main():
    sources = {}
    for name, path in FILES.items():
        sources[name] = ""
        for part in [part for pattern in path.split()
                     for part in sorted(glob.glob(pattern, recursive=True))]:
            with open(part, encoding="utf-8") as file:
                sources[name] += file.read()
    print(f"1..{len(COMPARISONS) + len(DEFECTS) + 1}")
    row, failed = 0, False

    def result(good, name, diagnosis=(), skip=None):
        nonlocal row, failed
        row += 1
        failed |= not good
        print(f"{'ok' if good else 'not ok'} {row} - {name}" +
              (f" # SKIP {skip}" if skip else ""))
        for line in diagnosis:
            print(f"# {line}")

    before = {}
    for comparison, name in COMPARISONS.items():
        skip = why_not(comparison)
        complaints = [] if skip else complaints_of(comparison, sources)
        before[comparison] = set(complaints)
        result(not complaints, name, complaints, skip)
    for comparison, file, name, old, new in DEFECTS:
        title = f"red: {file}: {name}"
        skip = why_not(comparison)
        if skip:
            result(True, title, skip=skip)
            continue
        broken = copy.copy(sources)
        broken[file], replaced = re.subn(old, new, sources[file], flags=re.M)
        complaints = complaints_of(comparison, broken)
        if replaced != 1:
            result(False, title, [f"the defect was put in {replaced} times; mend this test"])
        elif any(c.startswith("cannot be compared") for c in complaints):
            result(False, title, complaints)
        else:
            noticed = set(complaints) - before[comparison]
            result(bool(noticed), title, [] if noticed else ["nobody noticed"])
    result({d[0] for d in DEFECTS} == set(COMPARISONS),
           "every comparison has a defect that turns it red")
    return 1 if failed else 0


sys.exit(main())
