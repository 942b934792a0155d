import type { GraphBuilder } from '../graph-builder.ts';
import type { Attributes, GraphNode } from '../graph.ts';
import { NodeScope } from '../node-scope.ts';

/** One node of an older or newer opset, and the builder that takes what it becomes in opset 18. */
export class Rewriting extends NodeScope {
  readonly builder: GraphBuilder;
  readonly opset: number;
  /** Rewrites and adds another node of the same file. */
  readonly add: (node: GraphNode) => void;

  constructor(node: GraphNode, builder: GraphBuilder, opset: number, add: (node: GraphNode) => void) {
    super(node, builder.types, builder.constants);
    this.builder = builder;
    this.opset = opset;
    this.add = add;
  }

  /** Adds the node with other inputs, attributes or operator; its outputs keep their names. */
  become(changes: Partial<Pick<GraphNode, 'opType' | 'inputs' | 'attributes' | 'outputs'>>): true {
    this.builder.addNode({ ...this.node, domain: '', ...changes });
    return true;
  }

  /** The attributes but these. */
  without(...names: readonly string[]): Attributes {
    return new Map([...this.node.attributes].filter(([name]) => !names.includes(name)));
  }

  /** A list that was an attribute before it became an input; an empty name where it is not given. */
  listInput(name: string): string {
    const list = this.ints(name);
    return list === undefined ? '' : this.builder.ints(list);
  }

  /** Gives the value `name` the only output of this node as its name. */
  finish(name: string): true {
    return this.become({ opType: 'Identity', inputs: [name], attributes: new Map() });
  }
}

/** Rewrites a node, or says that it is fine as it is by returning false. */
export type Rewrite = (node: Rewriting) => boolean;
