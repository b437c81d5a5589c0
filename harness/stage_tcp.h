/* SPDX-License-Identifier: MIT */
/* A stage on a real server. */
#ifndef HARNESS_STAGE_TCP_H
#define HARNESS_STAGE_TCP_H

#include "cancel.h"
#include "stage.h"
#include "target.h"

struct stage_tcp {
	struct stage stage; /* first: its operations find the rest by it */
	const struct target *target;
	const struct cancel *cancel;
	struct account account;
	char port[8];
};

/*
 * A stage for account number `account` of target, or without one when there are
 * not so many. Borrows all of them. stage_tcp_close() frees what it gathered.
 */
void stage_tcp_open(struct stage_tcp *s, const struct target *target,
		    size_t account, const struct registry *registry,
		    const struct cancel *cancel);
void stage_tcp_close(struct stage_tcp *s);

#endif
