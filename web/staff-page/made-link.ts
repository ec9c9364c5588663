/** What a new link is handed over by: its address, a message ready to be sent, a QR code, and, apart from them, its passcode. */
import { linkMessage } from '../../shared/sharing/link-message.ts';
import { qrCode, qrPath } from '../../shared/sharing/qr-code.ts';
import { announce, make } from '../link-page/dom.ts';

export interface MadeLink {
  readonly address: string;
  readonly expiresAt: string;
  readonly passcode: string | undefined;
}

const SVG = 'http://www.w3.org/2000/svg';

/** The view. The address is shown this once: the library keeps a hash of it. */
export function madeLink({ address, expiresAt, passcode }: MadeLink): HTMLElement {
  const message = linkMessage({ address, expiresAt, hasPasscode: passcode !== undefined });
  const link = make('input', { id: 'address', readonly: true, value: address, class: 'code' });
  const subject = make('input', { id: 'subject', value: message.subject });
  const body = make('textarea', { id: 'body', rows: 14 });
  body.value = message.body;
  const mail = make(
    'a',
    { class: 'button', href: mailto(message.subject, message.body) },
    'Open in mail program',
  );
  const update = () => mail.setAttribute('href', mailto(subject.value, body.value));
  subject.addEventListener('input', update);
  body.addEventListener('input', update);
  return make(
    'div',
    { class: 'handing-over' },
    make('h3', { tabindex: -1 }, 'The link is ready'),
    make('p', { class: 'detail' }, 'It is shown this once. Copy it now.'),
    make(
      'p',
      { class: 'field wide' },
      make('label', { for: 'address' }, 'Address'),
      make(
        'span',
        { class: 'joined' },
        link,
        copyButton('Copy address', () => link.value),
      ),
    ),
    passcode === undefined
      ? null
      : make(
          'p',
          { class: 'field wide secret' },
          make('label', { for: 'its-passcode' }, 'Passcode: tell it by another way'),
          make(
            'span',
            { class: 'joined' },
            make('input', { id: 'its-passcode', readonly: true, value: passcode, class: 'code' }),
            copyButton('Copy passcode', () => passcode),
          ),
        ),
    make(
      'div',
      { class: 'message' },
      make('p', { class: 'field wide' }, make('label', { for: 'subject' }, 'Subject'), subject),
      make('p', { class: 'field wide' }, make('label', { for: 'body' }, 'Message'), body),
      make(
        'p',
        { class: 'buttons' },
        copyButton('Copy message', () => body.value),
        mail,
      ),
    ),
    qrFigure(address),
  );
}

function mailto(subject: string, body: string): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`;
}

function copyButton(label: string, text: () => string): HTMLButtonElement {
  const button = make('button', { type: 'button', class: 'button' }, label);
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text()).then(
      () => {
        button.textContent = 'Copied';
        announce('Copied');
        setTimeout(() => {
          button.textContent = label;
        }, 2000);
      },
      () => announce('The browser does not let the page copy: please select the text.'),
    );
  });
  return button;
}

/** Drawn, not loaded: no other address learns of the link. Dark on white in either colour scheme, as readers expect it. */
function qrFigure(address: string): HTMLElement {
  const modules = qrCode(address);
  const size = modules.length;
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code of the address');
  const ground = document.createElementNS(SVG, 'rect');
  for (const [name, value] of Object.entries({ width: size, height: size, fill: '#fff' }))
    ground.setAttribute(name, String(value));
  const dark = document.createElementNS(SVG, 'path');
  dark.setAttribute('d', qrPath(modules));
  dark.setAttribute('fill', '#000');
  svg.append(ground, dark);
  return make(
    'figure',
    { class: 'qr' },
    svg,
    make('figcaption', { class: 'detail' }, 'The address as a QR code, to be read by a phone’s camera.'),
  );
}
