/** What `--json` prints: a public contract, described field by field in docs/json-output.md. */
import { z } from 'zod';
import { ReportArchive, ReportItem } from '../../shared/contract/report.ts';

export const ReportedStudy = z.object({
  studyInstanceUid: z.string(),
  patientId: z.string(),
  series: z.number().int(),
  instances: z.number().int(),
  ready: z.boolean(),
  link: z.string().nullable(),
});

export const Rates = z.object({ seconds: z.number().nullable(), instancesPerSecond: z.number().nullable() });
export type Rates = z.infer<typeof Rates>;

/** `ingest --json` and `report --json`. */
export const IngestReport = z.object({
  upload: z.string(),
  total: z.number().int(),
  states: z.object({
    indexed: z.number().int(),
    duplicate: z.number().int(),
    ignored: z.number().int(),
    quarantined: z.number().int(),
  }),
  pending: z.number().int(),
  reasons: z.record(z.string(), z.number().int()),
  studies: z.array(ReportedStudy),
  items: z.array(ReportItem),
  archives: z.array(ReportArchive),
  rates: Rates,
});
export type IngestReport = z.infer<typeof IngestReport>;

export const DeidentifiedState = z.enum(['deidentified', 'quarantined', 'ignored']);

/** `deidentify --json`. */
export const DeidentifyReport = z.object({
  total: z.number().int(),
  states: z.object({
    deidentified: z.number().int(),
    quarantined: z.number().int(),
    ignored: z.number().int(),
  }),
  reasons: z.record(z.string(), z.number().int()),
  items: z.array(
    z.object({
      path: z.string(),
      state: DeidentifiedState,
      reason: z.string().nullable(),
      where: z.string().nullable(),
      plan: z.array(z.object({ path: z.string(), action: z.string(), why: z.string() })).optional(),
    }),
  ),
});
export type DeidentifyReport = z.infer<typeof DeidentifyReport>;

/** `thumbnail --json`. */
export const ThumbnailReport = z.object({
  total: z.number().int(),
  states: z.object({ rendered: z.number().int(), placeholder: z.number().int(), failed: z.number().int() }),
  items: z.array(
    z.object({
      path: z.string(),
      state: z.enum(['rendered', 'placeholder', 'failed']),
      reason: z.string().nullable(),
      width: z.number().int().nullable(),
      height: z.number().int().nullable(),
    }),
  ),
});
export type ThumbnailReport = z.infer<typeof ThumbnailReport>;

/** `link create --json`. */
export const CreatedLinkOutput = z.object({
  link: z.string(),
  study: z.string(),
  url: z.string(),
  expiresAt: z.string(),
});

/** `link revoke --json`. */
export const RevokedLinkOutput = z.object({ link: z.string(), revoked: z.literal(true) });

/** `local --json`, one line when the stack is ready. */
export const LocalReady = z.object({
  pid: z.number().int(),
  dataDir: z.string(),
  webUrl: z.string(),
  outputs: z.record(z.string(), z.string()),
  endpoints: z.record(z.string(), z.string()),
});

/** `local --json --iam`, a second line when the stack ends. */
export const IamReport = z.object({
  functions: z.array(
    z.object({
      function: z.string(),
      granted: z.number().int(),
      used: z.array(z.string()),
      neverUsed: z.array(z.object({ action: z.string(), resource: z.string() })),
    }),
  ),
  denials: z.array(
    z.object({ function: z.string(), action: z.string(), resource: z.string(), message: z.string() }),
  ),
});

/** The result on standard output, where nothing else is printed. */
export function printJson(value: unknown, isOneLine = false): void {
  process.stdout.write(`${JSON.stringify(value, null, isOneLine ? 0 : 2)}\n`);
}
