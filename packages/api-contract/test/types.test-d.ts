import { expectTypeOf } from "vitest";
import type {
  HistoryAnswer,
  HistoryQuery,
  OnlineCount,
  PruneRequest,
  SightingsAnswer,
  SightingsRequest,
  VisitorPage,
  VisitorsQuery,
} from "../src/index.ts";

expectTypeOf<OnlineCount>().toEqualTypeOf<{
  readonly channel: string;
  readonly count: number;
  readonly windowSeconds: number;
  readonly asOf: string;
  readonly since: string | null;
  readonly complete: boolean;
  readonly stale: boolean;
  readonly ageMs: number;
  readonly bots?: number | undefined;
}>();

expectTypeOf<VisitorPage["visitors"]>().toEqualTypeOf<
  readonly {
    readonly visitor: string;
    readonly lastSeen: string;
    readonly secondsAgo: number;
    readonly foreign?: true | undefined;
  }[]
>();

expectTypeOf<VisitorsQuery>().toEqualTypeOf<{
  readonly channel?: string;
  readonly limit?: number;
  readonly cursor?: string | undefined;
  readonly order?: "recent" | "oldest";
}>();

expectTypeOf<HistoryQuery["step"]>().toEqualTypeOf<"minute" | "hour" | "day" | undefined>();
expectTypeOf<HistoryAnswer["points"][number]["min"]>().toEqualTypeOf<number | null>();
expectTypeOf<{}>().toExtend<PruneRequest>();
expectTypeOf<{
  sightings: readonly [{ ip: string }, { visitor: string; at: string }];
}>().toExtend<SightingsRequest>();
expectTypeOf<SightingsAnswer["rejected"][number]["index"]>().toEqualTypeOf<number>();
