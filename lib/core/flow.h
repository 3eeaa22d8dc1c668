/*
 * flow - a workflow as a drawing, written as text for a program that lays it out. Pure.
 *
 * Steps stand in the lane of the role that holds them. All rules of one cite that lead to one step are one arrow, drawn
 * from where a matter usually comes: the nearest step that the sender holds. That they may start earlier, and then pass
 * over what lies between, is said once beneath the drawing and not by forty more arrows. Rules that enter no other step
 * are not drawn. The words are Danish: a drawing is for those who work by it.
 */
#ifndef CORE_FLOW_H
#define CORE_FLOW_H

#include "base/arena.h"
#include "core/compliance.h"
#include "core/workflow.h"

/* The drawing in the language of Graphviz, with its deadlines and their ladders as notes. */
const char *flow_write_dot(struct arena *arena, const struct workflow *workflow);

/* The same as a Mermaid flowchart, which shows wherever Markdown is rendered. */
const char *flow_write_mermaid(struct arena *arena, const struct workflow *workflow);

/* The criteria of a course in the shape of a workflow: to be drawn, and for nothing else. */
const struct workflow *flow_of_course(struct arena *arena, const struct compliance_course *course);

#endif
