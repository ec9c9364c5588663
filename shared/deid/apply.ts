/** Performs a plan: the object is written with its edits, its markers and new meta information, then passes the gate. */
import {
  concatSegments,
  isPixelData,
  type Part10,
  type Segment,
  type SpliceEditor,
  splice,
  writtenTransferSyntax,
} from '../dicom/index.ts';
import { UnprocessableInstanceError } from '../errors.ts';
import { gate } from './gate.ts';
import type { OriginalIdentity } from './identity.ts';
import { markerTexts, metaOf } from './markers.ts';
import { type PixelTreatment, UNTREATED } from './pixel-treatment.ts';
import { type Plan, plan } from './plan.ts';
import type { Profile } from './profile.ts';
import type { Action } from './table-row.ts';

/** A de-identified instance, ready to be written. */
export interface Deidentified {
  /** The object; ranges that were not read are copied from the source. */
  readonly segments: readonly Segment[];
  /** Pseudonymous. */
  readonly uids: { readonly study: string; readonly series: string; readonly instance: string };
  /** Pseudonymous. */
  readonly patientId: string;
  /** For the crosswalk, for nothing else. */
  readonly original: OriginalIdentity;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  /** How many elements each action changed. */
  readonly operations: Readonly<Record<Action, number>>;
}

const KEEP = { kind: 'keep' } as const;
const REMOVE = { kind: 'remove' } as const;

/** Writes the instance that the plan describes; refuses what the plan refuses and what does not pass the gate. */
export function applyPlan(part10: Part10, planned: Plan, profile: Profile): Deidentified {
  if (planned.refusal !== undefined) {
    throw new UnprocessableInstanceError(planned.refusal.reason, planned.refusal.where);
  }
  const transferSyntaxUid = planned.transferSyntaxUid ?? writtenTransferSyntax(part10).uid;
  const meta = metaOf(planned.sopClassUid, planned.uids.instance, transferSyntaxUid);
  const editor: SpliceEditor = {
    edit: (element) => planned.edits.get(element) ?? KEEP,
    add: (dataSet) => planned.additions.get(dataSet) ?? [],
  };
  const segments = splice(part10, editor, meta);
  const withoutPixels: SpliceEditor = {
    ...editor,
    edit: (element) => (isPixelData(element.tag) ? REMOVE : (planned.edits.get(element) ?? KEEP)),
  };
  gate(
    part10,
    {
      segments,
      withoutPixels: () => concatSegments(splice(part10, withoutPixels, meta), new Uint8Array(0)),
      authored: [...markerTexts(profile), ...planned.authored],
    },
    planned.identifiers,
  );
  return {
    segments,
    uids: planned.uids,
    patientId: planned.patientId,
    original: planned.original,
    sopClassUid: planned.sopClassUid,
    transferSyntaxUid,
    operations: countByAction(planned),
  };
}

/** De-identifies an instance: plans, writes, and searches what was written; refuses with a reason of the closed list. */
export function deidentify(
  part10: Part10,
  profile: Profile,
  treatment: PixelTreatment = UNTREATED,
): Deidentified {
  return applyPlan(part10, plan(part10, profile, treatment), profile);
}

function countByAction({ operations }: Plan): Record<Action, number> {
  const counts: Record<Action, number> = { D: 0, Z: 0, X: 0, K: 0, C: 0, U: 0 };
  for (const { action } of operations) counts[action]++;
  return counts;
}
