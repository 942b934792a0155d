import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { altered, floats, network, node } from '../../../tests/fixtures/onnx-builder.ts';
import { compileGradient } from '../compile-gradient.ts';
import { constantOf } from '../constants.ts';
import { GraphProtoSchema } from '../protobuf/onnx-pb.ts';
import { readModel } from '../read-model.ts';

/** y = x · shift, or |x|; `choice` is the name of what decides. Both branches call their result the same. */
function withChoice(choice: string, value: boolean): Uint8Array {
  const branch = (opType: string, input: string[]) =>
    create(GraphProtoSchema, { node: [{ opType, input, output: ['same'] }], output: [{ name: 'same' }] });
  const plain = network({
    nodes: [node('Less', ['x', 'zeros'], 'isDark'), node('If', [choice], 'y')],
    constants: {
      zeros: floats([1, 1, 4, 4], Array(16).fill(0) as number[]),
      known: constantOf('bool', [], [Number(value)]),
      shift: floats([], [3]),
    },
  });
  return altered(plain, (model) => {
    const graph = model.graph!;
    graph.node.at(-1)!.attribute = [
      { ...attribute('then_branch'), g: branch('Mul', ['x', 'shift']) },
      { ...attribute('else_branch'), g: branch('Abs', ['x']) },
    ];
    function attribute(name: string) {
      const [first] = create(GraphProtoSchema, { node: [{ attribute: [{ name, type: 5 }] }] }).node;
      return first!.attribute[0]!;
    }
  });
}

const compiled = (model: Uint8Array): string[] =>
  readModel(compileGradient(model, { output: 'y', wantLayer: false, wantInput: true }).bytes).nodes.map(
    ({ opType }) => opType,
  );

describe('If', () => {
  it('is replaced by the branch that is taken, which sees what is around it', () => {
    expect(compiled(withChoice('known', true))).toContain('Mul');
    expect(compiled(withChoice('known', true))).not.toContain('Abs');
    expect(compiled(withChoice('known', false))).toContain('Abs');
  });

  it('is refused when the picture decides', () => {
    expect(() => compiled(withChoice('isDark', true))).toThrow(
      expect.objectContaining({ code: 'onnx.unsupported', message: expect.stringContaining('isDark') }),
    );
  });
});
