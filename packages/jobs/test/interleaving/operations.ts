import type { Fault } from "@presence/testkit";
import fc from "fast-check";

/** How many processes share a store. */
export const PROCESSES = 3;

/** What one process does, or what happens to it, while the others do something. */
export type Operation = { readonly process: number } & (
  | { readonly kind: "record"; readonly visitors: readonly (readonly [string, number])[] }
  | { readonly kind: "forget"; readonly visitors: readonly string[] }
  | { readonly kind: "flush" | "count" | "list" | "prune" | "sample" }
  /** Its connections are reset, and it may connect again. */
  | { readonly kind: "cut" }
  /** Its store is away until it is back. */
  | { readonly kind: "away"; readonly fault: Fault }
  | { readonly kind: "back" }
  /** The clock of its machine is set. */
  | { readonly kind: "jump"; readonly ms: number }
);

/** Operations that run at once, or one thing that happens by itself. */
export type Step =
  | { readonly kind: "at once"; readonly operations: readonly Operation[] }
  | { readonly kind: "kill"; readonly process: number }
  /** The store loses all it has. */
  | { readonly kind: "lose"; readonly how: "flush" | "restart" }
  /** The next step of a change of the shards: begin, move reads, settle; or taking it back. */
  | { readonly kind: "reshard"; readonly how: "on" | "cancel" };

const visitor = fc.constantFrom(...Array.from({ length: 8 }, (_, i) => `v${i}`));
const process = fc.nat({ max: PROCESSES - 1 });

/** Just now, at both ends of what counts (some leave while the sequence runs), and beyond. */
const agoMs = fc.oneof(
  { weight: 4, arbitrary: fc.nat({ max: 50_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 59_000, max: 60_100 }) },
  { weight: 1, arbitrary: fc.integer({ min: -6_000, max: 0 }) },
);

const record = fc.record({
  kind: fc.constant("record" as const),
  process,
  visitors: fc.array(fc.tuple(visitor, agoMs), { minLength: 1, maxLength: 5 }),
});
const forget = fc.record({
  kind: fc.constant("forget" as const),
  process,
  visitors: fc.uniqueArray(visitor, { minLength: 1, maxLength: 3 }),
});
const plain = fc.record({
  kind: fc.constantFrom(
    "flush" as const,
    "flush" as const,
    "count" as const,
    "list" as const,
    "prune" as const,
    "sample" as const,
  ),
  process,
});
const jump = fc.record({
  kind: fc.constant("jump" as const),
  process,
  ms: fc.integer({ min: -40_000, max: 40_000 }),
});
const cut = fc.record({ kind: fc.constant("cut" as const), process });
const back = fc.record({ kind: fc.constant("back" as const), process });
const away = fc.record({
  kind: fc.constant("away" as const),
  process,
  fault: fc.constantFrom<Fault>("reset", "blackhole", { answersError: "LOADING it is loading" }),
});

/** What a store can be made to go through. */
export interface StoreKind {
  /** Whether connections break. */
  readonly canBreak: boolean;
  /** Whether each process reaches it through a proxy of its own. */
  readonly hasProxies: boolean;
  /** Whether it can lose all it has. */
  readonly canLose: boolean;
}

/** Sequences of steps against a store. */
export function sequences({ canBreak, hasProxies, canLose }: StoreKind): fc.Arbitrary<readonly Step[]> {
  const operation = fc.oneof(
    { weight: 8, arbitrary: record },
    { weight: 12, arbitrary: plain },
    { weight: 3, arbitrary: forget },
    { weight: 1, arbitrary: jump },
    ...(canBreak ? [{ weight: 1, arbitrary: cut }] : []),
    ...(canBreak && hasProxies
      ? [
          { weight: 1, arbitrary: away },
          { weight: 2, arbitrary: back },
        ]
      : []),
  ) as fc.Arbitrary<Operation>;
  const atOnce = fc.record({
    kind: fc.constant("at once" as const),
    operations: fc.array(operation, { minLength: 1, maxLength: 6 }),
  });
  const reshard = fc.record({
    kind: fc.constant("reshard" as const),
    how: fc.constantFrom("on" as const, "on" as const, "on" as const, "cancel" as const),
  });
  const kill = fc.record({ kind: fc.constant("kill" as const), process });
  const lose = fc.record({
    kind: fc.constant("lose" as const),
    how: fc.constantFrom("flush" as const, "restart" as const),
  });
  return fc.array(
    fc.oneof(
      { weight: 24, arbitrary: atOnce },
      { weight: 3, arbitrary: reshard },
      { weight: 1, arbitrary: kill },
      ...(canBreak && canLose ? [{ weight: 1, arbitrary: lose }] : []),
    ) as fc.Arbitrary<Step>,
    { minLength: 1, maxLength: 16 },
  );
}
