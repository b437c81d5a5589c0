/* SPDX-License-Identifier: MIT */
#include "who.h"

unsigned who_logins;

bool who_knows(const struct credentials *c)
{
	bool right = slice_is(c->user, WHO);

	if (c->password.ptr)
		right = right && slice_is(c->password, "tanstaaf");
	else
		right = right && slice_is(c->timestamp, TIMESTAMP) &&
			slice_is(c->digest, "c4c9334bac560ecc979e58001b3e22fb");
	who_logins += right;
	return right;
}

void who_hears(struct session *s)
{
	const struct auth_said *said = session_auth(s);
	bool plain = slice_is(said->mechanism, "PLAIN");
	struct slice right = plain ? slice_of("\0mrose\0tanstaaf", 15)
				   : slice_str("tanstaaf");

	if (!said->response.ptr || (!plain && !said->response.len)) {
		session_challenged(s, slice_str(plain ? "" : "?"));
	} else if (slice_equal(said->response, right)) {
		who_logins++;
		session_authenticated(s, slice_str(WHO),
				      slice_str(plain ? NULL : "!"));
	} else {
		session_refused(s, REFUSED_CREDENTIALS);
	}
}
