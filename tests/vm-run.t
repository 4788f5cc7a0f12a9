#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The guest runner run on itself: what it must pass on unchanged, and what it must call broken.

# What stands in single quotes here is for the guest's shell.
# shellcheck disable=SC2016,SC1003

set -u
here=$(dirname "$(readlink -f "$0")")/vm
run=$here/run
# Most of what is tested is the runner: such a guest takes less, and leaves the other CPU to another test.
export DEVTLB_TCG=single

# Each line is one test: the list is walked twice, first only to count it.
tests()
{
	console bad "a WARN" '[    2.289018] WARNING: CPU: 0 PID: 132 at mm/rmap.c:38 f+0x25/0x110'
	console bad "a report with a caller id" '[    2.289018][    T1] BUG: KASAN: use-after-free in f+0x1/0x2'
	console bad "soft lockup" '[   26.289018] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!'
	console bad "hard lockup" '[   26.289018] watchdog: Watchdog detected hard LOCKUP on cpu 1'
	console bad "hard lockup, older words" '[   26.289018] NMI watchdog: Watchdog detected hard LOCKUP on cpu 1'
	console bad "RCU stall" '[   23.258893] rcu: INFO: rcu_preempt self-detected stall on CPU'
	console bad "RCU stall of another CPU" '[   23.258893] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:'
	console bad "expedited RCU stall" '[   23.258893] rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 1-... }'
	console bad "RCU tasks stall" '[   23.258893] INFO: rcu_tasks detected stalls on tasks:'
	console bad "hung task" '[  123.258893] INFO: task rmmod:132 blocked for more than 120 seconds.'
	console bad "workqueue lockup" '[   53.258893] BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 31s!'
	console bad "lockdep" '[    5.258893] WARNING: possible circular locking dependency detected'
	console bad "lockdep without a key" '[    5.258893] INFO: trying to register non-static key.'
	console bad "UBSAN" '[    5.258893] UBSAN: array-index-out-of-bounds in mm/rmap.c:3:4'
	console bad "KCSAN" '[    5.258893] BUG: KCSAN: data-race in f / g'
	console bad "kmemleak" '[    5.258893] kmemleak: 1 new suspected memory leaks (see /sys/kernel/debug/kmemleak)'
	console bad "bad page" '[    5.258893] BUG: Bad page state in process a  pfn:12345'
	console bad "rss counter" '[    5.258893] BUG: Bad rss-counter state mm:00000000 type:MM_ANONPAGES val:1'
	console bad "slub" '[    5.258893] BUG kmalloc-64 (Tainted: G    B  OE    ): Poison overwritten'
	console bad "page poison" '[    5.258893] pagealloc: memory corruption'
	console bad "oops" '[    2.284698] Oops: 0002 [#1] PREEMPT SMP NOPTI'
	console bad "general protection fault" '[    2.284698] general protection fault, probably for non-canonical address 0x1: 0000 [#1]'
	console bad "panic" '[    2.284698] Kernel panic - not syncing: Attempted to kill init!'
	console bad "ODEBUG" '[    2.284698] ODEBUG: free active (active state 0) object type: timer_list'
	console bad "no time stamp" 'WARNING: CPU: 0 PID: 132 at mm/rmap.c:38'
	console bad "behind other output" 'half a line[    2.284698] WARNING: CPU: 0 PID: 132 at mm/rmap.c:38'
	console clean "OOM kill" '[    2.284698] Out of memory: Killed process 12 (a) total-vm:1kB'
	console clean "OOM's trace" '[    2.284698] Call Trace:'
	console clean "memory failure" '[    2.284698] Memory failure: 0x1234: recovery action for dirty LRU page: Recovered'
	console clean "segfault" '[    2.284698] a[12]: segfault at 8 ip 0 sp 0 error 6 in a[400000+1000]'
	console clean "lockdep switched off" '[    2.284698] Disabling lock debugging due to kernel taint'
	console clean "MMCONFIG" '[    0.949701] acpi PNP0A03:00: fail to add MMCONFIG information'
	console clean "BUG within a word" '[    0.949701] devtlb: 3 DEBUG: lines'
	console clean "KCSAN's local APIC race" '[    0.949701] BUG: KCSAN: data-race in lapic_cal_handler / lapic_cal_handler'

	help_text
	usage "no command" 'no command' --no-module
	usage "nothing after --" 'no command' --no-module --
	usage "unknown option" "unknown argument '--bogus'" --bogus -- true
	usage "no --" "unknown argument 'true'" --no-module true
	usage "option without its value" '--kernel needs a value' --kernel
	usage "cpus" 'whole number above 0' --cpus none -- true
	usage "memory" 'size such as 512M' --memory lots -- true
	usage "unknown series" 'no Debian kernel 5.4' --no-module --kernel 5.4 -- true
	usage "unknown kernel" 'built kernel tree or a bzImage' --no-module --kernel nowhere -- true
	usage "tree that is not built" 'not a built kernel tree' --no-module --kernel "$here" -- true
	usage "not a bzImage" 'not a bzImage' --no-module --kernel /bin/sh -- true
	usage "missing file" '--file /nowhere: no such file' --no-module --file /nowhere -- true
	usage "missing module" '--module /nowhere.ko: no such file' --module /nowhere.ko -- true
	DEVTLB_ACCEL=wrong usage "wrong accelerator" 'must be kvm or tcg' --no-module --kernel 6.12 -- true
	DEVTLB_TCG=wrong usage "wrong kind of TCG" 'must be single, multi or icount' --no-module -- true
	missing_qemu

	# The rows of one guest stand together, after the guest() that they look at.
	arguments
	binary_output
	surroundings
	one_node
	one_stream
	counted_instructions
	killed_by_signal
	not_there
	unloaded_by_the_command
	survivor
	host_root
	host_root_from_another_directory
	boot_hangs
	runner_is_killed
	runner_is_interrupted

	broken 6.1 "WARN" 'WARNING: CPU: .* at .*broken\.c' warn
	broken 6.1 "WARN without a panic" 'WARNING: CPU: .* at .*broken\.c' warn --append panic_on_warn=0
	broken 6.12 "WARN that the console never showed" 'tainted: warning' taint
	broken 6.12 "WARN at unload, after the command" 'WARNING: CPU: .* at .*broken\.c' 'echo 1 >$p/warn_at_exit'
	broken 6.12 "BUG" 'kernel BUG at .*broken\.c' bug
	broken 6.1 "oops" 'BUG: kernel NULL pointer dereference' null
	broken 6.12 "report without a panic" 'BUG: Bad page state' say
	broken 6.1 "panic" 'Kernel panic - not syncing: sysrq triggered crash' 'echo c >/proc/sysrq-trigger'
	broken 6.1 "IRQs off for ever" '(detected stall|LOCKUP|soft lockup)' irqs-off --append "$stalls"
	broken 6.12 "soft lockup" '(detected stall|soft lockup)' softlockup --append "$stalls"
	broken 6.12 "hang" 'time-out after 30 s, the command was running' 'sleep 1000' --timeout 30
	broken 6.1 "leaked reference" 'module did not unload: refcount 1' leak
	broken 6.12 "exit function hangs" 'module did not unload: its exit function hangs' 'echo 1 >$p/hang_at_exit'
	broken 6.12 "module of another kernel" 'module failed to load: ' true --module "$work/6.1/broken.ko"
	broken 6.12 "garbage in the result" 'result is truncated or garbled' 'echo hello >/dev/ttyS1'
	broken 6.12 "cut result" 'result is truncated or garbled' 'printf "tainted 0\nstat" >/dev/ttyS1; reboot -f'
	broken 6.12 "reboot" 'went away before it gave a status' 'reboot -f'
	broken 6.12 "power-off" 'went away before it gave a status' 'echo o >/proc/sysrq-trigger; sleep 100'
	broken 6.12 "end without a status" 'went away before it gave a status' \
		"printf '\\020' | dd of=/dev/port bs=1 seek=244 conv=notrunc"
	broken 6.12 "output's forwarder killed" 'killed what forwards its output' 'kill -KILL -1'
	broken 6.12 "host root without 9p" 'needs a kernel with CONFIG_9P_FS' true --host-root --append module_blacklist=9p
	broken 6.1 "host root without overlay" 'needs a kernel with CONFIG_OVERLAY_FS' true --host-root \
		--append module_blacklist=overlay
	broken 6.1 "host root without transport" 'needs a kernel with CONFIG_NET_9P_VIRTIO' true --host-root \
		--append module_blacklist=9pnet_virtio
	broken 6.12 "QEMU dies at once" 'QEMU exited with status 1: .*9999' true --cpus 9999
	console_is_kept
}

# Earlier than the defaults, not to wait: the guest does nothing else meanwhile.
stalls='watchdog_thresh=3 rcupdate.rcu_cpu_stall_timeout=5'

# row COUNT: false while the tests are only counted.
row()
{
	planned=$((planned + $1))
	[[ -z $counting ]]
}

ok()
{
	number=$((number + 1))
	if [[ $1 -eq 0 ]]; then
		echo "ok $number - $2"
		return
	fi
	echo "not ok $number - $2"
	echo "# status: ${status-}"
	head -c 2000 "$work/out" | tr -d '\0' | sed 's/^/# stdout: /'
	head -c 4000 "$work/err" | tr -d '\0' | sed 's/^/# stderr: /'
}

guest()
{
	"$run" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

said()
{
	grep -qE -- "$1" "$work/err"
}

console()
{
	row 1 || return
	printf '[    0.000000] Linux version 6.1\r\n%s\r\n[    9.000000] last\r\n' "$3" >"$work/console"
	: >"$work/err"
	"$here/console-check" "$work/console" >"$work/out"
	status=$?
	[[ $status -eq 0 && $1 == clean || $status -eq 1 && $1 == bad && $(head -n 1 "$work/out") == *"${3##*\] }"* ]]
	ok $? "console: $2 is $1"
}

help_text()
{
	row 1 || return
	guest --help
	[[ $status -eq 0 && ! -s $work/err ]] && grep -q '^usage: tests/vm/run' "$work/out"
	ok $? "--help goes to stdout"
}

# One line says what is wrong, after those that say that Debian's lists are read, once a day.
usage()
{
	row 1 || return
	local name=$1 reason=$2

	shift 2
	guest "$@"
	[[ $status -eq 2 && ! -s $work/out && $(grep -vc ': reading the lists of ' "$work/err") -eq 1 ]] && said "$reason"
	ok $? "usage: $name"
}

missing_qemu()
{
	row 1 || return
	local tool

	mkdir "$work/bin"
	for tool in bash dirname readlink sed; do
		ln -s "$(command -v $tool)" "$work/bin/"
	done
	PATH=$work/bin guest --no-module -- true
	[[ $status -eq 2 ]] && said 'apt-get install qemu-system-x86'
	ok $? "usage: QEMU is missing"
}

arguments()
{
	row 3 || return
	local -x DEVTLB_TCG=multi
	local -a words=('a b' "it's" '"q"' '' "\$HOME \`id\`" $'new\nline' '*' '\' -- --keep 'Ünï')

	guest --no-module --file /usr/bin/printf --file "/usr/bin/env:/opt/print env" -- \
		sh -c '"/opt/print env" --version >&2; exec /usr/bin/printf "[%s]\n" "$@"' arg0 "${words[@]}"
	printf '[%s]\n' "${words[@]}" >"$work/want"
	[[ $status -eq 0 ]]
	ok $? "status 0 is passed"
	cmp -s "$work/want" "$work/out"
	ok $? "arguments arrive as they were given"
	said 'GNU coreutils'
	ok $? "a program is brought with its libraries, to another path"
}

binary_output()
{
	row 3 || return
	head -c 1048576 /dev/urandom >"$work/noise"
	# All byte values, in an order that holds every control character.
	LC_ALL=C awk 'BEGIN { for (i = 0; i < 256; i++) printf "%c", i }' >"$work/bytes"
	guest --no-module --file "$work/noise:/tmp/noise" --file "$work/bytes:/bytes" -- \
		sh -c 'cat /bytes >&2; cat /tmp/noise; exit 3'
	[[ $status -eq 3 ]]
	ok $? "status 3 is passed"
	[[ $(stat -c %s "$work/bytes") -eq 256 ]] && cmp -s "$work/bytes" "$work/err"
	ok $? "all byte values pass through stderr, and nothing else"
	cmp -s "$work/noise" "$work/out"
	ok $? "a megabyte passes through stdout, and nothing else"
}

surroundings()
{
	row 7 || return
	local -x DEVTLB_TCG=multi
	mkdir -p "$work/dir/sub"
	echo content >"$work/dir/sub/file"
	cp "$work/6.1/broken.ko" "$work/renamed.ko"
	guest --file "$work/dir:/data" --module "$work/renamed.ko" -- sh -c '
		echo "release $(uname -r) cpus $(nproc)"
		echo nodes /sys/devices/system/node/node[0-9]*
		grep zram /proc/swaps
		echo hugepages $(cat /sys/devices/system/node/node*/hugepages/hugepages-2048kB/nr_hugepages)
		cat /sys/kernel/mm/transparent_hugepage/enabled
		ls -d /sys/module/broken
		cat /data/sub/file
		id -u; mountpoint=$(mount); echo "$mountpoint" | grep -c -E " on /(sys/kernel/debug|sys/kernel/tracing|sys/fs/cgroup|dev/shm|dev/pts|tmp) "'
	grep -q '^release 6\.1\..* cpus 2$' "$work/out"
	ok $? "6.1 with two CPUs is the default"
	grep -q '^nodes [^ ]*node0 [^ ]*node1$' "$work/out"
	ok $? "two NUMA nodes"
	grep -q '^/dev/zram0 .*262140' "$work/out"
	ok $? "256 MB of zram swap"
	grep -q '^hugepages 16 16$' "$work/out" && grep -qF '[madvise]' "$work/out"
	ok $? "hugepages on both nodes, THP by madvise"
	grep -q '^/sys/module/broken$' "$work/out"
	ok $? "the module is loaded, whatever its file is called"
	grep -q '^content$' "$work/out"
	ok $? "a directory is brought with what is in it"
	[[ $(tail -n 2 "$work/out") == $'0\n6' ]]
	ok $? "root, and the file systems"
}

one_node()
{
	row 1 || return
	guest --kernel 6.12 --no-module --nodes 1 --cpus 3 --memory 1G --append 'no5lvl mark=1' -- sh -c '
		uname -r; nproc; ls -d /sys/devices/system/node/node[0-9]*; grep -o "no5lvl mark=1" /proc/cmdline
		grep -c zram /proc/swaps; [ $(sed -n "s/MemTotal: *\([0-9]*\) kB/\1/p" /proc/meminfo) -lt 1048576 ] && echo small'
	[[ $status -eq 0 && $(tail -n +2 "$work/out") == $'3\n/sys/devices/system/node/node0\nno5lvl mark=1\n1\nsmall' ]] &&
		grep -q '^6\.12\.' "$work/out"
	ok $? "6.12, one node, three CPUs, 1 GB, more kernel parameters"
}

# What goes to one place arrives in the order in which it was written, and no line is in the middle of another one.
one_stream()
{
	row 1 || return
	local i both=''

	for ((i = 0; i < 200; i++)); do
		both+="out $i"$'\n'"err $i"$'\n'
	done
	"$run" --kernel 6.12 --no-module -- sh -c 'i=0
		while [ $i -lt 200 ]; do echo "out $i"; printf "err " >&2; echo $i >&2; i=$((i + 1)); done' >"$work/both" 2>&1
	[[ $? -eq 0 && $(<"$work/both") == "${both%$'\n'}" ]]
	ok $? "stdout and stderr that go to the same place are one stream"
}

# A machine that sleeps has no instructions to count: what it waits for comes at once.
counted_instructions()
{
	row 1 || return
	local before=$SECONDS

	DEVTLB_ACCEL=tcg DEVTLB_TCG=icount guest --kernel 6.12 --no-module --cpus 1 -- sh -c '
		sleep 300; cut -d . -f 1 /proc/uptime'
	[[ $status -eq 0 && $(cat "$work/out") -ge 300 && $((SECONDS - before)) -lt 200 ]]
	ok $? "6.12, a clock that counts instructions"
}

killed_by_signal()
{
	row 1 || return
	guest --kernel 6.12 --no-module -- sh -c 'kill -KILL $$'
	[[ $status -eq 137 && ! -s $work/err ]]
	ok $? "a command killed by signal 9 is status 137"
}

not_there()
{
	row 1 || return
	guest --kernel 6.12 --no-module -- no-such-command
	[[ $status -eq 127 ]] && said '^no-such-command: .*--file'
	ok $? "a command that is not in the guest is status 127, with a hint"
}

unloaded_by_the_command()
{
	row 1 || return
	guest --kernel 6.12 --module "$work/6.12/broken.ko" -- sh -c 'rmmod broken; exit 5'
	[[ $status -eq 5 ]]
	ok $? "a command may unload the module itself"
}

survivor()
{
	row 2 || return
	guest --kernel 6.12 --keep "$work/keep" --module "$work/6.12/broken.ko" -- sh -c '
		(trap "" TERM; while :; do sleep 1; done) </sys/module/broken/refcnt &
		setsid sleep 1000 & echo last words'
	[[ $status -eq 0 && $(cat "$work/out") == 'last words' ]]
	ok $? "what the command leaves behind is killed"
	[[ -s $work/keep/console.log && -s $work/keep/initramfs && $(tail -n 1 "$work/keep/result") == finished ]] &&
		grep -q qemu-system "$work/keep/qemu-cmd"
	ok $? "--keep keeps console, result, initramfs and QEMU's command line"
}

host_root()
{
	row 7 || return
	local mark=/etc/devtlb-vm-run.$$

	mkdir -p "$work/host/sub"
	echo 'of the host' >"$work/host/sub/file"
	echo brought >"$work/brought"
	guest --host-root --file "$work/brought:/lib/brought/file" -- sh -c '
		cat "$1/sub/file" /usr/lib/brought/file
		echo guest >"$2" && echo changed >"$1/sub/file" && cat "$2" "$1/sub/file"
		perl -e "print qq(perl \$]\n)"
		devtlb info | grep "^module"; command -v devtlb
		ls -d /sys/kernel/debug/tracing/events /sys/fs/cgroup/cgroup.procs /dev/pts/ptmx
		unshare --user true && echo "not only chrooted"
		printf "GET\n" | timeout 5 perl -MIO::Socket::INET -e "
			\$s = IO::Socket::INET->new(Listen => 1, LocalAddr => q(127.0.0.1)) or die;
			IO::Socket::INET->new(PeerAddr => q(127.0.0.1), PeerPort => \$s->sockport) or die; print qq(connected\n)"
		exit 9' arg0 "$work/host" "$mark"
	[[ $status -eq 9 && ! -s $work/err ]]
	ok $? "--host-root: the status is passed, and nothing else is on stderr"
	[[ $(head -n 1 "$work/out") == 'of the host' && $(sed -n 3,4p "$work/out") == $'guest\nchanged' ]]
	ok $? "--host-root: a file of the host is seen, and can be changed"
	[[ ! -e $mark && $(cat "$work/host/sub/file") == 'of the host' ]]
	ok $? "--host-root: the host's files stay as they are"
	[[ $(sed -n 2p "$work/out") == brought ]]
	ok $? "--host-root: a file is brought, behind a symbolic link of the host's"
	grep -q '^perl 5' "$work/out" && grep -q '^/sys/kernel/debug/tracing/events$' "$work/out"
	ok $? "--host-root: a program runs that is not in the initramfs, with the guest's file systems"
	grep -q '^module ' "$work/out" && grep -q '^/usr/local/sbin/devtlb$' "$work/out"
	ok $? "--host-root: devtlb works"
	grep -q '^not only chrooted$' "$work/out" && grep -q '^connected$' "$work/out"
	ok $? "--host-root: user namespaces and the loopback interface"
}

host_root_from_another_directory()
{
	row 2 || return
	local program="$work/it's a dir/program"

	mkdir "${program%/*}"
	printf '#!/bin/bash\npwd\necho "$@"\nkill -KILL $$\n' >"$program"
	chmod +x "$program"
	(cd "${program%/*}" && guest --kernel 6.12 --no-module --host-root -- ./program 'a  b' && exit "$status")
	status=$?
	[[ $status -eq 137 && $(cat "$work/out") == "${program%/*}"$'\na  b' ]]
	ok $? "--host-root: the command runs in the directory of the call"
	guest --kernel 6.12 --no-module --host-root -- no-such-command
	[[ $status -eq 127 ]] && said 'no-such-command: not found'
	ok $? "--host-root: a command that is not there is status 127"
}

# A guest that runs until it is stopped: sets runner and temporary.
start_endless()
{
	temporary=$work/tmp.$1
	mkdir "$temporary"
	# What one before said is not said by this one.
	rm -f "$work/out"
	# A shell's background job ignores SIGINT, and bash could not trap it then.
	TMPDIR=$temporary env --default-signal=INT "$run" --kernel 6.12 --no-module -- sh -c 'echo running; sleep 1000' \
		>"$work/out" 2>"$work/err" </dev/null &
	runner=$!
	while kill -0 "$runner" 2>/dev/null && ! grep -qs running "$work/out"; do
		sleep 0.1
	done
}

# A QEMU whose guests do not get to their first instruction, the first so many times.
stop_guests()
{
	local -r times=$1 bin=$work/stopping

	mkdir -p "$bin"
	rm -f "$bin/tries"
	cat >"$bin/qemu-system-x86_64" <<-EOF
		#!/bin/bash
		echo try >>"$bin/tries"
		[[ \$(wc -l <"$bin/tries") -gt $times ]] || set -- -S "\$@"
		exec $(command -v qemu-system-x86_64) "\$@"
	EOF
	chmod +x "$bin/qemu-system-x86_64"
}

boot_hangs()
{
	row 2 || return
	local -x DEVTLB_ACCEL=tcg

	stop_guests 1
	PATH=$work/stopping:$PATH guest --no-module -- echo up at last
	[[ $status -eq 0 && $(cat "$work/out") == 'up at last' && $(wc -l <"$work/stopping/tries") -eq 2 ]]
	ok $? "a guest that hangs while it boots is tried again"
	stop_guests 9
	PATH=$work/stopping:$PATH guest --no-module --timeout 5 -- true
	[[ $status -eq 125 ]] && said 'time-out after 5 s, the guest never spoke'
	ok $? "broken: a guest that never boots"
}

# By the temporary directory that is in its arguments; one that is dead but not reaped has none.
qemu_is_gone()
{
	local tries

	for ((tries = 0; tries < 50; tries++)); do
		grep -qasF "$temporary" /proc/[0-9]*/cmdline || return 0
		sleep 0.1
	done
	return 1
}

runner_is_killed()
{
	row 1 || return
	start_endless kill
	kill -KILL "$runner" 2>/dev/null
	wait "$runner" 2>/dev/null
	status=$?
	grep -q running "$work/out" && qemu_is_gone
	ok $? "no process outlives a runner that was killed"
}

runner_is_interrupted()
{
	row 2 || return
	local signal

	for signal in INT TERM; do
		start_endless $signal
		kill -$signal "$runner" 2>/dev/null
		wait "$runner" 2>/dev/null
		status=$?
		[[ $status -eq $((128 + $(kill -l $signal))) && -z $(ls "$temporary") ]] && qemu_is_gone
		ok $? "SIG$signal ends the guest and leaves nothing behind"
	done
}

# broken KERNEL NAME REASON WHAT [OPTION...]: WHAT is a shell command, or a word for the module's "now".
broken()
{
	row 1 || return
	local kernel=$1 name=$2 reason=$3 what=$4

	shift 4
	[[ ! $what =~ ^(warn|taint|bug|null|say|leak|softlockup|irqs-off)$ ]] || what="echo $what >\$p/now"
	guest --kernel "$kernel" --timeout 90 --module "$work/$kernel/broken.ko" "$@" -- \
		sh -c "p=/sys/module/broken/parameters; $what; exit 0"
	[[ $status -eq 125 ]] && head -n 1 "$work/err" | grep -qE "^run: the guest broke: .*($reason)"
	ok $? "broken: $name"
}

# Looks at what the test before it left.
console_is_kept()
{
	row 1 || return
	local file

	file=$(sed -nE '1s/.*\(console: (.*)\)$/\1/p' "$work/err")
	[[ $file == "$TMPDIR"/* && -e $file ]]
	ok $? "the console of a broken guest is kept and named"
}

skip()
{
	echo "1..0 # SKIP $*"
	exit 0
}

build_module()
{
	local kernel found kdir log

	for kernel in 6.1 6.12; do
		mapfile -t found < <("$here/debian-kernel" $kernel)
		[[ ${#found[@]} -eq 3 ]] || skip "no Debian kernel $kernel"
		kdir=/lib/modules/${found[1]}/build
		[[ -e $kdir ]] || skip "the headers are missing: apt-get install linux-headers-${found[1]}"
		mkdir "$work/$kernel"
		cp "$here/broken/Kbuild" "$here/broken/broken.c" "$work/$kernel/"
		log=$(make -s -C "$kdir" M="$work/$kernel" modules 2>&1) || { echo "$log" >&2; exit 1; }
	done
}

main()
{
	local tool planned=0 number=0 counting=1 status=''

	for tool in qemu-system-x86_64 busybox cpio make cc; do
		command -v $tool >/dev/null || skip "$tool is missing"
	done
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	tests
	build_module
	echo "1..$planned"
	# What broken guests leave goes with the rest.
	export TMPDIR=$work/kept
	mkdir "$TMPDIR"
	counting=
	tests
}

main
