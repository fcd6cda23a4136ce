import { store } from "./store.js";

const seconds = (ts) => Number(ts) * 1000;
const format = (options) => {
  const { locale, tz } = store.me;
  return new Intl.DateTimeFormat((locale ?? "en-US").replace("_", "-"), {
    ...options,
    timeZone: tz || undefined,
  });
};

/** "2:41 PM", in the person's own zone and language. */
export const clock = (ts) => format({ hour: "numeric", minute: "2-digit" }).format(seconds(ts));

/** "Monday, 3 November at 14:41:07", for tooltips. */
export const moment = (ts) => format({ dateStyle: "full", timeStyle: "medium" }).format(seconds(ts));

/** A key that is equal for two times on the same day. */
export const dayKey = (ts) =>
  format({ year: "numeric", month: "numeric", day: "numeric" }).format(seconds(ts));

/** "Today", "Yesterday" or "Monday, November 3". */
export function dayName(ts) {
  const now = Date.now() / 1000;
  if (dayKey(ts) === dayKey(now)) return "Today";
  if (dayKey(ts) === dayKey(now - 86400)) return "Yesterday";
  return format({ weekday: "long", month: "long", day: "numeric" }).format(seconds(ts));
}

const DATE_TOKENS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
};

/** Fills Slack's date template ("{date_short} at {time}"); `_pretty` forms say "today" and "yesterday". */
export function fillDate(ts, template) {
  return template.replace(/\{(\w+?)(_pretty)?\}/g, (whole, token, pretty) => {
    const day = pretty ? dayName(ts) : "";
    if (day === "Today" || day === "Yesterday") return day.toLowerCase();
    return DATE_TOKENS[token] ? format(DATE_TOKENS[token]).format(seconds(ts)) : whole;
  });
}
