import { computed, inject, type InjectionKey } from "vue";
import { useI18n } from "vue-i18n";
import { LOCALES, type Locale } from "../i18n.ts";
import { needed } from "./use-api.ts";

/** What changes the language. */
export interface Language {
  readonly choose: (locale: Locale) => Promise<void>;
  readonly forgetChoice: () => void;
}

/** Where the app keeps its {@link Language}. */
export const LANGUAGE_KEY: InjectionKey<Language> = Symbol("language");

/** The language, and the other one to change to. */
export function useLanguage() {
  const { locale } = useI18n();
  const language = needed(inject(LANGUAGE_KEY), "language");
  const other = computed<Locale>(() => LOCALES.find((candidate) => candidate !== locale.value) ?? "en");
  return { ...language, other };
}
