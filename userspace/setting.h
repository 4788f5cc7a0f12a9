/* SPDX-License-Identifier: GPL-2.0-only */
/* Settings of the system that a run changes, and that are put back after it. */
#ifndef SETTING_H
#define SETTING_H

#include <stdbool.h>
#include <stddef.h>

struct run;

/**
 * struct setting - a file in /proc/sys, /sys or debugfs
 * @path: the file
 * @value: what is written to it; NULL for nothing yet
 */
struct setting {
	const char *path;
	const char *value;
};

/*
 * Changes settings until the run has ended, however it ends. False, and nothing
 * is changed, where one of them does not exist. Before memory is mapped: it
 * forks, and what the run writes to later would be copied on write.
 */
bool settings_change(struct run *run, const struct setting *settings,
		     size_t nr);
/* Another value for a setting that settings_change() has changed. */
void setting_change_again(struct run *run, const struct setting *setting);
/* The same, where the kernel may refuse: false, and errno says why. */
bool setting_try(const struct setting *setting);

#endif /* SETTING_H */
