export { startProcess } from "./process/start-process.ts";
export type { ProcessExit, ProcessOptions, TestProcess } from "./process/start-process.ts";
export type { ChildEnvironment } from "./process/environment.ts";
export { scratchFolder } from "./process/scratch.ts";
export type { ScratchFolder } from "./process/scratch.ts";
export { waitUntil } from "./process/wait-until.ts";
export type { NotYet, WaitOptions } from "./process/wait-until.ts";

export { freePort } from "./network/free-port.ts";
export { startFaultProxy } from "./network/fault-proxy.ts";
export type { FaultProxy, FaultProxyOptions } from "./network/fault-proxy.ts";
export type { Fault } from "./network/fault.ts";

export { startRedis } from "./redis/server.ts";
export type { RedisClientOptions, RedisServer, RedisServerOptions } from "./redis/server.ts";

export { startMongo } from "./mongo/server.ts";
export type { MongoServer } from "./mongo/server.ts";

export { makeCertificate } from "./network/certificate.ts";
export type { LocalCertificate } from "./network/certificate.ts";

export { NGINX, startNginx } from "./nginx/server.ts";
export type { Nginx } from "./nginx/server.ts";

export { startSentinel } from "./redis/sentinel.ts";
export type { RedisSentinel, SentinelOptions } from "./redis/sentinel.ts";
export { startCluster } from "./redis/cluster.ts";
export type { ClusterOptions, RedisCluster } from "./redis/cluster.ts";
export { redisForTests, sharedRedis } from "./redis/for-tests.ts";
export type { TestRedis } from "./redis/for-tests.ts";

export { generateLoad } from "./load/generate.ts";
export type { Generator, LoadObserver } from "./load/generate.ts";
export { startLoad } from "./load/start-load.ts";
export type { RunningLoad } from "./load/start-load.ts";
export type { LoadOptions, LoadReport, Percentiles, PhaseReport } from "./load/options.ts";
export { accessLogLines, writeAccessLog } from "./logs/access-log.ts";
export type { AccessLogOptions } from "./logs/access-log.ts";
export { seededRandom } from "./logs/seeded-random.ts";
export type { Random } from "./logs/seeded-random.ts";
export { onPath } from "./process/on-path.ts";
export { madeOnce } from "./process/made-once.ts";
export { pythonPackages, pythonTool } from "./python/tools.ts";
export type { PythonCommand, PythonTool } from "./python/tools.ts";

export { provision, provisionedLine } from "./provision/provision.ts";
export type { Provisioned } from "./provision/provision.ts";
export { NEEDED_THINGS } from "./provision/things.ts";
export type { NeededThing } from "./provision/things.ts";
