/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef GROUPED_H
#define GROUPED_H

/* "1,834,112"; a few static buffers, taken in turn. */
const char *grouped(unsigned long long number);

#endif /* GROUPED_H */
