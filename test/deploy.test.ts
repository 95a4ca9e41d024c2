import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { healthRoutes } from "@presence/api-contract";
import { SHUTDOWN_DEADLINE_MS } from "@presence/service-kit";
import { onPath, pythonTool, scratchFolder } from "@presence/testkit";
import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { loadApiConfig } from "../apps/api/src/config.ts";
import { loadSchedulerConfig } from "../apps/scheduler/src/config.ts";
import { exampleVariables } from "./support/env-example.ts";
import { readDockerfile } from "./support/image.ts";
import { run } from "./support/programs.ts";
import { files, read, ROOT } from "./support/repository.ts";

/** What the Secret brings, by the words at the top of config.yaml. */
const SECRETS = {
  REDIS_URL: "redis://redis:6379/0",
  MONGODB_URL: "mongodb://mongo:27017/presence",
  PRESENCE_ADMIN_TOKENS: "admin-token-of-at-least-32-characters",
  PRESENCE_METRICS_TOKEN: "metrics-token-of-at-least-32-characters",
};

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly startupProbe: Probe;
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly securityContext: object;
}

interface Resource {
  readonly kind: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly selector: { readonly matchLabels: object };
    readonly template: {
      readonly metadata: { readonly labels: object };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly containers: readonly [Container];
      };
    };
  };
}

describe("deploy/kubernetes", () => {
  it("is valid, strictly", async () => {
    const { command, args, env } = await pythonTool("kubernetes-validate");
    const manifests = files("deploy/kubernetes/*.yaml");
    expect(manifests).toHaveLength(3);
    const checked = await run(command, [...args, "--strict", ...manifests], { cwd: ROOT, env });
    expect(checked).toMatchObject({ code: 0 });
  });

  it("sets variables that both services take without a warning", () => {
    const [config] = resources("config.yaml");
    const env = { ...config?.data, ...SECRETS };
    expect(loadApiConfig(env).warnings).toEqual([]);
    expect(loadSchedulerConfig(env).warnings).toEqual([]);
    for (const name of Object.keys(SECRETS)) {
      expect(read("deploy/kubernetes/config.yaml")).toContain(`--from-literal=${name}=`);
    }
  });

  it.each(["api", "scheduler"])("asks the %s on its image's port for routes it has", (name) => {
    const found = resources(`${name}.yaml`);
    const { selector, template } = found.find(({ kind }) => kind === "Deployment")?.spec ?? {};
    const [container] = template?.spec.containers ?? [];
    const { port } = readDockerfile(`apps/${name}/Dockerfile`);
    expect(container?.ports).toEqual([{ name: "http", containerPort: port }]);
    expect(container?.livenessProbe.httpGet).toEqual({ path: healthRoutes.getLive.path, port: "http" });
    expect(container?.startupProbe.httpGet).toEqual({ path: healthRoutes.getLive.path, port: "http" });
    expect(container?.readinessProbe.httpGet).toEqual({ path: healthRoutes.getReady.path, port: "http" });
    expect(container?.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
    const neededMs = (container?.lifecycle.preStop.sleep.seconds ?? 0) * 1_000 + SHUTDOWN_DEADLINE_MS;
    expect((template?.spec.terminationGracePeriodSeconds ?? 0) * 1_000).toBeGreaterThan(neededMs);
    const budget = found.find(({ kind }) => kind === "PodDisruptionBudget");
    expect(budget?.spec?.selector).toEqual(selector);
    expect(template?.metadata.labels).toEqual(selector?.matchLabels);
  });
});

describe("deploy/prometheus", () => {
  it("has alerts that fire when they should and not otherwise", async () => {
    const promtool = onPath("promtool") ?? "promtool";
    const cwd = join(ROOT, "deploy/prometheus");
    expect(await run(promtool, ["check", "rules", "alerts.yml"], { cwd })).toMatchObject({ code: 0 });
    expect(await run(promtool, ["test", "rules", "alerts.test.yml"], { cwd })).toMatchObject({ code: 0 });
    const config = ["check", "config", "--syntax-only", "prometheus.yml"];
    expect(await run(promtool, config, { cwd })).toMatchObject({ code: 0 });
  });

  it("tests every alert, and has a runbook for each", () => {
    const alerts = alertRules();
    const headings = read("docs/operations.md").match(/^### \w+$/gm) ?? [];
    expect(headings).toEqual(alerts.map(({ alert }) => `### ${alert}`));
    for (const { alert, annotations } of alerts) {
      expect(read("deploy/prometheus/alerts.test.yml")).toContain(`alertname: ${alert}\n        eval_time`);
      expect(annotations["runbook_url"]).toBe(`docs/operations.md#${alert.toLowerCase()}`);
    }
  });

  it("asks, as the Grafana dashboard does, for metrics and labels that the code has", () => {
    const sources = files(["apps/api/src/metrics/*.ts", "packages/service-kit/src/metrics/*.ts"]).map(read);
    const names = new Set(
      sources.flatMap((text) => [...text.matchAll(/name: "(\w+_\w+)"/g)].map(([, name]) => name)),
    );
    const dashboard = JSON.parse(read("deploy/grafana/presence.json")) as {
      readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
    };
    const asked = [
      ...alertRules().map(({ expr }) => expr),
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ];
    const metrics = asked.flatMap((expr) => expr.match(/\b(?:presence|process|nodejs)_\w+/g) ?? []);
    expect(metrics.length).toBeGreaterThan(40);
    expect(metrics.filter((name) => !names.has(name.replace(/_bucket$/, "")))).toEqual([]);
    const labels = asked.flatMap((expr) => [...expr.matchAll(/(\w+)=~?"/g)].map(([, label = ""]) => label));
    const known = ["job", ...sources.flatMap((text) => text.match(/(?<=labelNames: \[.*)\w+(?=")/g) ?? [])];
    expect(labels.filter((label) => !known.includes(label))).toEqual([]);
  });
});

describe("deploy/systemd", () => {
  it.each(["api", "scheduler"])(
    "starts the %s as its image does, and passes systemd's own check",
    async (name) => {
      const text = read(`deploy/systemd/presence-${name}.service`);
      const [, program] = readDockerfile(`apps/${name}/Dockerfile`).command;
      expect(text).toContain(`ExecStart=/usr/bin/node /opt/presence/${name}/${program}\n`);
      expect(text).toContain("RestartPreventExitStatus=78\n");
      const stopSeconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1]);
      expect(stopSeconds * 1_000).toBeGreaterThan(SHUTDOWN_DEADLINE_MS);
      // Debian has it; where there is no systemd nobody starts units.
      const analyze = onPath("systemd-analyze");
      if (analyze === null) return;
      await using folder = await scratchFolder("systemd").then(({ path, remove }) => ({
        path,
        [Symbol.asyncDispose]: remove,
      }));
      const unit = join(folder.path, `presence-${name}.service`);
      await writeFile(unit, text.replace("/usr/bin/node", process.execPath));
      expect(await run(analyze, ["verify", unit])).toMatchObject({ code: 0, stderr: "" });
    },
  );
});

describe("docs/operations.md", () => {
  it("says of every variable when to touch it", () => {
    const page = read("docs/operations.md");
    expect(
      exampleVariables().filter(
        ({ name }) => !page.includes(`| \`${name}\``) && !page.includes(`, \`${name}\``),
      ),
    ).toEqual([]);
  });

  it("installs by the lines of the Dockerfiles", () => {
    const page = read("docs/operations.md");
    for (const name of ["api", "scheduler"]) {
      const { deploy } = readDockerfile(`apps/${name}/Dockerfile`);
      expect(page).toContain(`npx -y pnpm@12 ${deploy.slice(0, -1).join(" ")} /opt/presence/${name}\n`);
      expect(existsSync(join(ROOT, `deploy/systemd/presence-${name}.service`))).toBe(true);
    }
  });
});

function resources(file: string): readonly Resource[] {
  return parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJS() as Resource);
}

function alertRules() {
  const { groups } = parse(read("deploy/prometheus/alerts.yml")) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly annotations: Readonly<Record<string, string>>;
      }[];
    }[];
  };
  return groups.flatMap(({ rules }) => rules);
}
