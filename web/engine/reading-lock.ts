/** Held by the tab that is reading images: one reads at a time, and no update is put in meanwhile. */
export const readingLock = 'fieldray-reading';
