/* SPDX-License-Identifier: MIT */
#include "config_text.h"

int config_text_read(struct options *o, struct complaints *c, const char *path,
		     const char *text)
{
	options_init(o);
	o->config = path;
	*c = (struct complaints){ 0 };
	return config_parse(o, path, slice_str(text), c);
}

void config_text_end(struct options *o, struct complaints *c)
{
	options_free(o);
	complaints_free(c);
}
