// SPDX-License-Identifier: GPL-2.0-only
#include <sys/utsname.h>

#include "client/client.h"
#include "model/callback.h"
#include "report/report.h"

struct json_object *new_header(struct client *client)
{
	struct json_object *header = json_object_new_object();
	struct utsname uts;

	uname(&uts);
	json_object_object_add(header, "schema", json_object_new_int(1));
	set_string(header, "version", client_module_version(client));
	set_string(header, "kernel", uts.release);
	set_string(header, "callback", callback_name(client_callback(client)));
	return header;
}
