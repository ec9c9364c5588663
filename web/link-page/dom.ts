/** Makes elements. Text goes in as text nodes alone, so that nothing a data set says is ever read as markup. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes (`true` is an empty one, `false` and `undefined` are left out) and children. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(key, value === true ? '' : String(value));
  }
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

/** An element of the page's own HTML. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}

/** Puts a view in the place of the one before and tells assistive technology where the reader is. */
export function show(view: HTMLElement, title: string): void {
  byId('main').replaceChildren(view);
  document.title = `${title} · Filmroom`;
  announce(title);
}

/** Says something to who cannot see the page. */
export function announce(text: string): void {
  byId('announcer').textContent = text;
}
