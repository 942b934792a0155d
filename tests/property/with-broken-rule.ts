import type { Operator } from '../../shared/onnx/operator.ts';
import { knownOperators } from '../../shared/onnx/operators/known-operators.ts';

/**
 * Runs `act` while the rule of an operator gives one of its inputs a cotangent that is wrong by a factor.
 * @returns what it came to, and which inputs the rule was asked about
 */
export async function withBrokenRule<T>(
  opType: string,
  input: number,
  factor: number,
  act: () => Promise<T>,
): Promise<{ result: T; asked: ReadonlySet<number> }> {
  const operators = knownOperators as Record<string, Operator>;
  const operator = operators[opType];
  const rule = operator?.gradient;
  if (operator === undefined || typeof rule !== 'function') throw new TypeError(`${opType} has no rule`);
  const asked = new Set<number>();
  operators[opType] = {
    ...operator,
    gradient(scope) {
      const give = scope.give.bind(scope);
      scope.give = (index, make) =>
        give(index, () => {
          asked.add(index);
          return index === input ? scope.builder.scale(make(), factor) : make();
        });
      rule(scope);
    },
  };
  try {
    return { result: await act(), asked };
  } finally {
    operators[opType] = operator;
  }
}
