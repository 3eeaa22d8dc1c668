/*
 * graph - lays out a drawing in the language of Graphviz. Owns Graphviz.
 *
 * Only its layout of directed graphs and its writer of SVG are used, and its own estimate of how wide a text is: the
 * drawing is the same on every machine, whatever fonts it has.
 */
#ifndef IO_GRAPH_H
#define IO_GRAPH_H

#include "base/arena.h"
#include "base/err.h"

/* The drawing as SVG, in the arena. -1: the text is no drawing, or Graphviz fails. */
NODISCARD int graph_draw_svg(struct arena *arena, const char *dot, const char **ret_svg, struct err *err);

#endif
