/**
 * INDEX.HTM at the root of the medium: what is on it, for who opens it without a DICOM viewer. XHTML without script, style or address of
 * elsewhere; texts of the study are escaped. It says no more of the patient than the instances do.
 */
import type { SeriesSummary, StudySummary } from '../contract/study-summary.ts';
import { fileIdOf } from './study-directory.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** As text of XML; signs that XML 1.0 has not are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? '');
}

/** The page, in UTF-8. */
export function indexPage(study: StudySummary): string {
  const facts: [name: string, value: string | null][] = [
    ['Patient (pseudonym)', study.patientId],
    ['Study date', isoDate(study.studyDate)],
    ['Modalities', study.modalities.join(', ')],
    ['Objects', String(study.instances)],
  ];
  const said = facts
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escaped(value ?? '')}</td></tr>`);
  const rows = study.series.map((series, index) => row(series, index));
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="en">
<head><meta charset="UTF-8" /><title>Images of one study</title></head>
<body>
<h1>${escaped(study.studyDescription ?? '') || 'Images of one study'}</h1>
<table>
${said.join('\n')}
</table>
<p>To look at the images, open <a href="DICOMDIR">DICOMDIR</a> with a DICOM viewer, or drop the whole folder on it. How they were made
ready is told in <a href="README.TXT">README.TXT</a>. Not for diagnosis without a viewer that is made for it.</p>
<h2>Series</h2>
<table>
<tr><th scope="col">Number</th><th scope="col">Series</th><th scope="col">Modality</th><th scope="col">Objects</th><th scope="col">Folder</th></tr>
${rows.join('\n')}
</table>
</body>
</html>
`;
}

function row({ seriesNumber, seriesDescription, modality, instances }: SeriesSummary, index: number): string {
  const folder = fileIdOf(index, 0).slice(0, -1).join('/');
  const cells = [seriesNumber ?? '', seriesDescription ?? '', modality ?? '', instances.length]
    .map((cell) => `<td>${escaped(String(cell))}</td>`)
    .join('');
  return `<tr>${cells}<td><a href="${folder}/">${folder}</a></td></tr>`;
}

function isoDate(date: string | null): string | null {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date ?? '') ?? [];
  return year === undefined ? null : `${year}-${month}-${day}`;
}
