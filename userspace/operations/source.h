/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of this room bring their own text along, of which programs are made:
 * one SOURCE() in each.
 */
#ifndef SOURCE_H
#define SOURCE_H

#include "model/registry.h"

/**
 * struct source - a file
 * @path: of it
 * @text: all of it
 */
struct source {
	const char *path;
	const char *text;
};

/* The label is the file's own: the assembler exports none that it is not told to. */
#define SOURCE_TEXT(label, path)					\
	__asm__(".pushsection .rodata\n"				\
		#label ":\n"						\
		".incbin \"" path "\"\n"				\
		".byte 0\n"						\
		".popsection\n");					\
	extern const char label[]

#define SOURCE()							\
	SOURCE_TEXT(source_text, __FILE__);				\
	REGISTER(sources, struct source, this) = { __FILE__, source_text }

REGISTRY(sources, struct source);

#endif /* SOURCE_H */
