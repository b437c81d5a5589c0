/* SPDX-License-Identifier: MIT */
#include "user_name.h"

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

bool user_name_allowed(struct slice name)
{
	struct slice marks = slice_str("._@+-");

	if (name.len == 0 || name.len > USER_NAME_MAX || name.ptr[0] == '.')
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!is_letter_or_digit(name.ptr[i]) &&
		    slice_find(marks, name.ptr[i]) == marks.len)
			return false;
	return true;
}
