/** What routers keep in memory: records of decisions, shared limits and budgets. */
@NullMarked
package dev.architect.store.memory.routing;

import org.jspecify.annotations.NullMarked;
