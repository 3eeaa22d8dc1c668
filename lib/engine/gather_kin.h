/*
 * gather_kin - which of several inquiries that belong together a mail is about. Part of engine/gather.
 *
 * An inquiry may have ended as the same matter as another ([SAMME SOM KEY]): what belongs to it belongs to that one. It
 * may be one part of a letter that was split ([DEL n]): what was said before is about all parts, and so is what answers
 * it; then only a key in the subject says which is meant, and without one there are as many candidates as parts.
 * [FORTRYD] is about the very inquiry that it is found by. Nothing is asked of an inquiry that is neither.
 */
#ifndef ENGINE_GATHER_KIN_H
#define ENGINE_GATHER_KIN_H

#include "engine/gather.h"

/* The key in "HØRER TIL KEY" or "SAMME SOM KEY"; NULL: it is another word. */
const char *kin_named_key(const char *tag);

/* In [SAMME SOM KEY] the key names the other inquiry, and is no evidence that the mail belongs there. */
void kin_leave_out_named(const struct gathering *gathering, struct store_thread *thread);

/* Puts in the place of an inquiry that was merged what it was merged into, as often as that was merged itself. */
NODISCARD int kin_follow(const struct gathering *gathering, struct inquiry *inquiry, struct err *err);

/* Replaces the thread that was found by what it comes to; sets facts.merged. */
NODISCARD int kin_settle(struct gathering *gathering, const struct store_thread *thread, struct err *err);

/* What [DEL n] and the [FORTRYD] of one need to know. */
NODISCARD int kin_load_parts(struct gathering *gathering, struct err *err);

#endif
