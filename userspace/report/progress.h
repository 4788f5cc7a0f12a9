/* SPDX-License-Identifier: GPL-2.0-only */
/* One line that says how far a long command is, where a person looks at it. */
#ifndef PROGRESS_H
#define PROGRESS_H

/* Replaces the line before. */
void progress(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Before anything else is printed. */
void progress_end(void);

#endif /* PROGRESS_H */
