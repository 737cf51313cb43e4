/** Who may use a store's hosts, in memory: users, logins and tokens, and the audit of what they did. */
@NullMarked
package dev.architect.store.memory.access;

import org.jspecify.annotations.NullMarked;
