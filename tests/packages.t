#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The life of the packages that "make deb" makes, in roots of Debian: installed, a kernel that comes later, an upgrade,
# a boot with systemd in a guest where the module loads and the tool finds it, and purged, with nothing left. As root.
# DEVTLB_SUITES says which ones.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
# shellcheck source-path=SCRIPTDIR source=vm/common
. tests/vm/common
# shellcheck source-path=SCRIPTDIR source=vm/suite
. tests/vm/suite

read -ra tested <<<"${DEVTLB_SUITES:-bookworm trixie}"
rows_of_suite=18
# What a boot may take: emulated, and started by systemd.
boot_s=900

[[ $(id -u) -eq 0 ]] || skip_all "must be run as root"
command -v mmdebstrap >/dev/null || skip_all "apt-get install mmdebstrap"
tests/install-packages --explain packages 2>/dev/null || skip_all "$(tests/install-packages --explain packages 2>&1)"
cache=$(cache_dir) || exit 2
work=$(mktemp -d -p "$cache" .packages.XXXXXX) || exit 2
trap 'rm -rf --one-file-system "$work"' EXIT

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
later=$version.1

# A tree that is a release later.
make_later()
{
	mkdir "$work/tree"
	tar -c --exclude=./build --exclude=./.git --exclude=./devtlb --exclude=./devtlb.ko . | tar -x -C "$work/tree"
	sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$later\"/" "$work/tree/dkms.conf"
	sed -i "1s/($version)/($later)/" "$work/tree/debian/changelog"
	make -s -C "$work/tree" deb
}

in_root()
{
	# shellcheck disable=SC2016
	output=$(unshare --mount --propagation private sh -c '
		mount -t proc proc "$1/proc" && mount -t sysfs sys "$1/sys" && mount --rbind /dev "$1/dev" || exit
		root=$1
		shift
		exec chroot "$root" "$@"' sh "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive "$@" 2>&1)
	status=$?
}

apt()
{
	in_root apt-get -q -y --no-install-recommends "$@"
}

# The two newest that have headers.
choose_kernels()
{
	mapfile -t kernels < <(suite_apt "$suite" apt-cache pkgnames linux-headers- | sed -n 's/^linux-headers-//p' |
		grep -Ex '[0-9]+\.[0-9]+\.[0-9]+(-[0-9]+|\+deb[0-9.]+)-amd64' | sort -V)
	case $suite in
	bookworm) mapfile -t kernels < <(printf '%s\n' "${kernels[@]}" | grep '^6\.1\.' | tail -n 2) ;;
	trixie) mapfile -t kernels < <(printf '%s\n' "${kernels[@]}" | grep '^6\.12\.' | tail -n 2) ;;
	*) mapfile -t kernels < <(printf '%s\n' "${kernels[@]}" | tail -n 2) ;;
	esac
}

make_root()
{
	local options

	mapfile -t options < <(apt-config dump | sed -n 's/^Acquire::.*/--aptopt=&/p')
	mmdebstrap --mode=root --variant=minbase --dpkgopt=force-unsafe-io \
		--include=systemd-sysv,udev,dkms,gcc,make,kmod,initramfs-tools,ca-certificates,lsb-release \
		--include="linux-image-${kernels[0]},linux-headers-${kernels[0]}" \
		--aptopt='APT::Install-Recommends "false";' --aptopt='APT::Sandbox::User "root";' "${options[@]}" \
		"$suite" "$root" "$cache/suites/$suite/etc/sources.list" >"$work/log" 2>&1 || return
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null
	cp "$@" "$root/root/"
}

has_module()
{
	[[ -n $(find "$root/lib/modules/$1/updates" -name 'devtlb.ko*' 2>/dev/null) ]]
}

# What systemd starts in the guest says it all on its second port.
write_unit()
{
	cat >"$root/root/guest" <<-'GUEST'
	#!/bin/sh
	exec >/dev/ttyS1 2>&1
	echo "init: $(cat /proc/1/comm)"
	modprobe devtlb && echo "loaded: $(modinfo -F version devtlb)"
	devtlb test cow munmap
	echo "status: $?"
	rmmod devtlb && echo unloaded
	systemctl poweroff --force
	GUEST
	chmod +x "$root/root/guest"
	cat >"$root/etc/systemd/system/guest.service" <<-'UNIT'
	[Unit]
	After=multi-user.target
	[Service]
	ExecStart=/root/guest
	[Install]
	WantedBy=multi-user.target
	UNIT
	ln -sf /etc/systemd/system/guest.service "$root/etc/systemd/system/multi-user.target.wants/guest.service"
}

boot()
{
	local kernel=$1 accel cpu

	accel=$(tests/vm/accel) || return
	cpu=host
	[[ $accel == kvm ]] || cpu=max,-erms,-fsrm
	rm -f "$work/image"
	mke2fs -q -t ext4 -d "$root" "$work/image" 3G || return
	timeout "$boot_s" qemu-system-x86_64 -no-user-config -nodefaults -display none -no-reboot -accel "$accel" -cpu "$cpu" \
		-smp 2,sockets=2 -m 2G -drive "file=$work/image,format=raw,if=virtio" \
		-serial "file:$work/console" -serial "file:$work/said" \
		-kernel "$root/boot/vmlinuz-$kernel" -initrd "$root/boot/initrd.img-$kernel" \
		-append 'root=/dev/vda rw console=ttyS0 panic=-1 oops=panic tsc=reliable no_timer_check' </dev/null
	rm -f "$work/image"
	output=$(tr -d '\r' <"$work/said")
}

life()
{
	local suite=$1 root=$work/$1 kernels

	update_suite "$suite" || exit 2
	choose_kernels
	make_root build/deb/devtlb_*.deb build/deb/devtlb-dkms_*.deb "$work"/tree/build/deb/devtlb_*.deb \
		"$work"/tree/build/deb/devtlb-dkms_*.deb
	output=$(tail -n 20 "$work/log")
	row "$suite: a root with ${kernels[0]}" [ -e "$root/boot/vmlinuz-${kernels[0]}" ]

	apt update
	apt install "/root/devtlb_${version}_amd64.deb" "/root/devtlb-dkms_${version}_all.deb"
	row "$suite: installed" [ $status -eq 0 ]
	row "... the module was built for the kernel that is there" has_module "${kernels[0]}"
	in_root devtlb --version
	says "^devtlb ${version//./\\.}\$" "... and the tool is on the path"

	in_root dkms build "devtlb/$version" -k 5.10.0-1-amd64 --kernelsourcedir "/usr/src/linux-headers-${kernels[0]}"
	row "... for an older kernel DKMS builds nothing" [ $status -ne 0 ]
	says 'BUILD_EXCLUSIVE|should not be built|does not match' "... and says why"
	in_root dkms build "devtlb/$version" -k 6.1.0-1-amd64
	row "... nor without headers" [ $status -ne 0 ]
	says 'headers for kernel .* cannot be found|linux-headers-6\.1\.0-1-amd64' "... and says which"

	apt install "linux-image-${kernels[1]}" "linux-headers-${kernels[1]}"
	row "$suite: ${kernels[1]} comes" [ $status -eq 0 ]
	row "... with a module" has_module "${kernels[1]}"

	apt install "/root/devtlb_${later}_amd64.deb" "/root/devtlb-dkms_${later}_all.deb"
	row "$suite: upgraded" [ $status -eq 0 ]
	in_root dkms status devtlb
	says_not "devtlb[/, ]*${version//./\\.}[,:]" "... of the old version nothing is left"
	row "... and its sources are gone" [ ! -e "$root/usr/src/devtlb-$version" ]

	write_unit
	boot "${kernels[1]}" || output=$(tail -n 30 "$work/console" 2>/dev/null)
	says '^init: systemd' "$suite: a guest boots, and systemd starts it"
	says "^loaded: ${later//./\\.}\$" "... modprobe loads the module"
	says '^2 passed, 0 failed, 0 skipped' "... and the tool runs its scenarios"

	apt purge devtlb devtlb-dkms
	row "$suite: purged" [ $status -eq 0 ]
	output=$(find "$root" -xdev -path "$root/root" -prune -o -path "$root/proc" -prune -o -name '*devtlb*' -print)
	row "... nothing is left" [ -z "$output" ]
	rm -rf --one-file-system "$root"
}

if ! { make -s deb && make_later; } >"$work/log" 2>&1; then
	tail -n 20 "$work/log" >&2
	exit 1
fi
plan $((1 + ${#tested[@]} * rows_of_suite))
output=$(lintian --allow-root build/deb/*.changes 2>&1)
row "lintian has nothing to say" [ -z "$output" ]
for suite in "${tested[@]}"; do
	life "$suite"
done
