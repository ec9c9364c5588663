/** The arrows of docs/architecture.md, read off the imports: who may know whom, and which package stands where. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['shared', 'functions', 'infra', 'local', 'cli', 'web', 'scripts', 'bench'];

interface Import {
  readonly from: string;
  /** A path within the project, a package name, or `node:`. */
  readonly to: string;
  readonly typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const pattern =
    /(?:^|\n)\s*(?:import|export)(\s+type)?\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  return [...text.matchAll(pattern)].map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? '';
    return { from: file, to: resolveSpecifier(file, specifier), typeOnly: match[1] !== undefined };
  });
}

function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(file), specifier));
  if (specifier.startsWith('node:')) return 'node:';
  const [scope, name] = specifier.split('/');
  return specifier.startsWith('@') ? `${scope}/${name}` : (scope as string);
}

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
)
  .filter((file) => /\.m?[tj]s$/.test(file) && !file.includes('node_modules'))
  .sort();
const imports = sources.flatMap(importsOf);

const CODECS = [
  'sharp',
  '@cornerstonejs/codec-charls',
  '@cornerstonejs/codec-openjpeg',
  '@cornerstonejs/codec-openjph',
  'dcmjs-codecs',
  'onnxruntime-node',
];
const OWN_FOLDER = (file: string) => `${file.split('/').slice(0, 2).join('/')}/`;

/** First match wins; each target is a prefix within the project, a package, or `node:`. */
const ARROWS: { from: RegExp; to: (file: string) => readonly string[] }[] = [
  { from: /^shared\/errors\.ts$/, to: () => [] },
  { from: /^shared\/contract\/(names|env|outputs|metrics|roles|study-summary)\.ts$/, to: () => [] },
  { from: /^shared\/contract\//, to: () => ['zod', 'shared/contract/'] },
  { from: /^shared\/dicom\//, to: () => ['node:', 'shared/errors.ts', 'shared/dicom/'] },
  { from: /^shared\/deid\//, to: () => ['node:', 'shared/errors.ts', 'shared/dicom/', 'shared/deid/'] },
  // Server and browser choose a window by the same code.
  { from: /^shared\/pixels\/window\//, to: () => ['shared/pixels/window/'] },
  {
    from: /^shared\/pixels\//,
    to: () => ['node:', 'shared/errors.ts', 'shared/dicom/', 'shared/pixels/', ...CODECS],
  },
  {
    from: /^shared\/dicomweb\//,
    to: () => [
      'node:',
      'shared/errors.ts',
      'shared/contract/',
      'shared/dicom/',
      'shared/pixels/',
      'shared/aws/',
      'shared/runtime/',
      'shared/dicomweb/',
    ],
  },
  {
    // What `deidentify` and `clean-pixels` have in common: from the vault, through de-identification, to the library.
    from: /^shared\/release\//,
    to: () => [
      'node:',
      'shared/errors.ts',
      'shared/contract/',
      'shared/dicom/',
      'shared/deid/',
      'shared/pixels/',
      'shared/aws/',
      'shared/runtime/',
      'shared/release/',
    ],
  },
  { from: /^shared\/archive\//, to: () => ['node:', 'shared/errors.ts', 'shared/archive/'] },
  {
    from: /^shared\/media\//,
    to: () => [
      'node:',
      'shared/errors.ts',
      'shared/contract/',
      'shared/dicom/',
      'shared/archive/',
      'shared/media/',
    ],
  },
  {
    from: /^shared\/aws\//,
    to: () => ['node:', 'shared/errors.ts', 'shared/contract/', 'shared/aws/', '@aws-sdk/', '@smithy/'],
  },
  {
    from: /^shared\/runtime\//,
    to: () => ['node:', 'zod', 'shared/errors.ts', 'shared/contract/', 'shared/runtime/'],
  },
  { from: /^functions\//, to: (file) => ['node:', 'zod', 'shared/', OWN_FOLDER(file)] },
  {
    from: /^infra\/deidentification-policy\.ts$/,
    to: () => ['node:', 'shared/deid/policy.ts'],
  },
  {
    from: /^infra\//,
    to: () => [
      'node:',
      'infra/',
      'aws-cdk-lib',
      'constructs',
      'cdk-nag',
      'esbuild',
      'web/build.ts',
      'shared/errors.ts',
      'shared/contract/names.ts',
      'shared/contract/env.ts',
      'shared/contract/outputs.ts',
      'shared/contract/metrics.ts',
      'shared/contract/roles.ts',
    ],
  },
  { from: /^local\//, to: () => ['node:', 'local/', 'dynalite'] },
  {
    from: /^cli\//,
    to: () => ['node:', 'cli/', 'local/', 'shared/', 'scripts/sample/', 'commander', 'zod', 'tsx'],
  },
  { from: /^web\/build\.ts$/, to: () => ['node:', 'esbuild'] },
  { from: /^shared\/checksum\//, to: () => [] },
  { from: /^shared\/sharing\//, to: () => ['uqr', 'shared/sharing/'] },
  { from: /^web\/link-page\/print\/pdf-document\.ts$/, to: () => ['web/', '@cantoo/pdf-lib'] },
  { from: /^web\/link-page\/viewer\//, to: () => ['web/', 'shared/pixels/window/', '@cornerstonejs/core'] },
  // What stands in for packages that the page does not need whole.
  { from: /^web\/absent\//, to: () => ['@cornerstonejs/metadata'] },
  { from: /^web\//, to: () => ['web/', 'shared/checksum/', 'shared/sharing/'] },
  { from: /^scripts\//, to: () => ['node:', 'scripts/', 'shared/', 'infra/', 'dcmjs', 'sharp'] },
  {
    from: /^bench\//,
    to: () => [
      'node:',
      'bench/',
      'shared/',
      'functions/',
      'local/',
      'scripts/',
      'cli/',
      'dcmjs',
      '@aws-sdk/',
      'yazl',
      'tsx',
      'esbuild',
      'sharp',
    ],
  },
];

function isAllowed(line: Import): boolean {
  // Types of the contract may be named anywhere: they vanish before anything runs.
  if (line.typeOnly && line.to.startsWith('shared/contract/')) return true;
  const arrow = ARROWS.find(({ from }) => from.test(line.from));
  return (
    arrow
      ?.to(line.from)
      .some((target) => line.to === target || (target.endsWith('/') && line.to.startsWith(target))) ?? false
  );
}

describe('the architecture', () => {
  it('is read from enough files to mean something', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(200);
  });

  it('has no arrow that docs/architecture.md does not draw', () => {
    const wrong = imports.filter((line) => !isAllowed(line)).map((line) => `${line.from} → ${line.to}`);
    expect(wrong).toEqual([]);
  });

  it('lets no function import another function', () => {
    const wrong = imports.filter(
      (line) =>
        line.from.startsWith('functions/') &&
        line.to.startsWith('functions/') &&
        !line.to.startsWith(OWN_FOLDER(line.from)),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    'sharp',
    '@cornerstonejs/codec-charls',
    '@cornerstonejs/codec-openjpeg',
    'onnxruntime-node',
    'yazl',
    '@cantoo/pdf-lib',
    'dynalite',
  ])('imports %s in one file of what is deployed or run', (name) => {
    const files = new Set(
      imports
        .filter((line) => line.to === name && !/^(bench|scripts)\//.test(line.from))
        .map((line) => line.from),
    );
    expect(files.size).toBeLessThanOrEqual(1);
  });

  it('has no import cycle', () => {
    const edges = new Map<string, string[]>();
    for (const { from, to, typeOnly } of imports)
      if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (done.has(file) || path.includes(file)) return;
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of edges.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('reads the environment in one place of what is deployed', () => {
    const readers = sources.filter(
      (file) =>
        /^(shared|functions)\//.test(file) && /\bprocess\.env\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(readers).toEqual(['shared/runtime/read-config.ts']);
  });

  it('exports by name only', () => {
    const wrong = sources.filter((file) => /^export default/m.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});
