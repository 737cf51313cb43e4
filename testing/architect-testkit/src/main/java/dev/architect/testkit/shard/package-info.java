/** The contract of stores that are one of several. */
@NullMarked
package dev.architect.testkit.shard;

import org.jspecify.annotations.NullMarked;
