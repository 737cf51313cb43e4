/** The front of Architect: {@link dev.architect.Architect} and its builder. */
@NullMarked
package dev.architect;

import org.jspecify.annotations.NullMarked;
