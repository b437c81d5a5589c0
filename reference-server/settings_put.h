/* SPDX-License-Identifier: MIT */
/* What takes the values that are more than a field. A part of settings.c. */
#ifndef POP3_SETTINGS_PUT_H
#define POP3_SETTINGS_PUT_H

#include "settings.h"

setting_put put_address, put_anonymous, put_clear_passwords, put_defect,
	put_double, put_hash, put_host, put_language, put_listeners,
	put_listener_tls, put_log_stderr, put_login_delay, put_login_delay_of,
	put_oddity, put_port, put_tls_port;

#endif
