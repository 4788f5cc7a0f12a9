#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The module builds without a word for every kernel whose Debian headers are here, the tool with both
# compilers; and what they install lands where it should.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

releases=()
for series in 6.1 6.12; do
	release=$(tests/vm/debian-kernel $series | sed -n 2p)
	[[ -n $release ]] || exit 2
	releases+=("$release")
done

# Builds in a copy: what is here stays what it is.
copy_tree()
{
	mkdir -p "$1" && cp -r Kbuild Makefile dkms.conf COPYING module uapi userspace tests docs "$1"
}

# What a compiler or sparse says, without kbuild's own lines. KBUILD_MODPOST_WARN cannot help with BTF, which
# Debian's headers never have.
noise='^(make|  (CC|LD|MODPOST|BTF|CHECK|CLEAN|INSTALL|XZ|SIGN|DEPMOD)|Skipping BTF|\(cp |$)|^(cp|mkdir) |System.map'

# Debian's kernels are configured for gcc: what only gcc knows is taken out. Headers then say things of their
# own, so only what is said of our files counts. 6.12's per-CPU variables need more of gcc than clang 14 has.
cat >"$work/clang" <<'CLANG'
#!/bin/bash
arguments=()
for argument; do
	case $argument in
	-mrecord-mcount | -mfunction-return=* | -fconserve-stack | -ftrivial-auto-var-init=*) ;;
	*) arguments+=("$argument") ;;
	esac
done
exec clang "${arguments[@]}" -Wno-unknown-warning-option -Wno-unused-command-line-argument
CLANG
chmod +x "$work/clang"

clang_module()
{
	local tree=$work/clang-6.1 said

	copy_tree "$tree"
	output=$(make -C "$tree" -j2 module KVER="${releases[0]}" W=1 CC="$work/clang" 2>&1)
	said=$(grep -E '/(module|uapi)/[a-z_]+\.[ch]:[0-9]+:.*(warning|error)' <<<"$output")
	if [[ -e $tree/devtlb.ko && -z $said ]]; then
		ok "module: clang, W=1"
	else
		not_ok "module: clang, W=1" "${said:-$output}"
	fi
}

# A warning in a copy must make the rows above red. A file that includes what has it is enough.
noticed()
{
	local tree=$work/noisy

	rm -rf "$tree"
	copy_tree "$tree"
	echo "$2" >>"$tree/module/device/range.h"
	output=$(make -C "/lib/modules/${releases[0]}/build" M="$tree" W=1 C=2 CF=-D__CHECK_ENDIAN__ \
		module/device/walk.o 2>&1 | grep -vE "$noise")
	says "$3" "$1 is noticed"
}

# quiet NAME COMMAND...: it succeeds and says nothing.
quiet()
{
	local name=$1 status said

	shift
	output=$("$@" 2>&1)
	status=$?
	said=$(grep -vE "$noise" <<<"$output")
	if [[ $status -eq 0 && -z $said ]]; then
		ok "$name"
	else
		not_ok "$name" "$* ended with $status and said:" "${said:-$output}"
	fi
}

module_is_for()
{
	if [[ $(modinfo -F vermagic "$2" 2>/dev/null) == "$1 "* ]]; then ok "$3"; else not_ok "$3" "$(modinfo "$2" 2>&1)"; fi
}

there()
{
	if [[ -e $2 ]]; then ok "$1"; else not_ok "$1" "no $2; there is:" "$(find "$work" -type f | head -50)"; fi
}

plan $((${#releases[@]} * 7 + 19))

for release in "${releases[@]}"; do
	tree=$work/$release
	copy_tree "$tree"
	quiet "$release: gcc, W=1, and sparse" make -C "$tree" -j2 module KVER="$release" W=1 C=2 CF=-D__CHECK_ENDIAN__
	module_is_for "$release" "$tree/devtlb.ko" "$release: devtlb.ko is for it"
	# As a user would, and as kbuild alone would.
	quiet "$release: modules_install" make -C "$tree" modules_install KVER="$release" \
		INSTALL_MOD_PATH="$work/root" CONFIG_MODULE_SIG_ALL= DEPMOD=true
	there "$release: ... into INSTALL_MOD_PATH" \
		"$(compgen -G "$work/root/lib/modules/$release/updates/devtlb.ko*" || echo devtlb.ko)"

	# In a tree of its own: nothing of this machine's dkms is touched.
	mkdir -p "$work/dkms" "$work/usr/src"
	make -s -C "$tree" dkms-install DESTDIR="$work"
	output=$(dkms --dkmstree "$work/dkms" --sourcetree "$work/usr/src" add devtlb/"$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)" 2>&1
		dkms --dkmstree "$work/dkms" --sourcetree "$work/usr/src" build devtlb/"$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)" -k "$release" 2>&1)
	built=$(find "$work/dkms" -path "*/$release/*" -name 'devtlb.ko*' | head -n 1)
	module_is_for "$release" "${built:-none}" "$release: dkms add and build"
	rm -f "$tree/devtlb.ko"
	quiet "$release: the kernel's own make, with no Makefile of ours" \
		make -C "/lib/modules/$release/build" M="$tree" modules
	module_is_for "$release" "$tree/devtlb.ko" "$release: ... builds it, too"
done

clang_module
noticed "a warning of gcc" 'static int unused;' "unused.* defined but not used"
noticed "a warning of sparse" 'int undeclared;' "symbol 'undeclared' was not declared"

tree=$work/tool
copy_tree "$tree"
quiet "tool: gcc" make -C "$tree" -s tool CC=gcc CFLAGS='-O2 -Werror'
rm -rf "$tree/build" "$tree/devtlb"
quiet "tool: clang" make -C "$tree" -s tool CC=clang CFLAGS='-O2 -Werror'
quiet "install" make -C "$tree" -s install DESTDIR="$work/dest" PREFIX=/usr
there "install honours DESTDIR and PREFIX: the tool" "$work/dest/usr/sbin/devtlb"
there "... and its man page" "$work/dest/usr/share/man/man8/devtlb.8"

quiet "uninstall" make -C "$tree" -s uninstall DESTDIR="$work/dest" PREFIX=/usr
output=$(find "$work/dest" -type f)
row "... leaves nothing" [ -z "$output" ]

# So does Kbuild. A kernel build system of an older kernel, as far as Kbuild looks at it.
mkdir -p "$work/old/include/linux"
# shellcheck disable=SC2016
printf '%s\n' 'KERNELVERSION := 5.10.1' 'srctree := $(CURDIR)' 'src := $(M)' 'include $(M)/Kbuild' 'modules: ;' >"$work/old/Makefile"
exits 2 "an older kernel: refused" make -s -C "$work/old" M="$tree" modules
says '^[^ ]*Kbuild:[0-9]+: \*\*\* devtlb needs Linux 6\.1 or later, and this is 5\.10\.1\.' "... by a sentence"

# DKMS refuses kernels that the module is not for.
pattern=$(sed -n 's/^BUILD_EXCLUSIVE_KERNEL="\(.*\)"$/\1/p' dkms.conf)
matching=$(for k in 5.10.0-33-amd64 5.15.0 6.0.12 6.1.0-56-amd64 6.12.117+deb12-amd64 6.19 7.2.1 10.0; do
	[[ $k =~ $pattern ]] && echo "$k"; done | tr '\n' ' ')
if [[ $matching == '6.1.0-56-amd64 6.12.117+deb12-amd64 6.19 7.2.1 10.0 ' ]]; then
	ok "dkms.conf: from 6.1 on"
else
	not_ok "dkms.conf: from 6.1 on" "matches $matching"
fi

# One version: the tool's is dkms.conf's, and so is the module's.
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
output=$(./devtlb --version)
says "^devtlb ${version//./\\.}\$" "the tool has the version of dkms.conf"
output=$(modinfo -F version "$work/${releases[0]}/devtlb.ko")
says "^${version//./\\.}\$" "the module has it, too"
output=$(modinfo "$work/${releases[0]}/devtlb.ko")
says_not '^alias:' "no alias loads the module by itself"

# What is missing is named, with the package that has it.
exits 2 "a kernel without headers: refused" make -s -C "$tree" module KVER=9.9.9-none
says 'apt-get install linux-headers-9\.9\.9-none.*KVER=RELEASE or KDIR=DIRECTORY' "... and says what to do"
output=$(PKG_CONFIG_LIBDIR=/nowhere make -s -C "$tree" tool 2>&1)
says 'apt-get install .*libjson-c-dev libnl-genl-3-dev' "missing libraries are named with their packages"
