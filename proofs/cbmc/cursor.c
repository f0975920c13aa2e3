/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A1, A2, A6, A14: one open file, from its open on, while any number of other
 * CPUs record errors, open files and call syncfs on them.
 *
 * Only this file's cursor is followed: f_lock keeps everybody else from it (see
 * shared_file.c).  The errseq itself changes only in the two ways of OTHERS(),
 * by steps that cannot be divided (see steps.c).  Before each access to it, the
 * others take up to STEPS of these.
 *
 * The errseq begins with any value that one can have, so its counter may wrap.
 */
static void others(void);
#define OTHERS() others()
#include "kernel.h"
#include ERRSEQ_C

static errseq_t s_wb_err;
static errseq_t f_sb_err;

/* What the others did */
static int sets;	/* errors recorded */
static int errors[LOG]; /* which */

/* What this file is owed: an error was recorded after its last report, or is unseen since before the open. */
static bool due;

static bool unseen(errseq_t value)
{
	return value && !(value & ERRSEQ_SEEN);
}

static void others_record(void)
{
	int error;
	errseq_t old = s_wb_err;

#ifdef ONE_ERRNO
	error = -EIO;
#endif
	__CPROVER_assume(error < 0 && error >= -MAX_ERRNO);
	s_wb_err = (old & ~(ERRNO_MASK | ERRSEQ_SEEN)) | -error;
	if (old & ERRSEQ_SEEN)
		s_wb_err += ERRSEQ_CTR_INC;
	__CPROVER_assume(sets < LOG);
	errors[sets++] = error;
	due = true;
}

static void others_mark(void)
{
	if (unseen(s_wb_err))
		s_wb_err |= ERRSEQ_SEEN;
}

static void others(void)
{
	for (int step = 0; step < STEPS; step++) {
		bool record, mark;

		if (record)
			others_record();
		else if (mark)
			others_mark();
	}
#ifdef WRAP
	/* 2^19 errors later, each of them seen */
	bool wrap;
	errseq_t any;

	__CPROVER_assume(any & ERRNO_MASK);
	if (wrap && sets < LOG) {
		s_wb_err = any;
		errors[sets++] = -(any & ERRNO_MASK);
		due = true;
	}
#endif
}

int main(void)
{
	errseq_t any;
	int since, owed, reports = 0;

	/* The errno is 0 only if there was never an error. */
	__CPROVER_assume(any == 0 || (any & ERRNO_MASK));
	s_wb_err = any;

	/* do_dentry_open() */
	since = unseen(s_wb_err) ? -1 : 0;
	owed = -since;
	f_sb_err = errseq_sample(&s_wb_err);
	due = unseen(s_wb_err);

	for (int call = 0; call < CALLS; call++) {
		int latest, begun, error;
		bool due_now, recorded = false;

		others();
		due_now = due;
		begun = sets;
		latest = -(int)(s_wb_err & ERRNO_MASK);
		/* The end of SYSCALL_DEFINE1(syncfs), with f_lock held */
		error = errseq_check_and_advance(&s_wb_err, &f_sb_err);

		__CPROVER_assert(f_sb_err == 0 || (f_sb_err & ERRSEQ_SEEN),
				 "the cursor is a value that was marked as seen, or 0");
		__CPROVER_assert(error || !due_now, "A1, A2, A6: no error is lost");
		if (!error)
			continue;
		__CPROVER_assert(sets > since, "A1, A6: no error is reported again");
		reports++;
		__CPROVER_assert(reports <= sets + owed, "A1: no more reports than errors");
		for (int which = 0; which < LOG; which++)
			recorded |= which >= begun && which < sets && errors[which] == error;
		__CPROVER_assert(recorded || error == latest, "A14: the latest error");
		since = begun;
		due = false;
	}
#ifdef REACH
	__CPROVER_assert(reports < CALLS, "reached: a report by each call");
#endif
	return 0;
}
