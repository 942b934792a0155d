import { countInWords } from '../../../ui/words.ts';

interface PreviewStepperProps {
  readonly frames: number;
  /** Counted from 0. */
  readonly wanted: number;
  /** How many were on the screen. */
  readonly seen: number;
  readonly onGo: (frame: number) => void;
}

/** Through the pictures of a file that holds several: each of them leaves, so each of them must be looked at. */
export function PreviewStepper({ frames, wanted, seen, onGo }: PreviewStepperProps) {
  return (
    <div className="preview-stepper" role="group" aria-label="Pictures in this file">
      <button
        type="button"
        className="button"
        aria-label="Picture before"
        disabled={wanted === 0}
        onClick={() => onGo(wanted - 1)}
      >
        ‹
      </button>
      <span>
        Picture {wanted + 1} of {frames}
      </span>
      <button
        type="button"
        className="button"
        aria-label="Picture after"
        disabled={wanted === frames - 1}
        onClick={() => onGo(wanted + 1)}
      >
        ›
      </button>
      <p role="status">
        {seen < frames
          ? `This file holds ${countInWords(frames, 'picture', 'pictures')}, and all of them leave with it. You have seen ${seen}: look at each one.`
          : `You have seen all ${frames} pictures. An area covers the same place in each of them.`}
      </p>
    </div>
  );
}
