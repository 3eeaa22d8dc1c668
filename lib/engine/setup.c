#include "engine/setup.h"

#include "io/store.h"

#include <stdlib.h>
#include <string.h>

struct setup *setup_load(const char *path, struct workflow_faults *faults)
{
	struct setup *setup = calloc(1, sizeof(*setup));
	bool sound;

	if (!setup)
		abort();
	/* Templates also when the configuration is at fault: whoever mends it wants to hear of everything at once. */
	sound = conf_load(&setup->arena, path, faults, &setup->conf) == 0;
	if (templates_load(&setup->arena, setup->conf.templates, &setup->conf.template_names, faults,
		&setup->templates) != 0)
		sound = false;
	if (!sound) {
		setup_free(setup);
		return NULL;
	}
	return setup;
}

void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	arena_done(&setup->arena);
	free(setup);
}

static const struct workflow *find_its_workflow(const struct conf_mailbox *mailbox, const struct inquiry *inquiry)
{
	const struct workflow *workflow;

	for (size_t i = 0; (workflow = conf_mailbox_workflow(mailbox, i)); i++)
		if (strcmp(workflow->id, inquiry->workflow) == 0)
			return workflow;
	return NULL;
}

/* The workflow of the inquiry's mailbox, if that is still the one it follows. */
static const struct workflow *find_workflow(const struct conf *conf, const struct inquiry *inquiry)
{
	for (size_t i = 0; i < conf->mailboxes_count; i++)
		if (strcmp(conf->mailboxes[i].name, inquiry->mailbox) == 0)
			return find_its_workflow(&conf->mailboxes[i], inquiry);
	return NULL;
}

/* Does a clock stand where the workflow lets it run? It would go on at the next step only, and call nobody before. */
static bool stands_wrongly(const struct workflow *workflow, const struct inquiry *inquiry,
	const struct inquiry_clock *clock)
{
	const struct workflow_deadline *deadline = workflow_deadline(workflow, clock->deadline);

	return clock->standing && !message_strings_have(&deadline->stands, inquiry->step);
}

/* Each fault says how to go on: a file that was edited can be put back, an inquiry that stands still cannot be seen. */
static int check_inquiry(const struct conf *conf, const struct inquiry *inquiry, struct err *err)
{
	const struct workflow *workflow = find_workflow(conf, inquiry);

	if (!workflow) {
		err_set(err, "%s is open and follows workflow \"%s\" of mailbox \"%s\", which is there no more: "
			"put it back until the inquiry is closed or moved", inquiry->key, inquiry->workflow,
			inquiry->mailbox);
		return SETUP_UNFIT;
	}
	if (workflow_step_index(workflow, inquiry->step) < 0) {
		err_set(err, "%s is open at step \"%s\", which workflow \"%s\" has no more: "
			"put the step back until nobody stands there", inquiry->key, inquiry->step, workflow->id);
		return SETUP_UNFIT;
	}
	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		/* What has stopped calls for nothing any more. */
		if (inquiry_clock_is_done(&inquiry->clocks[i]))
			continue;
		if (!workflow_deadline(workflow, inquiry->clocks[i].deadline)) {
			err_set(err, "%s is open under deadline \"%s\", which workflow \"%s\" has no more: "
				"put the deadline back until it has run out", inquiry->key, inquiry->clocks[i].deadline, workflow->id);
			return SETUP_UNFIT;
		}
		if (stands_wrongly(workflow, inquiry, &inquiry->clocks[i])) {
			err_set(err, "deadline \"%s\" of %s stands at step \"%s\", where in workflow \"%s\" it stands no more: "
				"put the step back into stands until nobody stands there", inquiry->clocks[i].deadline, inquiry->key,
				inquiry->step, workflow->id);
			return SETUP_UNFIT;
		}
	}
	return 0;
}

static int check_open(const struct conf *conf, struct store *store, struct err *err)
{
	int64_t after = 0;
	int result = 0;

	while (result == 0) {
		struct arena page CLEANUP(arena_done) = ARENA_NULL;
		struct inquiry *inquiries;
		size_t count;

		if (store_list_inquiries(store, &page, NULL, true, after, &inquiries, &count, err) < 0)
			return -1;
		if (count == 0)
			return 0;
		for (size_t i = 0; result == 0 && i < count; i++)
			result = check_inquiry(conf, &inquiries[i], err);
		after = inquiries[count - 1].id;
	}
	return result;
}

int setup_check_inquiries(const struct setup *setup, struct err *err)
{
	struct store *store;
	int result = store_open_reader(setup->conf.database, &store, err);

	if (result == STORE_MISSING)
		return 0;
	if (result != 0)
		return -1;
	result = check_open(&setup->conf, store, err);
	store_close(store);
	return result;
}
