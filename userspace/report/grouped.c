// SPDX-License-Identifier: GPL-2.0-only
#include "report/grouped.h"

/* Of one line's numbers. */
#define BUFFERS		8

const char *grouped(unsigned long long number)
{
	/* 20 digits and 6 commas. */
	static char buffers[BUFFERS][32];
	static unsigned int turn;
	char *at = buffers[turn++ % BUFFERS] + sizeof(buffers[0]) - 1;
	int digits = 0;

	*at = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--at = ',';
		*--at = '0' + number % 10;
		number /= 10;
		digits++;
	} while (number);
	return at;
}
