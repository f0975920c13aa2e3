/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * B1, B5, V1: one CPU mounts a volatile overlay and then runs OPERATIONS
 * operations on it, while any number of other CPUs record errors, call syncfs on
 * the upper filesystem, and use the overlay.
 *
 * ovl_volatile_failed(), ovl_fail_volatile() and ovl_sync_status() are taken from
 * the patched source (LATCH_H).  Before each access the others take up to STEPS
 * steps of cursor.c; with WRAP, the errseq becomes any value, as after 2^19
 * errors that were seen.  They may also find an error and latch.
 *
 * mount_volatile() repeats these lines:
 *
 * From fs/overlayfs/super.c:
 * > ofs->errseq = errseq_sample(&upper_sb->s_wb_err);
 * > ofs->failed_errseq = ~ofs->errseq;
 * > ofs->upper_errseq = &upper_sb->s_wb_err;
 * > if (errseq_check(&upper_sb->s_wb_err, ofs->errseq)) {
 */
static void others(void);
#define OTHERS() others()
#include "kernel.h"
#include ERRSEQ_C

struct ovl_fs {
	struct {
		const char *upperdir;
		bool is_volatile;
	} config;
	errseq_t errseq;
	const errseq_t *upper_errseq;
	errseq_t failed_errseq;
};

static int logged;
static bool mounted;
static errseq_t s_wb_err;
static errseq_t expected; /* what the others left in it */
static struct ovl_fs fs = {.config = {"upper", true}};

#define xchg(p, new)                          \
	({                                    \
		OTHERS();                     \
		__typeof__(*(p)) old_ = *(p); \
		*(p) = (new);                 \
		old_;                         \
	})
#define pr_err(...) ((void)logged++)

static bool ovl_should_sync(struct ovl_fs *ofs)
{
	return !ofs->config.is_volatile;
}

#include LATCH_H

static int sets; /* errors since the mount */

static void others_record(void)
{
	int error;
	errseq_t old = s_wb_err;

	__CPROVER_assume(error < 0 && error >= -MAX_ERRNO);
	s_wb_err = (old & ~(ERRNO_MASK | ERRSEQ_SEEN)) | -error;
	if (old & ERRSEQ_SEEN)
		s_wb_err += ERRSEQ_CTR_INC;
	sets += mounted;
}

static void others(void)
{
	bool latch;

	__CPROVER_assert(s_wb_err == expected, "B5: no check marks the error as seen");
	for (int step = 0; step < STEPS; step++) {
		bool record, mark;

		if (record)
			others_record();
		else if (mark && s_wb_err)
			s_wb_err |= ERRSEQ_SEEN;
	}
#ifdef WRAP
	errseq_t any;

	__CPROVER_assume(any & ERRNO_MASK);
	s_wb_err = any;
	sets += mounted;
#endif
	expected = s_wb_err;
	/* What this model proves of this CPU: whoever sets the pointer logs it, once. */
	if (mounted && latch && sets && fs.upper_errseq != &fs.failed_errseq) {
		fs.upper_errseq = &fs.failed_errseq;
		logged++;
	}
}

static bool mount_volatile(struct ovl_fs *ofs)
{
	ofs->errseq = errseq_sample(&s_wb_err);
	ofs->failed_errseq = ~ofs->errseq;
	ofs->upper_errseq = &s_wb_err;
	return errseq_check(&s_wb_err, ofs->errseq) == 0;
}

int main(void)
{
	errseq_t any;
	bool unseen, failed = false;

	__CPROVER_assume(any == 0 || (any & ERRNO_MASK));
	s_wb_err = expected = any;
	if (!mount_volatile(&fs))
		return 0;
	unseen = s_wb_err && !(s_wb_err & ERRSEQ_SEEN);
	__CPROVER_assert(!unseen, "V1: no mount on an unseen error");
	__CPROVER_assert(fs.errseq == s_wb_err, "the sample is what the upper fs has");
	mounted = true;

	for (int operation = 0; operation < OPERATIONS; operation++) {
		bool found, latched, lost, in_sync_status;

		others();
		latched = fs.upper_errseq == &fs.failed_errseq;
		lost = sets;
		if (in_sync_status) {
			int status = ovl_sync_status(&fs);

			__CPROVER_assert(status == 0 || status == -EIO, "B5: the errno is EIO");
			found = status < 0;
		} else {
			found = ovl_volatile_failed(&fs);
		}
		__CPROVER_assert(found || !failed, "B1: once found, it stays");
		__CPROVER_assert(found || !latched,
				 "B1: once found by anybody, everybody finds it");
		__CPROVER_assert(!found || sets, "B1: no failure without an error");
#ifndef WRAP
		__CPROVER_assert(found || !lost, "B1: the first operation after an error finds it");
#endif
		failed |= found;
		__CPROVER_assert(!found || fs.upper_errseq == &fs.failed_errseq,
				 "B1: what is found is latched");
		__CPROVER_assert(logged == (fs.upper_errseq == &fs.failed_errseq),
				 "B5: logged once, by whoever latches");
	}
	__CPROVER_assert(s_wb_err == expected, "B5: no check marks the error as seen");
#ifdef REACH
	__CPROVER_assert(!failed, "reached: failed");
	__CPROVER_assert(failed, "reached: not failed");
#endif
	return 0;
}
