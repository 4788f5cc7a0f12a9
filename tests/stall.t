#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# A mirror that has found something wrong does not keep the process from its mmap_lock while it makes sure:
# guest/stall.c measures it. DEVTLB_KERNELS says which kernels. One TCG thread: each bind patches kernel text, which
# QEMU 7.2 gets wrong with several.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
# An audit of the patient kind takes 300 at least. An emulated CPU may be away for a while.
most_ms=200

# below_most: is what it said below that?
below_most()
{
	local worst

	worst=$(sed -n 's/^worst \([0-9]*\) ms$/\1/p' <<<"$output")
	[[ -n $worst && $worst -lt $most_ms ]]
}

make -s build/tests/stall || exit 2
plan $((${#kernels[@]} * 2))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 200 --file build/tests/stall:/bin/stall -- \
		devtlb run --share 50 --mutant drop:site=do_mprotect_pkey stall 64 2>&1)
	says '^FINDING [0-9]*: rule D: .*' "$kernel what was not told is found"
	row "$kernel ... and the process waited less than $most_ms ms for its mmap_lock" below_most
done
