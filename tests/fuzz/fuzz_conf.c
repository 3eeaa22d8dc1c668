/* Any octets, as each of the three files: what is read is within its bounds, and every fault has a place and a text. */
#include "io/conf_course.h"
#include "io/conf_main.h"
#include "io/conf_people.h"
#include "io/conf_workflow.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libconfig takes a quadratic time over many keys; a megabyte of them would tell no more. */
enum { SIZE_MAX_HERE = 16 * 1024 };

static void check_faults(const struct workflow_faults *faults)
{
	if (faults->count > WORKFLOW_FAULTS_MAX)
		abort();
	for (size_t i = 0; i < faults->count; i++)
		if (!strchr(faults->items[i].source, ':') || !*faults->items[i].text)
			abort();
}

static void check_workflow(struct conf_reader *reader, const char *bytes, size_t size,
	const struct directory *directory)
{
	struct conf_workflow_file file = { .workflow = { .id = "fuzz" } };
	size_t before = reader->faults->count;

	if (conf_read_bytes(reader, "workflow", bytes, size, &conf_workflow_table, &file) != 0)
		return;
	if (file.workflow.steps_count > WORKFLOW_STEPS_MAX || file.workflow.rules_count > WORKFLOW_RULES_MAX)
		abort();
	if (file.course.source)
		conf_course_check(reader, &file.course, &file.workflow, 1);
	if (!file.workflow.source)
		return;
	if (reader->faults->count == before)
		workflow_check(&file.workflow, directory, NULL, reader->faults);
	else
		(void)workflow_check_names(&file.workflow, directory, NULL, reader->faults);
}

static void check_people(struct conf_reader *reader, const char *bytes, size_t size)
{
	struct conf_people people = { .people_count = 0 };
	struct directory directory;

	if (conf_read_bytes(reader, "people", bytes, size, &conf_people_table, &people) != 0)
		return;
	conf_people_resolve(reader, &people, &directory);
	for (size_t i = 0; i < directory.people_count; i++)
		if (strpbrk(directory.people[i].address, " \r\n<>,;:\"()[]\\") || !strchr(directory.people[i].address, '@'))
			abort();
}

static void check_main(struct conf_reader *reader, const char *bytes, size_t size)
{
	struct conf_main main = { .people = NULL };
	size_t before = reader->faults->count;

	if (conf_read_bytes(reader, "main", bytes, size, &conf_main_table, &main) != 0 || reader->faults->count > before)
		return;
	if (main.conf.smtp.port < 1 || main.conf.smtp.port > 65535 || !main.conf.database || main.mailboxes_count == 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct conf_reader reader = { .arena = &arena, .faults = &faults, .folder = "/etc/fristd" };
	struct directory nobody = { .people_count = 0 };
	const char *bytes = (const char *)data;

	if (size > SIZE_MAX_HERE)
		return 0;
	check_main(&reader, bytes, size);
	check_people(&reader, bytes, size);
	check_workflow(&reader, bytes, size, &nobody);
	check_workflow(&reader, bytes, size, NULL);
	check_faults(&faults);
	return 0;
}
