/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What cursor.c assumes of the others: whatever the errseq is at each access,
 *
 *   - errseq_set() changes it in one step, to its errno, with the counter raised
 *     if the old value was seen; or it finds its errno there, not seen yet;
 *   - errseq_check_and_advance() only marks it as seen, in one step;
 *   - errseq_sample() and errseq_check() leave it alone.
 *
 * Any number of other CPUs: before each access the errseq becomes any value.
 * errseq_set() begins each try with nothing but the value it found, so what
 * holds for the first tries holds for all.
 */
static void others(void);
#define OTHERS() others()
#define CMPXCHG_DONE(old, new) swapped(old, new)
static void swapped(unsigned int before, unsigned int after);
#include "kernel.h"
#include ERRSEQ_C

static errseq_t s_wb_err;
static errseq_t expected; /* what the last step of anybody left in it */
static int function, error;
static bool ever; /* there was an error already */
static bool recorded;

/* An errseq is 0 only before the first error. */
static errseq_t any_errseq(void)
{
	errseq_t any;

	__CPROVER_assume((any & ERRNO_MASK) || (any == 0 && !ever));
	return any;
}

static bool unseen(errseq_t value)
{
	return value && !(value & ERRSEQ_SEEN);
}

static void others(void)
{
	errseq_t any = any_errseq();

	__CPROVER_assert(s_wb_err == expected, "changed by cmpxchg() only");
	s_wb_err = expected = any;
	/* Found there, by the access that follows */
	if (unseen(any) && (any & ERRNO_MASK) == -error)
		recorded = true;
}

static void swapped(errseq_t before, errseq_t after)
{
	errseq_t kept = ~(ERRNO_MASK | ERRSEQ_SEEN);

	expected = after;
	if (function == 0) {
		__CPROVER_assert((after & ERRNO_MASK) == -error, "the errno is the error");
		__CPROVER_assert(unseen(after), "a new error is unseen");
		__CPROVER_assert((after & kept) ==
					 (errseq_t)((before & kept) +
						    (before & ERRSEQ_SEEN ? ERRSEQ_CTR_INC : 0)),
				 "the counter is raised if the old error was seen");
		recorded = true;
	} else {
		__CPROVER_assert(function == 1, "sample and check change nothing");
		__CPROVER_assert(after == (before | ERRSEQ_SEEN), "a check only marks as seen");
	}
}

int main(void)
{
	errseq_t cursor;
	int which, number;

	__CPROVER_assume(which >= 0 && which < 4);
	__CPROVER_assume(number < 0 && number >= -MAX_ERRNO);
	/* As cursor.c proves */
	__CPROVER_assume(cursor == 0 || ((cursor & ERRSEQ_SEEN) && (cursor & ERRNO_MASK)));
	function = which;
	error = number;
	ever = cursor != 0;
	s_wb_err = expected = any_errseq();
	if (function == 0) {
		errseq_set(&s_wb_err, error);
		__CPROVER_assert(recorded,
				 "errseq_set() does not return before its error is there");
	} else if (function == 1) {
		errseq_check_and_advance(&s_wb_err, &cursor);
	} else if (function == 2) {
		errseq_sample(&s_wb_err);
	} else {
		errseq_check(&s_wb_err, cursor);
	}
	__CPROVER_assert(s_wb_err == expected, "changed by cmpxchg() only");
#ifdef REACH
	__CPROVER_assert(!recorded, "reached: errseq_set()");
	__CPROVER_assert(function != 1 || s_wb_err != cursor,
			 "reached: errseq_check_and_advance()");
#endif
	return 0;
}
