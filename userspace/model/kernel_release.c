// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <sys/utsname.h>

#include "model/kernel_release.h"

const char *kernel_release(void)
{
	static struct utsname uts;

	uname(&uts);
	return uts.release;
}

struct kernel_series kernel_series(const char *release)
{
	struct kernel_series series = { .major = 0 };

	if (sscanf(release, "%u.%u", &series.major, &series.minor) != 2)
		return (struct kernel_series) { .major = 0 };
	return series;
}

int series_compare(struct kernel_series one, struct kernel_series other)
{
	if (one.major != other.major)
		return one.major < other.major ? -1 : 1;
	if (one.minor != other.minor)
		return one.minor < other.minor ? -1 : 1;
	return 0;
}
