import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  AuditOutput,
  CreatedLinkOutput,
  DeidentifyReport,
  IamReport,
  IngestReport,
  LinkListOutput,
  LocalReady,
  PixelsReport,
  ReconcileOutput,
  RedriveOutput,
  RevokedLinkOutput,
  StaffSignInOutput,
  ThumbnailReport,
} from '../../../cli/report/json-output.ts';

const document = readFileSync(new URL('../../../docs/json-output.md', import.meta.url), 'utf8');

interface Shape {
  readonly type: string;
  readonly shape?: Record<string, { def: Shape }>;
  readonly element?: { def: Shape };
  readonly innerType?: { def: Shape };
  readonly valueType?: { def: Shape };
}

/** Every place of the schema that holds a plain value, as the document writes it. */
function fieldsOf(def: Shape, path = ''): string[] {
  if (def.shape !== undefined) {
    return Object.entries(def.shape).flatMap(([name, field]) =>
      fieldsOf(field.def, path === '' ? name : `${path}.${name}`),
    );
  }
  if (def.element !== undefined) return fieldsOf(def.element.def, `${path}[]`);
  if (def.valueType !== undefined) return fieldsOf(def.valueType.def, `${path}.<>`);
  if (def.innerType !== undefined) return fieldsOf(def.innerType.def, path);
  return [path];
}

function documentedFields(heading: string): string[] {
  const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) =>
    (match[1] as string).replace(/<\w+>/, '<>'),
  );
}

describe('the JSON that commands print', () => {
  it.each<[string, z.ZodType]>([
    ['ingest', IngestReport],
    ['deidentify', DeidentifyReport],
    ['thumbnail', ThumbnailReport],
    ['pixels inspect', PixelsReport],
    ['reconcile', ReconcileOutput],
    ['redrive', RedriveOutput],
    ['link create', CreatedLinkOutput],
    ['link list', LinkListOutput],
    ['link audit', AuditOutput],
    ['link revoke', RevokedLinkOutput],
    ['local', LocalReady],
    ['local --iam', IamReport],
    ['staff sign-in', StaffSignInOutput],
  ])('of %s is documented field by field, no more and no less', (heading, schema) => {
    expect(documentedFields(heading).sort()).toEqual(fieldsOf(schema.def as unknown as Shape).sort());
  });

  it('keeps the fields that scripts were promised', () => {
    const fields = fieldsOf(IngestReport.def as unknown as Shape);
    expect(fields).toEqual(
      expect.arrayContaining([
        'upload',
        'total',
        'states.indexed',
        'states.duplicate',
        'states.ignored',
        'states.quarantined',
        'reasons.<>',
        'studies[].studyInstanceUid',
        'studies[].patientId',
        'studies[].series',
        'studies[].instances',
        'studies[].link',
        'items[].path',
        'items[].state',
        'items[].reason',
        'items[].studyInstanceUid',
        'items[].sopInstanceUid',
        'rates.seconds',
        'rates.instancesPerSecond',
      ]),
    );
  });
});
