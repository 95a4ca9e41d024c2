import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/parts.css";
import { createApp, effectScope } from "vue";
import { createApi } from "./api/client.ts";
import App from "./App.vue";
import { API_KEY, needed } from "./composables/use-api.ts";
import { LANGUAGE_KEY } from "./composables/use-language.ts";
import { createOnline, ONLINE_KEY } from "./composables/use-online.ts";
import { createSession, SESSION_KEY } from "./composables/use-session.ts";
import { startI18n } from "./i18n.ts";
import { takeLinkToken } from "./lib/login-link.ts";
import { createAppRouter } from "./router.ts";

async function start(): Promise<void> {
  const linkToken = takeLinkToken(location, history);
  const session = createSession(sessionStorage);
  const api = createApi({ token: () => session.token.value, onTokenRefused: session.expire });
  // Ahead of the texts, so that the number is on its way while they load.
  const online = needed(
    effectScope(true).run(() => createOnline(api, session.token)),
    "number",
  );
  const { i18n, ...language } = await startI18n(localStorage, navigator.languages);
  const router = createAppRouter();

  createApp(App)
    .use(i18n)
    .use(router)
    .provide(API_KEY, api)
    .provide(SESSION_KEY, session)
    .provide(LANGUAGE_KEY, language)
    .provide(ONLINE_KEY, online)
    .mount("#app");

  if (linkToken === null) return;
  const failure = await session.signIn(api, linkToken);
  if (failure !== null) await router.push({ name: "login", query: { failure } });
}

// Not awaited at the top: a module that awaits there cannot share its chunk with those it loads later.
void start();
