const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"\\]*:)[^\s/@"\\]+(?=@)/gi;
const BEARER = /(\bbearer\s+)[^\s"\\,]+/gi;
const SIGN_IN_FRAGMENT = /(#token=)[^\s"\\&]+/gi;

/** `text` without the passwords of URLs, bearer tokens and sign-in links it holds. */
export function redactSecrets(text: string): string {
  return text.replace(URL_PASSWORD, "$1***").replace(BEARER, "$1***").replace(SIGN_IN_FRAGMENT, "$1***");
}
