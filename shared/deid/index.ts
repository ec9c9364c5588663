/**
 * The public face of de-identification to PS3.15 Annex E: plan what becomes of each element, apply it, and release only
 * what passes the residual scan. Knows no cloud, no clock, no environment.
 */
export { applyPlan, type Deidentified, deidentify } from './apply.ts';
export { type CleaningWanted, cleaningWanted, textJudge } from './burned-in-text.ts';
export type { OriginalIdentity } from './identity.ts';
export { OBJECT_KINDS, type ObjectRule, objectRuleOf, sopClassOf } from './object-kinds.ts';
export type { UnlistedText } from './options.ts';
export { filterSegments, type PixelEdits } from './pixel-bytes/pixel-edits.ts';
export { treatPixelBytes } from './pixel-bytes/treat-pixel-bytes.ts';
export type { PixelPolicy, Refusal } from './pixel-risk.ts';
export type { PixelTreatment } from './pixel-treatment.ts';
export { type Operation, type Plan, plan } from './plan.ts';
export { POLICIES, type Policy, PolicyError, profileOf, readPolicy } from './policy.ts';
export { type BasicProfileOptions, basicProfile, type Profile } from './profile.ts';
export { keyedPseudonyms, type Pseudonymizer } from './pseudonyms.ts';
export type { Action, OptionName } from './table-row.ts';
