/** Small edits of one group, as people make them: a rule comes, goes, moves or changes, a listener, a certificate, … */
import fc from "fast-check";
import { aListener, anAction, aRule } from "../fixtures/arbitrary-stack.ts";
import { type ListenerSketch, type RuleSketch, type StackSketch, tcp } from "../fixtures/graph.ts";

type Edit = (sketch: StackSketch) => StackSketch;
type RuleEdit = (rules: readonly RuleSketch[]) => readonly RuleSketch[];

/** A group with one to three edits. */
export function edited(sketch: StackSketch): fc.Arbitrary<StackSketch> {
  const groups = Object.keys(sketch.targetGroups ?? {});
  return fc
    .array(anEdit(groups), { minLength: 1, maxLength: 3 })
    .map((edits) => edits.reduce((current, edit) => edit(current), sketch));
}

function anEdit(groups: readonly string[]): fc.Arbitrary<Edit> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.nat(2), aRuleEdit(groups)).map(([port, edit]) => onRules(port, edit)) },
    { weight: 1, arbitrary: fc.tuple(fc.nat(2), aListener(groups)).map(([port, it]) => onListener(port, () => it)) },
    { weight: 1, arbitrary: fc.nat(2).map((port) => onListener(port, () => undefined)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.nat(2), anAction(groups))
        .map(([port, action]) => onListener(port, (it) => it && { ...it, defaultActions: [action] })),
    },
    {
      weight: 1,
      arbitrary: fc.nat(2).map((port) => onListener(port, (it) => it?.certificates && turnedCertificates(it))),
    },
    {
      weight: 1,
      arbitrary: fc.subarray([80, 443, 8080]).map(
        (ports): Edit =>
          (sketch) => ({
            ...sketch,
            permissions: ports.map((port) => tcp(port)),
          }),
      ),
    },
  );
}

function aRuleEdit(groups: readonly string[]): fc.Arbitrary<RuleEdit> {
  const place = fc.nat(3);
  const at = (index: number, change: Partial<RuleSketch>): RuleEdit => {
    return (rules) => rules.map((rule, other) => (other === index ? { ...rule, ...change } : rule));
  };
  return fc.oneof(
    fc.tuple(place, aRule(groups)).map(
      ([index, rule]): RuleEdit =>
        (rules) =>
          rules.toSpliced(index, 0, rule),
    ),
    place.map(
      (index): RuleEdit =>
        (rules) =>
          rules.toSpliced(index, 1),
    ),
    fc.tuple(place, place).map(
      ([from, to]): RuleEdit =>
        (rules) =>
          rules.toSpliced(from, 1).toSpliced(to, 0, ...rules.slice(from, from + 1)),
    ),
    fc.tuple(place, anAction(groups)).map(([index, action]) => at(index, { actions: [action] })),
    fc.tuple(place, aRule(groups)).map(([index, { conditions }]) => at(index, { conditions })),
  );
}

function onListener(place: number, edit: (listener: ListenerSketch | undefined) => ListenerSketch | undefined): Edit {
  return (sketch) => {
    const port = [80, 443, 8080][place] ?? 80;
    const { [port]: current, ...others } = sketch.listeners ?? {};
    const next = edit(current);
    return { ...sketch, listeners: next === undefined ? others : { ...others, [port]: next } };
  };
}

function onRules(place: number, edit: RuleEdit): Edit {
  return onListener(place, (it) => it && { ...it, rules: edit(it.rules ?? []) });
}

/** The default certificate becomes the last one. */
function turnedCertificates(listener: ListenerSketch): ListenerSketch {
  const [first, ...others] = listener.certificates ?? [];
  return first === undefined ? listener : { ...listener, certificates: [...others, first] };
}
