/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations: what a process can do to its memory, or to another one's, each with
 * its arguments. An actor, a process of its own, performs them.
 *
 * What performs an operation needs libc and the files of this room only: the
 * program that "devtlb fuzz" writes for a finding is made of the very functions
 * that found it.
 */
#ifndef OPERATION_H
#define OPERATION_H

#include <stdbool.h>

#include "model/registry.h"

#define ARGUMENTS_MAX	7

enum argument_kind {
	/* A page of the arena, by its number. */
	ARGUMENT_PAGE = 1,
	/* How many of them. */
	ARGUMENT_PAGES,
	/* A number up to @most. */
	ARGUMENT_NUMBER,
	/* One of @words. */
	ARGUMENT_WORD,
	/* Any of @words: bits. */
	ARGUMENT_WORDS,
	/* An actor: performs with its process number. */
	ARGUMENT_ACTOR,
	/* An actor that is to be. */
	ARGUMENT_NEW_ACTOR,
};

/**
 * struct word - a value that has a name
 * @name: as people write it
 * @value: it
 * @constant: as C has it
 */
struct word {
	const char *name;
	long value;
	const char *constant;
};

#define WORD(name, constant)	{ name, constant, #constant }

/**
 * struct argument - an argument of an operation
 * @name: NULL behind the last one
 * @kind: what it is
 * @words: of ARGUMENT_WORD and ARGUMENT_WORDS; ends with a NULL name
 * @most: of ARGUMENT_NUMBER
 */
struct argument {
	const char *name;
	enum argument_kind kind;
	const struct word *words;
	long most;
};

/* What an operation does to what memory reads as, and to whom there is. */
enum effect {
	/* Nothing: contents stay. */
	EFFECT_NONE,
	EFFECT_MAP,
	/* The object of hugetlbfs, from the middle of the arena on. */
	EFFECT_MAP_GIGABYTE,
	EFFECT_UNMAP,
	EFFECT_MOVE,
	/* Pages, to anonymous memory that is new, and not what maps them. */
	EFFECT_TRANSFER,
	EFFECT_RESIZE,
	EFFECT_POPULATE,
	EFFECT_DISCARD,
	EFFECT_FREE,
	EFFECT_WRITE,
	EFFECT_READ,
	/* To the memory of "actor". */
	EFFECT_WRITE_OTHER,
	EFFECT_FORK,
	EFFECT_EXEC,
	EFFECT_EXIT,
	/* Of memory from "page" on, nobody says. */
	EFFECT_UNKNOWN,
	/* Nor of any object. */
	EFFECT_OBJECT,
};

/**
 * struct operation - what an actor can do
 * @name: as people write it
 * @title: completes "The actor ..."
 * @argument: its arguments
 * @perform: does it. Returns a number, or a negative errno
 * @function: the name of @perform
 * @effect: what it does to contents
 * @large: is about pages of 2M, as a rule
 * @weight: how often it is chosen
 */
struct operation {
	const char *name;
	const char *title;
	struct argument argument[ARGUMENTS_MAX + 1];
	long (*perform)(const long *argument);
	const char *function;
	enum effect effect;
	bool large;
	unsigned int weight;
};

#define OPERATION(id)	REGISTER(operations, struct operation, id)
REGISTRY(operations, struct operation);

#define PERFORM(name)	.perform = (name), .function = #name
#define ANY_PAGE(name)	{ name, ARGUMENT_PAGE, NULL, 0 }
#define ANY_PAGES(name)	{ name, ARGUMENT_PAGES, NULL, 0 }
#define ONE_OF(name, words)	{ name, ARGUMENT_WORD, words, 0 }
#define ANY_OF(name, words)	{ name, ARGUMENT_WORDS, words, 0 }
#define UP_TO(name, most)	{ name, ARGUMENT_NUMBER, NULL, most }
#define ANOTHER(name)	{ name, ARGUMENT_ACTOR, NULL, 0 }
#define A_NEW_ONE(name)	{ name, ARGUMENT_NEW_ACTOR, NULL, 0 }

/* NULL when there is none of that name. */
const struct operation *find_operation(const char *name);
unsigned int nr_arguments(const struct operation *operation);
/* The one after the name, or NULL when there is no such argument. */
const struct word *find_word(const struct word *words, const char *name);

#endif /* OPERATION_H */
