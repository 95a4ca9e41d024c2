import { computed, inject, type InjectionKey, readonly, ref } from "vue";
import type { Api } from "../api/client.ts";
import { ApiError } from "../api/problem.ts";
import { needed } from "./use-api.ts";

/** What a token allows: `reader` may see what is not public, `admin` may see and remove visitors. */
export type Role = "guest" | "reader" | "admin";

/** Why somebody is signed out, told on the login page once. */
export type SessionNotice = "signed-out" | "expired" | null;

/** Why a token was not taken. */
export type SignInFailure = (typeof SIGN_IN_FAILURES)[number];

const SIGN_IN_FAILURES = ["wrong", "too-many", "not-configured", "unreachable", "failed"] as const;

/** Whether `value` names a {@link SignInFailure}. */
export function isSignInFailure(value: unknown): value is SignInFailure {
  return SIGN_IN_FAILURES.some((failure) => failure === value);
}

/** What the tab knows of its user. */
export type Session = ReturnType<typeof createSession>;

/** Where the app keeps its {@link Session}. */
export const SESSION_KEY: InjectionKey<Session> = Symbol("session");

const TOKEN_ITEM = "presence.token";
const ROLE_ITEM = "presence.role";
const NAME_ITEM = "presence.name";

/** The session, kept in `storage` (the tab's own) and nowhere else. */
export function createSession(storage: Storage) {
  const token = ref(storage.getItem(TOKEN_ITEM));
  const role = ref<Role>(
    token.value === null ? "guest" : storage.getItem(ROLE_ITEM) === "reader" ? "reader" : "admin",
  );
  const name = ref(storage.getItem(NAME_ITEM) ?? "");
  const notice = ref<SessionNotice>(null);

  function keepName(given: string): void {
    name.value = given.trim();
    if (name.value === "") storage.removeItem(NAME_ITEM);
    else storage.setItem(NAME_ITEM, name.value);
  }

  function dropToken(): void {
    token.value = null;
    role.value = "guest";
    storage.removeItem(TOKEN_ITEM);
    storage.removeItem(ROLE_ITEM);
  }

  /** Tries `given` on the server and keeps it where the server takes it. Answers why not, or `null`. */
  async function signIn(api: Pick<Api, "diagnostics">, given: string): Promise<SignInFailure | null> {
    const text = given.trim();
    // Anything else cannot be sent in a header, so it is no token.
    if (!/^[!-~]+$/.test(text)) return "wrong";
    notice.value = null;
    token.value = text;
    try {
      await api.diagnostics();
      role.value = "admin";
    } catch (error) {
      const failure = failureOf(error);
      if (failure !== null) {
        dropToken();
        notice.value = null;
        return failure;
      }
      role.value = "reader";
    }
    storage.setItem(TOKEN_ITEM, text);
    storage.setItem(ROLE_ITEM, role.value);
    return null;
  }

  /** Forgets everything this tab keeps. */
  function signOut(): void {
    dropToken();
    keepName("");
    notice.value = "signed-out";
  }

  /** The server no longer takes `refused`; a token that came since stays. */
  function expire(refused: string): void {
    if (token.value !== refused) return;
    dropToken();
    notice.value = "expired";
  }

  function dismissNotice(): void {
    notice.value = null;
  }

  return {
    token: readonly(token),
    role: readonly(role),
    name: readonly(name),
    notice: readonly(notice),
    isAdmin: computed(() => role.value === "admin"),
    keepName,
    signIn,
    signOut,
    expire,
    dismissNotice,
  };
}

/** `null` for a token that is good for something else than administrating. */
function failureOf(error: unknown): SignInFailure | null {
  if (!(error instanceof ApiError)) return "failed";
  if (error.code === "PRESENCE_FORBIDDEN") return null;
  if (error.code === "PRESENCE_NO_TOKENS_CONFIGURED") return "not-configured";
  if (error.status === 401) return "wrong";
  if (error.status === 429) return "too-many";
  return error.status === 0 ? "unreachable" : "failed";
}

/** What the tab knows of its user. */
export function useSession(): Session {
  return needed(inject(SESSION_KEY), "session");
}
