import type { GrayImage } from './gray-image.ts';
import { intakeReason, type IntakeReason } from './intake-reasons.ts';

/** Checks that need no model: on the size, the grey values and what a DICOM header says. */

/** Below this many pixels on the short side the networks would judge an enlargement. */
export const minShortSide = 128;
/** Between the 1st and the 99th percentile; a film with anatomy spans 0.5 and more. */
const blankSpread = 0.04;
const lowContrastSpread = 0.2;
/** Films of small children, cut to the chest, can be three times as wide as high; a longer strip is something else. */
const maxAspectRatio = 4;

export function checkPixels(image: GrayImage): IntakeReason[] {
  const short = Math.min(image.width, image.height);
  const long = Math.max(image.width, image.height);
  const size = `${image.width}×${image.height}`;
  if (short < minShortSide) return [intakeReason('image.too-small', size)];
  const spread = percentileSpread(image.pixels);
  if (!(spread >= blankSpread)) return [intakeReason('image.blank', `spread ${spread.toFixed(3)}`)];
  if (long / short > maxAspectRatio) return [intakeReason('image.not-a-chest', size)];
  if (spread < lowContrastSpread) return [intakeReason('image.low-contrast', `spread ${spread.toFixed(3)}`)];
  return [];
}

/** Difference of the 99th and the 1st percentile, from a histogram of 1,024 bins. */
function percentileSpread(pixels: Float32Array): number {
  const bins = 1024;
  const histogram = new Uint32Array(bins);
  for (let index = 0; index < pixels.length; index += 1) {
    histogram[Math.min(bins - 1, Math.max(0, Math.floor(pixels[index]! * bins)))]! += 1;
  }
  const percentile = (share: number): number => {
    let seen = 0;
    for (let bin = 0; bin < bins; bin += 1) {
      seen += histogram[bin]!;
      if (seen >= share * pixels.length) return bin / bins;
    }
    return 1;
  };
  return percentile(0.99) - percentile(0.01);
}

/** A grey film in a colour file has equal channels but for compression; a colour photograph lies well above this. */
const maxChroma = 0.1;

export function checkColour(chroma: number): IntakeReason[] {
  return chroma > maxChroma ? [intakeReason('image.coloured', `chroma ${chroma.toFixed(3)}`)] : [];
}

/** PS3.3 C.7.3.1.1.1: modalities that are certainly no plain radiograph. */
const otherModalities = new Set(
  'AR BI BMD CT DOC ECG EM ES GM IVOCT IVUS KO LEN MG MR NM OAM OCT OP OPM OPT PLAN PR PT PX REG RTDOSE RTIMAGE RTPLAN RTRECORD RTSTRUCT SEG SM SR TG US VA XA XC'.split(
    ' ',
  ),
);

/** View Position (0018,5101): LL and RL are lateral, LATERAL is found in the wild. */
const lateralViews = new Set(['LL', 'RL', 'LATERAL', 'LAT', 'LLD', 'RLD']);

/**
 * PS3.16 Annex L, Body Part Examined (0018,0015): the terms whose films certainly show no chest. Not in the list: parts of
 * the chest (CLAVICLE, RIB, STERNUM, TSPINE …), terms that may include it (NECK, SPINE, WHOLEBODY …), and free text.
 */
const otherBodyParts = new Set(
  'ABDOMEN ANKLE ARM BREAST CALCANEUS COCCYX CSPINE ELBOW FACE FEMUR FIBULA FINGER FOOT FOREARM HAND HEAD HIP HUMERUS JAW KNEE LEG LSPINE MAXILLA ORBIT PATELLA PELVIS RADIUS SHOULDER SKULL SSPINE THIGH THUMB TIBIA TOE ULNA WRIST'.split(
    ' ',
  ),
);

export function checkHeader(header: {
  readonly modality?: string | undefined;
  readonly bodyPart?: string | undefined;
  readonly viewPosition?: string | undefined;
}): IntakeReason[] {
  const modality = header.modality?.trim().toUpperCase();
  if (modality !== undefined && otherModalities.has(modality)) {
    return [intakeReason('image.not-radiograph', `modality ${modality}`)];
  }
  const bodyPart = header.bodyPart?.trim().toUpperCase();
  if (bodyPart !== undefined && otherBodyParts.has(bodyPart)) {
    return [intakeReason('image.other-body-part', `body part ${bodyPart}`)];
  }
  const view = header.viewPosition?.trim().toUpperCase();
  if (view !== undefined && lateralViews.has(view))
    return [intakeReason('image.lateral', `view position ${view}`)];
  return [];
}
