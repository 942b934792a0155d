import type { ByteArray, ByteArrayParser, DataSet as ParsedDataSet, Element } from 'dicom-parser';

// dicom-parser exports the class DataSet, its types (1.8.21) only the interface of the same name.
declare module 'dicom-parser' {
  export const DataSet: new (
    parser: ByteArrayParser,
    bytes: ByteArray,
    elements: Record<string, Element>,
  ) => ParsedDataSet;
}
