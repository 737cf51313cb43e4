/** Several stores as one: tasks go by the virtual shard of their project, and shards move between stores. */
@NullMarked
package dev.architect.cluster.shard;

import org.jspecify.annotations.NullMarked;
