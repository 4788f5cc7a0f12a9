#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# devtlb run and devtlb attach: the program notices nothing, and neither does whoever started it; all that it starts
# is followed, whatever becomes of it; what the kernel does not tell is found, and nothing else is.
#
# One TCG thread: each binding patches kernel text, which QEMU 7.2 gets wrong with several. DEVTLB_KERNELS says which
# kernels.

set -u
cd "$(dirname "$(readlink -f "$0")")/.." || exit 2
# shellcheck source-path=SCRIPTDIR source=tap
. tests/tap
export DEVTLB_TCG=single

read -ra kernels <<<"${DEVTLB_KERNELS:-6.1 6.12}"
rows_of_run=19
rows_of_script=54

# Runs in the guest.
guest_script()
{
	cat <<-'GUEST'
	# row STATUS NAME: 0 passes; then what the last command left in /tmp/out and /tmp/report is of no interest.
	row()
	{
		n=$((n + 1))
		if [ "$1" -eq 0 ]; then
			echo "ok $n - $2"
		else
			echo "not ok $n - $2"
			sed 's/^/# out: /' /tmp/out
			sed 's/^/# report: /' /tmp/report
		fi
	}
	# run ARGUMENT...: leaves stdout in /tmp/out, the rest in /tmp/report, the status in $status.
	run()
	{
		devtlb run "$@" >/tmp/out 2>/tmp/report
		status=$?
	}
	reports()
	{
		grep -qE "$1" /tmp/report
	}
	# Nothing was found. Whether enough was seen for that to mean something depends on how long a program runs.
	clean()
	{
		reports '^devtlb: (nothing found$|too little was seen to say: nothing was found, )'
	}
	# And that is what --fail-on-finding said.
	clean_status()
	{
		if reports '^devtlb: nothing found$'; then
			[ $status -eq 0 ]
		else
			reports '^devtlb: too little was seen' && [ $status -eq 4 ]
		fi
	}
	# within TENTHS COMMAND...: it succeeds at last.
	within()
	{
		tries=$1
		shift
		while ! "$@"; do
			tries=$((tries - 1))
			[ $tries -gt 0 ] || return 1
			sleep 0.1
		done
	}
	nothing_left()
	{
		devtlb info | grep -q '^PASIDs 0, device threads 0, translations 0$'
	}
	all_three_compared()
	{
		devtlb audit >/tmp/out &&
			[ "$(grep -cE '^PASID [0-9]+: [1-9][0-9]* translations compared, 0 in breach of rule D, 0 findings' /tmp/out)" -eq 3 ]
	}
	n=0

	run sh -c 'echo out; echo err >&2; exit 3'
	[ $status -eq 3 ]
	row $? "the exit status is the program's"
	[ "$(cat /tmp/out)" = out ]
	row $? "... stdout has what it printed and nothing else"
	[ "$(head -n 1 /tmp/report)" = err ] && clean
	row $? "... stderr has that and the report"
	reports '^devtlb: [1-9][0-9,]* process(es)? watched, 0 not; [0-9,]+ translations filled, [0-9,]+ invalidated by [1-9][0-9,]* notifications from [1-9][0-9]* sites$'
	row $? "... which counts"

	run nosuch
	[ $status -eq 127 ] && [ "$(cat /tmp/report)" = 'devtlb: nosuch: command not found' ]
	row $? "a program that is not there: 127, and why"
	run /tmp/nosuch/program
	[ $status -eq 127 ] && [ "$(cat /tmp/report)" = 'devtlb: /tmp/nosuch/program: No such file or directory' ]
	row $? "... also one with its path"
	run /etc/passwd
	[ $status -eq 126 ] && [ "$(cat /tmp/report)" = 'devtlb: /etc/passwd: Permission denied' ]
	row $? "one that is not executable: 126, and why"
	echo 'echo "script $1"; exit 4' >/tmp/script && chmod +x /tmp/script
	run /tmp/script x
	[ $status -eq 4 ] && grep -q '^script x$' /tmp/out
	row $? "a script with no interpreter runs as the shell would run it"

	run --output /tmp/file -- specimen map-and-unmap
	[ $status -eq 0 ] && ! [ -s /tmp/report ] && grep -qE '^devtlb: (nothing found$|too little was seen to say: nothing was found, )' /tmp/file
	row $? "--output: the report goes there, and memory that comes and goes is clean"
	# Where the mirror has to be in time, it may take what it needs.
	run --share 100 --mutant drop:site=__vm_munmap --fail-on-finding specimen map-and-unmap
	[ $status -eq 1 ] && reports '^FINDING 1: rule A: a page was freed while the device translated it'
	row $? "a notification that is dropped is found, and fails"
	reports '^  process +[0-9]+ \(specimen\)$' && reports 'filled by the mirror$'
	row $? "... says whose page it was, and who translated it"
	reports '^  withheld .*__vm_munmap.* \(by a mutant\)$'
	row $? "... and what was withheld"
	devtlb monitor >/tmp/monitored & monitor=$!
	within 50 grep -qs '^waiting' /tmp/monitored
	run --share 100 --mutant drop:site=__vm_munmap sh -c 'specimen map-and-unmap; exit 7'
	[ $status -eq 7 ] && reports '^FINDING 1: rule A'
	row $? "... also in a child of the program; the exit status stays, if it does not matter"
	within 20 grep -q FINDING /tmp/monitored
	kill $monitor
	wait $monitor
	[ $? -eq 1 ] && grep -qE '^watch [0-9]+: FINDING 1: rule A' /tmp/monitored && ! grep -q MISSED /tmp/monitored
	row $? "... monitor shows it, as the watch's"
	run --fail-on-finding sh -c 'specimen map-and-unmap; exit 7'
	[ $status -eq 7 ] && clean
	row $? "... and without the mutant nothing is found"

	run --share 100 --mutant late:site=wp_page_copy --fail-on-finding specimen fork-and-write
	[ $status -eq 1 ] && reports '^FINDING 1: rule B: the page table shows another page'
	row $? "a notification that comes late is found"

	run --share 100 --mutant drop:site=do_mprotect_pkey --fail-on-finding specimen protect-and-exit
	[ $status -eq 1 ] && reports '^FINDING 1: rule D'
	row $? "a program that exits before its translations were looked at is audited then"
	run --fail-on-finding specimen protect-and-exit
	clean_status
	row $? "... and without the mutant nothing is found"

	# What the mirror has not looked at often enough, when the watch ends and the process does not.
	cat >/tmp/protect <<-'PROTECT'
	# What one before said is not said by this one.
	rm -f /tmp/said
	specimen protect-when-told >/tmp/said & specimen=$!
	while ! grep -qs ready /tmp/said; do sleep 0.1; done
	sleep 1
	kill -USR1 $specimen
	while ! grep -qs protected /tmp/said; do :; done
	exit 0
	PROTECT
	run --share 100 --mutant drop:site=do_mprotect_pkey --fail-on-finding sh /tmp/protect
	[ $status -eq 1 ] && reports '^FINDING 1: rule D' && reports '^devtlb: 1 process goes on unwatched'
	row $? "what the program leaves running is audited at the end"
	kill $(pidof specimen)
	run --json --fail-on-finding sh /tmp/protect
	! reports '"breach"' && reports '"compared": ?1' && reports '"undecided": ?0'
	row $? "... and without the mutant nothing is found"
	kill $(pidof specimen)

	run --share 100 --json specimen map-and-unmap
	[ "$(head -n 1 /tmp/report)" = '{' ] && [ "$(tail -n 1 /tmp/report)" = '}' ] &&
		reports '"coverage": ?0\.[0-9]*[1-9]' && reports '"status": ?0' && reports '"chain": ?"' && reports '"limits"'
	row $? "--json: the report is an object with samples, sites and limits"
	cat >/tmp/until-told <<-'EOF'
		i=0
		until [ "$(grep -c "$2" "$3")" -ge "$1" ] || [ $((i += 1)) -gt 300 ]; do sleep 0.1; done
	EOF
	run --interval 1 sh /tmp/until-told 2 '^devtlb: [0-9]* s: ' /tmp/report
	lines=$(grep -cE '^devtlb: [1-9][0-9]* s: processes [0-9]+, coverage ' /tmp/report)
	[ "$lines" -ge 2 ] && [ "$lines" -le "$(sed -n 's/^devtlb: \([0-9]*\) s: .*/\1/p' /tmp/report | tail -n 1)" ]
	row $? "--interval: a line each second"

	run --share 100 --write --fracture specimen map-and-unmap
	[ $status -eq 0 ] && clean && reports ' [1-9][0-9,]* translations filled'
	row $? "--write and --fracture are clean"
	run specimen lock-all
	[ $status -eq 0 ] && clean && reports ' [1-9][0-9,]* translations filled'
	row $? "memory that is all locked"
	run specimen end-in-all-ways
	[ $status -eq 0 ] && clean && reports '^devtlb: [1-9][0-9]* process(es)? watched'
	row $? "children that are killed, that crash, and that vfork made"
	run specimen fork 6
	[ $status -eq 0 ] && clean && reports '^devtlb: [1-9][0-9,]* process(es)? watched'
	row $? "126 processes at once"
	run --share 100 --processes 2 sh -c 'sleep 3 & sleep 3 & sleep 3 & wait'
	[ $status -eq 0 ] && reports '^devtlb: [1-9][0-9]* process(es)? not watched, for only 2 can be at a time'
	row $? "--processes: what is beyond the limit is not watched, and told"
	run --translations 10 specimen map-and-unmap
	[ $status -eq 0 ] && reports '^devtlb: [1-9][0-9,]* times a present page was not mirrored, for only 10 '
	row $? "--translations: what is beyond the limit is not mirrored, and told"

	mkdir /sys/fs/cgroup/small
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control
	echo 32M >/sys/fs/cgroup/small/memory.max
	echo 0 >/sys/fs/cgroup/small/memory.swap.max
	run sh -c 'echo $$ >/sys/fs/cgroup/small/cgroup.procs; exec specimen take-all-memory'
	[ $status -eq 137 ] && clean && grep -q '^oom_kill 1$' /sys/fs/cgroup/small/memory.events &&
		nothing_left
	row $? "a program that the OOM killer ends"
	drawn="$(printf '\033')\[[1-9]A.*coverage"
	export drawn
	script -fqec 'stty rows 24 columns 80; devtlb run --live sh /tmp/until-told 1 "$drawn" /tmp/out' /tmp/out >/dev/null </dev/null
	status=$?
	[ $status -eq 0 ] && grep -q "$drawn" /tmp/out
	row $? "--live: on a terminal the picture is drawn in place"

	cp /bin/specimen /tmp/set-user-id && chmod 4755 /tmp/set-user-id
	run specimen as-nobody /tmp/set-user-id
	[ "$(cat /tmp/out)" = 'euid 0' ] && reports '^devtlb: [2-9] processes watched'
	row $? "a set-user-ID program is one, and is followed"
	run specimen as-nobody-for-good /tmp/set-user-id
	[ "$(cat /tmp/out)" = 'euid 65534' ]
	row $? "... with no_new_privs it is none"
	run unshare -m -p -f -n chroot / sh -c 'echo "I am $$"'
	[ $status -eq 0 ] && [ "$(cat /tmp/out)" = 'I am 1' ] && reports '^devtlb: [2-9] processes watched'
	row $? "other namespaces, another root directory"

	run sh -c 'specimen tell-signals >/dev/null & exit 5'
	[ $status -eq 5 ] && reports '^devtlb: 1 process goes on unwatched from now on$'
	row $? "what the program leaves running goes on, and that is told"
	nothing_left && within 50 pidof specimen >/dev/null
	row $? "... unwatched"
	kill -KILL $(pidof specimen)

	told=0
	while [ $told -lt 50 ]; do
		run sh -c 'sleep 100 >/dev/null 2>&1 & exit 5'
		[ $status -eq 5 ] && reports '^devtlb: 1 process goes on unwatched from now on$' || break
		within 50 pidof sleep >/dev/null
		kill $(pidof sleep)
		told=$((told + 1))
	done
	[ $told -eq 50 ]
	row $? "... 50 times: while it is forked, executes something, or has done so"
	! devtlb sites --known | grep -qE '^  new: .*(relocate_vma_down|shift_arg_pages)'
	row $? "what an exec tells of its stack is no new site"

	sh -c 'sleep 100 & sleep 100 & exec sleep 100' & tree=$!
	within 50 sh -c '[ "$(pidof sleep | wc -w)" -eq 3 ]'
	devtlb attach --json $tree >/tmp/report 2>&1 & attached=$!
	within 50 sh -c 'devtlb info | grep -q "^PASIDs 3,"'
	row $? "attach: a process and what it started before are bound"
	devtlb info | sed -n "s/^PASID [0-9]*: pid $tree (\(.*\)), watch .*/\1/p" | grep -q '^sleep$'
	row $? "... info shows them"
	within 50 all_three_compared
	row $? "... audit compares what they have"
	devtlb attach $tree >/tmp/out 2>&1
	[ $? -eq 2 ] && grep -q '^devtlb: that process is watched already$' /tmp/out
	row $? "... a process is watched once"
	kill $(pidof sleep)
	within 100 sh -c "! kill -0 $attached 2>/dev/null"
	wait $attached
	[ $? -eq 0 ] && reports '"left": ?0'
	row $? "... it ends when they are gone"
	rm -f /tmp/said
	specimen protect-when-told >/tmp/said & tree=$!
	within 50 grep -qs ready /tmp/said
	devtlb attach --share 100 --mutant drop:site=do_mprotect_pkey --fail-on-finding $tree >/tmp/report 2>&1 & attached=$!
	within 50 sh -c 'devtlb info | grep -q "^PASIDs 1,"'
	sleep 1
	kill -USR1 $tree
	while ! grep -qs protected /tmp/said; do :; done
	kill -TERM $attached
	wait $attached
	[ $? -eq 1 ] && reports '^FINDING 1: rule D' && kill -0 $tree
	row $? "... and when it is told to end before, what lives on is audited"
	kill $tree
	sleep 100 & tree=$!
	devtlb attach $tree >/tmp/report 2>&1 & attached=$!
	within 50 sh -c 'devtlb info | grep -q "^PASIDs 1,"'
	within 50 reports "^devtlb: watching process $tree; Ctrl-C ends that"
	row $? "attach says at once whom it watches"
	kill -TERM $attached
	wait $attached
	[ $? -eq 0 ] && kill -0 $tree && clean
	row $? "... or when it is told to end"
	devtlb attach --duration 4 $tree >/tmp/report 2>&1
	[ $? -eq 0 ] && reports 'coverage (9[0-9]|100) % of the present pages over time, once it had begun .least (9[0-9]|100) %'
	row $? "... one that is idle is covered"
	reports '^devtlb: too little was seen to say: nothing was found, but the kernel notified the device of nothing$'
	row $? "... which proves nothing, and is not called so"
	devtlb attach $tree --fail-on-finding --duration 1 >/tmp/report 2>&1
	[ $? -eq 4 ]
	row $? "... nor passed; and options may follow the process"
	run --fail-on-finding true
	[ $status -eq 4 ] && reports '^devtlb: too little was seen to say'
	row $? "... nor is a program passed that was over at once"
	run --fail-on-finding false
	[ $status -eq 1 ]
	row $? "... and one that fails still does"
	devtlb attach --duration 1 $tree >/tmp/report 2>&1
	[ $? -eq 0 ] && reports '^devtlb: 1 process watched' && reports 'goes on unwatched'
	row $? "... or after its time"

	devtlb attach $tree >/tmp/report 2>&1 & attached=$!
	within 50 sh -c 'devtlb info | grep -q "^PASIDs 1,"'
	within 50 rmmod devtlb 2>/dev/null
	wait $attached
	[ $? -eq 2 ] && reports '^devtlb: the watch broke off: the module was unloaded'
	row $? "the module is unloaded meanwhile: told, and exit status 2"
	insmod /lib/devtlb/devtlb.ko && nothing_left
	row $? "... and loaded again, and empty"
	run true
	[ $status -eq 0 ] && nothing_left
	row $? "... and works"
	kill $tree
	GUEST
}

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
guest_script >"$work/script"
make -s build/tests/run build/tests/specimen || exit 2

plan $((${#kernels[@]} * (rows_of_run + rows_of_script + 1)))
for kernel in "${kernels[@]}"; do
	output=$(tests/vm/run --kernel "$kernel" --timeout 1200 --file build/tests/run:/run-test \
		--file build/tests/specimen:/bin/specimen --file /usr/bin/script --file "$work/script:/script" -- sh -c '/run-test; sh /script' 2>&1)
	status=$?
	pass_rows "$kernel" $((rows_of_run + rows_of_script))
	if [[ $status -eq 0 ]]; then
		ok "$kernel the guest stays healthy, and the module unloads"
	else
		not_ok "$kernel the guest stays healthy, and the module unloads" "status $status" "$output"
	fi
done
