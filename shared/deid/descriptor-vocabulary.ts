/**
 * The words that a cleaned descriptor keeps: anatomy, modalities, sequences and kernels, contrast, planes, units. No word
 * is here that is often a person's name or a place's, however clinical it is (Hodgkin, Baker, Foley, May, Young).
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** In lower case and without accents; a unit counts behind a number and alone. */
export const DESCRIPTOR_WORDS: ReadonlySet<string> = words(`
  a abd abdo abdomen abdominal ac acetabulum acl acquired acquisition acute adc add adrenal adrenals adult after airway all
  and angio angiogram angiography ankle ankles anterior aorta aortic ap apex apical appendix arch arm arterial arteries
  artery arthrogram asl aspiration asir atlas atrium attenuation auto average avg ax axial axials axilla
  b0 baseline basal base bb bh biceps bilat bilateral biliary biopsy bladder blade block blood body bold bolus bone bones
  both bowel brachial brain breast breasts breath breathhold bronchus burn by
  c+ ca caecum calcaneus calcium calc calf calib calibration cap cardiac carotid carotids carpal cc cerebellum cerebral
  cervical cest chest cholangiogram chronic cine cisternogram cisternography clavicle clip clinical coarse coccyx colon
  colonography comb combined comp complete cone contrast conv cor coronal coronals coronaries coronary correction corr
  corrected costal cr cranial cranium cspine ct cta ctac ctdi ctp ctv cube cystogram
  d2d dce deep default delay delayed depth derived descending detail dexa diagnostic diaphragm diastolic diastole diff
  diffusion digital dist distal dixon dl dorsal dose dr dsa dti dual duodenum dw dwi dx dynamic dyn
  early ecg echo ed edge elbow elbows emergency end endo enhanced ep epi epiphysis erect esophagus eval exam examination
  exp expiration expiratory extended extension extremity eye
  fa face facial factor fast fat fd fdg femoral femur femurs fetal fiesta fibula field film filter filtered fine finger
  fingers first fl flair flash flexion flip flow fluoro fmri follow followup foot for foramen forearm fov
  frac fractional
  fracture frontal fs fse full function functional fundus fused fusion
  g gallbladder gated gating gd gi glenoid gonad grad gradient gre gynae
  half hand hands haste hd head heart heel hemi hepatic hepatobiliary hi high hip hips hires hu humerus
  iac ileum iliac im image images imaging in inf inferior inferieur inhale initial inner inphase insp inspiration
  interleaved internal interval intervertebral intracranial inversion ir iso isotropic ischium iterative iv ivc ivu
  jaw jejunum joint joints
  kernel kidney kidneys knee knees kub kv kvp
  l large larynx lat lateral lao late lcc left leg legs lesion level limb limited liver lle lmlo llo lo lobe loc local
  localiser localizer lord lordotic low lower lp ls lspine lt lumbar lumbosacral lung lungs lue lymph
  ma magnitude mammo mammogram mammography mandible mas mask mastoid maxilla max maximum mbq mci mean medial median mediastinum
  medium mediastinal meniscus metacarpal metatarsal mg mgy mid middle min minimum minip mip ml mlo mm mmhg moco mono motion
  movement mpr mpgr mprage mpgre mr mra mrcp mri mrs ms multi multiphase multiplanar multislice muscle myelogram
  myocardium myocardial
  nasal native nativ neck neonatal nerve neuro neutral nm no non noncontrast nodule nodules normal nose not nuclear number
  o oblique obl occipital of off on open opp opposed optic or oral orbit orbits orig original os out outer outphase ovary
  overview
  p pa paediatric pancreas panoramic paranasal parallel parenchyma patella patellar path pc pca pd pe ped pediatric pelvic
  pelvis penis perc perf perfusion peripheral pet petct petmr phantom phase phases phe phleb pilot placenta plan planning
  plane plain plus pons popliteal portable portal portovenous post posterior pre prep pregnancy pressure primary prior
  probe processed prone propeller proj projection prospective prostate protocol prox proximal psif ptv pubis pulmonary
  pulse pulses pyelogram
  q quick r rad radial radiograph radiotherapy radius raw rao rcc rdsr rec recon reconstruction recovery rectal rectum
  reduced ref reference reformat reformatted reformats reg region registered registration relaxation renal rep repeat res
  rescan resolution resp respiratory rest retro retrospective rib ribs right rle rlo rmlo roi rotation routine rt rtdose
  rtplan rtstruct rue run
  s sacral sacroiliac sacrum sag sagittal sagittals sat saturated saturation scalp scan scanogram scans scaphoid scapula
  scout scr screening se second secondary seg segment segmentation selective semi sense seq sequence sequences ser series
  set setup sella shallow sharp short shoulder shoulders si side simulation single sinus sinuses skeletal skeleton skin
  skull slab slice slices small smooth soft spair spect spectroscopy spgr spin spine spinal spir spiral spleen splenic
  spoiled spot stack standard standing standing static stent sternum stereotactic std stir stomach stress structural
  study sub subclavian subtracted subtraction sup superior supine supplementary surface survey suspected suv sv swi swan
  syst systole systolic
  t1 t2 t2star table talus tb tc td te temporal terminal test thal thick thickness thigh thin third thoracic thoracolumbar
  thorax three thumb thymus thyroid ti tib tibia tilt time timing tissue tl tm tmj toe toes tof tomo tomography tomosynthesis
  tongue tonsil topo topogram total tr trace tracheal trachea tracking trans transversal transverse transversus tra trauma tricuspid
  trigger triggered trough trufi trufisp tse tspine tumor tumour turbo two
  ue ule ulna ultrafast ultrasound umbilical uncorrected unenhanced uni unilateral up upper upright ureter urethra urinary
  urogram us uterus
  vagina valve vascular ve vein veins venc venogram venogr venography venous ventral ventricle ventricles ventricular
  vertebra vertebrae vertebral vessel vessels vibe view views vision vm vmi voiding vol volume volumetric vpct vrt
  w water wb wbc wedge weight weighted weighting wholebody wholebrain whole wide width window with without wo wout wrist wrists
  x xa xr xray xrays y z zero zoom
  abdominaal becken bein bras cerveau cou coude genou hals handgelenk hanche herz hirn huft jambe knie kopf koronar leber
  lunge lunges niere nieren oberbauch poumon poumons schadel schulter sprunggelenk tete thoracique wirbelsaule ws hws bws lws
  colonne cheville epaule poignet rachis abdominale thoraxe cranio columna rodilla hombro cabeza cuello pulmon higado
  mit ohne avec sans con sin und et y oder ou
  bq kbq mbq gbq cm dm gy cgy hz khz mhz kg kev mev mev mmol mol msec sec min hr hrs hour hours minute minutes mwm
  day days week weeks month months deg degree degrees ppm percent pct ua mah mgycm tesla
  bismuth barium copper gadolinium gadovist iodine iodinated omnipaque ultravist isovue visipaque optiray magnevist
  dotarem primovist eovist fluorine gallium technetium thallium psma dotatate choline amyloid florbetapir f18 ga68 tc99m
`);
