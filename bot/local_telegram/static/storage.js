// What this browser remembers: drafts, texts that wait for the connection, what was read.
// Browsers can refuse storage (private windows, policies); then this page remembers
// for as long as it is open.

const PREFIX = "comptoir.";
const memory = new Map();

export function read(key, fallback) {
  try {
    const found = localStorage.getItem(PREFIX + key);
    if (found !== null) return JSON.parse(found);
  } catch {
    // Refused or unreadable: what this page itself wrote is asked below.
  }
  return memory.has(key) ? memory.get(key) : fallback;
}

export function write(key, value) {
  memory.set(key, value);
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Refused or full: the copy in memory serves until the page is closed.
  }
}

export function forget(key) {
  memory.delete(key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Refused: nothing was kept there either.
  }
}

// The keys that begin so, sorted, whichever place remembers them.
export function keysBeginning(start) {
  const found = new Set([...memory.keys()].filter((key) => key.startsWith(start)));
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (key.startsWith(PREFIX + start)) found.add(key.slice(PREFIX.length));
    }
  } catch {
    // Refused: memory is all there is.
  }
  return [...found].sort();
}
