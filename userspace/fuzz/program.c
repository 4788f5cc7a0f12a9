// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/chunk.h"
#include "fuzz/program.h"
#include "model/result.h"
#include "operations/source.h"

SOURCE_TEXT(arena_text, "userspace/operations/arena.h");
SOURCE_TEXT(object_text, "userspace/operations/object.h");
SOURCE_TEXT(actor_text, "userspace/operations/actor.h");
SOURCE_TEXT(headers_text, "userspace/fuzz/template/headers.h");
SOURCE_TEXT(step_h_text, "userspace/fuzz/template/step.h");
SOURCE_TEXT(template_text, "userspace/fuzz/template/program.c");

/* Its licence stands at the head of the program already. */
static const char *behind_licence(const char *text)
{
	return strchr(text, '\n') + 1;
}

/* Not in one piece, which would be this file's own. */
static const char licence_tag[] = {
	'S', 'P', 'D', 'X', '-', 'L', 'i', 'c', 'e', 'n', 's', 'e', '-',
	'I', 'd', 'e', 'n', 't', 'i', 'f', 'i', 'e', 'r', '\0'
};

static void write_head(FILE *file, struct json_object *report)
{
	struct json_object *found = json_object_object_get(report, "found");
	struct json_object *finding = json_object_object_get(found, "finding");

	fprintf(file, "// %s: GPL-2.0-only\n"
		"/*\n"
		" * Found by devtlb fuzz on Linux %s: rule %s, %s. Build it in devtlb's\n"
		" * directory, and run it as root with the module loaded:\n"
		" *\n"
		" *\tcc -Iuapi -o shows FILE.c && sudo ./shows; echo $?\n"
		" *\n"
		" * Exit status: 1 when it shows it, 0 when not, 2 when it cannot say.\n"
		" */\n",
		licence_tag, get_string(report, "kernel"), get_string(finding, "rule"),
		get_string(finding, "breach"));
	if (get_flag(report, "racing"))
		fprintf(file, "/*\n * It was found while the device filled all the time. This program has it fill\n * before each operation only.\n */\n");
}

/* Headers, and of what actors are made of, what the template and the steps need. */
static void write_actors(FILE *file, const char *steps)
{
	struct chunks *chunks = chunks_new();
	const struct source * const *source;

	chunks_add(chunks, arena_text);
	chunks_add(chunks, object_text);
	chunks_add(chunks, actor_text);
	for_each_registered(source, sources)
		chunks_add(chunks, (*source)->text);
	chunks_add(chunks, headers_text);
	chunks_need(chunks, template_text, strlen(template_text));
	chunks_need(chunks, steps, strlen(steps));
	fprintf(file, "#define _GNU_SOURCE\n");
	chunks_write_headers(chunks, file);
	fprintf(file, "\n#include \"devtlb.h\"\n");
	chunks_write(chunks, file);
	chunks_free(chunks);
}

static void write_words(FILE *file, const struct word *words, long value)
{
	const char *separator = "";

	for (; words->name; words++) {
		if (!(value & words->value))
			continue;
		fprintf(file, "%s%s", separator, words->constant);
		separator = " | ";
	}
	if (!*separator)
		fprintf(file, "0");
}

static void write_argument(FILE *file, const struct argument *argument,
			   long value)
{
	const struct word *word;

	switch (argument->kind) {
	case ARGUMENT_WORD:
		for (word = argument->words; word->value != value; word++)
			;
		fprintf(file, "%s", word->constant);
		break;
	case ARGUMENT_WORDS:
		write_words(file, argument->words, value);
		break;
	default:
		fprintf(file, "%ld", value);
	}
}

static unsigned int actors_of(const struct operation *operation)
{
	unsigned int actors = 0;
	int i;

	for (i = 0; operation->argument[i].name; i++) {
		if (operation->argument[i].kind == ARGUMENT_ACTOR)
			actors |= 1U << i;
	}
	return actors;
}

/* The last step may have read what it must not. */
static void write_expected(FILE *file, const struct step *step,
			   struct json_object *finding)
{
	long stride = step_argument(step, "stride");

	fprintf(file, ", %ld, %lluULL",
		((long)get_number(finding, "page") - step_argument(step, "page")) /
		(stride ? stride : 1), get_number(finding, "expected"));
}

static void write_step(FILE *file, const struct step *step,
		       struct json_object *wrong)
{
	const struct operation *operation = step->operation;
	int i;

	fprintf(file, "\t/* %s */\n\t{ %u, %s, {", step_text(step), step->actor,
		operation->function);
	for (i = 0; operation->argument[i].name; i++) {
		fprintf(file, i ? ", " : " ");
		write_argument(file, &operation->argument[i], step->argument[i]);
	}
	fprintf(file, " }, 0x%x, %d", actors_of(operation), step->background);
	if (wrong)
		write_expected(file, step, wrong);
	else
		fprintf(file, ", -1, 0");
	fprintf(file, " },\n");
}

static void write_steps(FILE *file, const struct sequence *sequence,
			struct json_object *finding)
{
	bool contents = is(finding, "rule", "contents");
	unsigned int i;

	fprintf(file, "\n%s\nstatic const struct step steps[] = {\n",
		behind_licence(step_h_text));
	for (i = 0; i < sequence->nr; i++)
		write_step(file, &sequence->step[i],
			   contents && i + 1 == sequence->nr ? finding : NULL);
	fprintf(file, "};\n");
}

/* Does an actor come by it? */
static bool makes_actor(const struct operation *operation)
{
	return operation->effect == EFFECT_FORK || operation->effect == EFFECT_EXEC;
}

static void write_new_actor(FILE *file, const struct sequence *sequence)
{
	const char *separator = "";
	unsigned int i;

	fprintf(file, "#define NEW_ACTOR(step)\t(");
	for (i = 0; i < sequence->nr; i++) {
		if (!makes_actor(sequence->step[i].operation))
			continue;
		fprintf(file, "%s(step) == &steps[%u]", separator, i);
		separator = " || ";
	}
	fprintf(file, "%s)\n", *separator ? "" : "0");
}

static void write_mutants(FILE *file, const struct oracle_options *oracle)
{
	unsigned int i;

	fprintf(file, "\n/* Deliberate defects of the device, with which it was found. */\n"
		"static const struct {\n\tuint32_t kind;\n\tconst char *site;\n} mutants[] = {\n");
	for (i = 0; i < oracle->nr_mutants; i++)
		fprintf(file, "\t{ %d, \"%s\" },\n", oracle->mutants[i].kind,
			oracle->mutants[i].site);
	fprintf(file, "\t{ 0, NULL }\n};\n");
}

/* The caller frees it. */
static char *text_of_steps(const struct sequence *sequence,
			   struct json_object *finding)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		abort();
	write_steps(file, sequence, finding);
	if (fclose(file))
		abort();
	return text;
}

void write_program(FILE *file, const struct sequence *sequence,
		   struct json_object *report,
		   const struct oracle_options *oracle, bool write)
{
	struct json_object *found = json_object_object_get(report, "found");
	char *steps = text_of_steps(sequence, json_object_object_get(found, "finding"));

	write_head(file, report);
	write_actors(file, steps);
	fprintf(file, "%s\n#define STEPS\t%u\n#define ACTORS\t%d\n#define HOLD_WRITE\t%d\n",
		steps, sequence->nr, ACTORS_MAX, write);
	write_new_actor(file, sequence);
	write_mutants(file, oracle);
	fprintf(file, "%s", behind_licence(template_text));
	free(steps);
}
