// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"
#include "model/wait_until.h"

#define PATIENCE_S	120

struct client *client;
static unsigned int row;

struct client *connect_or_bail_out(void)
{
	struct client *new = client_open();

	if (client_connected(new))
		return new;
	printf("Bail out! %s\n", client_error(new));
	exit(1);
}

static void print_row(bool passed, const char *name)
{
	printf("%sok %u - %s\n", passed ? "" : "not ", ++row, name);
}

static void print_error(void)
{
	const char *error = client ? client_error(client) : "";

	printf("%s%s\n", error[0] ? "; " : "", error);
}

void report(bool passed, const char *name, const char *format, ...)
{
	va_list args;

	print_row(passed, name);
	if (passed)
		return;
	printf("# ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	print_error();
}

void report_number(bool passed, const char *name, unsigned long long got,
		   unsigned long long want)
{
	report(passed, name, "got %llu (%#llx), want %llu (%#llx)", got, got,
	       want, want);
}

uint64_t number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(json_object_object_get(object, key));
}

const char *string(struct json_object *object, const char *key)
{
	const char *text =
		json_object_get_string(json_object_object_get(object, key));

	return text ? : "";
}

uint64_t count_of(uint32_t pasid, const char *key)
{
	struct json_object *object;
	uint64_t count;

	if (client_pasid(client, pasid, &object))
		return ~0ULL;
	count = number(object, key);
	json_object_put(object);
	return count;
}

uint64_t info_number(const char *key)
{
	struct json_object *info;
	uint64_t got;

	if (client_info(client, &info))
		return ~0ULL;
	got = number(info, key);
	json_object_put(info);
	return got;
}

uint64_t watch_number(uint32_t watch, const char *key)
{
	struct json_object *object;
	uint64_t got;

	if (client_watch(client, watch, &object))
		return 0;
	got = number(object, key);
	json_object_put(object);
	return got;
}

/* NULL until it has finished. */
static struct json_object *finished_thread(uint32_t pasid, uint32_t id)
{
	struct json_object *thread;

	if (client_thread(client, pasid, id, &thread))
		return NULL;
	if (strcmp(string(thread, "state"), "finished") == 0)
		return thread;
	json_object_put(thread);
	return NULL;
}

struct json_object *run_program(uint32_t pasid,
				const struct devtlb_insn *program,
				unsigned int nr)
{
	struct json_object *thread = NULL;
	uint32_t id;

	if (client_thread_start(client, pasid, program, nr, 1, &id))
		return NULL;
	wait_until((thread = finished_thread(pasid, id)), PATIENCE_S);
	return thread;
}
