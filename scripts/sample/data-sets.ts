/** The headers of the sample: plausible, complete, and full of places in which a patient can be named. */
import { type AuthoredDataSet, uidOf } from './author-part10.ts';
import { PATIENT } from './patient.ts';
import { PIXEL_SPACING, phantomSlice, RESCALE_INTERCEPT, SIZE, SLICE_SPACING, SLICES } from './phantom.ts';
import { ULTRASOUND, ultrasoundFrame } from './ultrasound.ts';

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';
const US_IMAGE = '1.2.840.10008.5.1.4.1.1.6.1';
const NAME = `${PATIENT.familyName}^${PATIENT.givenName}`;

function patientAndStudy(study: 'ct' | 'us', description: string): AuthoredDataSet {
  return {
    SpecificCharacterSet: 'ISO_IR 100',
    StudyDate: '20250611',
    StudyTime: '091233',
    AccessionNumber: PATIENT.accession,
    InstitutionName: PATIENT.institution,
    InstitutionAddress: `Abbey Lane, ${PATIENT.institution}`,
    ReferringPhysicianName: `${PATIENT.referrer}^Ifeoma^^Dr`,
    ReferringPhysicianIdentificationSequence: [
      {
        PersonAddress: `c/o ${PATIENT.institution}`,
        PersonIdentificationCodeSequence: [
          { CodeValue: PATIENT.referrer, CodingSchemeDesignator: 'L', CodeMeaning: `Dr ${PATIENT.referrer}` },
        ],
      },
    ],
    StudyDescription: description,
    PatientName: NAME,
    PatientID: PATIENT.id,
    PatientBirthDate: PATIENT.birthDate,
    PatientSex: 'F',
    OtherPatientIDsSequence: [{ PatientID: `OLD ${PATIENT.id}`, TypeOfPatientID: 'TEXT' }],
    PatientAge: '064Y',
    PatientMotherBirthName: PATIENT.mother,
    PatientAddress: PATIENT.address,
    PatientTelephoneNumbers: PATIENT.telephone,
    PatientComments: `Daughter of Mrs ${PATIENT.mother}; call ${PATIENT.telephone}`,
    StudyInstanceUID: uidOf(`${study} study`),
    StudyID: '4711',
    RequestAttributesSequence: [
      {
        RequestedProcedureDescription: `${description} for ${PATIENT.givenName} ${PATIENT.familyName}`,
        ScheduledProcedureStepDescription: description,
        ScheduledProtocolCodeSequence: [
          { CodeValue: 'P1', CodingSchemeDesignator: '99LOCAL', CodeMeaning: `asked by ${PATIENT.referrer}` },
        ],
      },
    ],
  };
}

function privateElements(): AuthoredDataSet {
  return {
    '00190010': { vr: 'LO', value: 'FILMROOM PHANTOM 1' },
    '00191001': { vr: 'LO', value: `${PATIENT.familyName} ${PATIENT.id}` },
    '00191002': {
      vr: 'SQ',
      value: [
        {
          PatientName: NAME,
          '00190010': { vr: 'LO', value: 'FILMROOM PHANTOM 1' },
          '00191003': { vr: 'LT', value: `${PATIENT.privateNote}, ${PATIENT.givenName}` },
        },
      ],
    },
    '00191004': { vr: 'UN', value: new TextEncoder().encode(`${PATIENT.familyName} `.repeat(2)).buffer },
  };
}

/** A slice of the CT series; slice 0 is the first. */
export function ctInstance(slice: number): AuthoredDataSet {
  const pixels = phantomSlice(slice);
  const z = (slice - (SLICES - 1) / 2) * SLICE_SPACING;
  const corner = (-SIZE / 2) * PIXEL_SPACING;
  return {
    ...patientAndStudy('ct', 'CT Head'),
    ...privateElements(),
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    SOPClassUID: CT_IMAGE,
    SOPInstanceUID: uidOf(`ct slice ${slice}`),
    Modality: 'CT',
    Manufacturer: 'Filmroom Phantom Works',
    StationName: 'CT-ETHELBURGA-2',
    SeriesDescription: 'Head 5.0 mm',
    ManufacturerModelName: 'Ellipsoid 24',
    BodyPartExamined: 'HEAD',
    SliceThickness: SLICE_SPACING,
    KVP: 120,
    ProtocolName: `Head routine ${PATIENT.givenName}`,
    PatientPosition: 'HFS',
    SeriesInstanceUID: uidOf('ct series'),
    SeriesNumber: 3,
    InstanceNumber: slice + 1,
    ImagePositionPatient: [corner, corner, z],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    FrameOfReferenceUID: uidOf('frame of reference'),
    SliceLocation: z,
    ImageComments: `${PATIENT.givenName} moved a little`,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: SIZE,
    Columns: SIZE,
    PixelSpacing: [PIXEL_SPACING, PIXEL_SPACING],
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    BurnedInAnnotation: 'NO',
    WindowCenter: 40,
    WindowWidth: 110,
    RescaleIntercept: RESCALE_INTERCEPT,
    RescaleSlope: 1,
    RescaleType: 'HU',
    PixelData: pixels.buffer as ArrayBuffer,
  };
}

/** The ultrasound picture, a study of its own; it says honestly that it bears text. */
export function ultrasoundInstance(): AuthoredDataSet {
  return {
    ...patientAndStudy('us', 'US Abdomen'),
    ImageType: ['ORIGINAL', 'PRIMARY', 'ABDOMINAL'],
    SOPClassUID: US_IMAGE,
    SOPInstanceUID: uidOf('us frame'),
    Modality: 'US',
    Manufacturer: 'Filmroom Phantom Works',
    SeriesDescription: 'Abdomen',
    SeriesInstanceUID: uidOf('us series'),
    SeriesNumber: 1,
    InstanceNumber: 1,
    PatientOrientation: '',
    SamplesPerPixel: 3,
    PhotometricInterpretation: 'RGB',
    PlanarConfiguration: 0,
    Rows: ULTRASOUND.rows,
    Columns: ULTRASOUND.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    BurnedInAnnotation: 'YES',
    PixelData: ultrasoundFrame().buffer as ArrayBuffer,
  };
}
