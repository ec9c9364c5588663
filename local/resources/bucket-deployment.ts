/**
 * CDK's bucket deployment, done natively: the files of the assets are written into the bucket with their media types and
 * the metadata the template asks for. What was deployed unchanged before is not written again.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fitsPattern } from '../iam/pattern.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { Properties } from '../template/properties.ts';
import type { Declared, Made } from '../template/resource.ts';
import { unpackedAsset } from './assets.ts';
import { stableId } from './names.ts';
import type { Family, Platform } from './platform.ts';

export const bucketDeploymentResources: Family = (platform) => ({
  'Custom::CDKBucketDeployment': (declared) => deploy(declared, platform),
});

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.pdf': 'application/pdf',
  '.xml': 'application/xml',
  '.webmanifest': 'application/manifest+json',
};

async function deploy({ physicalName, properties }: Declared, platform: Platform): Promise<Made> {
  const bucket = properties.text('DestinationBucketName');
  const sources = properties.texts('SourceObjectKeys');
  const made: Made = {
    ref: physicalName,
    attributes: {
      DestinationBucketArn: `arn:aws:s3:::${bucket}`,
      SourceObjectKeys: sources,
    },
  };
  const done = join(platform.dataDir, 'deployed', physicalName);
  const content = stableId(JSON.stringify(properties.values), 32);
  const markers = (properties.values.SourceMarkers ?? []) as Record<string, string>[];
  // What stands in place of a marker may be an address, and ports change between two runs.
  const isFixed = markers.every((ofSource) => Object.keys(ofSource).length === 0);
  if (isFixed && (await readFile(done, 'utf8').catch(() => '')) === content) return made;

  const prefix = properties.text('DestinationBucketKeyPrefix', '').replace(/\/?$/, '/').replace(/^\/$/, '');
  const headers = metadataHeaders(properties);
  const written = new Set<string>();
  for (const [index, source] of sources.entries()) {
    const folder = await unpackedAsset(source, platform);
    for (const file of await filesUnder(folder)) {
      const name = relative(folder, file).split(sep).join('/');
      if (!isIncluded(name, properties)) continue;
      const key = `${prefix}${name}`;
      const bytes = replaceMarkers(await readFile(file), markers[index] ?? {}, platform);
      const type =
        headers['content-type'] ?? MEDIA_TYPES[extname(name).toLowerCase()] ?? 'binary/octet-stream';
      await platform.s3.putObject(bucket, key, bytes, { ...headers, 'content-type': type });
      written.add(key);
    }
  }
  if (!properties.has('Prune') || properties.flag('Prune')) {
    const stale = [...platform.s3.listObjects(bucket, prefix)].filter(({ key }) => !written.has(key));
    for (const { key } of stale) platform.s3.deleteObject(bucket, key);
  }
  await mkdir(join(platform.dataDir, 'deployed'), { recursive: true });
  await writeFile(done, content);
  return made;
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function isIncluded(name: string, properties: Properties): boolean {
  const included = properties.texts('Include').some((pattern) => fitsPattern(pattern, name));
  return included || !properties.texts('Exclude').some((pattern) => fitsPattern(pattern, name));
}

/** Values that are known only when the stack is created stand in the asset as markers. */
function replaceMarkers(
  bytes: Buffer,
  markers: Readonly<Record<string, string>>,
  { addresses }: Platform,
): Buffer {
  const entries = Object.entries(markers);
  if (entries.length === 0) return bytes;
  let text = bytes.toString();
  for (const [marker, value] of entries) text = text.replaceAll(marker, String(value));
  return Buffer.from(String(addresses.localize(text)));
}

const SYSTEM_METADATA = new Set([
  'cache-control',
  'content-type',
  'content-disposition',
  'content-encoding',
  'content-language',
]);

function metadataHeaders(properties: Properties): Record<string, string> {
  const system = properties.at('SystemMetadata');
  const user = properties.at('UserMetadata');
  const headers: Record<string, string> = {};
  for (const name of Object.keys(system.values)) {
    const header = name.toLowerCase();
    if (SYSTEM_METADATA.has(header)) headers[header] = system.text(name);
    else if (!/^(storage-class|sse|sse-kms-key-id|acl|expires)$/.test(header)) {
      throw new TemplateError(`${system.where}.${name} is not known to the local run`);
    }
  }
  for (const name of Object.keys(user.values)) headers[`x-amz-meta-${name.toLowerCase()}`] = user.text(name);
  return headers;
}
