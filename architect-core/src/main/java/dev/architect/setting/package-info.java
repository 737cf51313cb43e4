/** Settings of the engine that can be changed while it runs, on all nodes that share a store. */
@NullMarked
package dev.architect.setting;

import org.jspecify.annotations.NullMarked;
