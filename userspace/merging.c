// SPDX-License-Identifier: GPL-2.0-only
/* KSM, the kernel's merging of equal pages, for scenarios. */
#include "scenario.h"
#include "setting.h"

#define RUN	"/sys/kernel/mm/ksm/run"

bool start_ksm(struct run *run)
{
	static const struct setting settings[] = {
		{ "/sys/kernel/mm/ksm/pages_to_scan", "10000" },
		{ "/sys/kernel/mm/ksm/sleep_millisecs", "0" },
		{ RUN, "1" },
	};

	return settings_change(run, settings,
			       sizeof(settings) / sizeof(settings[0]));
}

/* The kernel takes the lock under which it scans, and so waits for a scan. */
void pause_ksm(struct run *run)
{
	setting_change_again(run, &(struct setting) { RUN, "0" });
}

void resume_ksm(struct run *run)
{
	setting_change_again(run, &(struct setting) { RUN, "1" });
}
