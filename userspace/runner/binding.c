// SPDX-License-Identifier: GPL-2.0-only
/* What of a run is bound to the device, and how. */
#include <stdio.h>

#include "model/kernel_function.h"
#include "model/result.h"
#include "model/wait_until.h"
#include "runner/running.h"

/* For the end of an address space that nobody uses any more. */
#define RELEASE_TIMEOUT_S	20

struct client *run_client(struct run *run)
{
	return run->client;
}

uint32_t run_pasid(struct run *run)
{
	return run->pasid;
}

uint32_t run_check_every(const struct run *run)
{
	return run->options->check_every;
}

static bool fracture(const struct run *run)
{
	return run->options->fracture || run->scenario->fracture;
}

/* Misrouted notifications go to another PASID of the same memory. */
static void bind_bystander(struct run *run, pid_t pid)
{
	unsigned int i;

	for (i = 0; i < run->nr_mutants; i++) {
		if (run->mutants[i].kind != DEVTLB_MUTANT_MISROUTE)
			continue;
		if (!run->bystander)
			run_must(run, client_bind(run->client, pid, fracture(run),
						  &run->bystander), "bind");
		run->mutants[i].other = run->bystander;
	}
}

/* The user's windows come before the scenario's. */
static struct window window_of(const struct run *run)
{
	const struct scenario *scenario = run->scenario;
	struct window window = run->options->window;
	const char *function = NULL;

	if (!window.range_end)
		window.range_end = scenario->range_end;
	if (!window.function[0] && scenario->function)
		function = kernel_function(scenario->function);
	if (function) {
		snprintf(window.function, sizeof(window.function), "%s",
			 function);
		window.function_delay = scenario->function_delay;
	}
	return window;
}

static void widen(struct run *run)
{
	struct window window = window_of(run);

	if (window.range_end || window.function[0])
		run_must(run, client_window_set(run->client, run->pasid, &window),
			 "widen");
}

void run_bind(struct run *run, pid_t pid)
{
	unsigned int i;

	run->pid = pid;
	run_must(run, client_bind(run->client, pid, fracture(run), &run->pasid),
		 "bind");
	bind_bystander(run, pid);
	for (i = 0; i < run->nr_mutants; i++)
		run_must(run, client_mutant_add(run->client, run->pasid,
						&run->mutants[i]), "add mutant");
	widen(run);
}

static void unbind_memory(struct run *run)
{
	run_must(run, client_unbind(run->client, run->pasid), "unbind");
	if (run->bystander)
		run_must(run, client_unbind(run->client, run->bystander), "unbind");
	run->bystander = 0;
}

void run_bind_other(struct run *run, pid_t pid)
{
	unbind_memory(run);
	run_bind(run, pid);
}

static bool is_released(struct run *run)
{
	struct json_object *pasid = run_get_pasid(run);
	bool released = get_flag(pasid, "released");

	json_object_put(pasid);
	return released;
}

void run_wait_released(struct run *run)
{
	if (!wait_until(is_released(run), RELEASE_TIMEOUT_S))
		run_broken(run, "the kernel never told that the address space was released");
}
