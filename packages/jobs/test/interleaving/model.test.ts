import { expect, it } from "vitest";
import { createModel, mayBeOnline } from "./model.ts";

const NOW_MS = 1_000_000;

it("allows whom one process saw now, though another one sees them five seconds ahead a moment later", () => {
  const model = createModel(2);
  model.recorded(0, "v", NOW_MS);
  model.recorded(1, "v", NOW_MS + 5_001);
  expect(mayBeOnline(model.snapshot().most, NOW_MS)).toEqual(new Set(["v"]));
});

it("allows nobody who was removed and waits nowhere", () => {
  const model = createModel(2);
  const nobody = new Set<string>();
  model.recorded(0, "v", NOW_MS);
  model.flushed(0, model.snapshot(), nobody, nobody);
  model.forgot(1, ["v"], true, nobody);
  expect(mayBeOnline(model.snapshot().most, NOW_MS)).toEqual(nobody);
});
