/** What every store must do with tasks that wait: unique keys, deadlines, edits, actions in bulk. Part of the contract of stores. */
@NullMarked
package dev.architect.testkit.store.waiting;

import org.jspecify.annotations.NullMarked;
