/** A browser's user agent. */
export const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** A line of a combined log with its line end, as a web server in UTC writes it. */
export function logLine(address: string, secondsAgo = 0, agent: string = BROWSER): string {
  const at = new Date(Date.now() - secondsAgo * 1_000);
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${address} - - [${day}:${time} +0000] "GET / HTTP/1.1" 200 12 "-" "${agent}"\n`;
}
