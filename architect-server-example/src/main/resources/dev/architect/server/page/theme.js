// Before anything is painted: the colours and the width of the sidebar that were chosen in this browser.

try {
  const theme = localStorage.getItem("architect.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
  if (localStorage.getItem("architect.folded") === "yes") {
    document.documentElement.dataset.folded = "";
  }
} catch {
  // A browser that stores nothing shows what the system prefers.
}
