#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that are hard on mm/ in ways of their own (tests/guest/programs), under the device, while the kernel does to
# them what it can: huge pages wherever possible, KSM, khugepaged and compaction without a pause. Each finds its data
# as it left it, and nothing is found but what docs/findings.md argues. DEVTLB_KERNELS says which kernels,
# DEVTLB_SECONDS how long each works, DEVTLB_PROGRAMS which ones.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# Each binding patches kernel text, which QEMU 7.2 gets wrong with several threads.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
seconds=${DEVTLB_SECONDS:-4}
if [[ -n ${DEVTLB_PROGRAMS-} ]]; then
	read -ra programs <<<"$DEVTLB_PROGRAMS"
else
	mapfile -t programs < <(basename -s .c tests/guest/programs/*.c)
fi
rows_of_program=3

# Runs in the guest.
guest_script()
{
	cat <<-'GUEST'
	row()
	{
		n=$((n + 1))
		if [ "$1" -eq 0 ]; then
			echo "ok $n - $2"
		else
			echo "not ok $n - $2"
			sed 's/^/# /' /tmp/report
		fi
	}
	# Findings but those that S1 of docs/findings.md explains, where memory is merged at all.
	not_argued()
	{
		known=nothing
		[ "$program" != merge ] || known=S1
		echo $(($(grep -c '^FINDING' /tmp/report) - $(grep -cE "^  looks like +$known," /tmp/report)))
	}
	seconds=$1 n=0
	shift
	echo always >/sys/kernel/mm/transparent_hugepage/enabled
	for knob in khugepaged/scan_sleep_millisecs khugepaged/alloc_sleep_millisecs; do
		echo 10 >/sys/kernel/mm/transparent_hugepage/$knob
	done
	echo 4096 >/sys/kernel/mm/transparent_hugepage/khugepaged/pages_to_scan
	echo 1 >/sys/kernel/mm/ksm/run
	echo 10 >/sys/kernel/mm/ksm/sleep_millisecs
	echo 1000 >/sys/kernel/mm/ksm/pages_to_scan
	# 6.12 would tell of everything, and so empty the device, where it could tell of a range.
	echo 262144 >/sys/kernel/debug/x86/tlb_single_page_flush_ceiling
	while sleep 0.5; do
		echo 1 >/proc/sys/vm/compact_memory
	done &
	for program; do
		devtlb run --share 60 -- /programs/$program $seconds >/tmp/report 2>&1
		status=$?
		if [ $status -eq 4 ]; then
			for what in data findings coverage; do
				n=$((n + 1))
				echo "ok $n - $program: $what # SKIP $(head -n 1 /tmp/report)"
			done
			continue
		fi
		row $status "$program: its data is what it wrote"
		# How much was seen is told below; how much it must be, the workloads say.
		grep -q '^devtlb: mirror coverage' /tmp/report && [ "$(not_argued)" -eq 0 ]
		row $? "$program: nothing is found that is not argued"
		grep -qE ' [1-9][0-9,]* translations filled, [1-9][0-9,]* invalidated' /tmp/report
		row $? "$program: the device translated, and was told"
		sed -n 's/^devtlb: /# &/p' /tmp/report | head -n 12
	done
	GUEST
}

make -s "${programs[@]/#/build/tests/programs/}" || exit 2

plan $((${#kernels[@]} * (${#programs[@]} * rows_of_program + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 1200 --file build/tests/programs:/programs \
		--file build/tests/programs/io-uring:/programs/io-uring -- sh -c "$(guest_script)" sh "$seconds" "${programs[@]}" 2>&1)
	status=$?
	pass_rows "$kernel" $((${#programs[@]} * rows_of_program))
	row "$kernel the guest stays healthy" [ "$status" -eq 0 ]
done
