#include "io/graph.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <graphviz/gvc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Linked in: Graphviz would else look for plugins, and load whatever its cache names. */
extern gvplugin_library_t gvplugin_core_LTX_library, gvplugin_dot_layout_LTX_library;

/* The child's side: what comes through the pipe is the drawing, if the child ends well. */
static void draw_and_exit(const char *dot, bool plain, int to)
{
	lt_symlist_t plugins[] = {
		{ "gvplugin_core_LTX_library", &gvplugin_core_LTX_library },
		{ "gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library },
		{ NULL, NULL },
	};
	GVC_t *context = gvContextPlugins(plugins, 0);
	Agraph_t *graph = agmemread(dot);
	char *svg = NULL;
	unsigned length = 0;
	FILE *stream = fdopen(to, "w");
	bool drawn;

	if (graph && plain)
		agattr(graph, AGRAPH, (char[]){ "newrank" }, (char[]){ "true" });
	drawn = stream && graph && gvLayout(context, graph, "dot") == 0 &&
		gvRenderData(context, graph, "svg", &svg, &length) == 0 && svg &&
		fwrite(svg, 1, length, stream) == length && fflush(stream) == 0;
	_exit(drawn ? 0 : 1);	/* nothing is freed: that is where it dies */
}

/* 1: the child failed or died. What it says of that is for nobody. */
static int draw_in_child(struct arena *arena, const char *dot, bool plain, const char **ret_svg, struct err *err)
{
	struct text svg CLEANUP(text_done) = TEXT_NULL;
	char piece[16 * 1024];
	int ends[2], status = 0;
	ssize_t length;
	pid_t child;

	if (pipe(ends) < 0)
		return err_set(err, "no pipe for the drawing: %s", strerror(errno));
	child = fork();
	if (child == 0) {
		int nowhere = open("/dev/null", O_WRONLY);

		if (nowhere >= 0)
			dup2(nowhere, STDERR_FILENO);
		close(ends[0]);
		draw_and_exit(dot, plain, ends[1]);
	}
	close(ends[1]);
	while (child > 0 && (length = read(ends[0], piece, sizeof(piece))) != 0)
		if (length > 0)
			text_add_bytes(&svg, piece, (size_t)length);
		else if (errno != EINTR)
			break;
	close(ends[0]);
	if (child < 0)
		return err_set(err, "no process for the drawing: %s", strerror(errno));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return 1;
	*ret_svg = arena_strndup(arena, text_string(&svg), svg.length);
	return 0;
}

/*
 * Graphviz 2.42 frees memory twice while it lays out drawings with clusters, by one order of the steps in three. With
 * newrank it does not, but the drawing is less handsome: that is for when the child has died.
 */
int graph_draw_svg(struct arena *arena, const char *dot, const char **ret_svg, struct err *err)
{
	int result = draw_in_child(arena, dot, false, ret_svg, err);

	if (result > 0)
		result = draw_in_child(arena, dot, true, ret_svg, err);
	if (result > 0)
		return err_set(err, "Graphviz cannot draw it; --format dot and mermaid need no Graphviz");
	return result;
}
