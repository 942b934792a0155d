import { describe, expect, it } from 'vitest';
import { checkHeader, type StatedView } from './header-checks.ts';

describe('checkHeader', () => {
  it.each([
    [{ modality: 'CT' }, 'image.not-radiograph'],
    [{ modality: ' mr ' }, 'image.not-radiograph'],
    [{ modality: 'DX', viewPosition: 'LL' }, 'image.lateral'],
    [{ viewPosition: 'lateral' }, 'image.lateral'],
    [{ patientOrientation: 'A\\F' }, 'image.lateral'],
    [{ patientOrientation: 'P\\F', viewPosition: 'PA' }, 'image.lateral'],
    [{ viewMeaning: 'left lateral' }, 'image.lateral'],
    [{ descriptions: ['THORAX LAT'] }, 'image.perhaps-lateral'],
    [{ descriptions: ['Chest', 'Lateral view'], viewPosition: '' }, 'image.perhaps-lateral'],
    [{ modality: 'DX', bodyPart: 'HAND' }, 'image.other-body-part'],
    [{ bodyPart: ' lspine ', viewPosition: 'LL' }, 'image.other-body-part'],
  ])('says what is against %j', (header, code) => {
    expect(checkHeader(header).map((reason) => reason.code)).toEqual([code]);
  });

  it.each([
    {},
    { modality: 'CR' },
    { modality: 'DX', viewPosition: 'PA' },
    { modality: 'DX', viewPosition: 'RLD' },
    { modality: 'OT', viewPosition: '' },
    { bodyPart: 'CHEST' },
    { patientOrientation: 'L\\F' },
    { patientOrientation: 'R\\F', viewMeaning: 'postero-anterior' },
    { viewMeaning: 'left lateral decubitus' },
    { descriptions: ['Chest PA and lateral'] },
    { descriptions: ['bilateral infiltrates, plates, latent'] },
    { descriptions: ['CHEST LAT'], viewPosition: 'PA' },
    ...['CLAVICLE', 'RIB', 'STERNUM', 'TSPINE', 'LUNG', 'HEART', 'THORAX', 'WHOLEBODY'].map((bodyPart) => ({
      bodyPart,
    })),
    { bodyPart: 'Thorax p.a. / HAND' },
    { bodyPart: 'CONSTRUCTOR' },
    { bodyPart: '' },
  ])('has nothing against %j', (header) => {
    expect(checkHeader(header)).toEqual([]);
  });
});

it('refuses by what is coded and only warns of what somebody has typed', () => {
  const severities = (header: StatedView) => checkHeader(header).map(({ severity }) => severity);
  expect(severities({ viewMeaning: 'lateral' })).toEqual(['refused']);
  expect(severities({ descriptions: ['lateral'] })).toEqual(['warning']);
});
