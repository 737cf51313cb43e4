// Small helpers around the document. Text only ever enters as text.

/** Returns a new element: attributes, listeners ("onclick"), and children that are elements or text. */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Returns a new SVG element. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value != null) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** Sets the text of an element when it differs, so that nothing flickers and selections are kept. */
export function setText(element, text) {
  const words = String(text);
  if (element.textContent !== words) {
    element.textContent = words;
  }
}

/** Sets an attribute when it differs; null takes it away. */
export function mark(element, name, value) {
  if (value == null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/** The element of that id, which the page must have. */
export function find(id) {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`the page has no #${id}`);
  }
  return element;
}

/**
 * Makes the children of a container follow a list: one child for each item, in order, kept while its key stays. `create`
 * returns a child and `update` brings it up to date.
 */
export function follow(container, items, key, create, update) {
  const known = new Map([...container.children].map((child) => [child.dataset.key, child]));
  const wanted = new Set(items.map((item) => String(key(item))));
  // First what goes: what stays is then moved only where its order has changed, and keeps its focus.
  known.forEach((child, name) => wanted.has(name) || child.remove());
  let place = container.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let child = known.get(name);
    known.delete(name);
    if (!child) {
      child = create(item);
      child.dataset.key = name;
    }
    update(child, item);
    if (child === place) {
      place = place.nextElementSibling;
    } else {
      container.insertBefore(child, place);
    }
  }
}

/** Calls `work` once nothing has asked for it for so long. */
export function later(work, millis) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...values), millis);
  };
}

/** What the address says after its `?`. */
export function query() {
  return new URLSearchParams(location.search);
}

/** Changes what the address says; empty values are left out. Back leads to the state before when `keep` is true. */
export function setQuery(values, keep = false) {
  const now = query();
  for (const [name, value] of Object.entries(values)) {
    if (value == null || value === "") {
      now.delete(name);
    } else {
      now.set(name, value);
    }
  }
  const text = now.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
  const address = location.pathname + (text ? `?${text}` : "") + location.hash;
  history[keep ? "pushState" : "replaceState"](null, "", address);
  dispatchEvent(new Event("query-changed"));
}
