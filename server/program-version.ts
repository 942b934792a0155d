/** As in package.json, which a bundle for Workers does not have; a test holds them together. */
export const programVersion = '0.1.0';
