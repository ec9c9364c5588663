/** Where in the stack: a slider, a count, and a button that plays. */
import { make } from '../dom.ts';
import { iconButton, relabel } from './icons.ts';

export interface Position {
  readonly element: HTMLElement;
  show(now: {
    readonly at: number;
    readonly of: number;
    readonly unit: string;
    readonly isPlaying: boolean;
    readonly canPlay: boolean;
  }): void;
}

export function openPosition(play: () => void, goTo: (at: number) => void): Position {
  const slider = make('input', {
    type: 'range',
    min: 1,
    step: 1,
    class: 'slider',
    'aria-label': 'Position in the stack',
  });
  slider.addEventListener('input', () => goTo(Number(slider.value)));
  const counter = make('output', { class: 'counter' });
  const button = iconButton('play', 'Play', play);
  const element = make('div', { class: 'position' }, button, slider, counter);
  return {
    element,
    show({ at, of, unit, isPlaying, canPlay }) {
      slider.max = String(of);
      slider.value = String(at);
      slider.disabled = of < 2;
      slider.setAttribute('aria-valuetext', `${unit} ${at} of ${of}`);
      counter.textContent = `${at} / ${of}`;
      element.classList.toggle('single', of < 2);
      relabel(button, isPlaying ? 'Pause' : 'Play', isPlaying ? 'pause' : 'play');
      button.hidden = !canPlay;
    },
  };
}
