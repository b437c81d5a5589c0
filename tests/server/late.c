/* SPDX-License-Identifier: MIT */
/*
 * Loaded into the server (LD_PRELOAD), lets a tenth of a second go by whenever
 * it looks how long a start takes. For test_slow_start.py.
 */
#include <stdint.h>

#define STEP 100000000u /* ns */

uint64_t uv_hrtime(void);

uint64_t uv_hrtime(void)
{
	static uint64_t now;

	return now += STEP;
}
