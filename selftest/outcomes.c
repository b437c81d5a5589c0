/* SPDX-License-Identifier: MIT */
#include "outcomes.h"

const struct verdict *findings_worst(const struct findings *f, size_t from)
{
	const struct verdict *worst = NULL;

	for (size_t i = from; i < f->count; i++)
		if (!worst || outcome_weight(f->list[i].outcome) >
				      outcome_weight(worst->outcome))
			worst = &f->list[i];
	return worst;
}
