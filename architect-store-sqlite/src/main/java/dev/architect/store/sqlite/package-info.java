/** The embedded default store: one SQLite file, one writing thread, many readers. */
@NullMarked
package dev.architect.store.sqlite;

import org.jspecify.annotations.NullMarked;
