// SPDX-License-Identifier: GPL-2.0-only
/*
 * What begins in the first column begins a definition. One with a body ends with
 * the "}" in that column, any other with a ";"; the comment before it belongs to
 * it. Of the preprocessor's lines, what is between #if and #endif stays together.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/chunk.h"

#define CHUNKS_MAX	1024
#define HEADERS_MAX	64

/**
 * struct chunk - one definition
 * @text: where it begins, with the comment before it
 * @length: of it
 * @code: where its code begins
 * @needed: somebody names it
 */
struct chunk {
	const char *text;
	size_t length;
	const char *code;
	bool needed;
};

struct chunks {
	struct chunk chunk[CHUNKS_MAX];
	unsigned int nr;
	/* The lines that include a header of the system, in alphabetical order. */
	const char *header[HEADERS_MAX];
	unsigned int nr_headers;
};

struct chunks *chunks_new(void)
{
	struct chunks *chunks = calloc(1, sizeof(*chunks));

	if (!chunks)
		abort();
	return chunks;
}

void chunks_free(struct chunks *chunks)
{
	free(chunks);
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

static bool begins_with(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

/* The last character of a line that is no comment and no blank. */
static char last_of(const char *line)
{
	const char *end = next_line(line);
	const char *comment = strstr(line, "/*");

	if (comment && comment < end)
		end = comment;
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	return end > line ? end[-1] : '\0';
}

static const char *behind_comment(const char *text)
{
	const char *end = strstr(text, "*/");

	return end ? end + 2 : text + strlen(text);
}

static const char *skip_comment(const char *line)
{
	return next_line(behind_comment(line));
}

static const char *skip_condition(const char *line)
{
	while (*line && !begins_with(line, "#endif"))
		line = next_line(line);
	return next_line(line);
}

static const char *skip_directive(const char *line)
{
	while (last_of(line) == '\\')
		line = next_line(line);
	return next_line(line);
}

/* Behind a definition that begins here. */
static const char *skip_definition(const char *line)
{
	bool has_body = false;

	if (begins_with(line, "#if"))
		return skip_condition(line);
	if (*line == '#')
		return skip_directive(line);
	for (; *line; line = next_line(line)) {
		has_body |= last_of(line) == '{';
		if (has_body ? *line == '}' : last_of(line) == ';')
			return next_line(line);
	}
	return line;
}

static size_t line_length(const char *line)
{
	return next_line(line) - line;
}

static void add_header(struct chunks *chunks, const char *line)
{
	unsigned int i;

	/* The end of the line is compared as well: none begins another one. */
	for (i = 0; i < chunks->nr_headers; i++) {
		int order = strncmp(chunks->header[i], line, line_length(line));

		if (order == 0)
			return;
		if (order > 0)
			break;
	}
	if (chunks->nr_headers == HEADERS_MAX)
		abort();
	memmove(&chunks->header[i + 1], &chunks->header[i],
		(chunks->nr_headers++ - i) * sizeof(chunks->header[0]));
	chunks->header[i] = line;
}

/* What says something to the compiler or to a registry of ours only. */
static bool is_ours(const char *code)
{
	static const char * const words[] = {
		"#include", "OPERATION(", "SOURCE(", "REGISTRY(", "// SPDX",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (begins_with(code, words[i]))
			return true;
	}
	return false;
}

static void add_chunk(struct chunks *chunks, const char *text, const char *code,
		      const char *end)
{
	if (begins_with(code, "#include <"))
		add_header(chunks, code);
	if (is_ours(code))
		return;
	if (chunks->nr == CHUNKS_MAX)
		abort();
	chunks->chunk[chunks->nr++] = (struct chunk) {
		.text = text,
		.length = end - text,
		.code = code,
	};
}

/* The guard of a header is nothing of interest. */
static const char *skip_guard(const char *line)
{
	const char *second = next_line(line);

	return begins_with(line, "#ifndef") && begins_with(second, "#define") &&
	       last_of(second) == 'H' ? next_line(second) : line;
}

void chunks_add(struct chunks *chunks, const char *text)
{
	const char *comment = NULL;

	while (*text) {
		const char *begin = skip_guard(text);
		const char *end;

		if (begin != text || *text == '\n' || begins_with(text, "// ") ||
		    begins_with(text, "#endif")) {
			text = begin != text ? begin : next_line(text);
			comment = NULL;
			continue;
		}
		if (begins_with(text, "/*")) {
			comment = text;
			text = skip_comment(text);
			continue;
		}
		end = skip_definition(text);
		add_chunk(chunks, comment ? comment : text, text, end);
		comment = NULL;
		text = end;
	}
}

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t word_length(const char *text)
{
	size_t length = 0;

	while (is_part_of_word(text[length]))
		length++;
	return length;
}

static bool is_word(const char *text, const char *word, size_t length)
{
	return strncmp(text, word, length) == 0 && !is_part_of_word(text[length]);
}

/* Does the word stand in a text, as a word? */
static bool has_word(const char *text, const char *end, const char *word,
		     size_t length)
{
	while (text + length <= end) {
		if (is_word(text, word, length))
			return true;
		if (!is_part_of_word(*text))
			text++;
		else
			text += word_length(text);
	}
	return false;
}

/* What a function, a variable or an array is called: the last word before this. */
static const char *declared_name(const char *code, const char *end)
{
	const char *stop = code + strcspn(code, "([=;");
	const char *name = stop;

	if (stop >= end)
		return NULL;
	while (name > code && !is_part_of_word(name[-1]))
		name--;
	while (name > code && is_part_of_word(name[-1]))
		name--;
	return name;
}

/* Does any #define in here define it? */
static bool defines_macro(const char *code, const char *end, const char *word,
			  size_t length)
{
	for (; code < end; code = next_line(code)) {
		if (begins_with(code, "#define ") &&
		    is_word(code + strlen("#define "), word, length))
			return true;
	}
	return false;
}

static bool defines(const struct chunk *chunk, const char *word, size_t length)
{
	const char *end = chunk->text + chunk->length;
	const char *name;

	if (*chunk->code == '#')
		return defines_macro(chunk->code, end, word, length);
	if (begins_with(chunk->code, "enum "))
		return has_word(chunk->code, end, word, length);
	if (begins_with(chunk->code, "struct ") && last_of(chunk->code) == '{' &&
	    is_word(chunk->code + strlen("struct "), word, length))
		return true;
	name = declared_name(chunk->code, end);
	return name && is_word(name, word, length);
}

static void need_word(struct chunks *chunks, const char *word, size_t length)
{
	unsigned int i;

	for (i = 0; i < chunks->nr; i++) {
		struct chunk *chunk = &chunks->chunk[i];

		if (chunk->needed || !defines(chunk, word, length))
			continue;
		chunk->needed = true;
		chunks_need(chunks, chunk->code,
			    chunk->text + chunk->length - chunk->code);
	}
}

void chunks_need(struct chunks *chunks, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		size_t word = word_length(text);

		if (begins_with(text, "/*")) {
			text = behind_comment(text);
			continue;
		}
		if (!word) {
			text++;
			continue;
		}
		need_word(chunks, text, word);
		text += word;
	}
}

void chunks_write_headers(const struct chunks *chunks, FILE *file)
{
	unsigned int i;

	for (i = 0; i < chunks->nr_headers; i++)
		fwrite(chunks->header[i], 1, line_length(chunks->header[i]), file);
}

void chunks_write(const struct chunks *chunks, FILE *file)
{
	bool after_code = false;
	unsigned int i;

	for (i = 0; i < chunks->nr; i++) {
		const struct chunk *chunk = &chunks->chunk[i];

		if (!chunk->needed)
			continue;
		if (after_code || *chunk->code != '#')
			fputc('\n', file);
		fwrite(chunk->text, 1, chunk->length, file);
		after_code = *chunk->code != '#';
	}
}
