/* SPDX-License-Identifier: GPL-2.0-only */
/* Which scenarios a command is about. */
#ifndef SELECTION_H
#define SELECTION_H

#include "model/scenario.h"

#define SELECTED_MAX	256

struct selection {
	const struct scenario *scenario[SELECTED_MAX];
	unsigned int nr;
};

/**
 * struct unnamed - which scenarios are meant where none is named
 * @defects: those, too, that show a defect of some kernels
 * @quick: only those that take a moment
 * @except: not this one; or NULL
 */
struct unnamed {
	bool defects;
	bool quick;
	const char *except;
};

/* Those that @names says, or that are meant. Returns 0 or an exit status. */
int select_scenarios(struct selection *selection, char **names, int nr_names,
		     const struct unnamed *unnamed);

#endif /* SELECTION_H */
