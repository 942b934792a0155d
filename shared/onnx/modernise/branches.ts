import { graphOf } from '../attributes.ts';
import type { AttributeValue, GraphNode } from '../graph.ts';
import type { Rewrite } from './rewriting.ts';

/**
 * If: exporters ask about shapes with it, which are known here, so that the branch that is taken can stand in its place. A
 * condition that depends on the picture is refused.
 */
const chosen: Rewrite = (node) => {
  const { builder } = node;
  const branch = graphOf(node.node.attributes, node.values(0)[0] === 0 ? 'else_branch' : 'then_branch');
  const { outputs } = node.node;
  if (branch === undefined || branch.outputs.length < outputs.length) {
    throw node.damaged('it lacks a branch');
  }
  // Both branches may use the same names, and so may another If.
  const names = new Map<string, string>();
  const rename = (name: string): string => names.get(name) ?? name;
  for (const [name, constant] of branch.constants) {
    names.set(name, builder.freshName(name));
    builder.addConstant(rename(name), constant);
  }
  for (const each of branch.nodes) {
    for (const name of each.outputs) if (name !== '') names.set(name, builder.freshName(name));
    node.add(withNames(each, rename));
  }
  for (const [index, output] of outputs.entries()) {
    if (output !== '') node.add(identity(rename(branch.outputs[index]!), output));
  }
  return true;
};

/** A branch within a branch may use names of both. */
function withNames(node: GraphNode, rename: (name: string) => string): GraphNode {
  const attributes = [...node.attributes].map(([key, attribute]): [string, AttributeValue] => {
    if (attribute.kind !== 'graph') return [key, attribute];
    const { nodes, constants, outputs } = attribute.value;
    const own = new Set([...nodes.flatMap((each) => each.outputs), ...constants.keys()]);
    const outer = (name: string): string => (own.has(name) ? name : rename(name));
    const renamed = nodes.map((each) => withNames(each, outer));
    return [key, { kind: 'graph', value: { nodes: renamed, constants, outputs: outputs.map(outer) } }];
  });
  return {
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
    attributes: new Map(attributes),
  };
}

const identity = (input: string, output: string): GraphNode => ({
  name: '',
  opType: 'Identity',
  domain: '',
  inputs: [input],
  outputs: [output],
  attributes: new Map(),
});

export const branches: Readonly<Record<string, Rewrite>> = { If: chosen };
