/* SPDX-License-Identifier: MIT */
#include "connection.h"
#include "connection_defects.h"
#include "session.h"

#include <string.h>
#include <time.h>

/* Of a body at a time: what is written at once costs one system call. */
#define OUTPUT (56u << 10)

struct session *connections_session(struct connections *all,
				    enum listen_tls listen_tls,
				    struct session_texts *texts,
				    const struct tls_facts *tls,
				    bool clear_passwords)
{
	const struct serve_config *config = all->config;
	uint64_t serial = ++all->serial;
	char *timestamp = texts->timestamp;
	bool apop = all->apop && apop_timestamp(timestamp, config->host, serial,
						time(NULL)) == 0;
	struct session_config session = {
		.host = config->host,
		.timestamp = apop ? timestamp : NULL,
		.mechanisms = texts->mechanisms,
		.autologout = config->autologout,
		.output = OUTPUT,
		.number = serial,
		.earlier = all->earlier,
		.tls_offered = config->tls && listen_tls != LISTEN_CLEAR,
		.secrets_need_tls = !clear_passwords,
		.tls = tls,
		.switches = config->switches,
		.doubles = &config->doubles,
	};
	struct session *s;

	policies_apply(&config->policies, &session);
	defect_timestamp(&config->switches, timestamp, APOP_TIMESTAMP_ROOM,
			 config->host, time(NULL));
	sasl_mechanisms(all->authority->sasl, tls, clear_passwords,
			texts->mechanisms);
	s = session_new(&session, uv_now(all->loop));
	memcpy(all->earlier, timestamp, sizeof(all->earlier));
	return s;
}

void connections_secured(struct connections *all, struct session *s,
			 struct session_texts *texts,
			 const struct tls_facts *tls)
{
	sasl_mechanisms(all->authority->sasl, tls, true, texts->mechanisms);
	session_tls_started(s, tls);
}

uint64_t connections_autologout(const struct connections *all)
{
	uint64_t most = all->config->autologout;

	return most > 0 ? most : SESSION_NEVER;
}
