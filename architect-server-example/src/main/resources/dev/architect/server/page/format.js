// Numbers and times as people read them. Exact amounts are in the API; here they are rounded to be looked at.

const whole = new Intl.NumberFormat("en-US");
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const smallDollars = new Intl.NumberFormat("en-US", {
  style: "currency",
  currency: "USD",
  minimumSignificantDigits: 2,
  maximumSignificantDigits: 4,
  maximumFractionDigits: 12,
});
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** Cents from a dollar on, else up to four significant digits. */
export function usd(amount) {
  const value = Number(amount ?? 0);
  return value !== 0 && Math.abs(value) < 1 ? smallDollars.format(value) : dollars.format(value);
}

export function count(number) {
  return whole.format(number ?? 0);
}

export function short(number) {
  return Math.abs(number) < 10_000 ? whole.format(number) : compact.format(number);
}

export function percent(number) {
  return number == null ? "–" : `${(Math.trunc(Number(number) * 10) / 10).toFixed(1)} %`;
}

export function share(part, all) {
  return all > 0 ? percent((100 * part) / all) : "–";
}

export function plural(number, one, many = `${one}s`) {
  return `${count(number)} ${number === 1 ? one : many}`;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** The time of today, else the day before it. */
export function moment(instant, now = new Date()) {
  const at = new Date(instant);
  return at.toDateString() === now.toDateString() ? minute.format(at) : `${day.format(at)} ${minute.format(at)}`;
}

/** The exact instant with its zone, for titles. */
export function exact(instant) {
  return instant == null ? "" : new Date(instant).toISOString().replace("T", " ").replace("Z", " UTC");
}

/** A day such as 26 Nov. */
export function date(instant) {
  return day.format(new Date(instant));
}

/** Hours and minutes. */
export function hour(instant) {
  return minute.format(new Date(instant));
}

/** How long something takes, in up to two units: 38 ms, 1.9 s, 2 min 14 s, 3 h 5 min. */
export function took(millis) {
  if (millis == null || Number.isNaN(millis)) {
    return "–";
  }
  if (millis < 1_000) {
    return `${Math.max(0, Math.round(millis))} ms`;
  }
  if (millis < 60_000) {
    return `${(millis / 1000).toFixed(1)} s`;
  }
  const seconds = Math.round(millis / 1000);
  if (seconds < 3_600) {
    return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 2_880 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 1_440)} d ${Math.floor((minutes % 1_440) / 60)} h`;
}

/** Milliseconds below ten seconds, else seconds; a dash for nothing measured. */
export function duration(millis) {
  if (!(millis > 0)) {
    return "–";
  }
  if (millis < 10) {
    return `${Number(millis).toFixed(1)} ms`;
  }
  return millis < 10_000 ? `${whole.format(Math.round(millis))} ms` : `${(millis / 1000).toFixed(1)} s`;
}

export function time(instant) {
  return clock.format(new Date(instant));
}

/** How long ago, in the largest unit that fits. */
export function ago(instant, now = Date.now()) {
  const seconds = Math.max(0, Math.round((now - new Date(instant).getTime()) / 1000));
  if (seconds < 60) {
    return `${seconds} s ago`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ago`;
  }
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h ago` : `${Math.floor(seconds / 86_400)} d ago`;
}

export function span(seconds) {
  if (seconds < 60) {
    return `${seconds} s`;
  }
  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min`;
  }
  const hours = Math.floor(seconds / 3600);
  return hours < 48 ? `${hours} h ${Math.floor((seconds % 3600) / 60)} min` : `${Math.floor(hours / 24)} d`;
}

const ENDINGS = {
  length: "cut at the token limit",
  "tool-calls": "waits for tools",
  paused: "paused by the provider",
  refused: "refused",
  other: "ended for an unknown reason",
};

/** How an answer ended when it is not simply complete; empty when it is, or when there is none. */
export function ending(stopReason) {
  return ENDINGS[stopReason] ?? "";
}

/** The words of the API with a space for the dash. */
export function words(word) {
  return String(word).replaceAll("-", " ");
}

/** A difference of amounts, with its sign. */
export function signedUsd(amount) {
  const value = Number(amount ?? 0);
  return value === 0 ? usd(0) : `${value > 0 ? "+" : "−"}${usd(Math.abs(value))}`;
}
