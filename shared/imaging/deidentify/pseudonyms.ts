// Names and numbers that stand for others: the same under the same key, and without the key not to be traced back. Every
// kind has a message of its own, so that a patient and a study of one number do not share a code.

import type { DataElement } from '../data-set/element.ts';
import { asciiOf, findElement, latin1 } from '../data-set/values.ts';

/** HMAC-SHA-256 under the clinic's key: 32 bytes. */
export type ClinicHmac = (message: Uint8Array) => Promise<Uint8Array>;

export interface Pseudonyms {
  /** For name and id: "FR-7K3M-9QXD". */
  readonly patient: string;
  readonly accession: string;
  readonly study: string;
  /** Of this one picture, for file names. */
  readonly picture: string;
  /** Whole days by which the dates of this patient move into the past, 1 to 3,650. */
  readonly shiftDays: number;
  /** The new UID of each one that occurs in the data set, also where the old one could stay. */
  readonly uids: ReadonlyMap<string, string>;
}

/** Without letters and digits that are read for one another. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const maxShiftDays = 3650;
const patientIdTag = 0x00100020;
/** Stands where somebody had to type something; two patients with one of them are two. */
const noName =
  /^([0X?*. _^-]*|UNKNOWN|UNBEKANNT|INCONNU|ANON|ANONYM|ANONYMOUS|ANONYMI[SZ]ED|NA|N\/A|N\.A\.|NONE|NIL|NULL|NO ?(ID|NAME)|ID|PATIENT|PATIENT ?ID|TEST|TEST ?(ID|PATIENT)|DUMMY|DEFAULT|TEMP|EMERGENCY|JOHN DOE|DOE JOHN|DOE JANE)$/;
/** Where a file states no id: what else says whose it is. */
const nameTag = 0x00100010;
const birthDateTag = 0x00100030;
const studyUidTag = 0x0020000d;

export async function readPseudonyms(
  elements: readonly DataElement[],
  hmac: ClinicHmac,
): Promise<Pseudonyms> {
  const valueOf = (tag: number): string => {
    const value = findElement(elements, tag)?.value;
    return value?.kind === 'bytes'
      ? latin1(value.bytes)
          .replaceAll(/[\0 ]+$/g, '')
          .trim()
      : '';
  };
  const message = (kind: string, ...tags: readonly number[]): string =>
    [kind, ...tags.map(valueOf)].join('\0');
  const isStated = (tag: number): boolean =>
    !noName.test(valueOf(tag).toUpperCase().replaceAll('^', ' ').trim());
  // Without the issuer, which one device writes and the next does not: the files of a patient stay together.
  const whose = isStated(patientIdTag)
    ? message('patient', patientIdTag)
    : isStated(nameTag)
      ? message('person', nameTag, birthDateTag)
      : message('study-of', studyUidTag);
  const uids = new Map<string, string>();
  for (const uid of uidsIn(elements)) uids.set(uid, uidOf(await digest(hmac, `uid\0${uid}`)));
  return {
    patient: `FR-${codeOf(await digest(hmac, whose))}`,
    accession: `AN-${codeOf(await digest(hmac, message('accession', 0x00080050)))}`,
    study: `ST-${codeOf(await digest(hmac, message('study', studyUidTag, 0x00200010)))}`,
    picture: codeOf(await digest(hmac, message('picture', 0x00080018))),
    shiftDays: 1 + Number(numberOf128(await digest(hmac, `shift\0${whose}`)) % BigInt(maxShiftDays)),
    uids,
  };
}

/** For a file without a header: the picture stands for its patient. `content` is the file without what describes it. */
export async function pictureCode(content: Uint8Array, hmac: ClinicHmac): Promise<string> {
  const prefix = messageBytes('content\0');
  const message = new Uint8Array(prefix.length + content.length);
  message.set(prefix);
  message.set(content, prefix.length);
  return `FR-${codeOf(await hmac(message))}`;
}

/** For the file name of a picture that was made from the one with this code. */
export async function derivedCode(code: string, how: string, hmac: ClinicHmac): Promise<string> {
  return codeOf(await digest(hmac, `derived\0${code}\0${how}`));
}

/** Another UID for a picture that was made from this one. */
export async function derivedUid(uid: string, how: string, hmac: ClinicHmac): Promise<string> {
  return uidOf(await digest(hmac, `derived\0${uid}\0${how}`));
}

async function digest(hmac: ClinicHmac, message: string): Promise<Uint8Array> {
  return hmac(messageBytes(message));
}

/** Values come as bytes of whatever character set, and stay so. */
function messageBytes(message: string): Uint8Array {
  return Uint8Array.from(message, (character) => character.charCodeAt(0));
}

function uidsIn(elements: readonly DataElement[]): Set<string> {
  const found = new Set<string>();
  const visit = (list: readonly DataElement[]): void => {
    for (const element of list) {
      if (element.value.kind === 'items') for (const item of element.value.items) visit(item);
      // UN: the VR of a file that has gone through a program without dictionary.
      else if (element.vr === 'UI' || element.vr === 'UN') {
        for (const uid of asciiOf(element)?.split('\\') ?? []) {
          if (/^[0-9.]{1,64}$/.test(uid)) found.add(uid);
        }
      }
    }
  };
  visit(elements);
  return found;
}

function numberOf128(digestBytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of digestBytes.subarray(0, 16)) value = value * 256n + BigInt(byte);
  return value;
}

/** PS3.5 B.2: 2.25 and a UUID as one decimal number; here one of version 8 (RFC 9562 5.8). */
function uidOf(digestBytes: Uint8Array): string {
  const uuid = digestBytes.slice(0, 16);
  uuid[6] = ((uuid[6] ?? 0) & 0x0f) | 0x80;
  uuid[8] = ((uuid[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${numberOf128(uuid)}`;
}

/** Eight characters, 39 bits: "7K3M-9QXD". */
function codeOf(digestBytes: Uint8Array): string {
  let left = numberOf128(digestBytes);
  let code = '';
  for (let place = 0; place < 8; place += 1) {
    code += alphabet[Number(left % BigInt(alphabet.length))] ?? '';
    left /= BigInt(alphabet.length);
  }
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}
