import type { DeskApi } from './desk-api.ts';

/** The methods of a desk, each of whichever desk there is when it is called. */
export function deskCalls(
  ask: <Answer>(use: (desk: DeskApi) => Promise<Answer>) => Promise<Answer>,
): DeskApi {
  return {
    readings: () => ask((desk) => desk.readings()),
    reading: (id) => ask((desk) => desk.reading(id)),
    readingFile: (id) => ask((desk) => desk.readingFile(id)),
    readingThumbnail: (id) => ask((desk) => desk.readingThumbnail(id)),
    addReadings: (batch) => ask((desk) => desk.addReadings(batch)),
    takeReading: (except) => ask((desk) => desk.takeReading(except)),
    finishReading: (id, outcome) => ask((desk) => desk.finishReading(id, outcome)),
    keepExplanation: (id, of, explanation) => ask((desk) => desk.keepExplanation(id, of, explanation)),
    keepThumbnail: (id, png) => ask((desk) => desk.keepThumbnail(id, png)),
    readAgain: (id) => ask((desk) => desk.readAgain(id)),
    removeReading: (id) => ask((desk) => desk.removeReading(id)),
    reviews: (id) => ask((desk) => desk.reviews(id)),
    signReview: (id, review) => ask((desk) => desk.signReview(id, review)),
    writePatient: (id, patient) => ask((desk) => desk.writePatient(id, patient)),
    history: (id) => ask((desk) => desk.history(id)),
    noteUse: (id, use) => ask((desk) => desk.noteUse(id, use)),
  };
}
