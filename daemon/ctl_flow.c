/* fristctl flow - a workflow as a drawing. */
#include "ctl.h"

#include "base/text.h"
#include "core/flow.h"
#include "io/graph.h"

#include <stdio.h>
#include <string.h>

static int write_dot(struct arena *arena, const struct workflow *workflow)
{
	fputs(flow_write_dot(arena, workflow), stdout);
	return CTL_OK;
}

static int write_mermaid(struct arena *arena, const struct workflow *workflow)
{
	fputs(flow_write_mermaid(arena, workflow), stdout);
	return CTL_OK;
}

static int write_svg(struct arena *arena, const struct workflow *workflow)
{
	struct err err = ERR_NULL;
	const char *svg;

	if (graph_draw_svg(arena, flow_write_dot(arena, workflow), &svg, &err) < 0)
		return ctl_fail("%s", err.text);
	fputs(svg, stdout);
	return CTL_OK;
}

/* A new format is a writer in core/flow and a row here. */
static const struct format {
	const char *name;
	int (*write)(struct arena *arena, const struct workflow *workflow);
} formats[] = { { "svg", write_svg }, { "dot", write_dot }, { "mermaid", write_mermaid } };

static const struct format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

/* By its file without .conf, or its name. */
static bool names_course(struct arena *arena, const struct compliance_course *course, const char *word)
{
	const char *file = course->source ? strrchr(course->source, '/') : NULL;

	if (!course->source)
		return false;
	file = file ? file + 1 : course->source;
	return text_equal_fold(word, course->name) ||
		text_equal_fold(word, arena_strndup(arena, file, strcspn(file, ".")));
}

static const struct workflow *find_workflow(struct arena *arena, const struct conf *conf, const char *word)
{
	if (names_course(arena, &conf->course, word))
		return flow_of_course(arena, &conf->course);
	return ctl_find_workflow(conf, word);
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *format_name = "svg";
	const struct ctl_option options[] = { { "--format", .value = &format_name } };
	const struct workflow *workflow;
	const struct format *format;
	struct conf conf;

	if (ctl_take_options(&ctl_flow, &argc, argv, options, 1) != 0)
		return CTL_USAGE;
	if (argc != 1)
		return ctl_usage(&ctl_flow, "give one WORKFLOW");
	format = find_format(format_name);
	if (!format)
		return ctl_usage(&ctl_flow, "\"%.60s\" is no format: svg, dot or mermaid", format_name);
	if (ctl_load_conf(ctl, &arena, &conf) != 0)
		return CTL_FAILED;
	workflow = find_workflow(&arena, &conf, argv[0]);
	if (!workflow)
		return ctl_fail_workflow(&conf, argv[0]);
	return format->write(&arena, workflow);
}

const struct ctl_command ctl_flow = {
	.name = "flow",
	.arguments = "WORKFLOW [--format svg|dot|mermaid]",
	.summary = "a workflow as a drawing",
	.help =
		"Draws a workflow, named by its file without .conf, its key, or its name: its steps in the lane of the\n"
		"role that holds them, the rules that lead from step to step, the deadlines and whom they remind.\n"
		"Of the course file: how somebody comes to have the course, to miss it, or to be due for it again.\n"
		"\n"
		"  --format FORMAT   svg (for a browser), dot (for Graphviz), or mermaid (for Markdown); else svg\n",
	.run = run,
};
