// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "client.h"
#include "command.h"
#include "report.h"

static void print_text(struct json_object *info)
{
	const char *hugetlb = get_string(info, "hugetlb-probe");
	size_t i;

	printf("module %s on Linux %s\n", get_string(info, "version"),
	       get_string(info, "kernel"));
	printf("notified by ->%s\n", get_string(info, "callback"));
	printf("containment %s\n", get_flag(info, "contain") ? "on" : "OFF");
	if (hugetlb[0])
		printf("frees of hugetlb pages are seen at %s()\n", hugetlb);
	printf("PASIDs %llu, device threads %llu, translations %llu\n",
	       get_number(info, "pasids"), get_number(info, "threads"),
	       get_number(info, "translations"));
	for (i = 0; i < get_length(info, "bound"); i++) {
		struct json_object *pasid = get_element(info, "bound", i);

		printf("PASID %llu: pid %llu%s%s, %llu translations, %llu device threads, %llu findings\n",
		       get_number(pasid, "id"), get_number(pasid, "pid"),
		       get_flag(pasid, "fracture") ? ", fractured" : "",
		       get_flag(pasid, "released") ? ", released" : "",
		       get_number(pasid, "held"), get_number(pasid, "threads"),
		       get_number(pasid, "findings"));
	}
}

static int info(int argc, char **argv)
{
	bool json;
	int err = parse_json_only(argc, argv, &json);
	struct json_object *info, *pasids;
	struct client *client;
	struct utsname uts;

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	if (client_info(client, &info) || client_pasids(client, &pasids))
		return client_failed(client);
	uname(&uts);
	json_object_object_add(info, "kernel", json_object_new_string(uts.release));
	json_object_object_add(info, "bound", pasids);
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
	.arguments = "[--json]",
	.title = "the module, the kernel, and what is bound",
	.run = info,
};
