/** Why an image is refused or read with a warning: a closed list, each with a sentence and the next step. */
const reasons = {
  'image.too-small': {
    severity: 'refused',
    message: 'The picture is too small to be judged.',
    advice: 'Use the original file from the X-ray machine, at least 128 pixels on its short side.',
  },
  'image.blank': {
    severity: 'refused',
    message: 'The picture is blank or almost without contrast.',
    advice: 'Check the exposure and export the picture again.',
  },
  'image.coloured': {
    severity: 'refused',
    message: 'The picture is coloured; an X-ray is grey.',
    advice: 'Choose the original X-ray, not a photograph.',
  },
  'image.not-radiograph': {
    severity: 'refused',
    message: 'The file says that it comes from another kind of examination than a plain X-ray.',
    advice: 'Choose a chest X-ray (modality CR, DX or RG).',
  },
  'image.other-body-part': {
    severity: 'refused',
    message: 'The file says that it shows another part of the body than the chest.',
    advice:
      'Choose a chest X-ray; if this is one, correct the body part at the X-ray machine and export it again.',
  },
  'image.lateral': {
    severity: 'refused',
    message: 'The file says that this is a side view.',
    advice: 'Use the frontal picture of the same examination.',
  },
  'image.not-a-chest': {
    severity: 'refused',
    message: 'This does not look like a frontal chest X-ray.',
    advice: 'Choose a frontal picture in which both lungs can be seen whole.',
  },
  'image.one-lung': {
    severity: 'refused',
    message: 'Only one lung can be made out; the picture may be cropped.',
    advice: 'Choose or take a picture that shows both lungs whole.',
  },
  'image.inverted': {
    severity: 'refused',
    message: 'Black and white seem to be exchanged: the lungs are brighter than the bones.',
    advice: 'Export the picture again so that bones are white.',
  },
  'image.rotated': {
    severity: 'refused',
    message: 'The picture seems to be turned or upside down.',
    advice: 'Turn the picture so that the head is at the top, and read it again.',
  },
  'image.clipped': {
    severity: 'refused',
    message: 'Most of the picture is plain black or plain white; what was there is lost.',
    advice: 'Export the picture again with a wider window, from the original at the X-ray machine.',
  },
  'image.partly-clipped': {
    severity: 'warning',
    message: 'A part of the chest is plain black or plain white; what was there is lost.',
    advice: 'If it can be done, export the picture again with a wider window, from the original.',
  },
  'image.perhaps-lateral': {
    severity: 'warning',
    message: 'A description in the file reads as if this were a side view.',
    advice: 'If this is a side view, do not use the result; use the frontal picture of the same examination.',
  },
  'image.outside-population': {
    severity: 'warning',
    message: 'The model was not made for this patient, or the age of the patient is not known.',
    advice: 'Take the number as a score only; it is not a probability for this patient.',
  },
  'image.low-contrast': {
    severity: 'warning',
    message: 'The picture has little contrast.',
    advice: 'If it can be done, take or export the picture again.',
  },
  'image.cropped': {
    severity: 'warning',
    message: 'A lung reaches the edge of the picture; a part of it may be missing.',
    advice: 'If it can be done, take the picture again with both lungs whole.',
  },
  'image.uncertain-lungs': {
    severity: 'warning',
    message: 'The outline of the lungs is uncertain, so the result is less reliable.',
    advice: 'Look at the outline; if it is wrong, do not use the result.',
  },
  'image.smaller-frame': {
    severity: 'warning',
    message: 'The picture is smaller than the file says; the rest of it is black.',
    advice: 'Compare it with the picture on the machine that made it.',
  },
  'image.first-frame-only': {
    severity: 'warning',
    message: 'The file holds several pictures; only the first was read.',
    advice: 'Export the picture that you want to read as a file of its own.',
  },
  'image.synthetic': {
    severity: 'warning',
    message: 'This is a drawn phantom, not a patient; its score and its map mean nothing.',
    advice: 'Use it to try the program only.',
  },
} as const satisfies Record<string, { severity: 'refused' | 'warning'; message: string; advice: string }>;

export type IntakeCode = keyof typeof reasons;

export interface IntakeReason {
  readonly code: string;
  readonly severity: 'refused' | 'warning';
  readonly message: string;
  readonly advice: string;
  /** What was measured, for support; not needed to understand the message. */
  readonly detail?: string;
}

export function intakeReason(code: IntakeCode, detail?: string): IntakeReason {
  return { code, ...reasons[code], ...(detail === undefined ? {} : { detail }) };
}

/** How a picture is turned against an upright one. Whether it is mirrored cannot be seen. */
export type Turn = 'left' | 'right' | 'upside-down';

const turned: Readonly<Record<Turn, { readonly is: string; readonly back: string }>> = {
  left: { is: 'turned a quarter to the left', back: 'a quarter to the right (clockwise)' },
  right: { is: 'turned a quarter to the right', back: 'a quarter to the left (counter-clockwise)' },
  'upside-down': { is: 'upside down', back: 'by a half turn' },
};

export function turnedReason(turn: Turn, inverted: boolean, detail: string): IntakeReason {
  const { is, back } = turned[turn];
  return {
    ...intakeReason('image.rotated', detail),
    message: inverted
      ? `The picture seems to be ${is}, and black and white seem to be exchanged.`
      : `The picture seems to be ${is}.`,
    advice: `Turn the picture ${back}${inverted ? ', export it so that bones are white' : ''}, and read it again. If it is no chest X-ray, choose another one.`,
  };
}
