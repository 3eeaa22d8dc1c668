#include "io/graph.h"

#include <graphviz/gvc.h>

/* Linked in: Graphviz would else look for plugins, and load whatever its cache names. */
extern gvplugin_library_t gvplugin_core_LTX_library, gvplugin_dot_layout_LTX_library;

/* What Graphviz allocates is copied into the arena and given back at once. */
static int draw(struct arena *arena, GVC_t *context, Agraph_t *graph, const char **ret_svg, struct err *err)
{
	char *svg = NULL;
	unsigned length = 0;

	if (gvLayout(context, graph, "dot") != 0)
		return err_set(err, "Graphviz cannot lay the drawing out");
	if (gvRenderData(context, graph, "svg", &svg, &length) != 0 || !svg) {
		gvFreeLayout(context, graph);
		return err_set(err, "Graphviz cannot write the drawing");
	}
	*ret_svg = arena_strndup(arena, svg, length);
	gvFreeRenderData(svg);
	gvFreeLayout(context, graph);
	return 0;
}

int graph_draw_svg(struct arena *arena, const char *dot, const char **ret_svg, struct err *err)
{
	lt_symlist_t plugins[] = {
		{ "gvplugin_core_LTX_library", &gvplugin_core_LTX_library },
		{ "gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library },
		{ NULL, NULL },
	};
	GVC_t *context = gvContextPlugins(plugins, 0);
	Agraph_t *graph = agmemread(dot);
	int result = graph ? draw(arena, context, graph, ret_svg, err) : err_set(err, "this is no drawing for Graphviz");

	if (graph)
		agclose(graph);
	gvFreeContext(context);
	return result;
}
