/** The models that the pipeline is made of; folders in `models/`. */
export const lungsName = 'cxr-lungs';
export const classifierName = 'cxr-pneumonia';
export const modelNames = [lungsName, classifierName] as const;
