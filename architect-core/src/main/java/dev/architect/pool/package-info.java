/** The sessions of a node, and the tasks that wait for a slot of one. */
@NullMarked
package dev.architect.pool;

import org.jspecify.annotations.NullMarked;
