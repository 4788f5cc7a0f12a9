// SPDX-License-Identifier: GPL-2.0-only
/*
 * A process that never lets its mmap_lock go, in a guest: it unmaps a dirty
 * mapping of a file, which writes the inode back, and the FUSE server of that
 * file does not answer. Whoever waits for it must hold up nobody else, and can
 * be ended. And a page that stays locked, while the same server does not take its
 * contents: whoever cannot tell for that says so. Prints TAP.
 *
 * Usage: stuck MODULE, a module that registers a generic-netlink family.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "model/mutant.h"
#include "model/watch_limits.h"

#define PAGE		4096UL
#define PAGES		4
#define MOUNT		"/tmp/stuck"
#define FILE_NAME	MOUNT "/file"
/* Where whoever maps the file has it. */
#define MAPPED_AT	((char *)0x700000000000)
#define PATIENCE_S	10
/* Requests that the server keeps. */
#define KEPT_MAX	64
/* The file. */
#define NODE		2

/* Shared with the server and the victims. */
static struct { bool keep; bool bound; } *shared;

/* The server's end of the file system. */
static int fuse_device;

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

static void nap(void)
{
	struct timespec time = { .tv_nsec = 10000000 };

	nanosleep(&time, NULL);
}

/* The server: one file, of zeros. */

static void answer(int fuse, uint64_t unique, int error, const void *data,
		   size_t length)
{
	struct {
		struct fuse_out_header header;
		char data[PAGES * PAGE];
	} out = { .header = {
		.len = sizeof(out.header) + length,
		.error = error,
		.unique = unique,
	} };

	memcpy(out.data, data, length);
	if (write(fuse, &out, out.header.len) < 0)
		_exit(1);
}

static struct fuse_attr attributes_of(uint64_t node)
{
	bool root = node == FUSE_ROOT_ID;

	return (struct fuse_attr) {
		.ino = node,
		.size = root ? 0 : PAGES * PAGE,
		.mode = root ? S_IFDIR | 0755 : S_IFREG | 0600,
		.nlink = 1,
		.blksize = PAGE,
	};
}

static void serve(int fuse, const struct fuse_in_header *in, const void *body)
{
	static const char zeros[PAGES * PAGE];
	struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = PAGES * PAGE,
		/* The kernel keeps the times, so there is an inode to write. */
		.flags = FUSE_WRITEBACK_CACHE,
	};
	struct fuse_entry_out entry = {
		.nodeid = NODE,
		.attr = attributes_of(NODE),
	};
	struct fuse_attr_out attr = { .attr = attributes_of(in->nodeid) };
	const struct fuse_write_in *write_in = body;
	const struct fuse_read_in *read_in = body;
	struct fuse_write_out written = { };
	struct fuse_open_out opened = { .fh = 1 };

	switch (in->opcode) {
	case FUSE_INIT:
		answer(fuse, in->unique, 0, &init, sizeof(init));
		return;
	case FUSE_LOOKUP:
		answer(fuse, in->unique, 0, &entry, sizeof(entry));
		return;
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		answer(fuse, in->unique, 0, &attr, sizeof(attr));
		return;
	case FUSE_OPEN:
		answer(fuse, in->unique, 0, &opened, sizeof(opened));
		return;
	case FUSE_READ:
		answer(fuse, in->unique, 0, zeros, read_in->size);
		return;
	case FUSE_WRITE:
		written.size = write_in->size;
		answer(fuse, in->unique, 0, &written, sizeof(written));
		return;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_FSYNC:
		answer(fuse, in->unique, 0, NULL, 0);
		return;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		return;
	default:
		answer(fuse, in->unique, -EOPNOTSUPP, NULL, 0);
	}
}

/* Answers everything; what is written back, only when it may. */
static void run_server(int fuse)
{
	static char request[FUSE_MIN_READ_BUFFER + PAGES * PAGE];
	static struct { struct fuse_in_header in; struct fuse_write_in body; }
		kept[KEPT_MAX];	/* of a SETATTR, nothing of it is used */
	size_t nr_kept = 0;

	for (;;) {
		const struct fuse_in_header *in = (void *)request;
		struct pollfd ready = { .fd = fuse, .events = POLLIN };

		if (!__atomic_load_n(&shared->keep, __ATOMIC_ACQUIRE)) {
			while (nr_kept > 0) {
				nr_kept--;
				serve(fuse, &kept[nr_kept].in,
				      &kept[nr_kept].body);
			}
		}
		if (poll(&ready, 1, 20) <= 0)
			continue;
		if (read(fuse, request, sizeof(request)) < 0) {
			if (errno == EINTR || errno == ENOENT)
				continue;
			_exit(0);
		}
		if ((in->opcode == FUSE_WRITE || in->opcode == FUSE_SETATTR) &&
		    nr_kept < KEPT_MAX &&
		    __atomic_load_n(&shared->keep, __ATOMIC_ACQUIRE))
			memcpy(&kept[nr_kept++], request, sizeof(kept[0]));
		else
			serve(fuse, in, request + sizeof(*in));
	}
}

static pid_t start_server(void)
{
	char options[128];
	pid_t server;

	fuse_device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (fuse_device < 0)
		die("/dev/fuse");
	mkdir(MOUNT, 0700);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0", fuse_device);
	if (mount("stuck", MOUNT, "fuse", 0, options))
		die("mount fuse");
	server = fork();
	if (server == 0)
		run_server(fuse_device);
	return server;
}

/*
 * The server says that the file's contents are others now. The kernel unmaps the
 * pages, and gives back what was written to them, each locked until that was taken.
 */
static void invalidate_file(void)
{
	struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out body;
	} out = {
		.header = {
			.len = sizeof(out),
			.error = FUSE_NOTIFY_INVAL_INODE,
		},
		.body = { .ino = NODE },
	};

	if (write(fuse_device, &out, sizeof(out)) < 0)
		_exit(1);
	_exit(0);
}

static void keep_writes(bool keep)
{
	__atomic_store_n(&shared->keep, keep, __ATOMIC_RELEASE);
}

/* The victims. */

/* Does it wait for the server, in that function of the kernel? */
static bool waits_in(pid_t pid, const char *function)
{
	char name[64], stack[4096];
	size_t length;
	FILE *file;

	snprintf(name, sizeof(name), "/proc/%d/stack", pid);
	file = fopen(name, "r");
	if (!file)
		return false;
	length = fread(stack, 1, sizeof(stack) - 1, file);
	stack[length] = 0;
	fclose(file);
	return strstr(stack, function);
}

static char *map_file(void)
{
	int fd = open(FILE_NAME, O_RDWR | O_CLOEXEC);
	char *memory = mmap(MAPPED_AT, PAGES * PAGE, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_FIXED_NOREPLACE, fd, 0);

	if (fd < 0 || memory == MAP_FAILED)
		die(FILE_NAME);
	close(fd);
	return memory;
}

/*
 * Unmaps what it dirtied, when @go says so, and waits to be killed. Nobody else
 * maps the file: whoever unmaps it waits for what anyone dirtied.
 */
static pid_t start_victim(int go[2])
{
	pid_t pid = fork();
	char *memory, byte;

	if (pid != 0)
		return pid;
	close(go[1]);
	memory = map_file();
	memset(memory, 1, PAGES * PAGE);
	if (read(go[0], &byte, 1) < 0)
		_exit(1);
	memset(memory, 2, PAGES * PAGE);
	munmap(memory, PAGES * PAGE);
	for (;;)
		pause();
}

static bool comes_to_wait_in(pid_t pid, const char *function)
{
	int tries = PATIENCE_S * 100;

	while (!waits_in(pid, function) && tries-- > 0)
		nap();
	return waits_in(pid, function);
}

static bool is_stuck(pid_t pid)
{
	return comes_to_wait_in(pid, "fuse_write_inode");
}

static pid_t stuck_victim(void)
{
	pid_t pid;
	int go[2];

	if (pipe(go))
		die("pipe");
	keep_writes(true);
	pid = start_victim(go);
	close(go[0]);
	close(go[1]);
	return pid;
}

static void end_victim(pid_t pid)
{
	keep_writes(false);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What is begun in a child, and may not end. */

static bool ends(pid_t pid, int *status)
{
	int tries = PATIENCE_S * 100;

	while (tries-- > 0) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		nap();
	}
	return false;
}

static pid_t start_command(const char *const *argv)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	execvp(argv[0], (char **)argv);
	_exit(127);
}

static pid_t start_attach(pid_t victim)
{
	char number[16];
	const char *const argv[] = { "devtlb", "attach", number, NULL };

	snprintf(number, sizeof(number), "%d", victim);
	return start_command(argv);
}

static bool ends_well(pid_t pid)
{
	int status = -1;

	return ends(pid, &status) && status == 0;
}

/* PASIDs and threads; in a child, as it may not end. */
static bool nothing_is_left(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct client *client = client_open();
		int tries = PATIENCE_S * 50;

		while (tries-- > 0) {
			struct json_object *info;

			if (client_info(client, &info))
				_exit(1);
			if (!json_object_get_int(json_object_object_get(info, "pasids")) &&
			    !json_object_get_int(json_object_object_get(info, "threads")))
				_exit(0);
			nap();
		}
		_exit(1);
	}
	return ends_well(pid);
}

/* Has it got as far as the process that hangs? */
static bool attach_has_begun(void)
{
	struct client *client = connect_or_bail_out();
	int tries = PATIENCE_S * 100;
	uint64_t seen = 0;

	while (!seen && tries-- > 0) {
		struct json_object *watches;

		nap();
		if (client_watches(client, &watches))
			break;
		if (json_object_array_length(watches))
			seen = json_object_get_uint64(json_object_object_get(
				json_object_array_get_idx(watches, 0),
				"processes-seen"));
		json_object_put(watches);
	}
	client_close(client);
	return seen;
}

/* Is there a thread of the kernel whose name ends so? */
static bool thread_exists(const char *end)
{
	char command[128];
	int tries = PATIENCE_S * 20;

	snprintf(command, sizeof(command), "grep -q '%s$' /proc/[0-9]*/comm", end);
	while (tries-- > 0) {
		if (system(command) == 0)
			return true;
		nap();
	}
	return false;
}

static void attach_waits(const char *module)
{
	const char *const load[] = { "insmod", module, NULL };
	const char *const info[] = { "devtlb", "info", NULL };
	pid_t victim = stuck_victim(), tool, loader;
	bool stuck = is_stuck(victim);
	int status;

	report(stuck, "a process unmaps, and its file system does not answer",
	       "it does not wait");
	tool = start_attach(victim);
	report(attach_has_begun() && !waitpid(tool, &status, WNOHANG),
	       "attach waits for it", "status %#x", status);
	loader = start_command(load);
	report(ends_well(loader), "meanwhile another family is registered",
	       "%s did not end", module);
	report(ends_well(start_command(info)), "... and generic netlink serves others",
	       "devtlb info did not end");
	kill(tool, SIGKILL);
	report(ends(tool, &status), "attach can be killed", "it did not end");
	report(nothing_is_left(), "... and leaves nothing behind", "see above");
	end_victim(victim);
	ends(tool, &status);
	ends(loader, &status);
}

static uint64_t held_by(struct client *client, uint32_t pasid)
{
	struct json_object *pasids;
	uint64_t held = 0;
	size_t i;

	if (client_pasids(client, &pasids))
		return 0;
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *each = json_object_array_get_idx(pasids, i);

		if (number(each, "id") == pasid)
			held = number(each, "held");
	}
	json_object_put(pasids);
	return held;
}

static bool wait_for_held(struct client *client, uint32_t pasid, uint64_t held)
{
	int tries = PATIENCE_S * 100;

	while (held_by(client, pasid) < held && tries-- > 0)
		nap();
	return held_by(client, pasid) >= held;
}

/* The device holds all pages of the file, and hears nothing of them any more. */
static int deafen(struct client *client, pid_t victim, uint32_t *pasid)
{
	static const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_LOAD, .reg = 1, .index = 0,
		  .addr = (uintptr_t)MAPPED_AT, .stride = PAGE },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = PAGES },
	};
	uint32_t thread;
	int err;

	err = client_bind(client, victim, false, pasid) ? :
	      client_thread_start(client, *pasid, program, 2, 0, &thread);
	if (!err && !wait_for_held(client, *pasid, PAGES))
		err = -ETIMEDOUT;
	return err ? : client_mutant_add(client, *pasid, &drop);
}

/*
 * A victim that waits for @go to be closed. The device keeps what it will unmap, and
 * from now on the server keeps what is written. Returns 0 or a negative errno.
 */
static int start_deaf_victim(struct client *client, pid_t *victim, int *go,
			     uint32_t *pasid)
{
	int ends[2], err;

	if (pipe(ends))
		die("pipe");
	keep_writes(false);
	*victim = start_victim(ends);
	close(ends[0]);
	*go = ends[1];
	err = deafen(client, *victim, pasid);
	keep_writes(true);
	return err;
}

/*
 * The device keeps what the process has unmapped: an audit would hold the
 * address space still, to make sure, and cannot.
 */
static void audit_waits(void)
{
	struct client *client = connect_or_bail_out();
	const char *const audit[] = { "devtlb", "audit", NULL };
	pid_t victim, auditor, stopper;
	int status, go, err;
	uint32_t pasid;

	err = start_deaf_victim(client, &victim, &go, &pasid);
	close(go);
	report(!err && is_stuck(victim), "a bound process unmaps, and hangs",
	       "%d: %s", err, client_error(client));
	auditor = start_command(audit);
	report(thread_exists("devtlb/job") && !waitpid(auditor, &status, WNOHANG),
	       "an audit waits for it", "status %#x", status);
	stopper = fork();
	if (stopper == 0) {
		err = client_unbind(client, pasid);
		_exit(!!err);
	}
	report(ends_well(stopper), "unbinding does not wait for the audit",
	       "it did not end");
	report(ends(auditor, &status), "... and ends it", "it did not end");
	end_victim(victim);
	ends(stopper, &status);
	ends(auditor, &status);
	client_close(client);
}

/* The exit status of "devtlb audit", if it says @words; or -1. */
static int audit_says(const char *words)
{
	FILE *audit = popen("devtlb audit 2>&1", "r");
	char line[512], said[4096] = "";
	int status;

	while (audit && fgets(line, sizeof(line), audit))
		strncat(said, line, sizeof(said) - strlen(said) - 1);
	status = audit ? pclose(audit) : -1;
	if (WIFEXITED(status) && strstr(said, words))
		return WEXITSTATUS(status);
	printf("# status %#x: %s\n", status, said);
	return -1;
}

/*
 * The device keeps what was unmapped of a page that stays locked: its unmapping
 * may not be over, and what the audit sees proves nothing.
 */
static void audit_cannot_tell(void)
{
	struct client *client = connect_or_bail_out();
	pid_t victim, invalidator;
	int status, go, err;
	uint32_t pasid;

	err = start_deaf_victim(client, &victim, &go, &pasid);
	invalidator = fork();
	if (invalidator == 0)
		invalidate_file();
	report(!err && comes_to_wait_in(invalidator, "fuse_launder_folio"),
	       "a page is unmapped, and stays locked", "%d: %s", err,
	       client_error(client));
	report(audit_says("was not compared: its memory was never quiet") == 2,
	       "an audit that cannot tell says so, and is not green", "see above");
	keep_writes(false);
	ends(invalidator, &status);
	report(audit_says("in breach of rule D") == 1,
	       "... and tells what is wrong when it can", "see above");
	close(go);
	end_victim(victim);
	client_close(client);
}

static uint64_t number_of_watch(struct client *client, const char *key)
{
	struct json_object *watches;
	uint64_t number;

	if (client_watches(client, &watches))
		return 0;
	number = json_object_get_uint64(json_object_object_get(
		json_object_array_get_idx(watches, 0), key));
	json_object_put(watches);
	return number;
}

static bool watch_goes_on(struct client *client)
{
	uint64_t sweeps = number_of_watch(client, "sweeps");
	int tries = PATIENCE_S * 100;

	while (tries-- > 0 && number_of_watch(client, "sweeps") < sweeps + 2)
		nap();
	return number_of_watch(client, "sweeps") >= sweeps + 2;
}

/* A process of a watch forks one that hangs before it could be bound. */
static void watch_waits(void)
{
	struct client *client = connect_or_bail_out();
	struct watch_limits limits = { };
	pid_t parent, *child = &((pid_t *)shared)[8];
	uint32_t watch;
	int err;

	keep_writes(true);
	*child = 0;
	parent = fork();
	if (parent == 0) {
		char *memory = map_file();

		while (!__atomic_load_n(&shared->bound, __ATOMIC_ACQUIRE))
			nap();
		*child = fork();
		if (*child == 0) {
			*child = getpid();
			memset(memory, 1, PAGES * PAGE);
			munmap(memory, PAGES * PAGE);
			for (;;)
				pause();
		}
		for (;;) {
			void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
					  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

			memset(page, 1, PAGE);
			nap();
		}
	}
	err = client_watch_start(client, &limits, &watch);
	if (!err)
		err = client_watch_add(client, watch, parent, false);
	__atomic_store_n(&shared->bound, true, __ATOMIC_RELEASE);
	while (!err && !__atomic_load_n(child, __ATOMIC_ACQUIRE))
		nap();
	report(!err && is_stuck(*child), "a watched process forks one that hangs",
	       "%d: %s", err, client_error(client));
	report(!err && watch_goes_on(client), "the watch goes on",
	       "sweeps: %llu", (unsigned long long)number_of_watch(client, "sweeps"));
	report(!number_of_watch(client, "processes-unwatched") &&
	       number_of_watch(client, "processes-alive") == 2,
	       "... and the one that hangs is there, and waits",
	       "unwatched %llu, alive %llu",
	       (unsigned long long)number_of_watch(client, "processes-unwatched"),
	       (unsigned long long)number_of_watch(client, "processes-alive"));
	if (*child)
		kill(*child, SIGKILL);
	end_victim(parent);
	client_close(client);
	report(nothing_is_left(), "... and leaves nothing behind", "see above");
}

static bool unloads(void)
{
	int tries = PATIENCE_S * 10;
	pid_t pid = fork();

	if (pid == 0) {
		while (syscall(SYS_delete_module, "devtlb", O_NONBLOCK)) {
			if (errno != EAGAIN || tries-- <= 0)
				_exit(1);
			nap();
		}
		_exit(0);
	}
	return ends_well(pid);
}

static void module_goes(void)
{
	pid_t victim = stuck_victim(), tool;
	bool stuck = is_stuck(victim);
	int status = -1;

	tool = start_attach(victim);
	report(stuck && attach_has_begun() && unloads(),
	       "rmmod ends an attach that waits", "stuck %d; it did not end",
	       stuck);
	report(ends(tool, &status) && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 2, "... which ends with exit status 2",
	       "status %#x", status);
	end_victim(victim);
	ends(tool, &status);
}

int main(int argc, char **argv)
{
	pid_t server;

	if (argc != 2)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("1..19\n");
	shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	server = start_server();
	attach_waits(argv[1]);
	audit_waits();
	audit_cannot_tell();
	watch_waits();
	module_goes();
	kill(server, SIGKILL);
	close(fuse_device);
	umount2(MOUNT, MNT_DETACH);
	return 0;
}
