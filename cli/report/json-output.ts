/** What `--json` prints: a public contract, described field by field in docs/json-output.md. */
import { z } from 'zod';
import { LinkList } from '../../shared/contract/api.ts';
import { MissingFiles, ReportArchive, ReportItem, ReportStudy } from '../../shared/contract/report.ts';
import { ROLES } from '../../shared/contract/roles.ts';
import { Difference, DifferenceKind } from '../reconcile/differences.ts';

export const ReportedStudy = ReportStudy.extend({ link: z.string().nullable() });

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
  modalities: z.record(z.string(), z.number().int()),
  studies: z.array(ReportedStudy),
  items: z.array(ReportItem),
  archives: z.array(ReportArchive),
  missing: MissingFiles,
  rates: Rates,
});
export type IngestReport = z.infer<typeof IngestReport>;

export const DeidentifiedState = z.enum(['deidentified', 'quarantined', 'ignored']);

/** `deidentify --json`. */
export const DeidentifyReport = z.object({
  policy: z.object({ name: z.string(), version: z.number().int() }),
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

/** `pixels inspect --json`. */
export const PixelsReport = z.object({
  total: z.number().int(),
  items: z.array(
    z.object({
      path: z.string(),
      decision: z.enum(['spared', 'search', 'refused']),
      why: z.string(),
      rules: z.array(z.string()),
      findings: z.array(
        z.object({
          picture: z.union([z.number().int(), z.enum(['brightest', 'darkest'])]),
          round: z.number().int(),
          box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
          masked: z.boolean(),
          why: z.string(),
          text: z.string().optional(),
        }),
      ),
    }),
  ),
});
export type PixelsReport = z.infer<typeof PixelsReport>;

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

/** `reconcile --json`. */
export const ReconcileOutput = z.object({
  upload: z.string().nullable(),
  olderThanMinutes: z.number(),
  checked: z.object({
    items: z.number().int(),
    vaultObjects: z.number().int(),
    instances: z.number().int(),
    rows: z.number().int(),
    studies: z.number().int(),
  }),
  total: z.number().int(),
  counts: z.partialRecord(DifferenceKind, z.number().int()),
  differences: z.array(Difference),
});
export type ReconcileOutput = z.infer<typeof ReconcileOutput>;

/** `redrive --json`. */
export const RedriveOutput = z.object({
  dryRun: z.boolean(),
  /** Items that fit what was asked for. */
  items: z.number().int(),
  reasons: z.record(z.string(), z.number().int()),
  sent: z.number().int(),
  /** Items whose bytes are not in the vault any more. */
  gone: z.number().int(),
  deadLetters: z.record(z.string(), z.number().int()),
});
export type RedriveOutput = z.infer<typeof RedriveOutput>;

/** `link create --json`. */
export const CreatedLinkOutput = z.object({
  link: z.string(),
  study: z.string(),
  url: z.string(),
  expiresAt: z.string(),
  priors: z.boolean(),
  identified: z.boolean(),
});

/** `link list --json`: all of them, however many pages the API has. */
export const LinkListOutput = LinkList.omit({ next: true });

/** `link audit --json`. */
export const AuditOutput = z.object({
  events: z.array(
    z.object({
      recorded: z.string(),
      kind: z.string(),
      study: z.string().nullable(),
      link: z.string().nullable(),
      session: z.string().nullable(),
      staff: z.string().nullable(),
      address: z.string().nullable(),
      identified: z.boolean(),
      reason: z.string().nullable(),
    }),
  ),
});

/** `link revoke --json`. */
export const RevokedLinkOutput = z.object({ link: z.string(), revoked: z.literal(true) });

/** `staff sign-in --json`. */
export const StaffSignInOutput = z.object({
  address: z.string(),
  username: z.string(),
  password: z.string(),
  roles: z.array(z.enum(ROLES)),
});

/** `local --json`, one line when the stack is ready. */
export const LocalReady = z.object({
  pid: z.number().int(),
  dataDir: z.string(),
  webUrl: z.string(),
  outputs: z.record(z.string(), z.string()),
  endpoints: z.record(z.string(), z.string()),
  staff: StaffSignInOutput,
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
