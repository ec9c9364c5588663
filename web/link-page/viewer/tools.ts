/** What a hand on the image does: moves something, or draws a measurement. */
import type { DragTool } from './gestures.ts';
import type { MarkKind } from './measure.ts';

export type Tool = DragTool | MarkKind;
const DRAGS: ReadonlySet<string> = new Set(['scroll', 'window', 'zoom', 'pan'] satisfies DragTool[]);

export function isMarkKind(tool: Tool): tool is MarkKind {
  return !DRAGS.has(tool);
}
