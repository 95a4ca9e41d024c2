import { createI18n } from "vue-i18n";
import type { Messages } from "./locales/en.ts";

/** The languages there are. */
export const LOCALES = ["en", "zh-CN"] as const;

/** A language of the dashboard. */
export type Locale = (typeof LOCALES)[number];

/** Where the tab keeps a language that was chosen by hand. */
const LOCALE_ITEM = "presence.locale";

const LOADERS: Readonly<Record<Locale, () => Promise<Messages>>> = {
  en: () => import("./locales/en.ts").then(({ en }) => en),
  "zh-CN": () => import("./locales/zh-cn.ts").then(({ zhCn }) => zhCn),
};

/** The texts in the language chosen before, else the browser's; only that language is loaded. */
export async function startI18n(storage: Storage, languages: readonly string[]) {
  const locale = chosenLocale(storage) ?? preferredLocale(languages);
  const messages: Partial<Record<Locale, Messages>> = {};
  const i18n = createI18n({ legacy: false, locale, messages });

  async function show(next: Locale): Promise<void> {
    if (!i18n.global.availableLocales.includes(next))
      i18n.global.setLocaleMessage(next, await LOADERS[next]());
    i18n.global.locale.value = next;
    document.documentElement.lang = next;
  }

  await show(locale);
  return {
    i18n,
    /** Changes the language and keeps the choice. */
    async choose(next: Locale): Promise<void> {
      storage.setItem(LOCALE_ITEM, next);
      await show(next);
    },
    /** Keeps the choice no longer; what is shown stays. */
    forgetChoice(): void {
      storage.removeItem(LOCALE_ITEM);
    },
  };
}

function chosenLocale(storage: Storage): Locale | undefined {
  const kept = storage.getItem(LOCALE_ITEM);
  return LOCALES.find((locale) => locale === kept);
}

function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return "zh-CN";
    if (/^en\b/i.test(language)) return "en";
  }
  return "en";
}
