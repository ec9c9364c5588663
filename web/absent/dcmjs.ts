/**
 * Stands in for dcmjs (1.3 MB), which the image library imports for its own DICOM parser and log. The page reads headers as JSON and
 * uses neither: here is what the library touches as it is loaded.
 */
interface SilentLog {
  getLogger(name: string): SilentLog;
  setLevel(level: string): void;
  trace(): void;
  debug(): void;
  info(): void;
  warn(): void;
  error(...said: unknown[]): void;
}

const silent = () => undefined;
const quiet = (): SilentLog => ({
  getLogger: quiet,
  setLevel: silent,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  // Faults are for whoever looks into the console.
  error: (...said) => console.error(...said),
});

export const log = quiet();
export const constants = {};
export const data = { DicomMetaDictionary: { dictionary: {}, nameMap: {} } };
export const utilities = { DicomMetadataListener: class {} };
export const async = { AsyncDicomReader: class {} };
const all = { log, constants, data, utilities, async };

// As the package has it: its importers take either.
export { all as default };
