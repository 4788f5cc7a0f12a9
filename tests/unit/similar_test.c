// SPDX-License-Identifier: GPL-2.0-only
/* Names that may have been meant: userspace/model/similar.c. */
#include <string.h>

#include "model/similar.h"
#include "tap.h"

static const char *meant(const char *written)
{
	static const char * const names[] = {
		"cow", "ksm", "ksm-write", "munmap", "hugetlb-cow", "exit",
	};
	struct similar similar = similar_to(written, strlen(written));
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		similar_try(&similar, names[i]);
	return similar.name ? : "";
}

static void letters_that_are_wrong(void)
{
	expect_true(strcmp(meant("cwo"), "cow") == 0);
	expect_true(strcmp(meant("kow"), "cow") == 0);
	expect_true(strcmp(meant("ksm-wrote"), "ksm-write") == 0);
	expect_true(strcmp(meant("mumap"), "munmap") == 0);
	expect_true(strcmp(meant("hugetlb_cow"), "hugetlb-cow") == 0);
}

static void nothing_like_it(void)
{
	expect_true(strcmp(meant("writeback"), "") == 0);
	expect_true(strcmp(meant(""), "") == 0);
	expect_true(strcmp(meant("x"), "") == 0);
}

static void as_many_letters_as_count(void)
{
	struct similar similar = similar_to("cwo:site=f", 3);

	similar_try(&similar, "cow");
	expect_true(similar.name);
}

static const struct tap_row rows[] = {
	{ "letters may be wrong, missing, or swapped", letters_that_are_wrong },
	{ "what is like nothing gets no hint", nothing_like_it },
	{ "what follows the name does not count", as_many_letters_as_count },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}
