// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "client/client.h"
#include "cli/command.h"
#include "report/report.h"

/* Of "A mm_page_free": the place. */
static const char *place_of(const char *probe)
{
	const char *blank = strchr(probe, ' ');

	return blank ? blank + 1 : probe;
}

/* The places of one rule on one line, which begins with @format. */
static void print_probes_of(struct json_object *info, const char *key,
			    const char *format, char rule)
{
	bool first = true;
	size_t i;

	for (i = 0; i < get_length(info, key); i++) {
		const char *probe = json_object_get_string(get_element(info, key, i));

		if (probe[0] != rule)
			continue;
		if (first)
			printf(format, rule);
		printf("%s%s", first ? "" : ", ", place_of(probe));
		first = false;
	}
	if (!first)
		printf("\n");
}

static void print_probes(struct json_object *info)
{
	char rule;

	if (get_length(info, "probe") == 0)
		printf("nothing is watched while nothing is bound\n");
	for (rule = 'A'; rule <= 'D'; rule++)
		print_probes_of(info, "probe", "rule %c is watched at ", rule);
	for (rule = 'A'; rule <= 'D'; rule++)
		print_probes_of(info, "probe-missing",
				"rule %c is not watched, for this kernel lacks ",
				rule);
	for (rule = 'A'; rule <= 'D'; rule++)
		print_probes_of(info, "probe-silent",
				"rule %c is not watched, for ftrace is off, at ",
				rule);
	if (get_number(info, "probe-misses"))
		printf("the probes missed %llu hits, which came inside another one: findings may be missing\n",
		       get_number(info, "probe-misses"));
}

static void print_text(struct json_object *info)
{
	size_t i;

	printf("module %s on Linux %s\n", get_string(info, "version"),
	       get_string(info, "kernel"));
	printf("notified by ->%s\n", get_string(info, "callback"));
	printf("containment %s\n", get_flag(info, "contain") ? "on" : "OFF");
	print_probes(info);
	printf("PASIDs %llu, device threads %llu, translations %llu\n",
	       get_number(info, "pasids"), get_number(info, "threads"),
	       get_number(info, "translations"));
	for (i = 0; i < get_length(info, "bound"); i++) {
		struct json_object *pasid = get_element(info, "bound", i);

		printf("PASID %llu: pid %llu", get_number(pasid, "id"),
		       get_number(pasid, "pid"));
		if (get_number(pasid, "watch"))
			printf(" (%s), watch %llu", get_string(pasid, "comm"),
			       get_number(pasid, "watch"));
		printf("%s%s, %llu translations, %llu device threads, %llu findings\n",
		       get_flag(pasid, "fracture") ? ", fractured" : "",
		       get_flag(pasid, "released") ? ", released" : "",
		       get_number(pasid, "held"), get_number(pasid, "threads"),
		       get_number(pasid, "findings"));
	}
	for (i = 0; i < get_length(info, "watches"); i++) {
		struct json_object *watch = get_element(info, "watches", i);

		printf("watch %llu: %llu processes, %llu so far, %llu translations, %llu findings\n",
		       get_number(watch, "id"), get_number(watch, "processes"),
		       get_number(watch, "processes-seen"),
		       get_number(watch, "held"),
		       get_number(watch, "findings"));
	}
}

static int info(const struct command *command, int argc, char **argv)
{
	bool json;
	int err = parse_json_only(command, argc, argv, &json);
	struct json_object *info, *pasids, *watches;
	struct client *client;
	struct utsname uts;

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_info(client, &info) || client_pasids(client, &pasids) ||
	    client_watches(client, &watches))
		return client_failed(client);
	uname(&uts);
	json_object_object_add(info, "kernel", json_object_new_string(uts.release));
	json_object_object_add(info, "bound", pasids);
	json_object_object_add(info, "watches", watches);
	if (json)
		print_json(info);
	else
		print_text(info);
	json_object_put(info);
	client_close(client);
	return EXIT_NOTHING_FOUND;
}

COMMAND(info) = {
	.name = "info",
	.arguments = "",
	.title = "shows the module, the kernel, and what is bound",
	.options = json_only,
	.option = take_json_only,
	.run = info,
};
