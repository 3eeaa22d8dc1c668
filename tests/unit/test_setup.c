/* Does a changed configuration still fit the open inquiries? Where not, they would be reminded of by nobody. */
#include "tests/unit/store_fixture.h"

#include "engine/setup.h"

#include <unistd.h>

struct row {
	const char *name;
	const char *mailbox, *workflow, *step, *clock;	/* of the open inquiry */
	bool stopped, standing, ended;
	const char *says;			/* NULL: it fits */
};

static const struct row rows[] = {
	{ "as configured", "mt", "borgmester", "hos-sagsbehandler", "svar", false, false, false, NULL },
	{ "its workflow is gone", "mt", "byraad", "modtaget", "svar", false, false, false,
	  "MT-2026-0001 is open and follows" },
	{ "its mailbox is gone, though another has the workflow", "post", "borgmester", "hos-sagsbehandler", "svar", false,
	  false, false, "of mailbox \"post\", which is there no more" },
	{ "its step is gone", "mt", "borgmester", "hos-teamleder", "svar", false, false, false,
	  "at step \"hos-teamleder\"" },
	{ "its deadline is gone", "mt", "borgmester", "hos-sagsbehandler", "svarfrist", false, false, false,
	  "deadline \"svarfrist\"" },
	{ "a deadline that stands may go", "mt", "borgmester", "hos-spl", "svarfrist", true, false, false, NULL },
	{ "its deadline stands where it does no more", "mt", "borgmester", "hos-spl", "svar", true, true, false,
	  "stands at step \"hos-spl\"" },
	{ "what has ended needs nothing", "mt", "byraad", "hos-teamleder", "svarfrist", false, false, true, NULL },
};

static void add_inquiry(struct fixture *fixture, const struct row *row)
{
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");

	inquiry.mailbox = row->mailbox;
	inquiry.workflow = row->workflow;
	inquiry.step = row->step;
	inquiry.ended_at = row->ended ? FIXTURE_AT : 0;
	inquiry.clocks[0] = (struct inquiry_clock){ .deadline = row->clock, .started_at = FIXTURE_AT,
		.due_at = FIXTURE_AT + 86400, .stopped_at = row->stopped ? FIXTURE_AT : 0,
		.standing = row->standing };
	inquiry.clocks_count = 1;
	fixture_add(fixture, (struct fixture_mail){ .id = "a@example.dk", .changes = &inquiry, .rule = "A1",
		.outcome = DECIDE_OPENED });
}

static void test_fit(void **state)
{
	const struct row *row = *state;
	struct fixture fixture = { .store = NULL };
	struct workflow_faults faults = { .arena = &fixture.arena };
	struct setup *setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &faults);
	char folder[] = "/tmp/frist-setup-XXXXXX", path[64];
	struct err err = ERR_NULL;

	assert_non_null(setup);
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/fristd.db", folder);
	setup->conf.database = path;
	assert_int_equal(setup_check_inquiries(setup, &err), 0);	/* there is no database yet */
	OK(&fixture, store_open(path, &fixture.store, &fixture.err));
	OK(&fixture, store_begin(fixture.store, &fixture.err));
	add_inquiry(&fixture, row);
	OK(&fixture, store_commit(fixture.store, &fixture.err));
	assert_int_equal(setup_check_inquiries(setup, &err), row->says ? SETUP_UNFIT : 0);
	if (row->says && !strstr(err.text, row->says))
		fail_msg("says \"%s\", nothing of %s", err.text, row->says);
	store_close(fixture.store);
	setup_free(setup);
	arena_done(&fixture.arena);
	assert_int_equal(chdir(folder), 0);
	unlink("fristd.db");
	unlink("fristd.db.lock");
	assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
	return RUN_ROWS(rows, test_fit);
}
