/* ctl_volume - fristctl report --volume: how much comes in, day by day, and whether it was answered (P4). */
#ifndef DAEMON_CTL_VOLUME_H
#define DAEMON_CTL_VOLUME_H

#include "ctl.h"

#include "core/compliance.h"

/* Writes the days of the period up to today on which anything came or went, for each mailbox. An exit status. */
int ctl_write_volume(const struct ctl *ctl, const struct compliance_period *period, enum ctl_format format,
	int64_t now);

#endif
