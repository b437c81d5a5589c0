/* SPDX-License-Identifier: MIT */
#include "outcomes.h"

int outcome_weight(enum outcome o)
{
	if (outcome_is_breach(o))
		return 4;
	switch (o) {
	case OUTCOME_WARN:
		return 3;
	case OUTCOME_INFO:
		return 2;
	case OUTCOME_PASS:
	case OUTCOME_SKIP:
		return 0;
	default:
		return 1;
	}
}

const struct verdict *findings_worst(const struct findings *f, size_t from)
{
	const struct verdict *worst = NULL;

	for (size_t i = from; i < f->count; i++)
		if (!worst || outcome_weight(f->list[i].outcome) >
				      outcome_weight(worst->outcome))
			worst = &f->list[i];
	return worst;
}
