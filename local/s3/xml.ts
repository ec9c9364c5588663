/**
 * The little XML that S3 speaks: answers are built from nested pairs, questions are read by the names of their elements.
 */

/** The content of an element: text, a number, or child elements; undefined leaves it out. */
export type XmlContent = string | number | boolean | undefined | readonly XmlElement[];
export type XmlElement = readonly [name: string, content: XmlContent];

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
};

export function xmlDocument(root: string, content: readonly XmlElement[], namespace = NAMESPACE): string {
  const attribute = namespace === '' ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${childrenOf(content)}</${root}>`;
}

function childrenOf(elements: readonly XmlElement[]): string {
  let text = '';
  for (const [name, content] of elements) {
    if (content === undefined) continue;
    text += `<${name}>${typeof content === 'object' ? childrenOf(content) : escapeXml(String(content))}</${name}>`;
  }
  return text;
}

function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in keys must survive the way through XML.
  return text.replace(/[<>&"\u0000-\u001f]/g, (character) => {
    return ESCAPES[character] ?? `&#${character.charCodeAt(0)};`;
  });
}

/** The inner text of every element of that name, whatever encloses it. */
export function elementsOf(xml: string, name: string): string[] {
  const pattern = new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g');
  return [...xml.matchAll(pattern)].map((match) => match[1]!);
}

/** The text of the first element of that name. */
export function textOf(xml: string, name: string): string | undefined {
  const inner = elementsOf(xml, name)[0];
  return inner === undefined ? undefined : unescapeXml(inner);
}

function unescapeXml(text: string): string {
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#(\d+)|#x([0-9a-fA-F]+));/g, (_, name, decimal, hex) => {
    if (name !== undefined) return { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name as 'lt']!;
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
