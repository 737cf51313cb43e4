/** What guards a store in memory, and how its parts keep times and pages. */
@NullMarked
package dev.architect.store.memory.lock;

import org.jspecify.annotations.NullMarked;
