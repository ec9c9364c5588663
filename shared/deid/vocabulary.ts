/**
 * Words that are no identifier on their own. Placeholders stand where a name or number was never given. Common words of
 * radiology, of devices and of eponyms are not searched for because somebody other than the patient is called so; the
 * patient's own name is searched for whatever it means.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Written in place of a name, number or institution. */
export const PLACEHOLDERS: ReadonlySet<string> = words(`
  anon anonym anonymize anonymized anonymise anonymised anonymous dummy deidentified default empty example
  hidden johndoe missing name na nil noname none not null patient phantom pseudonym qaphantom removed sample subject
  test testing tester testpatient undefined unknown unnamed unspecified xxx xxxx xxxxx
`);

/** Of clinical phrases, defined terms, devices and addresses. */
export const COMMON_WORDS: ReadonlySet<string> = words(`
  abdomen acquisition adult alzheimer angio ankle arm axial baker barrett bell black body bone boone brain breast brown
  canon cardiac carotid cervical chest child clinic contrast control coronal couch crohn department derived diffusion
  doctor doppler down dose dynamic elbow female field flair foley foot frame frank fuji gamma general genesis gray green
  hand head healthcare heart helical high hill hip hodgkin hospital hounsfield image imaging institute jones kidney knee
  king kodak large laser left leg liver localizer long low lower lumbar lung male manual marker may mean medical medicine
  medium motion neck neuro normal nuclear original park parkinson pelvis perfusion philips phase pilot plane portable
  primary private protocol public radiology radon range read resident right routine royal sagittal scan screen secondary
  serial series shoulder siemens sim simens skull slice small software spine standard station stone study supine swan
  system systems thomas thoracic thorax tilt time toshiba trauma unit university upper vessel volume water west white
  whole willis wilson wood wrist young
`);
