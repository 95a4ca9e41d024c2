import { SHUTDOWN_DEADLINE_MS } from "@presence/service-kit";
import { pythonTool } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { composeServices } from "./support/compose.ts";
import { readDockerfile } from "./support/image.ts";
import { run } from "./support/programs.ts";
import { ROOT } from "./support/repository.ts";

const services = composeServices();

describe("docker-compose.yml", () => {
  it("is valid by the compose specification", async () => {
    const { command, args, env } = await pythonTool("check-jsonschema");
    const check = [...args, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"];
    const checked = await run(command, check, { cwd: ROOT, env });
    expect(checked).toMatchObject({ code: 0 });
  });

  it("has the four services, each with a health check and an init, its own ones unprivileged", () => {
    expect(Object.keys(services)).toEqual(["redis", "mongo", "api", "scheduler"]);
    for (const [name, { healthcheck, init }] of Object.entries(services)) {
      expect({ name, init, check: healthcheck?.test[0] }).toEqual({ name, init: true, check: "CMD" });
    }
    for (const service of [services.api, services.scheduler]) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ["ALL"],
        depends_on: { redis: { condition: "service_healthy" }, mongo: { condition: "service_healthy" } },
      });
      expect(Number.parseInt(service.stop_grace_period ?? "", 10) * 1_000).toBeGreaterThan(
        SHUTDOWN_DEADLINE_MS,
      );
    }
  });

  it("evicts nobody from Redis", () => {
    expect(services.redis.command?.join(" ")).toContain("--maxmemory-policy noeviction");
  });

  it.each(["api", "scheduler"] as const)("has the %s on the port of its image", (name) => {
    const { build, environment, healthcheck, ports = [] } = services[name];
    expect(build).toEqual({ context: ".", dockerfile: `apps/${name}/Dockerfile` });
    const { port } = readDockerfile(`apps/${name}/Dockerfile`);
    expect(environment?.["PORT"]).toBe(String(port));
    expect(healthcheck?.test.at(-1)).toContain(`http://127.0.0.1:${port}/ready`);
    for (const published of ports) expect(published).toMatch(new RegExp(`^127\\.0\\.0\\.1:.*:${port}$`));
  });
});
