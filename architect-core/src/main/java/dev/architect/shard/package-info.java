/** Virtual shards: which part of the tasks a store serves, and how a part moves to another store. */
@NullMarked
package dev.architect.shard;

import org.jspecify.annotations.NullMarked;
