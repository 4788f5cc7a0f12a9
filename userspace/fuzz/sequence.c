// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/sequence.h"
#include "model/number.h"
#include "model/parse_error.h"
#include "operations/arena.h"

#define TEXT_MAX	512

static int argument_index(const struct operation *operation, const char *name)
{
	int i;

	for (i = 0; operation->argument[i].name; i++) {
		if (strcmp(operation->argument[i].name, name) == 0)
			return i;
	}
	return -1;
}

bool step_has(const struct step *step, const char *name)
{
	return argument_index(step->operation, name) >= 0;
}

long step_argument(const struct step *step, const char *name)
{
	int i = argument_index(step->operation, name);

	return i < 0 ? 0 : step->argument[i];
}

bool step_may_be_background(const struct step *step)
{
	return step->operation->effect == EFFECT_NONE;
}

bool step_is_inside(const struct step *step)
{
	long page = step_argument(step, "page");
	long pages = step_argument(step, "pages");
	long size = step_has(step, "size") ? step_argument(step, "size") : pages;

	return page + pages <= ARENA_PAGES &&
	       step_argument(step, "to") + size <= ARENA_PAGES &&
	       page + size <= ARENA_PAGES;
}

/* A text that grows. */
struct text {
	char *at;
	size_t room;
};

static void add(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->at, text->room, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= text->room)
		abort();
	text->at += length;
	text->room -= length;
}

static void add_words(struct text *text, const struct word *words, long value)
{
	const char *separator = "";

	for (; words->name; words++) {
		if (!(value & words->value))
			continue;
		add(text, "%s%s", separator, words->name);
		separator = ",";
	}
}

static void add_argument(struct text *text, const struct argument *argument,
			 long value)
{
	const struct word *word;

	/* What says nothing is left out. */
	if (argument->kind == ARGUMENT_WORDS && !value)
		return;
	add(text, " %s=", argument->name);
	switch (argument->kind) {
	case ARGUMENT_WORD:
		for (word = argument->words; word->value != value; word++)
			;
		add(text, "%s", word->name);
		break;
	case ARGUMENT_WORDS:
		add_words(text, argument->words, value);
		break;
	case ARGUMENT_ACTOR:
	case ARGUMENT_NEW_ACTOR:
		add(text, "p%ld", value);
		break;
	default:
		add(text, "%ld", value);
	}
}

const char *step_text(const struct step *step)
{
	static char buffer[TEXT_MAX];
	struct text text = { buffer, sizeof(buffer) };
	int i;

	add(&text, "p%u %s", step->actor, step->operation->name);
	for (i = 0; step->operation->argument[i].name; i++)
		add_argument(&text, &step->operation->argument[i],
			     step->argument[i]);
	if (step->background)
		add(&text, " &");
	return buffer;
}

/* "a, b, c" */
static const char *names_of(const struct word *words)
{
	static char buffer[TEXT_MAX];
	struct text text = { buffer, sizeof(buffer) };
	const char *separator = "";

	for (; words->name; words++) {
		add(&text, "%s%s", separator, words->name);
		separator = ", ";
	}
	return buffer;
}

/* "p3" */
static int parse_actor(const char *what, const char *text, long *actor,
		       struct parse_error *error)
{
	uint32_t number;

	if (text[0] != 'p' ||
	    parse_number(what, text + 1, 0, ACTORS_MAX - 1, &number, error))
		return parse_failed(error, "%s: expected an actor, p0 to p%d, not \"%s\"",
				    what, ACTORS_MAX - 1, text);
	*actor = number;
	return 0;
}

static int parse_one_word(const struct argument *argument, const char *text,
			  long *value, struct parse_error *error)
{
	const struct word *word = find_word(argument->words, text);

	if (!word)
		return parse_failed(error, "%s: expected one of %s, not \"%s\"",
				    argument->name, names_of(argument->words),
				    text);
	*value = word->value;
	return 0;
}

static int parse_words(const struct argument *argument, char *text,
		       long *value, struct parse_error *error)
{
	char *word;

	*value = 0;
	while ((word = strsep(&text, ","))) {
		long bit = 0;
		int err = parse_one_word(argument, word, &bit, error);

		if (err)
			return err;
		*value |= bit;
	}
	return 0;
}

static long most_of(const struct argument *argument)
{
	switch (argument->kind) {
	case ARGUMENT_PAGE:
		return ARENA_PAGES - 1;
	case ARGUMENT_PAGES:
		return ARENA_PAGES;
	default:
		return argument->most;
	}
}

static int parse_value(const struct argument *argument, char *text, long *value,
		       struct parse_error *error)
{
	long least = argument->kind == ARGUMENT_PAGES;
	uint64_t number;

	switch (argument->kind) {
	case ARGUMENT_WORD:
		return parse_one_word(argument, text, value, error);
	case ARGUMENT_WORDS:
		return parse_words(argument, text, value, error);
	case ARGUMENT_ACTOR:
	case ARGUMENT_NEW_ACTOR:
		return parse_actor(argument->name, text, value, error);
	default:
		if (parse_number64(argument->name, text, least,
				   most_of(argument), &number, error))
			return parse_failed(error, "%s: expected a number from %ld to %ld, not \"%s\"",
					    argument->name, least,
					    most_of(argument), text);
		*value = number;
		return 0;
	}
}

/* "name=value"; @seen has a bit for each argument. */
static int parse_argument(struct step *step, char *text, unsigned int *seen,
			  struct parse_error *error)
{
	const struct operation *operation = step->operation;
	char *value = strchr(text, '=');
	int i;

	if (!value)
		return parse_failed(error, "expected NAME=VALUE, not \"%s\"",
				    text);
	*value++ = '\0';
	i = argument_index(operation, text);
	if (i < 0)
		return parse_failed(error, "%s has no \"%s\"", operation->name,
				    text);
	if (*seen & 1U << i)
		return parse_failed(error, "%s has one \"%s\" only",
				    operation->name, text);
	*seen |= 1U << i;
	return parse_value(&operation->argument[i], value, &step->argument[i],
			   error);
}

/* Behind the operation: an argument, or the "&" that ends it. */
static int parse_rest(struct step *step, char *text, unsigned int *seen,
		      struct parse_error *error)
{
	if (step->background)
		return parse_failed(error, "expected nothing behind \"&\", not \"%s\"",
				    text);
	if (strcmp(text, "&") != 0)
		return parse_argument(step, text, seen, error);
	if (!step_may_be_background(step))
		return parse_failed(error, "%s cannot be performed in the background: memory has something else afterwards",
				    step->operation->name);
	step->background = true;
	return 0;
}

static int check_complete(const struct step *step, unsigned int seen,
			  struct parse_error *error)
{
	const struct argument *argument = step->operation->argument;
	int i;

	for (i = 0; argument[i].name; i++) {
		if (!(seen & 1U << i) && argument[i].kind != ARGUMENT_WORDS)
			return parse_failed(error, "expected %s=VALUE as well",
					    argument[i].name);
	}
	if (!step_is_inside(step))
		return parse_failed(error, "expected to end with page %ld at most",
				    ARENA_PAGES - 1);
	return 0;
}

static int parse_operation(struct step *step, const char *name,
			   struct parse_error *error)
{
	step->operation = find_operation(name);
	if (step->operation)
		return 0;
	return parse_failed(error, "expected an operation, not \"%s\"; \"devtlb fuzz --list\" shows them",
			    name);
}

int parse_step(struct step *step, const char *line, struct parse_error *error)
{
	char copy[TEXT_MAX], *rest = copy, *word;
	unsigned int seen = 0, words = 0;
	long actor = 0;
	int err = 0;

	*step = (struct step) { };
	snprintf(copy, sizeof(copy), "%s", line);
	while (!err && (word = strsep(&rest, " \t\n"))) {
		if (!*word)
			continue;
		if (words == 0)
			err = parse_actor("actor", word, &actor, error);
		else if (words == 1)
			err = parse_operation(step, word, error);
		else
			err = parse_rest(step, word, &seen, error);
		words++;
	}
	step->actor = actor;
	if (!err && words < 2)
		err = parse_failed(error, "expected an actor and an operation");
	return err ? : check_complete(step, seen, error);
}

static bool says_nothing(const char *line)
{
	line += strspn(line, " \t\n");
	return *line == '\0' || *line == '#';
}

static int read_lines(struct sequence *sequence, FILE *file, const char *path,
		      struct parse_error *error)
{
	struct parse_error wrong;
	char line[TEXT_MAX];
	unsigned int number;

	for (number = 1; fgets(line, sizeof(line), file); number++) {
		if (says_nothing(line))
			continue;
		if (sequence->nr == STEPS_MAX)
			return parse_failed(error, "%s:%u: expected %d operations at most",
					    path, number, STEPS_MAX);
		if (parse_step(&sequence->step[sequence->nr++], line, &wrong))
			return parse_failed(error, "%s:%u: %s", path, number,
					    wrong.text);
	}
	if (ferror(file))
		return parse_failed(error, "%s: %s", path, strerror(errno));
	if (sequence->nr == 0)
		return parse_failed(error, "%s: expected at least one operation",
				    path);
	return 0;
}

int read_sequence(struct sequence *sequence, const char *path,
		  struct parse_error *error)
{
	FILE *file = fopen(path, "r");
	int err;

	sequence->nr = 0;
	if (!file)
		return parse_failed(error, "%s: %s", path, strerror(errno));
	err = read_lines(sequence, file, path, error);
	fclose(file);
	return err;
}
