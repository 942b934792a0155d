import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { altered, network, node } from '../../tests/fixtures/onnx-builder.ts';
import { int } from './attributes.ts';
import { type FunctionProto, FunctionProtoSchema } from './protobuf/onnx-pb.ts';
import { readModel } from './read-model.ts';

interface Body {
  readonly uses: readonly string[];
  readonly attribute?: { readonly name: string; readonly from: string };
}

/** A function of one input that does one thing after the other. */
function made(name: string, { uses, attribute }: Body): FunctionProto {
  return create(FunctionProtoSchema, {
    domain: 'own',
    name,
    input: ['in'],
    output: [`t${uses.length}`],
    node: uses.map((opType, index) => ({
      opType,
      domain: /^[a-z]/.test(opType) ? 'own' : '',
      input: [index === 0 ? 'in' : `t${index}`],
      output: [`t${index + 1}`],
      attribute:
        attribute === undefined ? [] : [{ name: attribute.name, refAttrName: attribute.from, type: 2 }],
    })),
  });
}

const withFunctions = (functions: readonly FunctionProto[], attributes = {}): Uint8Array =>
  altered(network({ nodes: [node('outer', ['x'], 'y', attributes, 'own')] }), (model) => {
    model.functions = [...functions];
  });

describe("a file's own functions", () => {
  it('stand in the place of the nodes that use them, with the attributes that these give', () => {
    const inner = made('inner', { uses: ['Softmax'], attribute: { name: 'axis', from: 'along' } });
    const outer = made('outer', { uses: ['Relu', 'inner'], attribute: { name: 'along', from: 'which' } });
    const { nodes } = readModel(withFunctions([inner, outer], { which: int(2) }));
    expect(nodes.map(({ opType }) => opType)).toEqual(['Relu', 'Softmax']);
    expect(nodes[0]?.inputs).toEqual(['x']);
    expect(nodes[1]?.inputs).toEqual(nodes[0]?.outputs);
    expect(nodes[1]?.outputs).toEqual(['y']);
    expect(nodes[1]?.attributes).toEqual(new Map([['axis', int(2)]]));
  });

  it('are refused when they use themselves', () => {
    const [one, two] = [made('outer', { uses: ['inner'] }), made('inner', { uses: ['outer'] })];
    expect(() => readModel(withFunctions([one, two]))).toThrow(
      expect.objectContaining({ code: 'onnx.cyclic' }),
    );
  });

  it('are refused when they would fill the memory', () => {
    const names = ['outer', ...Array.from({ length: 30 }, (_, index) => `next${index}`), 'Relu'];
    const doubling = names.slice(0, -1).map((name, index) => {
      const next = names[index + 1]!;
      return made(name, { uses: [next, next] });
    });
    expect(() => readModel(withFunctions(doubling))).toThrow(
      expect.objectContaining({ code: 'onnx.unsupported' }),
    );
  });
});
