/* SPDX-License-Identifier: MIT */
#include "background.h"

#include <pthread.h>

int background(void *(*what)(void *of), void *of)
{
	pthread_attr_t detached;
	pthread_t thread;
	int failed;

	if (pthread_attr_init(&detached) != 0)
		return -1;
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	failed = pthread_create(&thread, &detached, what, of);
	pthread_attr_destroy(&detached);
	return failed ? -1 : 0;
}
