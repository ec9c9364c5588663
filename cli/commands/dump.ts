/** `filmroom dump`: the data set of a file as lines or as DICOM JSON (PS3.18 F). */
import { dumpLines, readPart10From, toDicomJson } from '../../shared/dicom/index.ts';
import { EXIT, type ExitCode } from '../failure.ts';
import { openFile } from '../offline/file-source.ts';
import { printJson } from '../report/json-output.ts';

export interface DumpOptions {
  readonly values?: boolean;
  readonly json?: boolean;
}

export async function dump(path: string, options: DumpOptions): Promise<ExitCode> {
  const source = await openFile(path);
  try {
    const part10 = await readPart10From(source);
    if (options.json === true) {
      const { meta, dataSet } = part10;
      printJson({ ...(meta === undefined ? {} : toDicomJson(meta)), ...toDicomJson(dataSet) });
      return EXIT.ok;
    }
    for (const line of dumpLines(part10, { values: options.values !== false })) console.log(line);
    return EXIT.ok;
  } finally {
    await source.close();
  }
}
