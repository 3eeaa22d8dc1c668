/*
 * Several matters in one letter. The inquiry becomes the first part and goes on where it is; the others begin at the
 * first step, nobody's yet, with the deadline of the letter's arrival. Which part a mail in the common thread is about
 * is asked by engine/gather_kin.
 */
#include "core/decide_pass.h"

#include "core/change.h"
#include "core/ladder.h"

#include <string.h>

/* A date that somebody was promised holds for every part. */
static void keep_promises(const struct inquiry *whole, struct inquiry *part)
{
	for (size_t i = 0; i < part->clocks_count; i++)
		for (size_t j = 0; j < whole->clocks_count; j++)
			if (whole->clocks[j].set_by_hand &&
			    strcmp(whole->clocks[j].deadline, part->clocks[i].deadline) == 0) {
				part->clocks[i].due_at = whole->clocks[j].due_at;
				part->clocks[i].set_by_hand = true;
			}
}

/* number: 2 for the first of the new ones. */
static struct inquiry make_part(const struct decide_pass *pass, size_t number, size_t parts)
{
	const struct decide_facts *facts = pass->facts;
	const struct inquiry *whole = facts->inquiry;
	struct inquiry part = *whole;

	part.id = 0;
	part.key = inquiry_key_after(pass->arena, facts->part_key, number - 2);
	part.part_of = whole->key;
	part.part = arena_printf(pass->arena, "%zu af %zu", number, parts);
	part.split_at = pass->event->arrived_at;
	part.step = part.case_link = part.noted = NULL;
	part.noted_at = 0;
	part.assignments_count = part.clocks_count = part.unseen_count = 0;
	change_enter_step(&part, facts->workflow, facts->calendar, 0, false, whole->round_at);
	keep_promises(whole, &part);
	/* Its clocks count from the arrival, but it stands here only since now. */
	part.step_at = pass->event->arrived_at;
	return part;
}

/* To whoever said it; as the mailbox, that may have been any of the owners. */
static void tell_owner(struct decide_pass *pass)
{
	const struct directory *directory = pass->facts->directory;
	const struct directory_person *owner = directory_person_at(directory, pass->sender);

	if (!owner)
		owner = directory_present(directory, ladder_owner(pass->facts->workflow, directory));
	if (owner)
		decide_add_mail(pass->decision, owner->address, "delt", false);
}

void decide_split(struct decide_pass *pass, const struct tag *tag)
{
	size_t parts = (size_t)(*tag->argument - '0');
	struct inquiry *whole;

	if (pass->facts->inquiry->part_of) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_SPLIT_ALREADY);
		return;
	}
	pass->decision->others = arena_array(pass->arena, parts - 1, sizeof(*pass->decision->others));
	pass->decision->others_count = parts - 1;
	for (size_t number = 2; number <= parts; number++)
		pass->decision->others[number - 2] = make_part(pass, number, parts);
	whole = decide_begin_change(pass);
	whole->part_of = whole->key;
	whole->part = arena_printf(pass->arena, "1 af %zu", parts);
	whole->split_at = pass->event->arrived_at;
	decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
	tell_owner(pass);
}

/* A date that the letter had before it was split is no promise of the part's own. */
static bool is_promised(const struct inquiry *whole, const struct inquiry_clock *clock)
{
	for (size_t i = 0; i < whole->clocks_count; i++)
		if (whole->clocks[i].set_by_hand && whole->clocks[i].due_at == clock->due_at)
			return true;
	return false;
}

/* Has somebody set a date for it, or started a deadline by a word? That would end with the part. */
static bool has_own_deadline(const struct inquiry *whole, const struct inquiry *part)
{
	if (part->promised_at != whole->promised_at)
		return true;
	for (size_t i = 0; i < part->clocks_count; i++) {
		const struct inquiry_clock *clock = &part->clocks[i];

		if (clock->started_at != part->round_at || (clock->set_by_hand && !is_promised(whole, clock)))
			return true;
	}
	return false;
}

bool decide_may_join_parts(const struct decide_pass *pass)
{
	for (size_t i = 0; i < pass->facts->parts_count; i++) {
		const struct inquiry *part = &pass->facts->parts[i];

		if (!inquiry_is_open(part) || part->assignments_count > 0 || part->step_at != part->split_at ||
		    has_own_deadline(pass->facts->before, part))
			return false;
	}
	return true;
}

void decide_join_parts(struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;

	pass->decision->others = arena_array(pass->arena, facts->parts_count, sizeof(*pass->decision->others));
	pass->decision->others_count = facts->parts_count;
	for (size_t i = 0; i < facts->parts_count; i++) {
		struct inquiry *part = &pass->decision->others[i];

		*part = facts->parts[i];
		change_close(part, "delingen er fortrudt", pass->event->arrived_at);
		part->same_as = facts->inquiry->key;
	}
}
