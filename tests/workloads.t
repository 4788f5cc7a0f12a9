#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Real programs under the device (tests/workloads): each does its work, nothing is found, and most of what they
# have present is mirrored. DEVTLB_KERNELS says which kernels, DEVTLB_SECONDS how long each works (default 4),
# DEVTLB_WORKLOADS which ones.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
read -ra workloads <<<"${DEVTLB_WORKLOADS:-redis postgresql python java make stress-ng}"
seconds=${DEVTLB_SECONDS:-4}
# Of the present pages, in percent. Less means that the mirror does not keep up, or does not run. What lives for
# seconds needs a larger share than what lives for hours.
coverage_least=15
rows_of_workload=3

# Runs in the guest, on the host's file system.
guest_script()
{
	cat <<-GUEST
	seconds=$seconds coverage_least=$coverage_least
	GUEST
	cat <<-'GUEST'
	report=/tmp/report.json n=0
	# row NAME COMMAND...
	row()
	{
		local name=$1

		shift
		n=$((n + 1))
		if "$@"; then
			echo "ok $n - $name"
		else
			echo "not ok $n - $name"
			jq 'del(.sites)' $report | sed 's/^/# /'
			tail -n 20 /tmp/output | sed 's/^/# output: /'
		fi
	}
	of_report()
	{
		jq -e "$@" $report >/dev/null
	}

	# All the time: probes that come and go patch kernel text, which QEMU 7.2 gets wrong now and then.
	devtlb run --output /dev/null -- sleep infinity &
	keeper=$!
	for workload; do
		# A dozen programs, one after the other.
		time=$seconds
		[ "$workload" != stress-ng ] || time=$((6 * seconds))
		devtlb run --share 20 --json --output $report -- "tests/workloads/$workload" "$time" >/tmp/output 2>&1
		status=$?
		coverage=$(jq '.watch | if .present > 0 then 100 * .mirrored / .present | floor else 0 end' $report)
		row "$workload does its work" [ $status -eq 0 ]
		row "$workload: nothing is found" of_report '.findings == [] and .watch.findings == 0'
		row "$workload: $coverage % of what is present is mirrored" [ "$coverage" -ge "$coverage_least" ]
	done
	kill $keeper
	wait $keeper
	devtlb info | grep -q '^PASIDs 0, device threads 0, translations 0$'
	GUEST
}

plan $((${#kernels[@]} * (${#workloads[@]} * rows_of_workload + 1)))
for kernel in "${kernels[@]}"; do
	# Memory for what PostgreSQL, Java and make have in their tmpfs.
	output=$(tests/vm/run --kernel "$kernel" --host-root --memory 4G --timeout "${DEVTLB_TIMEOUT:-1200}" -- \
		bash -c "$(guest_script)" bash "${workloads[@]}" 2>&1)
	status=$?
	pass_rows "$kernel" $((${#workloads[@]} * rows_of_workload))
	row "$kernel: the guest stays healthy, and nothing is left behind" [ $status -eq 0 ]
done
