/* SPDX-License-Identifier: MIT */
/* A stage on a real server. */
#ifndef HARNESS_STAGE_TCP_H
#define HARNESS_STAGE_TCP_H

#include "cancel.h"
#include "provision.h"
#include "stage.h"
#include "target.h"

#include <pthread.h>

struct stage_tcp {
	struct stage stage; /* first: its operations find the rest by it */
	const struct target *target;
	const struct cancel *cancel;
	struct provisioner *provisioner; /* NULL: look only */
	pthread_mutex_t *filling;        /* of the provisioner */
	struct account account; /* stage.account is NULL when it is left out */
	bool for_its_kind_only; /* cannot log in: see account_is_special() */
	bool secret_refused; /* APOP was, before any scenario was played */
	char port[8];
};

/*
 * A stage for account number `account` of target, or without one when there are
 * not so many. Borrows all of them. stage_tcp_close() frees what it gathered.
 */
void stage_tcp_open(struct stage_tcp *s, const struct target *target,
		    size_t account, const struct registry *registry,
		    const struct cancel *cancel);

/* Fill its account's maildrop with f (NULL: nothing). */
int stage_tcp_fill(struct stage_tcp *s, const struct fixture *f,
		   struct error *e);

void stage_tcp_close(struct stage_tcp *s);

#endif
