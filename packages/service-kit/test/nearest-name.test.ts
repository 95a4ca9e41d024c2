import { expect, it } from "vitest";
import { KNOWN_VARIABLE_NAMES, loadVariables } from "@presence/service-kit";

it.each([
  ["PRESENCE_WINDOW_SECOND", "PRESENCE_WINDOW_SECONDS"],
  ["PRESENCE_WINDOW", "PRESENCE_WINDOW_SECONDS"],
  ["PRESENCE_WINDW", "PRESENCE_WINDOW_SECONDS"],
  ["PRESENCE_TRUSTED_PROXY", "PRESENCE_TRUSTED_PROXIES"],
  ["PRESENCE_ADMIN_TOKEN", "PRESENCE_ADMIN_TOKENS"],
  ["PRESENCE_CORS", "PRESENCE_CORS_ORIGINS"],
  ["PRESENCE_DATADIR", "PRESENCE_DATA_DIR"],
])("takes %s for %s", (name, meant) => {
  const { warnings } = loadVariables({ [name]: "x" }, { variables: {}, alsoKnown: KNOWN_VARIABLE_NAMES });
  expect(warnings).toEqual([`${name} is not a variable of Presence; the nearest one is ${meant}`]);
});
