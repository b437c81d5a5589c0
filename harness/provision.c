/* SPDX-License-Identifier: MIT */
#include "provision.h"

struct provisioner *provision_open(const struct target *t, struct error *e)
{
	if (target_can_be_filled(t))
		return provision_maildir(t->maildir, t->line_ends, e);
	error_set(e, "the target says nothing of how to fill a maildrop");
	return NULL;
}
