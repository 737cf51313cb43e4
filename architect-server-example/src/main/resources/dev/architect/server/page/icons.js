// Small pictures, drawn with lines on a square of 16. They repeat what words beside them say, and are hidden from readers.

import { s } from "./dom.js";

const PATHS = {
  columns: "M2.5 3h3v10h-3zM6.5 3h3v7h-3zM10.5 3h3v10h-3z",
  bug: "M5 6.5a3 3 0 0 1 6 0v3a3 3 0 0 1-6 0zM8 6v6.5M2.5 8.5H5M11 8.5h2.5M3 5l2 1.5M13 5l-2 1.5M3 12.5l2-1.5M13 12.5l-2-1.5",
  robot: "M4 6h8v6.5H4zM8 3v3M6.3 8.6h.1M9.7 8.6h.1M6.5 10.6h3",
  home: "M2.5 7.5 8 2.8l5.5 4.7v6h-3.7V9.8H6.2v3.7H2.5z",
  list: "M6 4h8M6 8h8M6 12h8M2.5 4h.5M2.5 8h.5M2.5 12h.5",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2.2 1.3",
  queue: "M2.5 3h11v3h-11zM2.5 8h11M2.5 10.5h11M2.5 13h11",
  terminal: "M2 3h12v10H2zM4.5 6l2 2-2 2M8.5 10.5h3",
  play: "M4.5 3v10l8-5z",
  chart: "M2 14h12M4 11.5v-3M7 11.5v-6M10 11.5v-4M13 11.5V3.5",
  cloud: "M4.8 12.5a3 3 0 0 1-.4-6 4 4 0 0 1 7.7 1 2.5 2.5 0 0 1-.4 5z",
  server: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.5M5 11h.5",
  pulse: "M1.5 8.5h3l2-5 3 9 2-4h3",
  gear: "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6 5 5M11 11l1.4 1.4M12.4 3.6 11 5M5 11l-1.4 1.4",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14",
  plus: "M8 3v10M3 8h10",
  moon: "M13 9.8A5.5 5.5 0 0 1 6.2 3a5.5 5.5 0 1 0 6.8 6.8z",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
  exit: "M9.5 2.5h-6v11h6M6.5 8h7.5M11.5 5.5 14 8l-2.5 2.5",
  dots: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5 6.5 12 13 4.5",
  warn: "M8 2.5 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1",
  retry: "M13 8a5 5 0 1 1-1.6-3.7M13 2.5v3h-3",
  left: "M10 3.5 5.5 8l4.5 4.5",
  right: "M6 3.5 10.5 8 6 12.5",
  download: "M8 2.5v8M4.8 7.5 8 10.7l3.2-3.2M2.5 13.5h11",
  ready: "M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10z",
  running: "M8 3a5 5 0 1 1-5 5",
  scheduled: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2.2 1.3",
  blocked: "M6.8 9.2 9.2 6.8M7 5.2l1.6-1.6a2.7 2.7 0 0 1 3.8 3.8L10.8 9M9 10.8l-1.6 1.6a2.7 2.7 0 0 1-3.8-3.8L5.2 7",
  limited: "M2.5 12a6 6 0 1 1 11 0M8 10l2.5-3.5",
  held: "M5.5 3.5v9M10.5 3.5v9",
  done: "M3 8.5 6.5 12 13 4.5",
  dead: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
  cancelled: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM4 12 12 4",
  expired: "M4 2.5h8M4 13.5h8M4.8 2.5c0 3.5 6.4 7.5 6.4 11M11.2 2.5c0 3.5-6.4 7.5-6.4 11",
  star: "m8 2 1.8 3.8 4.2.5-3.1 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1L2 6.3l4.2-.5z",
};

/** Returns the picture of that name; a dot for a name that is not known. */
export function icon(name) {
  return s(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" },
    s("path", { d: PATHS[name] ?? "M8 8h.1" }),
  );
}
