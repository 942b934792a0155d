import type { LogDevice, Written } from '../log-device.ts';

/** What a clinic writes most: a film, then what somebody reads on it. The bodies are of the usual size. */
export function writeRecord(device: LogDevice, number: number): Written {
  const ts: [number, number] = [1_800_000_000_000 + number, 0];
  const entity = `${device.id}/${Math.floor(number / 2)}`;
  if (number % 2 === 0) {
    const body = {
      sha256: device.id.repeat(2),
      bytes: 8_123_456,
      type: 'application/dicom',
      fileName: `film-${number}.dcm`,
      width: 2140,
      height: 1760,
      study: `1.2.826.0.1.3680043.8.498.${number}`,
      view: 'PA',
      patient: { name: `Example^Person ${number}`, id: `P${number}` },
    };
    return device.write({ kind: 'image.added', entity, body, ts });
  }
  const body = {
    findings: [
      { code: 'pneumonia', present: 'yes' },
      { code: 'effusion', present: 'no' },
    ],
    note: `Consolidation in the right lower zone, no effusion. Film ${number}.`,
    results: [],
  };
  return device.write({ kind: 'review.added', entity, body, ts });
}
