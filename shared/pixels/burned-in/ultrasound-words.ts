/** What ultrasound devices and their users write beside and into the picture that names nobody. */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** In lower case: measurements, modes, settings, body marks and the commonest anatomy. */
export const ULTRASOUND_WORDS: ReadonlySet<string> = words(`
  abd abdomen acc accel add afi amp angio angle ant ante aorta apex arterial artery asd atrium auto av ava average
  base bif bladder body bpd bpm bulb calc calf car card cardiac carotid cbd cca cfa cfm chroma cine cm color colour comm
  common comp compound contrast cord cpa crl cursor dec decel deep density depth diam diameter diast dist distal dop doppler
  dorsal dyn dynamic ece echo edv ees efw endo epi esp eye fast fetal fetus fibroid fib fil filter flow focus foot fps frame
  frames freq frequency fundus gain gallbladder gate gen general gestational grade groin harm harmonic head heart heel
  hepatic high hip hrs humerus iac ica inf inferior inner int invert ivc ivs jug jugular kidney kidneys knee
  lap lat lateral leaf left length lens liver lobe long longitudinal loop low lower lpf lung lvd lvidd lvids lvpw map
  mass max mean med medial mid min mitral mode mpg msk mva neck node nodule normal obl oblique off out ovary
  pan pancreas pap par patella peak ped pelvis pen penetration per pers persist persistence phase placenta plane plaq plax
  plunge pole pop popliteal portal post posterior power pres preset prf probe prox proximal psax psv pulm pulmonary pulse pwr
  qual quad radial ratio rec rectus ref rej rejection renal rep res resolution rest right rvd sag sagittal sax scale
  scan scanning sec septum sfa sfj shoulder small smooth sph spleen stenosis sten subcostal sup superior sweep syst systole tam
  tamax tap tca tdi tei temp tendon testis thi thick thigh thyroid tia tib tibial tis tib time tissue tgc trans transverse tri
  tricuspid upper uterus valve var vas vein vel velocity venous ventricle vertebral vol volume vti wall width zoom
  khz mhz mmhg msec sec cmsec cms dyn percent hz bpm
`);
