/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What lib/errseq.c and the latch of overlayfs need of the kernel, for CBMC.
 *
 * cmpxchg() and xchg() are one step each; everything between two of them can be
 * interleaved with the steps of other threads.  OTHERS() runs before each access
 * to shared memory; a model without threads lets it do what other CPUs may do.
 */
#ifndef PROOFS_KERNEL_H
#define PROOFS_KERNEL_H

#include <stdbool.h>

typedef unsigned int u32;
typedef u32 errseq_t;

#define MAX_ERRNO 4095
#define EIO 5
#define ilog2(n) 11 /* of MAX_ERRNO, the only use */
#define EXPORT_SYMBOL(symbol)
#define likely(x) (x)
#define unlikely(x) (x)
#define WARN(condition, ...) (condition)

#ifndef OTHERS
#define OTHERS() ((void)0)
#endif

/* A model can look at what each cmpxchg() that succeeds has changed. */
#ifndef CMPXCHG_DONE
#define CMPXCHG_DONE(old, new) ((void)0)
#endif

#define READ_ONCE(x) (OTHERS(), *(const volatile __typeof__(x) *)&(x))

static inline errseq_t cmpxchg(errseq_t *p, errseq_t old, errseq_t new)
{
	errseq_t cur;

	OTHERS();
	__CPROVER_atomic_begin();
	cur = *p;
	if (cur == old) {
		*p = new;
		CMPXCHG_DONE(old, new);
	}
	__CPROVER_atomic_end();
	return cur;
}

#endif
