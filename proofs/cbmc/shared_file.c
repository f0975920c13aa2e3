/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A16: threads that call syncfs on one open file get one report of an error.
 *
 * READERS threads call syncfs at the same time, in all interleavings.  ERRORS
 * errors were or are recorded: one before they begin, the others by a thread
 * beside them.  With NO_F_LOCK, as before "fs/sync: advance f_sb_err under
 * f_lock".
 */
#include "kernel.h"
#include ERRSEQ_C

static errseq_t s_wb_err;
static errseq_t f_sb_err;
static bool f_lock;
static bool reported[READERS], ended[READERS + 1];

static void spin_lock(bool *lock)
{
#ifndef NO_F_LOCK
	__CPROVER_atomic_begin();
	__CPROVER_assume(!*lock);
	*lock = true;
	__CPROVER_atomic_end();
#endif
}

static void spin_unlock(bool *lock)
{
#ifndef NO_F_LOCK
	__CPROVER_atomic_begin();
	*lock = false;
	__CPROVER_atomic_end();
#endif
}

/* The end of SYSCALL_DEFINE1(syncfs) */
static int syncfs(void)
{
	int ret2;

	spin_lock(&f_lock);
	ret2 = errseq_check_and_advance(&s_wb_err, &f_sb_err);
	spin_unlock(&f_lock);
	return ret2;
}

static void reader(int thread)
{
	reported[thread] = syncfs() != 0;
	__CPROVER_atomic_begin();
	ended[thread] = true;
	__CPROVER_atomic_end();
}

static void writer(void)
{
	for (int which = 1; which < ERRORS; which++) {
		int error;

		__CPROVER_assume(error < 0 && error >= -MAX_ERRNO);
		errseq_set(&s_wb_err, error);
	}
	__CPROVER_atomic_begin();
	ended[READERS] = true;
	__CPROVER_atomic_end();
}

int main(void)
{
	errseq_t any;
	int error, reports = 0;

	__CPROVER_assume(any == 0 || (any & ERRSEQ_SEEN && any & ERRNO_MASK));
	__CPROVER_assume(error < 0 && error >= -MAX_ERRNO);
	s_wb_err = any;
	f_sb_err = errseq_sample(&s_wb_err);
	errseq_set(&s_wb_err, error);

__CPROVER_ASYNC_1:
	writer();
__CPROVER_ASYNC_2:
	reader(0);
#if READERS > 1
__CPROVER_ASYNC_3:
	reader(1);
#endif
#if READERS > 2
__CPROVER_ASYNC_4:
	reader(2);
#endif
	for (int thread = 0; thread <= READERS; thread++)
		__CPROVER_assume(ended[thread]);
	for (int thread = 0; thread < READERS; thread++)
		reports += reported[thread];
	__CPROVER_assert(reports >= 1, "A16: somebody gets the report");
	reports += syncfs() != 0;
	__CPROVER_assert(reports <= ERRORS,
			 "A16: nobody gets a report of an error that was reported");
	__CPROVER_assert(syncfs() == 0, "A1: and then 0");
#ifdef REACH
	__CPROVER_assert(reports != 1, "reached: one report");
	__CPROVER_assert(reports != ERRORS, "reached: a report of each error");
#endif
	return 0;
}
