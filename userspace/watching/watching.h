/* SPDX-License-Identifier: GPL-2.0-only */
/* Watches processes, and tells what came of it: what "run" and "attach" share. */
#ifndef WATCHING_H
#define WATCHING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <json-c/json.h>

#include "cli/watch_request.h"

struct watching;

/*
 * Makes stdout the report's: what was asked for, or else @usual. Returns 0 or
 * an exit status.
 */
int open_report(const struct watch_request *request, int usual);

/* Says why not and returns NULL when it cannot. */
struct watching *watching_start(const struct watch_request *request);
/* Returns 0, or a negative errno and leaves a sentence in watching_error(). */
int watching_add(struct watching *watching, pid_t pid, bool from_exec);
const char *watching_error(const struct watching *watching);
/* Seconds until watching_look() is due. */
double watching_rest(const struct watching *watching);
/* Takes a sample, and shows it where that was asked for. */
void watching_look(struct watching *watching);
/* At the last look: bound processes; 0 when the watch was lost. */
unsigned long long watching_processes(const struct watching *watching);
/* The processes whose address spaces are bound now; the caller frees them. */
size_t watching_pids(struct watching *watching, pid_t **pids);
/* Of the watch, so far. */
double watching_seconds(const struct watching *watching);
/* The watch broke off: the module does not know it any more. */
bool watching_lost(const struct watching *watching);

/*
 * Ends the watch and prints the report, to which @about has been added; puts
 * that. Returns what the findings make of exit status @status.
 */
int watching_end(struct watching *watching, struct json_object *about,
		 int status);
/* Ends it without a word. */
void watching_drop(struct watching *watching);

#endif /* WATCHING_H */
