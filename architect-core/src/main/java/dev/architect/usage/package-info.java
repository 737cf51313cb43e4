/** What a call used, in disjoint counts. */
@NullMarked
package dev.architect.usage;

import org.jspecify.annotations.NullMarked;
