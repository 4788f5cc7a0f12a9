#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Style: checkpatch --strict (.checkpatch.conf says what is not heeded, and why), shellcheck, SPDX lines,
# the man page. Warnings of compilers and sparse are in build.t.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

checkpatch=build/checkpatch/scripts/checkpatch.pl
# Of whatever series this Debian has.
tarball=$(printf '%s\n' /usr/src/linux-source-*.tar.xz | sort -V | head -n 1)

# Debian's header packages leave it out; its source package has it.
get_checkpatch()
{
	[[ -x $checkpatch ]] && return
	[[ -e $tarball ]] || return 1
	mkdir -p build/checkpatch
	tar -xf "$tarball" -C build/checkpatch --strip-components=1 --wildcards --occurrence=1 \
		'*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch'
}

sources=()
scripts=()
while IFS= read -r file; do
	case $file in
	# Stand-ins for kernel headers, and a module that is broken on purpose.
	tests/unit/linux/* | tests/unit/asm/* | tests/vm/broken/*.c) ;;
	*.[ch]) sources+=("$file") ;;
	*.py | *.yaml | *.md | *.8 | *.config | LICENSES/*) ;;
	*) [[ $(head -n 1 "$file") =~ ^#!.*/(ba)?sh ]] && scripts+=("$file") ;;
	esac
done < <(git ls-files)

plan 5

if get_checkpatch; then
	output=$("$checkpatch" --strict --terse --show-types -f "${sources[@]}" 2>&1 | grep -v '^total:')
	rm -f .checkpatch-camelcase*
	if [[ -z $output ]]; then ok "checkpatch --strict"; else not_ok "checkpatch --strict" "$output"; fi
	mkdir -p build/checkpatch/wrong
	printf '// SPDX-License-Identifier: GPL-2.0-only\nint f(void)\n{\n  return(1) ;\n}\n' >build/checkpatch/wrong/wrong.c
	output=$("$checkpatch" --strict --terse --show-types -f build/checkpatch/wrong/wrong.c 2>&1)
	says 'RETURN_PARENTHESES' "... and it would have said so"
else
	for _ in 1 2; do ok "checkpatch # SKIP apt-get install linux-source"; done
fi

output=$(shellcheck -x "${scripts[@]}" 2>&1)
if [[ -z $output ]]; then ok "shellcheck of ${#scripts[@]} scripts"; else not_ok "shellcheck" "$output"; fi

missing=$(git ls-files | grep -vE '^(COPYING|LICENSES/|README.md|docs/.*\.md$|docs/reports/|debian/(changelog|control|copyright|source/|tests/control|.*\.dkms)|\.checkpatch.conf)' |
	xargs grep -LE 'SPDX-License-Identifier"?: .*GPL-2.0-only')
if [[ -z $missing ]]; then ok "every file names its licence"; else not_ok "every file names its licence" "$missing"; fi

output=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z docs/devtlb.8 2>&1 >/dev/null)
if [[ -z $output ]]; then ok "the man page formats without a warning"; else not_ok "the man page" "$output"; fi
