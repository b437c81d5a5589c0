/* SPDX-License-Identifier: MIT */
#include "redact.h"
#include "visible.h"

#include <string.h>

/* The longest: a password may begin with another one. */
static const struct binding *secret_at(struct slice octets,
				       const struct bindings *secrets)
{
	const struct binding *longest = NULL;

	for (size_t i = 0; secrets && i < secrets->count; i++) {
		const struct binding *b = &secrets->list[i];
		struct slice value = buf_slice(&b->value);

		if (b->secret && value.len &&
		    slice_equal(slice_first(octets, value.len), value) &&
		    (!longest || value.len > longest->value.len))
			longest = b;
	}
	return longest;
}

/* plain appends what is no secret. */
static void replace(struct buf *to, struct slice octets,
		    const struct bindings *secrets,
		    void (*plain)(struct buf *to, struct slice octets))
{
	size_t n = 0;

	while (n < octets.len) {
		struct slice here = slice_from(octets, n);
		const struct binding *b = secret_at(here, secrets);

		if (!b) {
			n++;
			continue;
		}
		plain(to, slice_first(octets, n));
		buf_printf(to, "{%s}", b->name);
		octets = slice_from(here, b->value.len);
		n = 0;
	}
	plain(to, octets);
}

void redacted_add(struct buf *to, struct slice octets,
		  const struct bindings *secrets)
{
	replace(to, octets, secrets, visible_add);
}

void redact(struct buf *text, const struct bindings *secrets)
{
	struct bindings shown = { 0 }; /* the secrets as they look in text */
	struct buf out = { 0 };

	for (size_t i = 0; secrets && i < secrets->count; i++) {
		const struct binding *b = &secrets->list[i];
		struct buf value = { 0 };

		visible_add(&value, buf_slice(&b->value));
		if (b->secret)
			binding_set_secret(&shown, b->name,
					   buf_slice(&value));
		buf_free(&value);
	}
	replace(&out, buf_slice(text), &shown, buf_add);
	out.failed = out.failed || shown.failed || text->failed;
	bindings_free(&shown);
	buf_free(text);
	*text = out;
}

/* What is left of a shorter one could stand anywhere by chance. */
bool account_can_be_shorter(const struct account *a)
{
	return password_is_plain(a->password) && strlen(a->password) > 3;
}

static void bind_guesses(struct bindings *b, const struct account *a)
{
	struct slice password = slice_str(a->password);

	if (account_can_be_shorter(a))
		binding_set_secret(b, "shorter password",
				   slice_first(password, password.len - 1));
	if (a->other_password)
		binding_set_secret(b, "other password",
				   slice_str(a->other_password));
}

void account_bind(struct bindings *b, const struct account *a)
{
	struct buf wrong = { 0 };

	if (!a)
		return;
	buf_printf(&wrong, "%c%s", a->password[0] == 'x' ? 'y' : 'x',
		   *a->password ? a->password + 1 : "");
	binding_set(b, "user", slice_str(a->user));
	binding_set_secret(b, "wrong password", buf_slice(&wrong));
	binding_set_secret(b, "password", slice_str(a->password));
	if (a->secret)
		binding_set_secret(b, "secret", slice_str(a->secret));
	bind_guesses(b, a);
	buf_free(&wrong);
}
