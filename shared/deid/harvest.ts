/**
 * Collects the identifiers of an instance before anything is edited, from every depth: person names wherever they stand
 * (private and nested ones included), the numbers, places and dates of harvested-attributes.ts, and every UID that is to be
 * replaced. Only the search is kept; no identifier is handed out.
 */
import {
  type DataElement,
  type DataSet,
  elementStrings,
  elementText,
  type Part10,
  type Tag,
} from '../dicom/index.ts';
import { CLASS_UID_ATTRIBUTES } from './beyond-the-table.ts';
import { HARVESTED, PATIENT_NAMES } from './harvested-attributes.ts';
import { IdentifierForms } from './identifier-forms.ts';
import { IdentifierSearch } from './identifier-search.ts';
import type { Profile } from './profile.ts';

const MANUFACTURER: Tag = 0x00080070;
const MANUFACTURER_MODEL_NAME: Tag = 0x00081090;
const PRODUCTS: readonly Tag[] = [MANUFACTURER, MANUFACTURER_MODEL_NAME];
/** No UID of a person or place begins so: the root of the standard itself. */
const STANDARD_ROOT = '1.2.840.10008.';

type Retention = Pick<Profile, 'options' | 'isRetained' | 'extraIdentifiers'>;

interface Harvest {
  readonly forms: IdentifierForms;
  readonly search: IdentifierSearch;
  readonly products: ReadonlySet<string>;
  readonly keepsUids: boolean;
  readonly isRetained: (tag: Tag) => boolean;
}

/** The identifiers of the instance and those supplied with the profile, ready to be searched for. */
export function harvest(
  part10: Part10,
  { options, isRetained, extraIdentifiers }: Retention,
): IdentifierSearch {
  const search = new IdentifierSearch();
  const forms = new IdentifierForms(search);
  for (const identifier of extraIdentifiers) forms.addSupplied(identifier, part10.dataSet.characterSet);
  // Files of a manufacturer's factory name its own product as institution or station.
  const products = new Set(PRODUCTS.flatMap((tag) => part10.dataSet.strings(tag)));
  const keepsUids = options.has('retainUIDs');
  harvestDataSet(part10.dataSet, { forms, search, products, keepsUids, isRetained });
  return search;
}

function harvestDataSet(dataSet: DataSet, into: Harvest): void {
  for (const element of dataSet.elements) {
    if (element.items !== undefined) {
      for (const item of element.items) harvestDataSet(item.dataSet, into);
    } else if (element.valueEnd > element.valueStart) {
      harvestElement(element, dataSet, into);
    }
  }
}

function harvestElement(element: DataElement, dataSet: DataSet, into: Harvest): void {
  const { forms, search, products } = into;
  const { tag } = element;
  if (element.vr === 'PN' || element.headerVr === 'PN' || PATIENT_NAMES.has(tag)) {
    for (const name of elementText(element, dataSet.characterSet).split('\\')) {
      forms.addName(name, tag, PATIENT_NAMES.has(tag), dataSet.characterSet);
    }
    return;
  }
  if (element.vr === 'UI') {
    if (into.keepsUids || CLASS_UID_ATTRIBUTES.has(tag) || into.isRetained(tag)) return;
    for (const uid of elementText(element, dataSet.characterSet).split('\\')) {
      if (!uid.startsWith(STANDARD_ROOT)) search.addUid(uid.trim(), tag);
    }
    return;
  }
  const kind = HARVESTED.get(tag);
  if (kind === undefined || into.isRetained(tag)) return;
  for (const value of elementStrings(element, dataSet.characterSet)) {
    if (kind === 'date') forms.addDate(value, tag);
    else if (products.has(value)) continue;
    else if (kind === 'number') forms.addNumber(value, tag, dataSet.characterSet);
    else forms.addPhrase(value, tag, dataSet.characterSet);
  }
}
