/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECTOR_H
#define DEVTLB_DETECTOR_H

#include "detect/probe.h"

extern struct devtlb_probe_set devtlb_detectors;

#endif /* DEVTLB_DETECTOR_H */
