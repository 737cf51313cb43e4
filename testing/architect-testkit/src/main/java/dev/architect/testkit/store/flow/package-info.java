/** What every store must do for tasks that have steps or wait for each other. */
@NullMarked
package dev.architect.testkit.store.flow;

import org.jspecify.annotations.NullMarked;
