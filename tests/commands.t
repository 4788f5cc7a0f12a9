#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Commands and options that the other tests do not need, in a guest: monitor, info, sites,
# --duration, --widen, --quick, --kernel-expectations.

# What stands in single quotes here is for the guest's shell.
# shellcheck disable=SC2016

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

plan 37

# guest COMMANDS: leaves their output in $output.
guest()
{
	output=$(tests/vm/run --kernel 6.1 --timeout 300 -- sh -c "$1" 2>&1)
}

guest 'devtlb monitor --json >/tmp/found & monitor=$!
	sleep 3
	devtlb test cow munmap --rounds 1 --mutant drop:site=wp_page_copy --mutant drop:site=__vm_munmap >/dev/null
	i=0
	until grep -q "\"rule\": *\"A\"" /tmp/found || [ $((i += 1)) -gt 100 ]; do sleep 0.1; done
	kill -INT $monitor; wait $monitor
	echo "monitor ends with $?"
	cat /tmp/found'
says '"rule": ?"B"' "monitor shows a finding of rule B while the test runs"
says '"rule": ?"A"' "... and one of rule A"
says '"seq": ?1[,}]' "... with its number"
says '"lost": ?0[,}]' "... and how many found no room"
says '^monitor ends with 1$' "... and ends with 1 when it saw any"

# Page after page is copied, and from the 40th on nobody tells.
guest 'devtlb test cow --rounds 1 --mutant drop:site=wp_page_copy,nth=40'
output=$(sed -n '/^FINDING 1/,/^FINDING 2/p' <<<"$output")
at=$(sed -n 's/^  address     \(0x[0-9a-f]*\),.*/\1/p' <<<"$output")
says "^  told beside 0x[0-9a-f]+ to $(printf '0x%x' $((at - 1))), in the same operation, by wp_page_copy < " \
	"a finding says what the operation told of next to it, and from where"

guest 'devtlb test --duration 3 dontneed zero-page; echo "ends with $?"
	devtlb test --duration 3 --json dontneed | head -c 200
	devtlb test --duration 3 dontneed >/dev/null & sleep 1; devtlb info; wait; devtlb sites | head -5'
says '^dontneed +ok +[1-9][0-9]* +[1-9][0-9]* +0$' "--duration runs a scenario again and again"
says '^[1-9][0-9]* runs, [1-9][0-9]* rounds in [0-9]+ s$' "... and counts"
says '^ends with 0$' "... and ends with 0 when nothing was found"
says 'A +.*mm_page_free' "info shows what the detectors watch: frees"
says 'B +.*page_add_new_anon_rmap' "... new pages"
says 'C +.*folio_copy' "... copies"
says 'zap_page_range_single' "sites shows who notified"

guest 'devtlb test cow munmap dontneed ksm migrate >/tmp/out & test=$!
	until grep -q "^cow" /tmp/out; do sleep 0.1; done
	kill -TERM $test; wait $test; echo "ends with $?"; cat /tmp/out
	devtlb test --ktap cow munmap dontneed ksm migrate >/tmp/out & test=$!
	until grep -q "^ok 2" /tmp/out; do sleep 0.1; done
	kill -TERM $test; wait $test; grep "^Bail" /tmp/out
	devtlb test --json cow | tr -d "\n " >/tmp/out; grep -c "\"kind\":\"clean\"[^{]*\"reached\"" /tmp/out
	devtlb info | sed -n "s/^PASIDs 0,.*/nothing left/p"'
says '^interrupted after [1-4] of 5 scenarios$' "a test that is interrupted says so"
says '^[1-4] passed, 0 failed, 0 skipped$' "... with the score of what ran"
says '^ends with 130$' "... and ends with 130"
says '^Bail out! interrupted after [1-4] of 5 scenarios$' "... also in KTAP"
says '^0$' "a clean run has no sites of mutants to reach"
says '^nothing left$' "... and nothing stays bound"

# The first in its guest: khugepaged knows no process yet, and is glad of each.
guest 'devtlb test collapse --rounds 1 --json'
says '"happened": ?1,' "khugepaged is held before a scenario collapses what it is to collapse itself"

# The kernel's own defect S1 of docs/findings.md, and its control in the same run: without the wide window nothing.
guest 'echo "{ \"callback\": \"invalidate_range\", \"findings\": [] }" >/tmp/none
	devtlb test ksm-write --widen range-end=20000 --rounds 8 --kernel-expectations /tmp/none
	echo "ends with $?"; devtlb test ksm; devtlb test ksm-write'
says '^FINDING [0-9]+: rule C: a page was copied while the device could write to it' \
	"--widen range-end shows S1 of docs/findings.md on 6.1"
says '^ends with 1$' "... which fails where it is not known"
says '^ksm +ok +caught' "... and without it ksm is clean"
says '^  clean: S1, known: since 4.15, not in 6.6$' "... and by itself devtlb test knows that 6.1 has it"

guest 'devtlb test cow --rounds 1 >/dev/null; devtlb sites --known; devtlb test --quick cow --json'
says '^ +[1-9][0-9]* +[1-9][0-9]* +4K +4K +copy on write: wp_page_copy$' "sites --known shows what a known site has notified"
says 'split of a PUD: __split_huge_pud; needs a device' "... and why none will from another"
says '^[1-9][0-9]* of [1-9][0-9]* known sites notified, and 0 that are not known$' "... and how many have"
says '^  not reached: uprobe' "... and which have not"
says '"rounds": ?2,' "--quick makes two rounds"

expecting='expect() { printf "{ \"callback\": \"%s\", \"findings\": [ %s ] }" "$1" "$2" >/tmp/e; }
	finding() { printf "{ \"name\": \"S1\", \"scenario\": \"%s\", \"rules\": \"%s\", \"always\": true }" "$1" "$2"; }'
guest "$expecting"'
	expect invalidate_range "$(finding ksm-write C)"; devtlb test ksm-write --kernel-expectations /tmp/e
	echo "ends with $?"'
says '^ksm-write +known +caught' "a finding that is expected is known"
says '^ends with 0$' "... and does not fail"
guest "$expecting"'
	expect invalidate_range "$(finding ksm-write A)"; devtlb test ksm-write --kernel-expectations /tmp/e
	expect invalidate_range "$(finding ksm-write "C\", \"breach\": \"table-freed")"
	devtlb test ksm-write --kernel-expectations /tmp/e
	expect invalidate_range "$(finding cow C)"; devtlb test cow --kernel-expectations /tmp/e; echo "ends with $?"
	devtlb test cow --kernel-expectations /tmp/e --json
	expect arch_invalidate_secondary_tlbs ""; devtlb test cow --kernel-expectations /tmp/e'
says 'something other than S1 was found, which breaks rule A' "what breaks another rule is not what was expected"
says 'something other than S1 was found, which breaks rule C: table-freed' "... nor what breaks it in another way"
says 'S1 was expected and did not show; if the kernel was mended' "what is expected and does not show is missed"
says '^ends with 1$' "... and fails"
says '"rounds": ?32,' "... after four times the usual rounds"
says '/tmp/e is about kernels with ->arch_invalidate_secondary_tlbs, and this one has ->invalidate_range' \
	"expectations of other kernels are refused"
