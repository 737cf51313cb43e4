/** How a node divides its free slots among the lanes that have work. */
@NullMarked
package dev.architect.fairness;

import org.jspecify.annotations.NullMarked;
