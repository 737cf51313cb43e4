/** Hints about changes in the store: what is sent after which change, and who is told of those that come. */
@NullMarked
package dev.architect.cluster.hint;

import org.jspecify.annotations.NullMarked;
