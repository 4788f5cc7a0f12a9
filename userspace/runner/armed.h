/* SPDX-License-Identifier: GPL-2.0-only */
/* Arming: the mutants at the sites that a scenario depends on. */
#ifndef ARMED_H
#define ARMED_H

#include "model/mutant.h"
#include "model/scenario.h"

/*
 * Mutants of one kind at each of the functions that the scenario's armed run
 * drops and that this kernel has; @mutants has room for SITES_MAX. Returns how
 * many.
 */
unsigned int arm(const struct scenario *scenario,
		 enum devtlb_callback callback, enum devtlb_mutant kind,
		 struct mutant *mutants);

#endif /* ARMED_H */
