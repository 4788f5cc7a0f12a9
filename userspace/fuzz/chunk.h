/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chunks: the text of a C file in the kernel's style, taken apart into what it
 * defines, and put together again without what nobody needs.
 */
#ifndef CHUNK_H
#define CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct chunks;

struct chunks *chunks_new(void);
void chunks_free(struct chunks *chunks);
/*
 * Takes a file apart, which stays where it is. The system's headers that it
 * includes are needed, whatever else is not.
 */
void chunks_add(struct chunks *chunks, const char *text);
/* What this text names but in comments, and what that needs, is needed. */
void chunks_need(struct chunks *chunks, const char *text, size_t length);
/* Writes the lines that include those headers, each once. */
void chunks_write_headers(const struct chunks *chunks, FILE *file);
/* Writes what else is needed, in the order in which it was added. */
void chunks_write(const struct chunks *chunks, FILE *file);

#endif /* CHUNK_H */
