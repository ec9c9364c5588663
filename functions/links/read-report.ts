/** A structured report of the library as lines to be read: the de-identified object's content, and of nothing else. */
import { isMissingObject } from '../../shared/aws/errors.ts';
import type { ReportText } from '../../shared/contract/api.ts';
import { type InstanceUids, instanceKey } from '../../shared/contract/names.ts';
import { readPart10 } from '../../shared/dicom/index.ts';
import { isUnprocessable } from '../../shared/errors.ts';
import { hasContentTree, reportLines } from '../../shared/pixels/documents/structured-report.ts';
import { HttpRefusal } from '../../shared/runtime/http-handler.ts';

/** Bytes of an object that is shown as text; default 4 MiB: a report of a thousand measurements has a tenth of that. */
const REPORT_BYTES = 4 * 1024 * 1024;

export interface ReportPorts {
  /** The first bytes of an object of the library and its size; throws where there is none. */
  readBeginning(key: string, length: number): Promise<{ readonly bytes: Uint8Array; readonly size: number }>;
}

/** The lines of the report; refuses what is no report or too long for a page. */
export async function readReport(instance: InstanceUids, ports: ReportPorts): Promise<ReportText> {
  try {
    const { bytes, size } = await ports.readBeginning(instanceKey(instance), REPORT_BYTES);
    if (size > bytes.length) throw new HttpRefusal(404, 'not-a-report');
    const { dataSet } = readPart10(bytes);
    if (!hasContentTree(dataSet)) throw new HttpRefusal(404, 'not-a-report');
    return { lines: reportLines(dataSet) };
  } catch (error) {
    if (isMissingObject(error)) throw new HttpRefusal(404, 'not-found');
    if (isUnprocessable(error)) throw new HttpRefusal(404, 'not-a-report');
    throw error;
  }
}
