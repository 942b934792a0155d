declare const PROGRAM_VERSION: string;

/** The version in package.json, put in when the page is built. */
export const programVersion: string = PROGRAM_VERSION;
