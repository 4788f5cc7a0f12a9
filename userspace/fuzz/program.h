/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs: a sequence as a program in C that needs libc and devtlb.h only, made
 * of the functions that performed it.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stdio.h>

#include <json-c/json.h>

#include "fuzz/oracle.h"
#include "fuzz/sequence.h"

/*
 * Writes it to @file. @report is as hunt() has it, with what was found; @oracle:
 * the device had these defects, of which the kind and the site count here; @write:
 * it asked for writable translations.
 */
void write_program(FILE *file, const struct sequence *sequence,
		   struct json_object *report,
		   const struct oracle_options *oracle, bool write);

#endif /* PROGRAM_H */
