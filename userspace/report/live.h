/* SPDX-License-Identifier: GPL-2.0-only */
/* What a watch does, while it does it. */
#ifndef LIVE_H
#define LIVE_H

#include <stdbool.h>

#include <json-c/json.h>

#include "model/sample.h"

/**
 * struct live - what was shown last
 * @before: then
 * @sites: what had notified until then; NULL for nothing
 * @lines: of the picture that is on the terminal
 */
struct live {
	struct sample before;
	struct json_object *sites;
	int lines;
};

/* Is stdout a terminal, on which a picture can be drawn anew? */
bool live_is_picture(void);
/* @watch as client_watches() has it, @time seconds after its beginning. */
void live_print_line(struct live *live, struct json_object *watch, double time);
/* In place of the picture before; @sites is put, and may be NULL. */
void live_draw(struct live *live, struct json_object *watch,
	       struct json_object *sites, double time);
/* Before anything else is printed. */
void live_end(struct live *live);
void live_free(struct live *live);

#endif /* LIVE_H */
