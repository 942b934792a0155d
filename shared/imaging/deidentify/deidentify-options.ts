import type { ClinicHmac } from './pseudonyms.ts';

/**
 * A part of the picture, in pixels from its upper left corner: those of the picture as it is shown, upright and with square
 * pixels (`DecodedImage.image`), not of the stored one.
 */
export interface Mask {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DeidentifyOptions {
  /** `keep` leaves names and ids as they are: for an administrator who has decided so. Masks are painted all the same. */
  readonly policy: 'pseudonym' | 'keep';
  /** Dates stay, moved into the past by a number of days of this patient (PS3.15 E.3.6); else they go. */
  readonly longitudinal: boolean;
  /** Descriptions keep their known words (PS3.15 E.3.5); else they go. */
  readonly cleanDescriptors: boolean;
  /** Painted over in every frame (PS3.15 E.3.1); the result is a derived image. */
  readonly masks: readonly Mask[];
  /** A person has looked at the picture and says that no writing in it names anybody. */
  readonly burnedInChecked: boolean;
  readonly hmac: ClinicHmac;
}

export interface Deidentified {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A file name without any part of the one before. */
  readonly name: string;
  readonly mediaType: 'application/dicom' | 'image/jpeg' | 'image/png';
  /** Stands for the patient; undefined when names were kept. */
  readonly pseudonym: string | undefined;
  /**
   * `masked`, `checked`: somebody has looked. `unknown`: nobody has, and the file does not say that there is no writing in its
   * picture; masks may have been painted.
   */
  readonly burnedIn: 'none' | 'masked' | 'checked' | 'unknown';
}
