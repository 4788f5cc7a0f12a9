// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paths of mm/ that only drivers take, taken by driver.ko: is the device told, and
 * is it found out where it is not? Prints TAP.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/driver.h"
#include "guest.h"
#include "model/mutant.h"
#include "model/wait_until.h"

#define PAGE		4096UL
#define PAGES		8UL
#define PATIENCE_S	30

static int driver;

static char *map_private(void)
{
	char *at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(at, PAGES * PAGE, MADV_NOHUGEPAGE);
	return at;
}

static char *written(void)
{
	return memset(map_private(), 1, PAGES * PAGE);
}

/* The zero page, so many times. */
static char *only_read(void)
{
	char *at = map_private();
	size_t i;

	for (i = 0; i < PAGES; i++)
		(void)*(volatile char *)(at + i * PAGE);
	return at;
}

static char *shared_file(void)
{
	int file = memfd_create("drivers", 0);
	char *at;

	if (ftruncate(file, PAGES * PAGE))
		return MAP_FAILED;
	at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file,
		  0);
	close(file);
	return memset(at, 1, PAGES * PAGE);
}

/* What the driver does to memory that the device holds. */
struct path {
	const char *name;
	char *(*map)(void);
	unsigned long command;
};

static const struct path paths[] = {
	{ "pages that a driver migrates", written, DRIVER_MIGRATE },
	{ "the zero page where a driver puts pages", only_read, DRIVER_MIGRATE },
	{ "a file's pages that a driver write-protects", shared_file,
	  DRIVER_WRITE_PROTECT },
};

/* What the device has to say of it, once that was done. */
struct outcome {
	bool done;
	struct client_audit audit;
	uint64_t findings;
};

/* Has the device hold @pages pages of process @pid, or of our own. */
static uint32_t hold(pid_t pid, char *at, size_t pages,
		     const struct mutant *mutant)
{
	struct client_prefetch prefetch = { };
	uint32_t pasid;

	if (client_bind(client, pid, false, &pasid))
		return 0;
	if ((!mutant || !client_mutant_add(client, pasid, mutant)) &&
	    !client_prefetch(client, pasid, (uintptr_t)at, pages * PAGE, true,
			     false, &prefetch) && prefetch.filled == pages)
		return pasid;
	client_unbind(client, pasid);
	return 0;
}

static void look_at(uint32_t pasid, struct outcome *outcome)
{
	outcome->done = !client_audit(client, pasid, &outcome->audit) &&
			outcome->done;
	outcome->findings = count_of(pasid, "findings");
	client_unbind(client, pasid);
}

static struct outcome take(const struct path *path, const struct mutant *mutant)
{
	struct outcome outcome = { };
	char *at = path->map();
	const struct driver_range range = { (uintptr_t)at, PAGES };
	uint32_t pasid = hold(0, at, PAGES, mutant);

	if (pasid) {
		outcome.done = ioctl(driver, path->command, &range) == (int)PAGES;
		look_at(pasid, &outcome);
	}
	munmap(at, PAGES * PAGE);
	return outcome;
}

static void report_outcomes(const char *name, struct outcome clean,
			    struct outcome armed)
{
	char told[128], found[128];

	snprintf(told, sizeof(told), "the device is told of %s", name);
	snprintf(found, sizeof(found), "... and is found out when it is not");
	report(clean.done && !clean.audit.breaches && !clean.findings, told,
	       "done %d, %llu breaches, %llu findings", clean.done,
	       (unsigned long long)clean.audit.breaches,
	       (unsigned long long)clean.findings);
	report(armed.done && armed.findings, found,
	       "done %d, %llu findings", armed.done,
	       (unsigned long long)armed.findings);
}

/* The driver's mmap() fails when it has mapped a page, which the device holds. */
static uint64_t mapping_at(void)
{
	uint64_t at = 0;

	ioctl(driver, DRIVER_MAPPING, &at);
	return at;
}

/* In another process: nothing of it can be mapped meanwhile, not even for libc. */
static struct outcome fail_mapping(const struct mutant *mutant)
{
	struct outcome outcome = { };
	uint32_t pasid = 0;
	int status = -1, go[2];
	uint64_t at = 0;
	pid_t child;
	char byte;

	if (pipe(go))
		return outcome;
	child = fork();
	if (child == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) < 0)
			_exit(2);
		if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, driver, 0) !=
		    MAP_FAILED)
			_exit(1);
		pause();
	}
	close(go[0]);
	if (!client_bind(client, child, false, &pasid) &&
	    (!mutant || !client_mutant_add(client, pasid, mutant))) {
		struct client_prefetch prefetch = { };

		close(go[1]);
		wait_until((at = mapping_at()), PATIENCE_S);
		outcome.done = at && !client_prefetch(client, pasid, at, PAGE,
						      true, false, &prefetch) &&
			       prefetch.filled == 1;
		ioctl(driver, DRIVER_FAIL_MAPPING);
		wait_until(!mapping_at(), PATIENCE_S);
		look_at(pasid, &outcome);
	}
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	outcome.done &= WIFSIGNALED(status);
	return outcome;
}

int main(void)
{
	static const struct mutant drop = { .kind = DEVTLB_MUTANT_DROP };
	size_t i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	driver = open("/dev/driver", O_RDWR | O_CLOEXEC);
	if (driver < 0) {
		printf("Bail out! /dev/driver\n");
		return 1;
	}
	client = connect_or_bail_out();
	for (i = 0; i < ARRAY_SIZE(paths); i++)
		report_outcomes(paths[i].name, take(&paths[i], NULL),
				take(&paths[i], &drop));
	report_outcomes("a page that a driver mapped before it failed",
			fail_mapping(NULL), fail_mapping(&drop));
	client_close(client);
	return 0;
}
