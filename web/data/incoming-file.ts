/**
 * A picture on its way in: a file, an entry of an archive, or something that a list names. A `File` is one. It is opened
 * when its turn comes; `arrayBuffer` rejects with an AppError `image.*` where it is known why it cannot be.
 */
export type IncomingFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>;
