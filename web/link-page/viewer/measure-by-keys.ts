/** Measuring without a pointer: a mark is put down, its ends are moved pixel by pixel, and what it measures is said. */
import { announce } from '../dom.ts';
import { apply, invert } from './geometry.ts';
import type { KeyTargets } from './keys.ts';
import { type Marks, markAbout } from './marks.ts';
import type { PaneView } from './pane-view.ts';
import { isMarkKind, type Tool } from './tools.ts';

export interface MeasuredByKeys {
  readonly marks: Marks;
  tool(): Tool;
  /** The active pane. */
  view(): PaneView;
  changed(): void;
}

export function measureByKeys({
  marks,
  tool,
  view,
  changed,
}: MeasuredByKeys): Pick<KeyTargets, 'placeMark' | 'moveMark' | 'nextHandle' | 'removeMark'> {
  const say = (): void => {
    changed();
    announce(view().says().at(-1) ?? '');
  };
  return {
    placeMark() {
      const { image, matrix, size } = view().pane.state();
      const kind = tool();
      if (image === undefined || !isMarkKind(kind)) return;
      const middle = apply(invert(matrix), { x: size.width / 2, y: size.height / 2 });
      marks.add(view().key(), kind, markAbout(kind, middle, image.facts.columns / 8));
      say();
    },
    moveMark(x, y) {
      const chosen = marks.chosen();
      const point = chosen?.mark.points[chosen.handle];
      if (chosen?.key !== view().key() || point === undefined) return false;
      marks.moveTo({ x: point.x + x, y: point.y + y });
      say();
      return true;
    },
    nextHandle() {
      marks.nextHandle();
      changed();
    },
    removeMark() {
      if (marks.removeChosen()) changed();
    },
  };
}
