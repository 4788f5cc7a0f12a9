#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Wrong use of the tool, on the host: one clear line that says what to do, and exit status 2. What needs the
# module (skips, findings) is in scenarios.t and lifecycle.t.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

make -s tool build/tests/devtlb-9.9.9 || exit 2

# refused REGEXP NAME ARGUMENT...: exit status 2, and one line on stderr that matches.
refused()
{
	local regexp=$1 name=$2

	shift 2
	exits 2 "$name: exit status 2" ./devtlb "$@"
	if [[ $(wc -l <<<"$output") -eq 1 ]] && grep -qE "^devtlb: .*$regexp" <<<"$output"; then
		ok "$name: one line says what to do"
	else
		not_ok "$name: one line says what to do" "not one line that matches $regexp:" "$output"
	fi
}

plan 37

refused 'no command was given; see "devtlb --help"' "no command"
refused 'there is no command "tset"' "unknown command" tset
refused 'there is no scenario "kow"; "devtlb list" shows them' "unknown scenario" test kow
refused 'does not know "--jason"' "unknown option" test --jason
refused 'devtlb info does not know "now"' "argument too many" info now
refused '"dorp:site=wp_page_copy" is no mutant; write drop:site=FUNCTION' "unknown mutant" \
	test cow --mutant dorp:site=wp_page_copy
refused '"drop:site=" names no kernel function' "mutant without a function" test cow --mutant drop:site=
refused '"drop:site=a b" names no kernel function' "mutant with a malformed function" test cow --mutant 'drop:site=a b'
refused 'this kernel has no function "no_such_function_here"' "mutant at a function that is not there" \
	test cow --mutant drop:site=no_such_function_here
refused '--rounds wants a number from 1' "no rounds" test --rounds 0
refused '--rounds wants a number' "rounds that are no number" test --rounds many
refused '--check wants every=N' "malformed check" test --check 3
refused 'lacks its value' "option without its value" test --mutant

exits 0 "--help: exit status 0" ./devtlb --help
says 'devtlb test .*SCENARIO' "--help names the main job"
exits 0 "--version: exit status 0" ./devtlb --version
exits 0 "list: exit status 0" ./devtlb list

# The linker gathers the scenarios; an archive would lose them without a word.
in_sources=$(cat userspace/scenarios/*.c | grep -c '^SCENARIO(')
if [[ $in_sources -gt 0 && $(./devtlb list | wc -l) -eq $in_sources ]]; then
	ok "list shows every scenario that there is a definition of"
else
	not_ok "list shows every scenario that there is a definition of" "$in_sources in userspace/scenarios/"
fi

if [[ $(id -u) -eq 0 ]]; then
	# A copy that others may read, wherever this tree is.
	copy=$(mktemp -d) && chmod 755 "$copy" && cp devtlb "$copy/"
	exits 2 "not root: exit status 2" setpriv --reuid=65534 --clear-groups "$copy/devtlb" info
	says '^devtlb: must be run as root; try "sudo devtlb"$' "not root: says so"
	rm -rf "$copy"
else
	exits 2 "not root: exit status 2" ./devtlb info
	says '^devtlb: must be run as root; try "sudo devtlb"$' "not root: says so"
fi

# In a guest: a kernel that can load modules, and has not, or has one of another version.
output=$(tests/vm/run --kernel 6.12 --file build/tests/devtlb-9.9.9:/usr/bin/devtlb-9.9.9 -- sh -c '
	devtlb-9.9.9 info; echo "other version: $?"
	rmmod devtlb
	devtlb info; echo "not loaded: $?"' 2>&1)
says '^devtlb: the module is version [0-9.]+, this tool is version 9.9.9; unload the module and load the one' \
	"module and tool of different versions: says what to do"
says '^other version: 2$' "... exit status 2"
says '^devtlb: the module devtlb is not loaded; run "insmod devtlb.ko"' "module not loaded: says what to do"
says '^not loaded: 2$' "... exit status 2"
