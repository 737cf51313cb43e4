/**
 * What happens, published as it happens. {@link dev.architect.event.Event} is the whole tree.
 */
@NullMarked
package dev.architect.event;

import org.jspecify.annotations.NullMarked;
