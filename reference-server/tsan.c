/* SPDX-License-Identifier: MIT */
/*
 * In builds with the thread sanitizer only. libuv closes by syscall(SYS_close),
 * which the sanitizer does not see: a thread of the pool that gets the number
 * of a closed socket for a Maildir, and closes that, would seem to race with
 * the event loop, which used the socket. Here it is a close() like any other,
 * as it is in later versions of libuv.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef long system_call(long number, ...);

long syscall(long number, ...)
{
	system_call *next;
	long a[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_close)
		return close((int)a[0]);
	*(void **)&next = dlsym(RTLD_NEXT, "syscall");
	return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
