/**
 * What hands do on a pane, as intentions. Mouse: the wheel scrolls, the left button does what the tool is for, the right one changes
 * the window, the middle one moves, control and wheel enlarge. Touch: one finger is the tool, two enlarge and move.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export type DragTool = 'scroll' | 'window' | 'zoom' | 'pan';

export interface Intentions {
  /** A hand comes down; whether it takes a mark or begins one, which it then drags. */
  grab(at: Point, isTouch: boolean): boolean;
  drag(at: Point): void;
  /** `isGivenUp` where a second finger came: it was not meant to measure. */
  drop(isGivenUp: boolean): void;
  /** What a drag does, where it is not about a mark. */
  dragTool(): DragTool;
  /** By so many slices. */
  scroll(steps: number): void;
  /** How far a drag has gone since it began. */
  window(across: number, down: number): void;
  windowBegins(): void;
  /** About a point from the middle of the stage. */
  zoom(factor: number, at: Point): void;
  pan(x: number, y: number): void;
  toggleZoom(at: Point): void;
  isZoomed(): boolean;
  /** Pixels of a drag for one slice. */
  pixelsPerStep(): number;
}

const DOUBLE_TAP_MS = 320;
const TAP_PIXELS = 12;
const WHEEL_PIXELS = 60;

type Gesture = 'undecided' | 'mark' | DragTool | 'pinch';

/** Listens on the stage until it is gone. */
export function listenForGestures(stage: HTMLElement, intend: Intentions): void {
  const pointers = new Map<number, Point>();
  let gesture: Gesture = 'undecided';
  let began: Point = { x: 0, y: 0 };
  let spread = 0;
  let last: Point = { x: 0, y: 0 };
  let stepped = 0;
  let wheeled = 0;
  let tapped = { at: -Infinity, x: 0, y: 0 };

  const fromMiddle = ({ x, y }: Point): Point => {
    const { left, top, width, height } = stage.getBoundingClientRect();
    return { x: x - left - width / 2, y: y - top - height / 2 };
  };
  const within = ({ x, y }: Point): Point => {
    const { left, top } = stage.getBoundingClientRect();
    return { x: x - left, y: y - top };
  };
  const middle = (): Point => {
    const points = [...pointers.values()];
    const sum = points.reduce((total, { x, y }) => ({ x: total.x + x, y: total.y + y }), { x: 0, y: 0 });
    return { x: sum.x / points.length, y: sum.y / points.length };
  };
  const apart = (): number => {
    const [one, other] = [...pointers.values()];
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y);
  };
  const begin = (kind: Gesture): void => {
    gesture = kind;
    began = middle();
    last = began;
    spread = apart();
    stepped = 0;
    if (kind === 'window') intend.windowBegins();
  };

  stage.addEventListener('pointerdown', (event) => {
    if (event.button > 2) return;
    if (
      event.target instanceof Element &&
      event.target.closest('button, select, input, a, article, iframe, video')
    )
      return;
    stage.setPointerCapture(event.pointerId);
    if (gesture === 'mark') intend.drop(true);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    begin(event.button === 2 ? 'window' : event.button === 1 ? 'pan' : 'undecided');
    if (event.button === 1) event.preventDefault();
    if (event.button === 0 && pointers.size === 1) {
      const at = within({ x: event.clientX, y: event.clientY });
      if (intend.grab(at, event.pointerType !== 'mouse')) gesture = 'mark';
    }
  });

  stage.addEventListener('pointermove', (event) => {
    if (!pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const now = middle();
    const [across, down] = [now.x - began.x, now.y - began.y];
    if (gesture === 'undecided') {
      if (pointers.size > 1) {
        if (Math.abs(apart() - spread) > TAP_PIXELS || Math.hypot(across, down) > TAP_PIXELS) begin('pinch');
      } else if (Math.hypot(across, down) > TAP_PIXELS / 2) {
        const tool = intend.dragTool();
        begin(tool === 'scroll' && intend.isZoomed() && event.pointerType !== 'mouse' ? 'pan' : tool);
      }
      return;
    }
    if (gesture === 'mark') intend.drag(within(now));
    if (gesture === 'zoom') intend.zoom(Math.exp((last.y - now.y) / 150), fromMiddle(began));
    if (gesture === 'window') intend.window(across, down);
    if (gesture === 'pinch' && spread > 0) {
      intend.zoom(apart() / spread, fromMiddle(now));
      spread = apart();
    }
    if (gesture === 'pan' || gesture === 'pinch') intend.pan(now.x - last.x, now.y - last.y);
    if (gesture === 'scroll') {
      const way = Math.abs(across) > Math.abs(down) ? -across : down;
      const steps = Math.trunc(way / intend.pixelsPerStep());
      if (steps !== stepped) intend.scroll(steps - stepped);
      stepped = steps;
    }
    last = now;
  });

  const end = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (gesture === 'mark') intend.drop(event.type === 'pointercancel');
    if (gesture === 'undecided' && pointers.size === 0 && event.type === 'pointerup' && event.button === 0) {
      const near = Math.hypot(event.clientX - tapped.x, event.clientY - tapped.y) < 2 * TAP_PIXELS;
      const isDouble = near && event.timeStamp - tapped.at < DOUBLE_TAP_MS;
      if (isDouble) intend.toggleZoom(fromMiddle({ x: event.clientX, y: event.clientY }));
      tapped = { at: isDouble ? -Infinity : event.timeStamp, x: event.clientX, y: event.clientY };
    }
    // The finger that stays does not go on with what two began.
    pointers.clear();
    gesture = 'undecided';
  };
  stage.addEventListener('pointerup', end);
  stage.addEventListener('pointercancel', end);
  stage.addEventListener('contextmenu', (event) => event.preventDefault());

  stage.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 40;
      if (event.ctrlKey) {
        intend.zoom(Math.exp(-pixels / 300), fromMiddle({ x: event.clientX, y: event.clientY }));
        return;
      }
      // A notch of a wheel is one slice; the small steps of a touchpad add up to one.
      wheeled = Math.sign(pixels) === Math.sign(wheeled) ? wheeled + pixels : pixels;
      if (Math.abs(pixels) < WHEEL_PIXELS && Math.abs(wheeled) < WHEEL_PIXELS) return;
      intend.scroll(Math.sign(wheeled));
      wheeled = 0;
    },
    { passive: false },
  );
}
