#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Rows of the catalogue that only drivers reach: guest/driver/ is such a driver. DEVTLB_KERNELS says which kernels:
# series of Debian's.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# shellcheck source-path=SCRIPTDIR source=module-copy
. tests/module-copy
# As in lifecycle.t.
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_drivers=8
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
make -s build/tests/drivers || exit 2

build_driver()
{
	mkdir -p "$work/$1"
	cp tests/guest/driver/* "$work/$1"
	make -s -C "/lib/modules/$(release_of "$1")/build" M="$work/$1" modules 2>&1
}

# reached_row NAME FILTER: was every row of the catalogue reached that the filter lets pass?
reached_row()
{
	output=$(jq "[.known[] | select($2)]" <<<"$known" 2>&1)
	row "$kernel $1" was_reached
}

was_reached()
{
	jq -e 'length > 0 and all(.count > 0)' >/dev/null <<<"$output"
}

plan $((${#kernels[@]} * (rows_of_drivers + 3)))
for kernel in "${kernels[@]}"; do
	build_driver "$kernel" | grep -v 'Skipping BTF' | sed 's/^/# /'
	output=$(tests/vm/run --kernel "$kernel" --file build/tests/drivers:/drivers --file "$work/$kernel/driver.ko:/driver.ko" \
		-- sh -c 'insmod /driver.ko && /drivers && devtlb sites --known --json' 2>&1)
	status=$?
	pass_rows "$kernel" $rows_of_drivers
	row "$kernel the guest stays healthy" [ "$status" -eq 0 ]
	known=$(sed -n '/^{/,$p' <<<"$output")
	reached_row "what the catalogue says that this test reaches, it reaches" \
		'.unreachable | contains("tests/drivers.t")'
	reached_row "a mapping that fails is told of at the end of its area" \
		'.path == "zap of what a driver or a socket maps"'
done
