import type { ExplainMethod } from '../../../shared/api/explanation.ts';
import { explainMethods } from '../../../shared/api/explanation.ts';
import { decodeImage } from '../../../shared/imaging/decode-image.ts';
import { baselineOf } from '../../../shared/inference/baseline.ts';
import { explain, type Subject } from '../../../shared/inference/explain.ts';
import { integratedGradients } from '../../../shared/inference/integrated-gradients.ts';
import { judgedExplanation } from '../../../shared/inference/judged-explanation.ts';
import { prepareLungs, tensorOf } from '../../../shared/inference/prepare.ts';
import { rankCorrelation } from '../../../shared/inference/rank-correlation.ts';
import { segmentLungs } from '../../../shared/inference/segment-lungs.ts';
import { findingQuestion } from '../../../shared/inference/subjects.ts';
import { AppError } from '../../../shared/kernel/errors.ts';
import { noGradientCache } from '../../../shared/model/gradient-cache.ts';
import type { LoadedModel } from '../../../shared/model/load-model.ts';
import type { ClassificationManifest } from '../../../shared/model/manifest.ts';
import { modelGradients } from '../../../shared/model/model-gradients.ts';
import { verifyModel } from '../../../shared/model/verify-model.ts';
import { shuffleWeights } from '../../../shared/onnx/shuffle-weights.ts';
import { loadCodecFile } from '../../inference/codec-files.ts';
import { readModelFiles } from '../../inference/model-files.ts';
import { nativeRuntime } from '../../inference/node-runtimes.ts';
import { nodeSha256, openPipeline } from '../../inference/open-pipeline.ts';

/** What one method made of one picture, with the model as it is and with its weights shuffled. */
export interface MapTrial {
  readonly method: ExplainMethod;
  /** Size of the rank correlation with the map of each shuffled network that has one: an upside-down map is the same map. */
  readonly similarities: readonly number[];
  readonly betterThanRandom: boolean;
  readonly insideLungs: number;
  readonly lungsInBox: number;
  readonly gapAt64Steps: number | undefined;
}

/** Shuffled networks may come out dead, without any map: several are made. */
const shuffles = [1, 2, 3, 4, 5];

/** Baselines of the methods that have one. */
const baselines = { ig: 'mean', 'ig-black': 'black', 'ig-blurred': 'blurred' } as const;

export async function openMapTrials(modelsDir: string) {
  const { lungs: lungModel, classifier } = await openPipeline(modelsDir);
  const { manifest } = classifier;
  const shuffled = await Promise.all(shuffles.map((seed) => openShuffled(modelsDir, classifier, seed)));

  async function logitOf(model: LoadedModel<ClassificationManifest>, values: Parameters<typeof tensorOf>[0]) {
    const logits = (await model.session.run(tensorOf(values))).get(manifest.outputs.logits)?.data;
    if (logits === undefined) throw new AppError('model.bad-output', 'the logits are missing');
    return logits[0]!;
  }

  return {
    manifest,
    /** Nothing for a picture that is refused. */
    async tryMaps(bytes: Uint8Array): Promise<MapTrial[]> {
      const decoded = await decodeImage(bytes, loadCodecFile).catch(() => undefined);
      if (decoded === undefined) return [];
      const { image } = decoded;
      const segmentation = await segmentLungs(image, lungModel);
      if ('refused' in segmentation) return [];
      const { picture, box } = prepareLungs(image, segmentation.lungs.box, manifest);
      const question = findingQuestion(classifier, picture, box, 0, await logitOf(classifier, picture));
      const others: Subject[] = [];
      for (const model of shuffled) {
        others.push(findingQuestion(model, picture, box, 0, await logitOf(model, picture)).subject);
      }
      const trials: MapTrial[] = [];
      for (const method of explainMethods) {
        const judged = await judgedExplanation(question, method, manifest, segmentation.lungs, image);
        const similarities: number[] = [];
        for (const other of others) {
          const { grid } = await explain(other, method);
          // Where nothing speaks for the finding there is no map that could be alike.
          if (grid.values.some((value) => value > 0)) {
            similarities.push(Math.abs(rankCorrelation(judged.values, grid.values)));
          }
        }
        trials.push({
          method,
          similarities,
          betterThanRandom: !judged.shortcomings.includes('no-better-than-random') && judged.peak > 0,
          insideLungs: judged.insideLungs,
          lungsInBox: judged.lungsInBox,
          gapAt64Steps: await gapOf(method, question.subject),
        });
      }
      return trials;
    },
  };

  async function gapOf(method: ExplainMethod, subject: Parameters<typeof explain>[0]) {
    if (method !== 'ig' && method !== 'ig-black' && method !== 'ig-blurred') return undefined;
    const { picture, cotangent, gradients } = subject;
    const baseline = baselineOf(picture, baselines[method]);
    const session = await gradients.input();
    return (await integratedGradients(session, picture.values, baseline, cotangent, 64)).completenessGap;
  }
}

/** The classifier with its weights shuffled; nothing has checked it, and nothing can. */
async function openShuffled(
  modelsDir: string,
  classifier: LoadedModel<ClassificationManifest>,
  seed: number,
): Promise<LoadedModel<ClassificationManifest>> {
  const { manifest } = classifier;
  const start = await nativeRuntime();
  const model = await verifyModel(await readModelFiles(modelsDir, manifest.name), nodeSha256);
  const onnx = shuffleWeights(model.onnx, seed);
  const tools = { cache: noGradientCache, sha256: nodeSha256 };
  return {
    ...classifier,
    session: await start({
      bytes: onnx,
      inputNames: [manifest.input.name],
      outputNames: Object.values(manifest.outputs),
    }),
    gradients: modelGradients({ ...model, onnx }, start, tools),
  };
}
