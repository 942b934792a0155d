import type { AnalysisFinding } from '../../shared/api/analysis.ts';
import type { ErrorCode } from '../../shared/kernel/errors.ts';

/** What a person is told when something went wrong: a sentence, the next step, and what support wants to know. */
export interface ProblemText {
  readonly code: ErrorCode;
  readonly title: string;
  readonly advice?: string;
  readonly detail?: string;
}

export type Backend = 'webgpu' | 'wasm';

/** One way to compute a model on this device, and how it did when it was tried. */
export interface RuntimeTrial {
  readonly backend: Backend;
  readonly threads: number;
  /** Median time of one run on a reference input; absent when it was turned down. */
  readonly runMs?: number;
  /** Why it was turned down. */
  readonly rejected?: string;
}

/** What computes a model on this device, and why. Stored; asked for again only when browser, runtime or model change. */
export interface RuntimeChoice {
  readonly model: string;
  readonly modelSha256: string;
  readonly backend: Backend;
  readonly threads: number;
  /** A sentence for people. */
  readonly reason: string;
  readonly trials: readonly RuntimeTrial[];
  /** ISO 8601, by this device's clock. */
  readonly chosenAt: string;
}

/** A model that has passed its reference check in a worker. */
export interface CheckedModel {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    readonly backend: Backend;
    readonly threads: number;
  };
  readonly check: { readonly cases: number; readonly values: number; readonly maxError: number };
}

export interface ModelReady extends CheckedModel {
  /** Why it is computed as it is. */
  readonly choice: RuntimeChoice;
}

/** How the fetching of models and runtime stands. */
export interface FetchProgress {
  /** What is being fetched, for people: "lung model", "runtime". */
  readonly what: string;
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

export type EngineState =
  | { readonly phase: 'starting' }
  /** `waitingForNetwork`: the hub does not answer; it goes on by itself when it does. */
  | { readonly phase: 'fetching'; readonly progress: FetchProgress; readonly waitingForNetwork: boolean }
  | { readonly phase: 'checking'; readonly what: string }
  | {
      readonly phase: 'ready';
      readonly models: readonly ModelReady[];
      /** False when the device had no room: after a restart the models must be fetched again. */
      readonly keptOffline: boolean;
      /** A second, perhaps faster runtime being fetched or tried while the first one works. */
      readonly background?: string;
    }
  /** Nothing can be read until the person has done what `advice` says; `retry()` tries again. */
  | { readonly phase: 'stopped'; readonly problem: ProblemText };

export type Preference = 'automatic' | Backend;

/** One finding in a list, short. */
export type FindingSummary = Pick<AnalysisFinding, 'name' | 'probability' | 'shownAs' | 'positive'>;
