import { intakeReason, type IntakeReason } from './intake-reasons.ts';

/** What a DICOM header says about the kind of picture. Coded fields refuse; free text only warns. */

/** PS3.3 C.7.3.1.1.1: modalities that are certainly no plain radiograph. */
const otherModalities = new Set(
  'AR BI BMD CT DOC ECG EM ES GM IVOCT IVUS KO LEN MG MR NM OAM OCT OP OPM OPT PLAN PR PT PX REG RTDOSE RTIMAGE RTPLAN RTRECORD RTSTRUCT SEG SM SR TG US VA XA XC'.split(
    ' ',
  ),
);

/**
 * View Position (0018,5101): LL and RL are lateral, LATERAL is found in the wild. LLD and RLD, lateral decubitus, are taken
 * from the front of a patient who lies on the side.
 */
const lateralViews = new Set(['LL', 'RL', 'LATERAL', 'LAT']);

/**
 * PS3.16 Annex L, Body Part Examined (0018,0015): the terms whose films certainly show no chest. Not in the list: parts of
 * the chest (CLAVICLE, RIB, STERNUM, TSPINE …), terms that may include it (NECK, SPINE, WHOLEBODY …), and free text.
 */
const otherBodyParts = new Set(
  'ABDOMEN ANKLE ARM BREAST CALCANEUS COCCYX CSPINE ELBOW FACE FEMUR FIBULA FINGER FOOT FOREARM HAND HEAD HIP HUMERUS JAW KNEE LEG LSPINE MAXILLA ORBIT PATELLA PELVIS RADIUS SHOULDER SKULL SSPINE THIGH THUMB TIBIA TOE ULNA WRIST'.split(
    ' ',
  ),
);

/** The fields of a header that are looked at here. */
export interface StatedView {
  readonly modality?: string | undefined;
  readonly bodyPart?: string | undefined;
  readonly viewPosition?: string | undefined;
  readonly patientOrientation?: string | undefined;
  readonly viewMeaning?: string | undefined;
  readonly descriptions?: readonly string[] | undefined;
}

export function checkHeader(header: StatedView): IntakeReason[] {
  const modality = header.modality?.trim().toUpperCase();
  if (modality !== undefined && otherModalities.has(modality)) {
    return [intakeReason('image.not-radiograph', `modality ${modality}`)];
  }
  const bodyPart = header.bodyPart?.trim().toUpperCase();
  if (bodyPart !== undefined && otherBodyParts.has(bodyPart)) {
    return [intakeReason('image.other-body-part', `body part ${bodyPart}`)];
  }
  return checkView(header);
}

const lateralWord = /\b(lateral|lat|lateralis|seitlich|profil)\b/i;
/** A film of a patient who lies on the side is taken from the front: "lateral decubitus". */
const otherWords = /decub|\b(pa|ap|dp|frontal)\b/i;

function checkView({
  viewPosition = '',
  patientOrientation = '',
  viewMeaning = '',
  descriptions = [],
}: StatedView): IntakeReason[] {
  const view = viewPosition.trim().toUpperCase();
  if (lateralViews.has(view)) return [intakeReason('image.lateral', `view position ${view}`)];
  // PS3.3 C.7.6.1.1.1: rows that run to the front or the back are seen from the side.
  const orientation = patientOrientation.trim().toUpperCase();
  if (/^[AP]\b/.test(orientation)) {
    return [intakeReason('image.lateral', `patient orientation ${orientation}`)];
  }
  if (lateralWord.test(viewMeaning) && !otherWords.test(viewMeaning)) {
    return [intakeReason('image.lateral', `view ${viewMeaning.trim()}`)];
  }
  if (view === 'PA' || view === 'AP') return [];
  const suspicious = descriptions.find((each) => lateralWord.test(each) && !otherWords.test(each));
  return suspicious === undefined
    ? []
    : [intakeReason('image.perhaps-lateral', `described as "${suspicious.trim()}"`)];
}
