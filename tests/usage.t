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

plan 223

refused 'no command was given; see "devtlb --help"' "no command"
refused 'there is no command "tset"; did you mean "test"\?' "unknown command" tset
refused 'there is no scenario "kow"; did you mean "cow"\? "devtlb list" shows them' "unknown scenario" test kow
refused 'there is no scenario "cwo"; did you mean "cow"\?' "two letters swapped" test cwo
refused 'there is no scenario "nothing-like-it"; "devtlb list" shows them' "a scenario like no other" test nothing-like-it
refused 'devtlb test does not know "--jason"; did you mean "--json"\?; see "devtlb help test"' "unknown option" test --jason
refused 'devtlb test: --quick takes no value' "option with a value too many" test --quick=3
refused '--json and --ktap are two forms of one report; write one' "two forms of one report" test --json --ktap
refused 'there is no command "rnu"; did you mean "run"\?' "help on an unknown command" help rnu
refused 'devtlb help wants one command' "help on two commands" help run test
refused 'devtlb test does not know "-x"' "unknown option of one letter" test -xy
refused 'devtlb info does not know "now"' "argument too many" info now
refused '"drop" in a mutant is no key; if it is a kernel function, write late:site=drop' "a kind for a key" test cow --mutant late:drop
refused '"wp_page_copy" in a mutant is no key; if it is a kernel function, write drop:site=wp_page_copy' \
	"function without its key" test cow --mutant drop:wp_page_copy
refused 'the keys of a mutant are separated by commas; write site=schedule,nth=3' "colon between keys" \
	test cow --mutant drop:site=schedule:nth=3
refused '"dorp" is no mutant; did you mean "drop"\? "devtlb list --mutants" shows them' "unknown mutant" test cow --mutant dorp:site=wp_page_copy
refused '"" is no mutant' "empty mutant" test cow --mutant ''
refused '"drop:" has no keys after ":"; write drop or drop:site=FUNCTION' "mutant without keys" test cow --mutant drop:
refused '"" names no kernel function; write site=FUNCTION' "mutant without a function" test cow --mutant drop:site=
refused '"a b" names no kernel function' "mutant with a malformed function" test cow --mutant 'drop:site=a b'
refused '"" names no kernel function' "mutant with half a chain" test cow --mutant 'drop:site=schedule<'
refused 'this kernel has no function "no_such_function_here"' "mutant at a function that is not there" \
	test cow --mutant drop:site=no_such_function_here
refused 'a site is too long; at most 511 bytes' "mutant with a site that is too long" \
	test cow --mutant "drop:site=$(printf 'schedule<%.0s' {1..100})schedule"
refused 'a mutant has no "sites"; it has site, whole, min' "unknown key" test cow --mutant drop:sites=schedule
refused '"nth" in a mutant lacks its value; write nth=VALUE' "key without its value" test cow --mutant drop:nth
refused '"" in a mutant lacks its value; write KEY=VALUE' "empty key" test cow --mutant drop:nth=1,
refused 'nth wants a number from 1 to 4294967295, not "0"' "no nth" test cow --mutant drop:nth=0
refused 'times wants a number .* not "-1"' "negative times" test cow --mutant drop:times=-1
refused 'probability wants a number from 0.000001 to 1, not "0"' "no probability" test cow --mutant drop:probability=0
refused 'probability wants a number .* not "1.5"' "probability above 1" test cow --mutant drop:probability=1.5
refused 'probability wants a number .* not "nan"' "probability that is no number" test cow --mutant drop:probability=nan
refused 'seed wants a number .* not "0x1"' "seed that is no number" test cow --mutant drop:probability=0.5,seed=0x1
refused 'seed wants a probability' "seed without a probability" test cow --mutant drop:seed=1
refused 'delay wants a number from 1 to 10000' "delay that is too long" test cow --mutant defer:delay=10001
refused 'delay is for the mutant "defer", not "drop"' "delay of another mutant" test cow --mutant drop:delay=1
refused 'whole wants a site' "all of no chain" test cow --mutant drop:whole
refused '"early-ack" is a defect of the device and takes no keys; write --mutant early-ack' "key of a defect of the device" \
	test cow --mutant early-ack:nth=1
cat >build/expectations.json <<'END'
{ "callback": "invalidate_range", "findings": [ { "name": "S1", "scenario": "ksm-write", "rules": "C" } ] }
END
expected()
{
	sed "$1" build/expectations.json >build/wrong.json
	refused "$2" "$3" test --kernel-expectations build/wrong.json
}
refused '/nowhere cannot be read, or is no JSON object; devtlb\(8\) has an example' "expectations that are not there" \
	test --kernel-expectations /nowhere
expected 's/}/,/' 'cannot be read, or is no JSON object' "expectations that are no JSON"
expected 's/findings/found/' 'there is no array "findings"' "expectations without findings"
expected 's/\[ {/[ 1, {/' 'each of "findings" must be an object' "an expectation that is a number"
expected 's/ksm-write/ksm-wrote/' 'S1: there is no scenario "ksm-wrote"; "devtlb list" shows them' "an expectation of no scenario"
expected 's/"C"/"E"/' 'S1: "rules" must be some of ABCD, not "E"' "an expectation of no rule"
expected 's/"C"/"C", "breach": "broken"/' 'S1: there is no "breach" "broken"; a finding in the output of --json has its own' \
	"an expectation of no breach"
expected 's/\[ \(.*\) \]/[ \1, \1 ]/' 'scenario "ksm-write" is there twice' "two expectations of one scenario"
expected 's/"name": "S1", //' 'a finding has no "name"' "an expectation without a name"
expected 's/"name"/"title"/' 'a finding has no "title"; it has name, scenario, rules, breach, always' "an unknown key of an expectation"
refused '--kernel-expectations wants one file' "two files of expectations" \
	test --kernel-expectations build/expectations.json --kernel-expectations build/expectations.json
# Of 32.
mapfile -t many < <(yes -- --mutant=drop | head -n 33)
refused 'at most 32 mutants' "too many mutants" test cow "${many[@]}"
refused '--widen wants range-end=US or FUNCTION=US' "malformed window" test --widen 100
refused '--widen range-end= wants a number from 1 to 1000000, not "1000001"' "window that is too long" \
	test --widen range-end=1000001
refused '--widen schedule= wants a number from 1 to 1000000, not "1000001"' "function held back for too long" \
	test --widen schedule=1000001
refused '"range end" names no kernel function' "window at a malformed function" test --widen 'range end=1'
refused 'this kernel has no function "no_such_function_here"' "window at a function that is not there" \
	test --widen no_such_function_here=1
refused 'holds back one function only, and "schedule" is one already' "windows at two functions" \
	test --widen schedule=1 --widen kfree=1
refused '--duration wants a number from 1' "no duration" test --duration 0
refused '--duration makes clean runs, so it does not go with --mutant' "duration with a mutant" \
	test --duration 5 --mutant drop
refused '--kinds wants some of drop,late,trim,edge, not "defer"' "unknown kind" mutate --kinds drop,defer
refused '--kinds wants some of drop,late,trim,edge, not ""' "empty kind" mutate --kinds drop,
refused 'devtlb mutate does not know "--ktap"' "unknown option of mutate" mutate --ktap
refused 'there is no scenario "kow"' "unknown scenario of mutate" mutate kow
refused 'devtlb monitor does not know "cow"' "argument too many for monitor" monitor cow
refused 'devtlb list does not know "--mutated"; did you mean "--mutants"' "unknown option of list" list --mutated
refused '--rounds wants a number from 1' "no rounds" test --rounds 0
refused '--rounds wants a number' "rounds that are no number" test --rounds many
refused '--check wants every=N' "malformed check" test --check 3
refused 'lacks its value' "option without its value" test --mutant

refused 'devtlb run wants a program; write devtlb run -- PROGRAM' "no program to run" run --json --
refused 'devtlb run does not know "--lively"' "unknown option of run" run --lively -- true
refused 'devtlb run: --share lacks its value; write --share=PERCENT' "option of run without its value" run --share
refused '--share wants a number from 1 to 100, not "0"' "no share" run --share 0 -- true
refused '--processes wants a number from 1 to 65536, not "65537"' "too many processes" run --processes 65537 -- true
refused '--translations wants a number from 1 ' "no translations" run --translations 0 -- true
refused '--interval wants a number from 1 ' "no interval" run --interval 0 -- true
refused 'devtlb run ends with its program, so it has no --duration' "duration of run" run --duration 5 -- true
refused '--json has samples of the whole time, so it does not go with --live' "JSON and a picture" run --json --live -- true
refused '"dorp" is no mutant' "unknown mutant of run" run --mutant dorp -- true
refused 'misroute needs a second PASID' "mutant that a watch cannot have" run --mutant misroute -- true
refused 'at most 32 mutants' "too many mutants of run" run "${many[@]}" -- true
refused 'cannot write to /nowhere/report: No such file' "report to where nothing can be" run --output /nowhere/report -- true
refused 'devtlb attach wants one process; write devtlb attach' "no process" attach
refused 'devtlb attach wants one process' "two processes" attach 1 2
refused 'wants a number from 1 to 4194304, not "0"' "process 0" attach 0
refused 'wants a number .* not "init"' "a process by its name" attach init
refused 'there is no process 4194304; "ps -e" shows them' "a process that is not there" attach 4194304
# Not in a container.
if [[ $(cat /proc/2/comm 2>/dev/null) == kthreadd ]]; then
	refused 'process 2 is a kernel thread, which has no address space' "a kernel thread" attach 2
else
	for _ in 1 2; do ok "a kernel thread # SKIP there is none to see"; done
fi
exits 2 "itself: exit status 2" sh -c 'exec ./devtlb attach $$'
says '^devtlb: devtlb cannot attach to itself;' "itself: says so"
refused '--duration wants a number from 1' "no duration of attach" attach --duration 0 1
refused 'there is no process 4194304' "options after the process are taken" attach 4194304 --duration 2
refused '--duration wants a number from 1' "... and looked at" attach 4194304 --duration 0

exits 0 "--help: exit status 0" ./devtlb --help
says '^  test +runs scenarios on this kernel' "--help names the main job"
exits 0 "help: the same" ./devtlb help
says '^  test +runs scenarios on this kernel' "... names it, too"

# Every option is explained: its line, or the next one, has words.
commands=$(./devtlb --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
for command in $commands; do
	output=$(./devtlb help "$command" | awk '/^ +(-., )?--/ && NF < 2 { option = $0; getline; if (/^ +(-., )?--/ || !NF) print option }
		length > 80 { print "wide: " $0 }')
	if [[ -z $output && $(./devtlb help "$command" | grep -c '^ .*--') -ge 2 ]]; then
		ok "help $command explains its options in 80 columns"
	else
		not_ok "help $command explains its options in 80 columns" "$output"
	fi
	output=$(diff <(./devtlb help "$command") <(./devtlb "$command" --help))
	if [[ -z $output ]]; then ok "... and $command --help is the same"; else not_ok "... and $command --help is the same" "$output"; fi
done
output=$(awk 'length > 80' <(./devtlb --help))
if [[ -z $output ]]; then ok "--help has 80 columns"; else not_ok "--help has 80 columns" "$output"; fi
# What belongs to the program is not ours.
exits 2 "the program's own --help is not ours" ./devtlb run --output /nowhere/report -- true --help
says 'cannot write to /nowhere/report' "... it was to run"
exits 0 "--version: exit status 0" ./devtlb --version
exits 0 "list: exit status 0" ./devtlb list
if LC_ALL=C sort -c <<<"$(cut -d' ' -f1 <<<"$output")" 2>/dev/null; then
	ok "list is in order"
else
	not_ok "list is in order" "$output"
fi
# A table: every title begins in the same column.
output=$(awk 'match($0, /^[^ ]+ +/) { print RLENGTH }' <<<"$output" | sort -u)
row "... and in columns" [ "$(wc -l <<<"$output")" -eq 1 ]

# The linker gathers the scenarios; an archive would lose them without a word.
in_sources=$(cat userspace/scenarios/*.c | grep -cE '^(SCENARIO|SHAPES_OF)\(')
if [[ $in_sources -gt 0 && $(./devtlb list | wc -l) -eq $in_sources ]]; then
	ok "list shows every scenario that there is a definition of"
else
	not_ok "list shows every scenario that there is a definition of" "$in_sources in userspace/scenarios/"
fi

exits 0 "help on a command" ./devtlb test --help
says '^Usage: devtlb test \[OPTION\.\.\.\] \[SCENARIO\]\.\.\.$' "... is the help"
exits 2 "a report that cannot be written: exit status 2" sh -c './devtlb list >/dev/full'
says '^devtlb: the report could not be written: No space left on device$' "... says so"

# Nobody may be told of a mutant that there is no scenario for.
output=$(comm -23 <(./devtlb list --mutants --json | sed -n 's/.*"scenario": "\([^"]*\)".*/\1/p' | sort -u) \
	<(./devtlb list | cut -d' ' -f1 | sort))
if [[ -z $output ]]; then
	ok "every defect of the device has its scenario"
else
	not_ok "every defect of the device has its scenario" "$output"
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
