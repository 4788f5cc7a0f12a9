/* SPDX-License-Identifier: GPL-2.0-only */
/* What is wrong with what the user wrote, and what to write instead. */
#ifndef PARSE_ERROR_H
#define PARSE_ERROR_H

/**
 * struct parse_error - a sentence for the user
 * @text: empty while nothing is wrong
 */
struct parse_error {
	char text[768];
};

/* Leaves the sentence; returns -EINVAL. */
int parse_failed(struct parse_error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* PARSE_ERROR_H */
