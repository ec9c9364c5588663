/**
 * Decides what becomes of every element of an instance, at any depth, and writes nothing. The plan is a list of operations
 * (where, which action, by which rule) that names no value, so that it can be printed, compared and kept for audit; beside
 * it stand the edits that performing it needs.
 */
import {
  type DataElement,
  type DataSet,
  type Edit,
  elementText,
  formatTag,
  isPixelData,
  type NewElement,
  type Part10,
  type Tag,
} from '../dicom/index.ts';
import type { ActionContext, Target } from './actions/outcome.ts';
import { PATIENT_ID, PATIENT_NAME } from './actions/patient-pseudonym.ts';
import { performDecision } from './actions/perform.ts';
import { type Content, contentOf, decideInContent } from './content.ts';
import { type Decision, KEPT } from './decision.ts';
import { harvest } from './harvest.ts';
import { type IdentifierSearch, originOf } from './identifier-search.ts';
import { type OriginalIdentity, readIdentity, readSopClass } from './identity.ts';
import { MARKERS, markerElements } from './markers.ts';
import { type Refusal, risksOf } from './pixel-risk.ts';
import { type PixelTreatment, UNTREATED } from './pixel-treatment.ts';
import { PrivateCharacteristics } from './private-characteristics.ts';
import type { Profile } from './profile.ts';
import { headShown } from './recognizable-features.ts';
import { identifierIn, valueHoldsIdentifier } from './residue.ts';
import { type Decide, isFreeText } from './rules.ts';
import type { Action } from './table-row.ts';
import { holdsPattern } from './text-patterns.ts';

/** One change to an instance: where, what and by which rule; never a value. */
export interface Operation {
  /** Such as `(0040,A730)[0]/(0040,A123)`. */
  readonly path: string;
  readonly action: Action;
  readonly why: string;
}

/** What is to be done to an instance. */
export interface Plan {
  readonly operations: readonly Operation[];
  /** Why the instance cannot be released whatever is done to its header. */
  readonly refusal?: Refusal;
  readonly sopClassUid: string;
  /** Pseudonymous. */
  readonly uids: { readonly study: string; readonly series: string; readonly instance: string };
  /** Pseudonymous. */
  readonly patientId: string;
  /** The identity that the pseudonyms stand for: for the crosswalk, for nothing else. */
  readonly original: OriginalIdentity;
  /** Elements that are not here are kept as they are. */
  readonly edits: ReadonlyMap<DataElement, Edit>;
  readonly additions: ReadonlyMap<DataSet, readonly NewElement[]>;
  /** The identifiers that must not be found in what is written. */
  readonly identifiers: IdentifierSearch;
  /** The transfer syntax to write, where the pixels were given another. */
  readonly transferSyntaxUid?: string;
  /** Values made here that may by chance be like an identifier, such as a shifted date. */
  readonly authored: ReadonlySet<string>;
}

const NESTED_PICTURE: Decision = { action: 'X', why: 'a picture in a sequence' };
/** What is left alone by the patterns: Software Versions, which are often dates. */
const PATTERNLESS: ReadonlySet<Tag> = new Set([0x00181020]);
const PATTERN: Decision = { action: 'C', why: 'holds what looks like an identifier', cleaning: 'patterns' };
const MARKER: Decision = { action: 'X', why: 'written anew' };
/** Recognizable Visual Features (PS3.3 C.7.6.1): a face may be rendered, and the policy lets it pass. */
const RECOGNIZABLE: NewElement = { tag: 0x00280302, vr: 'CS', value: Buffer.from('YES ', 'latin1') };
const MARKED_RECOGNIZABLE: Operation = {
  path: '(0028,0302)',
  action: 'K',
  why: 'a face may be rendered from it: marked as recognizable',
};

/** Plans the de-identification of an instance; what is no instance at all is refused by throwing. */
export function plan(part10: Part10, profile: Profile, treatment: PixelTreatment = UNTREATED): Plan {
  const sopClassUid = readSopClass(part10);
  const original = readIdentity(part10);
  const refusal = risksOf(part10, profile, treatment).refusal(treatment);
  const hasPicture = part10.pixelData !== undefined;
  const isRecognizable = headShown(sopClassUid, part10.dataSet, hasPicture) === 'yes';
  const identifiers = harvest(part10, profile);
  const context = actionContext(part10, profile, original, identifiers);
  const ruled = profile.decisionsFor(sopClassUid);
  const privates = new PrivateCharacteristics(part10.dataSet);
  const decide: Decide = (element, dataSet, sequence) =>
    privates.judge(ruled(element, dataSet, sequence), element, dataSet);
  const planner = new Planner(profile, decide, identifiers, context);
  planner.planDataSet(part10.dataSet, '', undefined);
  const patient = context.patientOf(part10.dataSet);
  planner.add(part10.dataSet, [
    { tag: PATIENT_NAME, vr: 'PN', value: Buffer.from(evenly(patient.name), 'latin1') },
    { tag: PATIENT_ID, vr: 'LO', value: Buffer.from(evenly(patient.id), 'latin1') },
    ...markerElements(profile, treatment),
    ...(isRecognizable ? [RECOGNIZABLE] : []),
    ...(treatment.attributes ?? []),
  ]);
  const pixels = part10.pixelData?.element;
  if (pixels !== undefined && treatment.rewrite !== undefined) planner.edits.set(pixels, treatment.rewrite);
  return {
    operations: [
      ...planner.operations,
      ...(isRecognizable ? [MARKED_RECOGNIZABLE] : []),
      ...treatment.operations,
    ],
    ...(refusal === undefined ? {} : { refusal }),
    sopClassUid,
    uids: {
      study: context.uid(original.study),
      series: context.uid(original.series),
      instance: context.uid(original.instance),
    },
    patientId: patient.id,
    original,
    edits: planner.edits,
    additions: planner.additions,
    identifiers,
    ...(treatment.transferSyntaxUid === undefined ? {} : { transferSyntaxUid: treatment.transferSyntaxUid }),
    authored: planner.authored,
  };
}

class Planner {
  readonly operations: Operation[] = [];
  readonly edits = new Map<DataElement, Edit>();
  readonly additions = new Map<DataSet, NewElement[]>();
  readonly authored = new Set<string>();
  readonly #profile: Profile;
  readonly #decide: Decide;
  readonly #identifiers: IdentifierSearch;
  readonly #context: ActionContext;

  constructor(profile: Profile, decide: Decide, identifiers: IdentifierSearch, context: ActionContext) {
    this.#profile = profile;
    this.#decide = decide;
    this.#identifiers = identifiers;
    this.#context = context;
  }

  /**
   * Plans each element; returns whether any of them, or of those nested in them, changes. `sequence` is the sequence of which
   * the data set is an item; the root data set is of none.
   */
  planDataSet(
    dataSet: DataSet,
    prefix: string,
    sequence: Tag | undefined,
    content: Content = 'ordinary',
  ): boolean {
    let changes = false;
    for (const element of dataSet.elements) {
      if (isPixelData(element.tag)) {
        if (sequence === undefined) continue;
        this.#record(prefix, element, NESTED_PICTURE, { kind: 'remove' });
        changes = true;
      } else if (this.#planElement(element, dataSet, prefix, sequence, content)) {
        changes = true;
      }
    }
    return changes;
  }

  add(dataSet: DataSet, elements: readonly NewElement[]): void {
    const others = this.additions.get(dataSet) ?? [];
    const tags = new Set(elements.map((element) => element.tag));
    this.additions.set(dataSet, [...others.filter((other) => !tags.has(other.tag)), ...elements]);
  }

  #planElement(
    element: DataElement,
    dataSet: DataSet,
    prefix: string,
    sequence: Tag | undefined,
    content: Content,
  ): boolean {
    const decision = this.#judge(element, dataSet, sequence, content);
    // The value is read in the character set of its own data set.
    const target: Target = { element, dataSet, characterSet: dataSet.characterSet };
    const { outcome, done } = performDecision(decision, target, this.#context);
    if (outcome.add !== undefined) this.add(dataSet, [outcome.add]);
    for (const value of outcome.authored ?? []) this.authored.add(value);
    switch (outcome.edit.kind) {
      case 'keep':
        return false;
      case 'items':
        return this.#planItems(element, done, prefix, content);
      default:
        this.#record(prefix, element, done, outcome.edit);
        return true;
    }
  }

  /** The decision for the element; a kept value is cleaned when it holds an identifier, or what looks like one. */
  #judge(element: DataElement, dataSet: DataSet, sequence: Tag | undefined, content: Content): Decision {
    if (sequence === undefined && MARKERS.has(element.tag)) return MARKER;
    const decision = decideInContent(this.#decide(element, dataSet, sequence), element, content);
    if (decision.action !== 'K' || element.items !== undefined) return decision;
    const found = identifierIn(element, dataSet, this.#identifiers);
    if (found !== undefined) return { action: 'C', why: `holds an identifier of ${originOf(found)}` };
    return this.#profile.textPatterns && this.#looksIdentifying(element, dataSet) ? PATTERN : decision;
  }

  #looksIdentifying(element: DataElement, { characterSet }: DataSet): boolean {
    if (!isFreeText(element.tag, element.vr) || PATTERNLESS.has(element.tag)) return false;
    return holdsPattern(elementText(element, characterSet), this.#context.keepsDates);
  }

  #planItems(element: DataElement, decision: Decision, prefix: string, content: Content): boolean {
    const path = `${prefix}${formatTag(element.tag)}`;
    let changes = false;
    for (const [index, item] of (element.items ?? []).entries()) {
      const within = contentOf(item.dataSet, decision, content);
      if (this.planDataSet(item.dataSet, `${path}[${index}]/`, element.tag, within)) changes = true;
    }
    if (!changes) return false;
    this.edits.set(element, { kind: 'items' });
    if (decision !== KEPT) this.operations.push({ path, action: decision.action, why: decision.why });
    return true;
  }

  #record(prefix: string, element: DataElement, { action, why }: Decision, edit: Edit): void {
    this.edits.set(element, edit);
    this.operations.push({ path: `${prefix}${formatTag(element.tag)}`, action, why });
  }
}

/** UIDs are pseudonymised once each; nested data sets without a Patient ID of their own speak of the same patient. */
function actionContext(
  part10: Part10,
  { pseudonyms, options }: Profile,
  original: OriginalIdentity,
  identifiers: IdentifierSearch,
): ActionContext {
  const uids = new Map<string, string>();
  let shiftDays: number | undefined;
  // Two instances without a Patient ID are of one patient only if they are of one study.
  const own =
    original.patientId === ''
      ? patientNamed(pseudonyms.token('patient-without-id', original.study))
      : {
          id: pseudonyms.patientId(original.issuer, original.patientId),
          name: pseudonyms.patientName(original.issuer, original.patientId),
        };
  return {
    pseudonyms,
    keepsDates: options.has('retainFullDates'),
    shiftDays: () => {
      shiftDays ??= pseudonyms.dateShiftDays(own.id);
      return shiftDays;
    },
    holdsIdentifier: ({ element, characterSet }, value) =>
      valueHoldsIdentifier(element, value, characterSet, identifiers),
    uid: (uid) => {
      if (options.has('retainUIDs')) return uid;
      let pseudonym = uids.get(uid);
      if (pseudonym === undefined) {
        pseudonym = pseudonyms.uid(uid);
        uids.set(uid, pseudonym);
      }
      return pseudonym;
    },
    patientOf: (dataSet) => {
      const id = dataSet === part10.dataSet ? undefined : dataSet.strings(PATIENT_ID)[0];
      if (!id || id === original.patientId) return own;
      const issuer = dataSet.strings(0x00100021)[0];
      return { id: pseudonyms.patientId(issuer, id), name: pseudonyms.patientName(issuer, id) };
    },
  };
}

function patientNamed(token: string): { readonly id: string; readonly name: string } {
  return { id: `P${token}`, name: `P${token}` };
}

function evenly(text: string): string {
  return text.length % 2 === 0 ? text : `${text} `;
}
