#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Names label, they do not decide: the tool without the catalogue, and without what it knows of from where scenarios are
# told, comes to the same verdicts. As on a kernel that nobody has seen. DEVTLB_KERNELS says which kernels (as
# tests/vm/run --kernel).

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
nameless=build/tests/devtlb-nameless

make -s "$nameless" || exit 2
scenarios=$(./devtlb list --json | jq '[.[] | select(.slow | not)] | length')
plan $((${#kernels[@]} * (2 * scenarios + 5)))

for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 2000 --file "$nameless:/bin/nameless" -- \
		sh -c 'nameless test --quick --ktap --timeout 400; echo "ends with $?"
			nameless sites --known | grep "known sites notified"
			nameless test cow munmap migrate; nameless test cow --mutant drop:site=wp_page_copy >/dev/null
			echo "and with $?"' 2>&1)
	pass_rows "$kernel without names" $((2 * scenarios))
	says '^ends with 0$' "$kernel without names devtlb test --quick exits 0"
	says '^0 of 0 known sites notified, and [1-9][0-9]* that are not known$' "$kernel ... and knows no site"
	says '^  new: .* \(by munmap\)$' "$kernel ... what is new is shown with its scenario"
	row "$kernel ... and nothing is told from elsewhere" [ -z "$(grep 'told from elsewhere' <<<"$output")" ]
	says '^and with 1$' "$kernel ... who types a name is understood all the same"
done
