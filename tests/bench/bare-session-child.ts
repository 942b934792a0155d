import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** The two networks and nothing else: no decoding, no resampling, no map. Answers a number of pictures with `done`. */

const [modelsDir = ''] = process.argv.slice(2);

function open(name: string): Promise<InferenceSession> {
  const options = { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1 };
  return InferenceSession.create(join(modelsDir, name, 'model.onnx'), options);
}

const sessions = [await open('cxr-lungs'), await open('cxr-pneumonia')];
const values = Float32Array.from({ length: 160 * 160 }, (_, index) => Math.sin(index / 37));
const input = new Tensor('float32', values, [1, 1, 160, 160]);

process.on('disconnect', () => process.exit(0));
process.on('message', (pictures: number) => void run(pictures));
process.send?.('ready');

async function run(pictures: number): Promise<void> {
  for (let picture = 0; picture < pictures; picture += 1) {
    for (const session of sessions) await session.run({ input });
  }
  process.send?.('done');
}
