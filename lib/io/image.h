/*
 * image - a struct inquiry as JSON text, as the database keeps it: in `inquiry` as it is, in `transition` as it was.
 *
 * Every field but the row id takes part. What a newer fristd wrote and this one does not know is passed over; more
 * assignments, clocks or unseen steps than struct inquiry holds are left out.
 */
#ifndef IO_IMAGE_H
#define IO_IMAGE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/inquiry.h"

#include <stddef.h>

enum { IMAGE_MAX = 256 * 1024 };	/* bytes: far above what the caps of struct inquiry allow */

/* The image on one line. */
char *image_format(struct arena *arena, const struct inquiry *inquiry);

/*
 * Reads an image; the inquiry's id stays 0. Strings in the arena. -1: it is none, or lacks key, workflow, mailbox or
 * step.
 */
NODISCARD int image_read(struct arena *arena, const char *text, struct inquiry *ret_inquiry, struct err *err);

#endif
